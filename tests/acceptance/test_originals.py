"""The project's own funnels are the acceptance funnels, letter by letter."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.acceptance.project import ROOT
from voronka.cli import app

ORIGINALS = Path(os.environ.get("VORONKA_ACCEPTANCE") or ROOT.parent / "shared" / "acceptance")
COPIES = (
    "funnels/english_school.yaml",
    "funnels/gifts.yaml",
    "funnels/webinar.yaml",
    "funnels/documents/advertising.md",
    "funnels/documents/personal_data.md",
)


@pytest.mark.parametrize("name", COPIES)
def test_the_copy_is_the_original(name):
    original = ORIGINALS / name
    if not original.is_file():
        pytest.skip("the acceptance originals are not here: set VORONKA_ACCEPTANCE")
    assert (ROOT / name).read_bytes() == original.read_bytes()


def play_by_command(*targets: Path) -> None:
    """`voronka test` of the targets is green on all three channels."""
    result = CliRunner().invoke(app, ["test", *map(str, targets), "--channel", "web"])
    assert result.exit_code == 0, result.output
    assert "13 тестов, все прошли" in result.output
    played = [line for line in result.output.splitlines() if "✓" in line]
    assert len(played) == 13
    for line in played:
        assert set(line.rpartition("(")[2].rstrip(")").split(", ")) == {"telegram", "vk", "web"}


def test_the_command_is_green_on_the_projects_funnels():
    play_by_command(*(ROOT / name for name in COPIES if name.endswith(".yaml")))


def test_the_command_is_green_on_the_originals_where_they_lie():
    funnels = [ORIGINALS / name for name in COPIES if name.endswith(".yaml")]
    if not all(path.is_file() for path in funnels):
        pytest.skip("the acceptance originals are not here: set VORONKA_ACCEPTANCE")
    play_by_command(*funnels)

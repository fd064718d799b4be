"""The project's own funnels are the acceptance funnels, letter by letter."""

import os
from pathlib import Path

import pytest

from tests.acceptance.project import ROOT

ORIGINALS = Path(os.environ.get("VORONKA_ACCEPTANCE") or ROOT.parent / "shared" / "acceptance")
COPIES = (
    "funnels/english_school.yaml",
    "funnels/gifts.yaml",
    "funnels/documents/advertising.md",
    "funnels/documents/personal_data.md",
)


@pytest.mark.parametrize("name", COPIES)
def test_the_copy_is_the_original(name):
    original = ORIGINALS / name
    if not original.is_file():
        pytest.skip("the acceptance originals are not here: set VORONKA_ACCEPTANCE")
    assert (ROOT / name).read_bytes() == original.read_bytes()

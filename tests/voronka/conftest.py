"""A small project in a folder, and the program run on it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from voronka.cli import app

ROOT = Path(__file__).parents[2]

PROJECT = """\
project: small
bots:
  site: {channel: web, funnels: [small]}
teams:
  sales: {hours: mon-fri 10:00-19:00, notify: {telegram: -100}}
"""
FUNNEL = """\
funnel: small
entry: [start]
flows:
  main:
    - ask: Чай или кофе?
      save: drink
      options: [Чай, Кофе]
      silence: [{after: 1h, then: [end]}]
    - Записали.
tests:
  - test: Чай
    talk:
      - open: ""
      - bot: Чай или кофе?
        buttons: [Чай, Кофе]
      - press: Чай
      - bot: Записали
      - expect: {fields: {drink: Чай}, ended: true}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one funnel with one test and no problems."""
    folder = tmp_path / "project"
    (folder / "funnels").mkdir(parents=True)
    (folder / "voronka.yaml").write_text(PROJECT, encoding="utf-8")
    (folder / "funnels" / "small.yaml").write_text(FUNNEL, encoding="utf-8")
    return folder


@pytest.fixture
def voronka(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The program, run inside the project's folder; in Russian unless told otherwise."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("VORONKA_LANGUAGE", "ru")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("VORONKA_KEYS", raising=False)

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], input=typed)

    return run


@pytest.fixture
def process(project: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """``python -m voronka`` in a process of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "VORONKA_LANGUAGE": "ru",
        "LANG": "C.UTF-8",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(
            command,
            cwd=project,
            env=environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def acceptance() -> Path:
    """The acceptance funnels, where they are."""
    folder = Path(os.environ.get("VORONKA_ACCEPTANCE", ROOT.parent / "shared" / "acceptance"))
    if not folder.is_dir():
        pytest.skip(f"no acceptance funnels in {folder}: set VORONKA_ACCEPTANCE")
    return folder

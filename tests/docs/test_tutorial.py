"""The tutorials are followed to the letter: files are written, commands run, output met.

After a report has changed, `VORONKA_DOCS=write pytest tests/docs/test_tutorial.py` puts the new one in.
"""

import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.docs.pages import ROOT
from voronka.cli import app

STEP = re.compile(
    r"<!-- (?P<what>file|delete|break|mend|play)(?:: (?P<how>.*?))? -->"
    r"(?:\n```[^\n]*\n(?P<block>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)


class Follower:
    """Somebody who does what the page says; `shown` is what a play printed."""

    def __init__(self, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.language = language
        self.chdir = monkeypatch.chdir
        self.last = Path()
        self.kept = ""

    def follow(self, what: str, how: str, block: str) -> str:
        """Do one step; the block as it comes true."""
        match what:
            case "file":
                self.last, self.kept = Path(how), block
                self.last.write_text(block, encoding="utf-8")
            case "delete":
                Path(how).unlink()
            case "break":
                old, new = how.split(" => ")
                assert self.kept.count(old) == 1
                self.last.write_text(self.kept.replace(old, new), encoding="utf-8")
            case "mend":
                self.last.write_text(self.kept, encoding="utf-8")
            case "play":
                return "".join(self._played(part) for part in block.split("$ ")[1:])
        return block

    def _played(self, part: str) -> str:
        command, _, shown = part.partition("\n")
        printed = self._run(command.split())
        return f"$ {command}\n" + (f"{printed.strip()}\n" if shown.strip() else "")

    def _run(self, words: list[str]) -> str:
        if words[0] == "cd":
            self.chdir(words[1])
            return ""
        assert words[0] == "voronka"
        done = CliRunner().invoke(app, [*words[1:], "--language", self.language])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code < 2, done.output
        return done.output


@pytest.mark.parametrize(("page", "language"), [("tutorial.md", "ru"), ("tutorial.en.md", "en")])
def test_the_tutorial_comes_true(
    page: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    follower = Follower(language, monkeypatch)
    path = ROOT / "docs" / page
    text = path.read_text(encoding="utf-8")

    def follow(step: re.Match[str]) -> str:
        block = step["block"] or ""
        true = follower.follow(step["what"], step["how"] or "", block)
        return step[0].replace(block, true) if block else step[0]

    true, steps = STEP.subn(follow, text)
    assert steps >= 8
    if os.environ.get("VORONKA_DOCS") == "write":
        path.write_text(true, encoding="utf-8")
    assert true == path.read_text(encoding="utf-8")

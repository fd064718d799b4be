"""Habits and scripts in the documents are read by the code that reads them."""

from pathlib import Path

import pytest

from flows.loading import read_program
from flows.simulating.habits import read_habits
from flows.simulating.stories import read_story
from tests.docs.pages import PAGES, ROOT, Block, blocks

KINDS = {"yml habits": read_habits, "yml script": read_story}
FOUND = [block for page in PAGES for block in blocks(page) if block.kind in KINDS]


@pytest.mark.parametrize("block", FOUND, ids=lambda block: block.name)
def test_habits_and_scripts_are_read_without_problems(block: Block) -> None:
    text = Path(ROOT / "funnels" / "english_school.yaml").read_text("utf-8")
    program = read_program(text, "english_school.yaml")
    assert program is not None
    _, problems = KINDS[block.kind](block.text, block.name, program)
    assert problems == []


def test_both_languages_show_both() -> None:
    shown = {(block.page.name, block.kind) for block in FOUND}
    pages = ("simulating.md", "simulating.en.md")
    assert shown == {(page, kind) for page in pages for kind in KINDS}

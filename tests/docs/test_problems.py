"""docs/problems.md lists every problem that the checker can tell, docs/problems/ shows each of them.

After words or examples have changed, `VORONKA_DOCS=write pytest tests/docs/test_problems.py` writes
them anew.
"""

import os
from pathlib import Path

import pytest

from flows.problems import CATALOGUE
from tests.docs.pages import ROOT
from tests.docs.problem_pages import PAGES, groups, told, written_pages

WRITE = os.environ.get("VORONKA_DOCS") == "write"
ANEW = "VORONKA_DOCS=write .venv/bin/pytest tests/docs/test_problems.py writes it anew"


@pytest.mark.parametrize("page", written_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_pages_of_problems_say_what_the_checker_says(page: Path) -> None:
    if WRITE:
        page.parent.mkdir(exist_ok=True)
        page.write_text(told(page), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == told(page), ANEW


def test_every_code_stands_on_one_page() -> None:
    listed = [code for codes in groups().values() for code in codes]
    assert sorted(listed) == sorted(CATALOGUE)
    assert {path.stem for path in PAGES.glob("*.md")} == set(groups())


def test_every_problem_is_told_in_both_languages() -> None:
    assert [code for code, (ru, en, *_) in CATALOGUE.items() if not (ru and en)] == []

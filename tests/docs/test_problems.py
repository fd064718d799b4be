"""docs/problems.md lists every problem that the checker can tell, in its own words.

After words have changed, `VORONKA_DOCS=write pytest tests/docs/test_problems.py` writes it anew.
"""

import os

from flows.problem_messages import WARNINGS
from flows.problems import CATALOGUE
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "problems.md"
HEAD = """\
# Что может сказать проверка · What the checker can say

Коды не меняются от версии к версии: по ним ищут и отбирают (`voronka check --format json`).
«…» — то, что названо в вашем файле. Предупреждения не мешают запуску; `--strict` делает их ошибками.

Codes stay the same from version to version. “…” is what your file names. Warnings do not stop a
start; `--strict` makes errors of them.
"""


class _Dots(dict):  # type: ignore[type-arg]
    def __missing__(self, _name: str) -> str:
        return "…"


def _said(sentence: str, hint: str) -> str:
    words = f"{sentence[:1].upper()}{sentence[1:]}".rstrip(".")
    advice = f"{hint[:1].upper()}{hint[1:]}"
    told = f"{words}. {advice}".strip().format_map(_Dots()).replace("….", "…")
    return told.replace("|", "\\|").replace("<", "&lt;")


def _table(codes: list[str]) -> str:
    rows = [
        f"| `{code}` | {_said(*CATALOGUE[code][0::2])} | {_said(*CATALOGUE[code][1::2])} |"
        for code in codes
    ]
    return "\n".join(["| Код | По-русски | In English |", "|---|---|---|", *rows])


def _page() -> str:
    errors = sorted(set(CATALOGUE) - WARNINGS)
    return (
        f"{HEAD}\n## Ошибки · Errors\n\n{_table(errors)}\n\n"
        f"## Предупреждения · Warnings\n\n{_table(sorted(WARNINGS))}\n"
    )


def test_the_page_of_problems_says_what_the_checker_says() -> None:
    if os.environ.get("VORONKA_DOCS") == "write":
        PAGE.write_text(_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == _page()


def test_every_problem_is_told_in_both_languages() -> None:
    assert [code for code, (ru, en, *_) in CATALOGUE.items() if not (ru and en)] == []

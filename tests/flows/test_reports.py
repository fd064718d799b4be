"""Reports: to people with a caret, to programs line by line, to GitHub."""

import json

import pytest

from flows.problems import Mark, problem
from flows.reports import FORMATS, as_github, as_json, as_text, summary

FLOW = problem(
    "unknown-flow", Mark("funnels/a.yaml", 2, 9), name="bugdet", known="main", close="budget"
)
WAITS = problem("waits-for-ever", Mark("funnels/a.yaml", 1, 1), place="hello")
PHONE = problem(
    "personal-without-consent", Mark("funnels/a.yaml", 2, 9), path=("a: Да", "b: Нет"), field="tel"
)


def test_people_see_the_line_and_the_place() -> None:
    text = as_text([FLOW], "en", {"funnels/a.yaml": "flows:\n  - go: bugdet\n"})
    assert text.split("\n") == [
        "funnels/a.yaml:2:9: error unknown-flow",
        "  There is no flow or place “bugdet”.",
        "    2 |   - go: bugdet",
        "      |         ^",
        "  Did you mean “budget”?",
    ]


def test_the_path_is_shown() -> None:
    assert as_text([PHONE], "ru", {}).endswith("  Путь: a: Да → b: Нет")


def test_without_the_source_there_is_no_excerpt() -> None:
    assert "|" not in as_text([FLOW], "ru", {})
    assert "|" not in as_text([FLOW], "ru", {"funnels/a.yaml": "one line"})


@pytest.mark.parametrize("column", [1, 60, 200, 500])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    line = "".join(chr(ord("a") + number % 26) for number in range(300))
    found = problem("no-verb", Mark("a.yaml", 1, column), verbs="say")
    _, _, shown, caret, *_ = as_text([found], "en", {"a.yaml": line}).split("\n")
    assert len(shown) <= 110
    assert caret.index("^") <= len(shown)
    if column <= 300:
        assert shown[caret.index("^")] == line[column - 1]


def test_signs_that_move_a_terminal_are_not_printed() -> None:
    text = as_text([FLOW], "en", {"funnels/a.yaml": "\n\x1b[31m\tgo: x\r"})
    assert "\x1b" not in text
    assert "\t" not in text


def test_programs_get_one_object_a_line() -> None:
    first, second = (json.loads(line) for line in as_json([FLOW, WAITS], "en").split("\n"))
    assert first == {
        "file": "funnels/a.yaml",
        "line": 2,
        "column": 9,
        "severity": "error",
        "code": "unknown-flow",
        "message": "There is no flow or place “bugdet”.",
        "hint": "Did you mean “budget”?",
        "path": [],
    }
    assert second["severity"] == "warning"


def test_github_gets_annotations_with_its_escapes() -> None:
    found = problem("bad-entry", Mark("funnels/a,b.yaml", 3, 5), entry="50%\nx")
    assert as_github([found], "en") == (
        "::error file=funnels/a%2Cb.yaml,line=3,col=5,title=bad-entry::Unknown entry “50%25%0Ax”. "
        "`start`, `subscribed` and `any` stand alone; others are `words: […]`, `link: code`."
    )


@pytest.mark.parametrize(
    ("errors", "warnings", "ru", "en"),
    [
        (0, 0, "Ошибок нет.", "No problems."),
        (1, 0, "1 ошибка.", "1 error."),
        (2, 1, "2 ошибки, 1 предупреждение.", "2 errors, 1 warning."),
        (5, 22, "5 ошибок, 22 предупреждения.", "5 errors, 22 warnings."),
        (11, 12, "11 ошибок, 12 предупреждений.", "11 errors, 12 warnings."),
    ],
)
def test_the_summary_counts(errors: int, warnings: int, ru: str, en: str) -> None:
    problems = [FLOW] * errors + [WAITS] * warnings
    assert summary(problems, "ru") == ru
    assert summary(problems, "en") == en


def test_formats_for_programs_say_nothing_of_nothing() -> None:
    assert [render([], "ru") for render in FORMATS.values()] == ["", ""]

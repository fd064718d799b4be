"""Problems as they are shown: to people with the line and a caret, to programs as JSON, to GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from flows.problems import Language, Problem
from flows.redaction import starred
from flows.secrecy import STARS

WIDEST = 96
"""Characters of a source line that are shown; of a longer one, those around the place."""

_TELLING = "secret-in-file"
_VALUE = re.compile(r"""[^\s,}"']+""")
"""What stands at the place of a secret: a report of it may lie where everybody reads it."""

_WORDS: dict[str, dict[Language, str]] = {
    "error": {"ru": "ошибка", "en": "error"},
    "warning": {"ru": "предупреждение", "en": "warning"},
    "path": {"ru": "Путь", "en": "The path"},
    "nothing": {"ru": "Ошибок нет.", "en": "No problems."},
}
_FORMS: dict[str, dict[Language, tuple[str, str, str]]] = {
    "error": {"ru": ("ошибка", "ошибки", "ошибок"), "en": ("error", "errors", "errors")},
    "warning": {
        "ru": ("предупреждение", "предупреждения", "предупреждений"),
        "en": ("warning", "warnings", "warnings"),
    },
}


def severity(problem: Problem) -> str:
    """``error`` or ``warning``."""
    return "warning" if problem.warning else "error"


def as_text(problems: Iterable[Problem], language: Language, sources: Mapping[str, str]) -> str:
    """The report for people; ``sources`` are the files' texts by the names in the marks."""
    lines = {name: source.split("\n") for name, source in sources.items()}
    return "\n\n".join("\n".join(_block(each, language, lines)) for each in problems)


def as_json(problems: Iterable[Problem], language: Language) -> str:
    """One JSON object a line."""
    return "\n".join(json.dumps(_object(each, language), ensure_ascii=False) for each in problems)


def as_github(problems: Iterable[Problem], language: Language) -> str:
    """Annotations that GitHub puts beside the lines of a pull request."""
    return "\n".join(_annotation(each, language) for each in problems)


def summary(problems: Iterable[Problem], language: Language) -> str:
    """How many errors and warnings there are, in one sentence."""
    counts = {"error": 0, "warning": 0}
    for each in problems:
        counts[severity(each)] += 1
    parts = [f"{count} {_form(kind, count, language)}" for kind, count in counts.items() if count]
    return ", ".join(parts) + "." if parts else _WORDS["nothing"][language]


def _block(problem: Problem, language: Language, lines: Mapping[str, list[str]]) -> Iterator[str]:
    yield f"{problem.mark}: {_WORDS[severity(problem)][language]} {problem.code}"
    yield f"  {problem.sentence(language)}"
    yield from _excerpt(problem, lines.get(problem.mark.file, []))
    hint = problem.hint(language)
    if hint:
        yield f"  {hint}"
    if problem.path:
        yield f"  {_WORDS['path'][language]}: {' → '.join(problem.way(language))}"


def _excerpt(problem: Problem, lines: list[str]) -> Iterator[str]:
    """The line with a caret below the column; nothing for an empty line or a lost file."""
    number = problem.mark.line
    line = starred(_visible(lines[number - 1])) if number <= len(lines) else ""
    if not line.strip():
        return
    column = min(problem.mark.column - 1, len(line))
    if problem.code == _TELLING:
        line = line[:column] + _VALUE.sub(STARS, line[column:], count=1)
    start = max(0, column - WIDEST // 2) if len(line) > WIDEST else 0
    shown = line[start : start + WIDEST]
    margin = " " * len(str(number))
    yield f"    {number} | {shown}"
    yield f"    {margin} | {' ' * (column - start)}^"


def _visible(line: str) -> str:
    """The line with one space for whatever a terminal would act on."""
    return "".join(sign if sign.isprintable() else " " for sign in line)


def _object(problem: Problem, language: Language) -> dict[str, object]:
    return {
        "file": problem.mark.file,
        "line": problem.mark.line,
        "column": problem.mark.column,
        "severity": severity(problem),
        "code": problem.code,
        "message": problem.sentence(language),
        "hint": problem.hint(language),
        "path": list(problem.way(language)),
    }


def _annotation(problem: Problem, language: Language) -> str:
    mark = problem.mark
    place = f"file={_escaped(mark.file, ':,')},line={mark.line},col={mark.column}"
    words = " ".join(filter(None, [problem.sentence(language), problem.hint(language)]))
    return f"::{severity(problem)} {place},title={problem.code}::{_escaped(words)}"


def _escaped(text: str, signs: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + signs else sign for sign in text)


def _form(kind: str, count: int, language: Language) -> str:
    one, few, many = _FORMS[kind][language]
    if language == "en":
        return one if count == 1 else many
    if count % 10 == 1 and count % 100 != 11:
        return one
    return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many


FORMATS: dict[str, Callable[[Iterable[Problem], Language], str]] = {
    "json": as_json,
    "github": as_github,
}
"""The formats for programs; ``text`` takes the sources too."""

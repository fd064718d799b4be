"""Constants that are put in a field whose type they do not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time

from flows.checks.subject import Subject
from flows.checks.values import written_values
from flows.marking import as_type
from flows.nodes.ask import Ask
from flows.problems import Mark, Problem, problem
from flows.reading import WANTED

_WORDS: dict[str, dict[str, str]] = {
    "number": WANTED["number"],
    "integer": WANTED["integer"],
    "rating": WANTED["integer"],
    "boolean": WANTED["boolean"],
    "datetime": WANTED["moment"],
    "date": {"ru": "дата, `2026-12-31`", "en": "a date, `2026-12-31`"},
    "time": {"ru": "время, `18:30`", "en": "a time, `18:30`"},
}
_MOMENTS: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def values_of_other_types(subject: Subject) -> Iterator[Problem]:
    """A constant that enters a field can be read as the field's type."""
    types = {**subject.program.types, "score": "number"}
    for name, written in written_values(subject):
        literal = written.compiled.literal
        if literal:
            yield from _unfit(literal, types.get(name, ""), written.scalar.mark, name)
    for step in subject.steps(Ask):
        for option in step.options if not step.many else ():
            if option.value and option.node is not None:
                mark = option.node.get("value")
                where = mark.mark if mark is not None else option.mark
                yield from _unfit(option.value, types.get(step.save, ""), where, step.save)


def _unfit(literal: str, kind: str, mark: Mark, name: str) -> Iterator[Problem]:
    if kind in _WORDS and not _reads(literal, kind):
        yield problem("value-type", mark, value=literal, field=name, wanted=_WORDS[kind])


def _reads(literal: str, kind: str) -> bool:
    read = _MOMENTS.get(kind)
    if read is None:
        return not isinstance(as_type(literal, kind), str)
    try:
        read(literal)
    except ValueError:
        return False
    return True

"""Every text, condition and value that stands in a funnel."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from typing import Any

from flows.nodes.base import Step
from flows.program import Program
from flows.texts import WrittenCondition, WrittenText, WrittenValue

Written = WrittenText | WrittenCondition | WrittenValue


def written_in(record: Any) -> Iterator[Written]:
    """What is written in a record and the records it holds; nested steps speak for themselves."""
    for name in _fields(type(record)):  # type: ignore[arg-type]
        yield from _written(getattr(record, name))


def written_anywhere(program: Program) -> Iterator[Written]:
    """All that is written in the funnel."""
    funnel = program.funnel
    for record in (*funnel.entry, *funnel.fields.values(), *funnel.series.values()):
        yield from written_in(record)
    for reminder in funnel.silence or ():
        yield from written_in(reminder)
    for laid in program.steps.values():
        yield from written_in(laid.step)


def _written(value: Any) -> Iterator[Written]:
    if isinstance(value, Written):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _written(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _written(item)
    elif _is_record(value):
        yield from written_in(value)


def _is_record(value: Any) -> bool:
    return (
        hasattr(value, "mark") and dataclasses.is_dataclass(value) and not isinstance(value, Step)
    )


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(
        item.name for item in dataclasses.fields(kind) if item.name not in {"mark", "node"}
    )

"""JSON that the world outside tells, with the values that conditions tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.program import Program
from flows.proving.samples import neighbours
from flows.proving.views import Views


def other_data(
    program: Program, views: Views, saved: Mapping[str, str], helpful: Any
) -> Iterator[tuple[Any, str, str]]:
    """The same with the values that conditions compare a saved field with, one field at a time.

    With each, the field and the value in words.
    """
    for field, path in saved.items():
        for value in _values(program, views, field):
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            yield put(helpful, path, value), field, shown


def _values(program: Program, views: Views, field: str) -> list[Any]:
    if not views.known(field):
        return []
    found: list[Any] = [False] if program.types.get(field) == "boolean" else []
    for constant in views.constants.get(field, ()):
        found += neighbours(constant)
    return [*dict.fromkeys(found)]


def put(data: Any, path: str, value: Any) -> Any:
    """The JSON with the value there."""
    head, _, rest = path.partition(".")
    if not path:
        return value
    if isinstance(data, list) and head.isdecimal() and int(head) < len(data):
        here = int(head)
        return [put(each, rest, value) if at == here else each for at, each in enumerate(data)]
    table = data if isinstance(data, dict) else {}
    return {**table, head: put(table.get(head), rest, value)}

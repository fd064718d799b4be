"""Lines of the chat that are no words of the person: what happens outside, what a manager does."""

from __future__ import annotations

from typing import Any

from flows.problems import Problem
from flows.reading import Reading, Unread
from flows.source import Mapping, read_source
from flows.transcripts import Line, line

SHORT = {"take": "{take: true}", "return": "{return: true}"}
KINDS = ("event", "manager")


def command_of(typed: str) -> Line | list[Problem] | None:
    """The line of a test that ``/event …`` or ``/manager …`` stands for, or what is wrong in it.

    None of any other words. ``/event paid``, ``/event {paid: {sum: 4500}}``, ``/manager take``,
    ``/manager return``, ``/manager say TEXT``, ``/manager status sold``.
    """
    word, _, rest = typed.partition(" ")
    kind = word.removeprefix("/").lower()
    if not word.startswith("/") or kind not in KINDS:
        return None
    return _read(kind, _written(kind, rest.strip()))


def _written(kind: str, told: str) -> str:
    """The value as a test has it."""
    if kind == "event" or told.startswith("{"):
        return told
    deed, _, words = told.partition(" ")
    return SHORT.get(deed) or f"{{{deed}: {_quoted(words.strip())}}}"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _read(kind: str, value: str) -> Line | list[Problem]:
    reading = Reading("chat")
    node, problems = read_source(f"{kind}: {value}", "chat")
    if not isinstance(node, Mapping):
        return problems or [*reading.problems]
    try:
        found: Line = line(node, reading)
    except Unread:
        return [*problems, *reading.problems]
    return [*problems, *reading.problems] or found


def recorded(told: Line) -> Any:
    """The line's value as a test has it."""
    if told.kind != "event":
        return told.value
    name, data = told.value["name"], told.value["data"]
    return {name: data} if data else name

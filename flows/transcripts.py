"""Tests in a funnel's file: conversations that it must keep having."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.problems import Mark, closest
from flows.reading import (
    Read,
    Reading,
    Unread,
    as_mapping,
    as_scalar,
    as_sequence,
    boolean,
    each,
    integer,
    key,
    list_of,
    name,
    one_of,
    record,
    some_words,
    source_node,
    table_of,
    word,
)
from flows.sent import read_coordinates
from flows.shapes import MAYBE_EMPTY, NAME, Drawing, Schema, shaped, written_as
from flows.source import Mapping, Node, Scalar
from flows.timing_keys import duration, zone
from flows.worlds import World, json_of

DEFAULT_START = "2026-01-12 12:00"
ACTIONS = (
    "open",
    "type",
    "press",
    "contact",
    "send",
    "comment",
    "click",
    "block",
    "manager",
    "event",
)
SENDABLE = ("photo", "file", "video", "voice")
_SEND_SHAPE: Schema = {
    "type": "object",
    "properties": dict.fromkeys((*SENDABLE, "location", "caption"), MAYBE_EMPTY),
    "oneOf": [{"required": [name]} for name in (*SENDABLE, "location")],
    "additionalProperties": False,
}
STATUSES = ("sold", "refused", "taken", "new")
_MANAGER_SHAPE: Schema = {
    "oneOf": [
        {
            "type": "object",
            "properties": {name: value},
            "required": [name],
            "additionalProperties": False,
        }
        for name, value in {
            "take": {"const": True},
            "return": {"const": True},
            "say": MAYBE_EMPTY,
            "status": {"enum": list(STATUSES)},
        }.items()
    ]
}
OTHERS = ("bot", "team", "silence", "expect")


@shaped(MAYBE_EMPTY)
def literal(node: Node, reading: Reading) -> str:
    """A text as it stands."""
    return as_scalar(node, reading).text


@shaped(written_as("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$", "2026-03-06 11:00"))
def moment(node: Node, reading: Reading) -> str:
    """``2026-03-06 11:00``."""
    scalar = as_scalar(node, reading)
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", scalar.text):
        try:
            datetime.fromisoformat(scalar.text)
        except ValueError:
            pass
        else:
            return scalar.text
    raise reading.refuse("bad-date", scalar.mark, date=scalar.text)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation; ``value`` is what stands under its key."""

    mark: Mark
    kind: str
    value: Any
    buttons: tuple[str, ...] | None = None
    at: str = ""


@shaped(lambda drawing: {"type": ["array", "null"], "items": _line_shape(drawing)})
def talk(node: Node, reading: Reading) -> tuple[Line, ...]:
    """The lines of a conversation."""
    return tuple(each(as_sequence(node, reading), line, reading))


@shaped(lambda drawing: drawing.record(World))
def _world(node: Node, reading: Reading) -> World:
    return record(World, node, reading, mark=node.mark)


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """A test: who comes, when, and the whole conversation."""

    mark: Mark
    node: Mapping | None = source_node()
    name: str = key(word, name="test")
    talk: tuple[Line, ...] = key(talk)
    at: str = key(moment, default=DEFAULT_START)
    zone: str = key(zone, default="")
    channel: str = key(one_of("telegram", "vk", "web", "terminal"), default="")
    person: dict[str, str] = key(table_of(literal), default=None)
    fields: dict[str, str] = key(table_of(literal), default=None)
    seed: int = key(integer, default=0)
    world: World | None = key(_world, default=None)


def _line_shape(drawing: Drawing) -> Schema:
    values: dict[str, Schema] = {
        **dict.fromkeys((*ACTIONS, "team"), MAYBE_EMPTY),
        "block": drawing.of(boolean),
        "send": _SEND_SHAPE,
        "event": {"anyOf": [NAME, {"type": "object", "maxProperties": 1}]},
        "manager": _MANAGER_SHAPE,
        "silence": drawing.of(duration),
        "expect": {
            "type": "object",
            "properties": {key: drawing.of(read) for key, read in EXPECTED.items()},
            "additionalProperties": False,
        },
    }
    said = {"bot": MAYBE_EMPTY, "buttons": drawing.of(list_of(literal)), "at": drawing.of(moment)}
    forms = [({key: value}, key) for key, value in values.items()] + [(said, "bot")]
    return {
        "oneOf": [
            {
                "type": "object",
                "properties": properties,
                "required": [key],
                "additionalProperties": False,
            }
            for properties, key in forms
        ]
    }


@shaped(_line_shape)
def line(node: Node, reading: Reading) -> Line:
    """One line: exactly one kind."""
    table = as_mapping(node, reading)
    kinds = [scalar for scalar, _ in table if scalar.text in (*ACTIONS, *OTHERS)]
    if not kinds:
        first = table.entries[0][0] if table.entries else None
        raise reading.refuse("unknown-test-line", table.mark, key=first.text if first else "")
    scalar = kinds[0]
    return _line(table, scalar, reading)


def _line(table: Mapping, scalar: Scalar, reading: Reading) -> Line:
    value = table.get(scalar.text)
    assert value is not None
    known = {scalar.text, "buttons", "at"} if scalar.text == "bot" else {scalar.text}
    for other, _ in table:
        if other.text not in known:
            reading.note("unknown-key", other.mark, key=other.text, close="")
    buttons, at = table.get("buttons"), table.get("at")
    return Line(
        table.mark,
        scalar.text,
        _value(scalar.text, value, reading),
        tuple(each(as_sequence(buttons, reading), literal, reading)) if buttons else None,
        moment(at, reading) if at is not None else "",
    )


def _value(kind: str, node: Node, reading: Reading) -> Any:
    own: dict[str, Read] = {"silence": duration, "event": _event}
    if kind in own:
        return own[kind](node, reading)
    if kind == "expect":
        return _expected(as_mapping(node, reading), reading)
    if kind == "block":
        return str(boolean(node, reading)).lower()
    if kind == "send":
        return _sent(as_mapping(node, reading), reading)
    if kind == "manager":
        return _managed(as_mapping(node, reading), reading)
    return as_scalar(node, reading).text


def _sent(table: Mapping, reading: Reading) -> dict[str, str]:
    """``{photo: media/x.jpg, caption: …}`` or ``{location: "55.75, 37.61"}``."""
    found = {scalar.text: as_scalar(value, reading).text for scalar, value in table}
    what = [name for name in found if name in (*SENDABLE, "location")]
    for scalar, _ in table:
        if scalar.text not in (*what, *(["caption"] if what != ["location"] else [])):
            reading.note("unknown-key", scalar.mark, key=scalar.text, close="")
    if len(what) != 1:
        raise reading.refuse("bad-send", table.mark, known=", ".join((*SENDABLE, "location")))
    if what == ["location"] and read_coordinates(found["location"]) is None:
        raise reading.refuse("bad-send-location", table.mark, location=found["location"])
    return found


def _managed(table: Mapping, reading: Reading) -> dict[str, str]:
    """``{take: true}``, ``{return: true}``, ``{say: TEXT}`` or ``{status: sold}``."""
    known = ("take", "return", "say", "status")
    if len(table.entries) != 1 or table.entries[0][0].text not in known:
        raise reading.refuse("bad-manager-line", table.mark)
    ((scalar, value),) = table
    if scalar.text == "status":
        return {"status": one_of(*STATUSES)(value, reading)}
    if scalar.text == "say":
        return {"say": as_scalar(value, reading).text}
    if not boolean(value, reading):
        raise reading.refuse("bad-manager-line", scalar.mark)
    return {scalar.text: "true"}


def _event(node: Node, reading: Reading) -> dict[str, Any]:
    """``paid``, or ``{paid: {sum: 4500}}`` with what the event brings."""
    if isinstance(node, Scalar):
        return {"name": name(node, reading), "data": {}}
    pairs = as_mapping(node, reading).entries
    if len(pairs) != 1 or not isinstance(pairs[0][1], Mapping):
        raise reading.refuse("bad-event-line", node.mark)
    return {"name": name(pairs[0][0], reading), "data": json_of(pairs[0][1], reading)}


@shaped({"type": "object"})
def _table(node: Node, reading: Reading) -> Any:
    return _plain(as_mapping(node, reading))


EXPECTED: dict[str, Read] = {
    **dict.fromkeys(("fields", "lead", "consents"), _table),
    **dict.fromkeys(("tags", "goals"), some_words),
    **dict.fromkeys(("no_lead", "ended"), boolean),
    **dict.fromkeys(("score", "source", "place", "zone"), literal),
}
"""What `expect` may look at, and how it is written."""


def _expected(table: Mapping, reading: Reading) -> dict[str, Any]:
    found = {}
    for scalar, value in table:
        if scalar.text in EXPECTED:
            found[scalar.text] = EXPECTED[scalar.text](value, reading)
        else:
            close = closest(scalar.text, EXPECTED)
            reading.note("unknown-key", scalar.mark, key=scalar.text, close=close)
    return found


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {scalar.text: _plain(value) for scalar, value in node}
    return [_plain(item) for item in node.items]


def read_tests(node: Node | None, reading: Reading) -> list[Transcript]:
    """The tests of a funnel's file; problems are in ``reading``."""
    if node is None:
        return []
    try:
        return each(as_sequence(node, reading), _transcript, reading)
    except Unread:
        return []


def _transcript(node: Node, reading: Reading) -> Transcript:
    return record(Transcript, node, reading, mark=node.mark)


def start_of(test: Transcript, funnel_zone: str) -> datetime:
    """The moment at which the test begins, UTC."""
    where = ZoneInfo(test.zone or funnel_zone)
    return datetime.fromisoformat(test.at).replace(tzinfo=where).astimezone(UTC)

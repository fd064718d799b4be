"""Habits of people, read from YAML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flows.problems import Mark, Problem, closest
from flows.program import Program
from flows.reading import Read, Reading, Unread, as_mapping, each, key, number, record, source_node
from flows.simulating.births import arrival, ways_in
from flows.simulating.happenings import events_of
from flows.simulating.naming import (
    both,
    is_known,
    labels_at,
    labels_of_says,
    questions,
    tracks_of,
)
from flows.simulating.people import CHANCES, Habits, Place
from flows.simulating.records import as_it_is, read_record, table
from flows.source import Mapping, Node
from flows.timing_keys import duration, zone

SHARE = {"ru": "доля от 0 до 1", "en": "a share from 0 to 1"}
SHARES = {"ru": "доли, в сумме не больше 1", "en": "shares, 1 at most together"}
WEIGHT = {"ru": "вес, число от 0", "en": "a weight, 0 or more"}
DEFAULT = "default"


def share(node: Node, reading: Reading) -> float:
    """A share from 0 to 1."""
    return _bounded(node, reading, 1, SHARE)


@dataclass(frozen=True, kw_only=True)
class _Managers:
    mark: Mark
    node: Mapping | None = source_node()
    take: float | None = key(share, default=None)
    after: int | None = key(duration, default=None)


def managers(node: Node, reading: Reading) -> _Managers:
    """``{take: 0.8, after: 10m}``: how often a conversation is taken, and when."""
    return record(_Managers, node, reading, mark=node.mark)


@dataclass(frozen=True, kw_only=True)
class _Habits:
    mark: Mark
    node: Mapping | None = source_node()
    answers: Node | None = key(as_it_is, default=None)
    default: Node | None = key(as_it_is, default=None)
    clicks: Node | None = key(as_it_is, default=None)
    presses: Node | None = key(as_it_is, default=None)
    zones: Node | None = key(as_it_is, default=None)
    entries: Node | None = key(as_it_is, default=None)
    delay: int | None = key(duration, default=None)
    outside: float | None = key(share, default=None)
    managers: _Managers | None = key(managers, default=None)
    events: Node | None = key(as_it_is, default=None)


def read_habits(text: str, file: str, program: Program) -> tuple[Habits, list[Problem]]:
    """The habits that a file tells, and what is wrong with it."""
    reading, made = read_record(_Habits, text, file)
    if made is None:
        return Habits(), reading.problems
    plain = {"outside": made.outside, "delay_us": made.delay}
    if made.managers is not None:
        plain |= {"take": made.managers.take, "take_after_us": made.managers.after}
    given: dict[str, Any] = {name: told for name, told in plain.items() if told is not None}
    if made.answers is not None:
        given["places"] = _places(made.answers, reading, program)
    if made.default is not None:
        given["chances"] = _chances(made.default, reading)
    for name, known in (("clicks", tracks_of(program)), ("presses", labels_of_says(program))):
        node = getattr(made, name)
        if node is not None:
            given[name] = _shares(node, reading, {*known, DEFAULT})
    if made.zones is not None:
        given["zones"] = _zones(made.zones, reading)
    if made.entries is not None:
        given["entries"] = _entries(made.entries, reading, program)
    if made.events is not None:
        given["events"] = _shares(made.events, reading, events_of(program))
    return Habits(**given), reading.problems


def weight(node: Node, reading: Reading) -> float:
    """A weight: 0 or more."""
    return _bounded(node, reading, 10**9, WEIGHT)


def _bounded(node: Node, reading: Reading, most: float, wanted: dict[str, str]) -> float:
    try:
        value = number(node, Reading(reading.file))
    except Unread:
        value = -1
    if not 0 <= value <= most:
        raise reading.refuse("wrong-type", node.mark, wanted=wanted)
    return float(value)


def _shares(node: Node, reading: Reading, known: Iterable[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for scalar, value in table(node, reading):
        if is_known(scalar, known, reading):
            _put(found, scalar.text, value, share, reading)
    return found


def _put(found: dict[str, Any], name: str, node: Node, read: Read, reading: Reading) -> None:
    """Put what can be read there; what cannot has left its problem."""
    try:
        found[name] = read(node, reading)
    except Unread:
        return


def _chances(node: Node, reading: Reading) -> dict[str, float]:
    """Chances of any question; those that are not named are 0, ``answer`` is what is left."""
    found = _shares(node, reading, CHANCES)
    return _kept(found, node.mark, reading)


def _kept(found: dict[str, float], mark: Mark, reading: Reading) -> dict[str, float]:
    if sum(found.values()) > 1 + 1e-9:
        reading.note("wrong-type", mark, wanted=SHARES)
    answer = found.pop("answer", None)
    if answer is not None and "silence" not in found:
        found["silence"] = max(0.0, 1 - answer - sum(found.values()))
    return found


def _places(node: Node, reading: Reading, program: Program) -> dict[str, Place]:
    found: dict[str, Any] = {}
    for scalar, row in table(node, reading):
        if not is_known(scalar, both(questions(program)), reading):
            continue
        labels = labels_at(program, scalar.text)
        _put(found, scalar.text, row, _row_of(labels), reading)
    return found


def _row_of(labels: set[str] | None) -> Any:
    def read(node: Node, reading: Reading) -> Place:
        chances: dict[str, float] = {}
        weights: dict[str, float] = {}
        for scalar, value in as_mapping(node, reading):
            if scalar.text in CHANCES:
                _put(chances, scalar.text, value, share, reading)
            elif labels is None or is_known(scalar, {*labels, *CHANCES}, reading):
                _put(weights, scalar.text, value, weight, reading)
        return Place(_kept(chances, node.mark, reading), weights)

    return read


def _zones(node: Node, reading: Reading) -> dict[str, float]:
    found: dict[str, Any] = {}
    for scalar, value in table(node, reading):
        for name in each([scalar], zone, reading):
            _put(found, name, value, weight, reading)
    return found


def _entries(node: Node, reading: Reading, program: Program) -> dict[str, float]:
    found: dict[str, Any] = {}
    for scalar, value in table(node, reading):
        if arrival(program, scalar.text) is None:
            close = closest(scalar.text, ways_in(program))
            reading.note("unknown-key", scalar.mark, key=scalar.text, close=close)
            continue
        _put(found, scalar.text, value, weight, reading)
    return found

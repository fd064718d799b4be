"""The world outside as tests, simulation and proofs see it: deterministic and helpful.

Where a test says nothing the person is subscribed, a server gives what the funnel saves of its
answer, an action succeeds, and there are codes enough.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flows.effects import Request
from flows.funnel import Entry
from flows.nodes.code import used_event
from flows.nodes.http import Http
from flows.problems import Mark
from flows.program import Program
from flows.reading import Reading, as_mapping, boolean, key, name, one_of, source_node, table_of
from flows.shapes import ANYTHING, NAME, TRUTH, shaped
from flows.source import Mapping as Table
from flows.source import Node, Scalar

FAIL = "fail"
HOUSE = frozenset({"slots", "book", "free"})
"""Calls that the house itself answers: they cannot fail as the world outside does."""
Result = dict[str, Any]

SAMPLES: dict[str, Any] = {
    "number": 1,
    "integer": 1,
    "boolean": True,
    "phone": "+79160000000",
    "email": "anna@example.ru",
    "date": "2026-12-31",
    "datetime": "2026-12-31T12:00:00+00:00",
    "list": ["1"],
}


@shaped(ANYTHING)
def json_of(node: Node, reading: Reading) -> Any:
    """JSON as YAML writes it: a bare number, ``true``, ``false`` and ``null`` are no texts."""
    if isinstance(node, Scalar):
        return _constant(node.text) if node.plain else node.text
    if isinstance(node, Table):
        return {scalar.text: json_of(value, reading) for scalar, value in node}
    return [json_of(item, reading) for item in node.items]


def _constant(text: str) -> Any:
    if not re.fullmatch(r"true|false|null|-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", text):
        return text
    return json.loads(text)


@shaped({"anyOf": [TRUTH, {"enum": [FAIL]}, {"type": "object", "propertyNames": NAME}]})
def membership(node: Node, reading: Reading) -> bool | str | dict[str, Any]:
    """``true``, ``false``, ``fail`` (nobody can tell), or these by the steps' places."""
    if not isinstance(node, Scalar):
        return table_of(membership)(node, reading)
    return FAIL if node.text == FAIL else boolean(node, reading)


@shaped({"type": "object", "propertyNames": NAME})
def by_name(node: Node, reading: Reading) -> dict[str, Any]:
    """Answers by names."""
    return {
        name(scalar, reading): json_of(value, reading)
        for scalar, value in as_mapping(node, reading)
    }


@dataclass(frozen=True, kw_only=True)
class World:
    """``world`` of a test. Without a line it is helpful."""

    mark: Mark = Mark("", 1, 1)
    node: Table | None = source_node()
    member: bool | str | dict[str, Any] = key(membership, default=True)
    http: Any = key(json_of, default=None)
    do: dict[str, Any] = key(by_name, default=None)
    code: Any = key(json_of, default=None)
    slots: str = key(one_of("free", "none", "taken"), default="free")

    def answer(self, request: Request, now_us: int = 0, before: int = 0) -> Result:
        """What comes of the request; ``before`` is how many codes were given before."""
        match request.kind:
            case "member":
                told = _by_place(self.member, request)
                return _failed() if told == FAIL else {"ok": True, "member": told is not False}
            case "http":
                return self._answered(_by_place(self.http, request), request)
            case "do":
                return self._answered(self._done(request), request)
            case "code":
                return self._code(request, now_us, before)
            case "slots" if self.slots == "none":
                return {"ok": True, "free": []}
            case _:
                return _of_house(request)

    def _done(self, request: Request) -> Any:
        """What an action gives, by the step's place or the action's name."""
        told = _by_place(self.do or {}, request)
        return told if told is not None else (self.do or {}).get(str(request.body.get("name")))

    def _answered(self, told: Any, request: Request) -> Result:
        if told == FAIL:
            return _failed()
        return {"ok": True, "answer": helpful(request) if told is None else told}

    def _code(self, request: Request, now_us: int, before: int) -> Result:
        until_us = now_us + int(request.body["valid_us"]) if request.body.get("valid_us") else None
        if self.code == FAIL:
            return _failed()
        if isinstance(self.code, list):
            if before >= len(self.code):
                return _failed("the pool is empty")
            return {"ok": True, "code": str(self.code[before]), "until_us": until_us}
        return {"ok": True, "code": made_up(request, before), "until_us": until_us}


HELPFUL = World()


def world_of(told: World | None, program: Program) -> World:
    """The world of a test; a bare answer under ``http`` is that of every request."""
    if told is None:
        return HELPFUL
    if told.http is None or told.http == FAIL:
        return told
    places = {laid.step.place() for laid in program.steps.values() if isinstance(laid.step, Http)}
    is_keyed = isinstance(told.http, dict) and bool(places & told.http.keys())
    return told if is_keyed else replace(told, http=_Bare(told.http))


class _Bare:
    """An answer that is the same for every request."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer


def _by_place(told: Any, request: Request) -> Any:
    """What is told for the step's place, or for all; None when nothing is."""
    if isinstance(told, _Bare):
        return told.answer
    if isinstance(told, Mapping):
        last = request.place.rpartition(".")[2]
        return told.get(request.place, told.get(last))
    return told


def _of_house(request: Request) -> Result:
    """What the house answers itself: every time is free."""
    match request.kind:
        case "slots":
            return {"ok": True, "free": request.body["times"]}
        case "book":
            return {"ok": True, "booked": True, "at_us": request.body["at_us"]}
        case "free":
            return {"ok": True}
    return _failed("nobody answers it")


def _failed(error: str = "") -> Result:
    return {"ok": False, "error": error or "the test says so"}


@dataclass(slots=True)
class Imagined:
    """A world that remembers the codes it gave: a valid one that was not used is given again.

    ``lost``: a time was taken away once.
    """

    world: World = HELPFUL
    given: dict[str, tuple[str, Result]] = field(default_factory=dict)
    count: int = 0
    lost: bool = False

    def answer(self, request: Request, now_us: int) -> Result:
        """What comes of the request now."""
        if request.kind == "book" and self.world.slots == "taken" and not self.lost:
            self.lost = True
            return taken_from(request)
        if request.kind != "code":
            return self.world.answer(request, now_us)
        pool = str(request.body["pool"])
        _, kept = self.given.get(pool, ("", {}))
        if kept and (kept["until_us"] is None or kept["until_us"] > now_us):
            return kept
        result = self.world.answer(request, now_us, self.count)
        if result["ok"]:
            self.count += 1
            self.given[pool] = (used_event(str(request.body["field"])), result)
        return result

    def happened(self, name: str) -> None:
        """A code was redeemed, if that is what the event says."""
        self.given = {pool: kept for pool, kept in self.given.items() if kept[0] != name}


def alternatives(request: Request, now_us: int = 0) -> Iterator[tuple[str, Result]]:
    """Every way in which the world may answer, named: ``ok``, ``no``, ``fail``."""
    yield "ok", HELPFUL.answer(request, now_us)
    if request.kind == "member":
        yield "no", {"ok": True, "member": False}
    if request.kind == "book":
        yield "taken", taken_from(request)
        return
    yield "fail", _failed("the world may fail")


def taken_from(request: Request) -> Result:
    """The time was booked by somebody else a moment ago; the others are free."""
    at_us = request.body["at_us"]
    others = [us for us in request.body["times"] if us != at_us]
    return {"ok": True, "booked": False, "at_us": at_us, "free": others}


def helpful(request: Request) -> Any:
    """An answer that has all that the step saves of it."""
    wanted: dict[str, str] = request.body.get("wants") or {}
    made: Any = {}
    for path, kind in sorted(wanted.items()):
        if path == "":
            return SAMPLES.get(kind, str(request.body.get("name", "")))
        made = _with(made, path.split("."), SAMPLES.get(kind, path.rpartition(".")[2]))
    return made


def sample_data(program: Program, entry: Entry) -> dict[str, Any]:
    """What an event may bring: all that the entry saves."""
    made: Any = {}
    for saved, path in sorted((entry.save or {}).items()):
        kind = program.types.get(saved, "")
        made = _with(made, path.split("."), SAMPLES.get(kind, path.rpartition(".")[2]))
    return made if isinstance(made, dict) else {}


def _with(made: Any, path: list[str], value: Any) -> Any:
    """The JSON with the value put in at the path."""
    if not path:
        return made or value
    head, rest = path[0], path[1:]
    if head.isdecimal() and not isinstance(made, dict | str):
        return _with_item(made, int(head), rest, value)
    if head.isdecimal() and made == {}:
        return _with_item([], int(head), rest, value)
    table = made if isinstance(made, dict) else {}
    return {**table, head: _with(table.get(head, {}), rest, value)}


def _with_item(made: list[Any], index: int, rest: list[str], value: Any) -> list[Any]:
    items = [*made, *({} for _ in range(min(index, 99) + 1 - len(made)))]
    items[min(index, 99)] = _with(items[min(index, 99)], rest, value)
    return items


def made_up(request: Request, before: int) -> str:
    """A code of the step's pattern, another one each time."""
    pattern = str(request.body.get("pattern") or "CODE-####")
    digits = iter(str(before + 1).rjust(pattern.count("#"), "0"))
    return re.sub("#", lambda _: next(digits), pattern)

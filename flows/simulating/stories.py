"""Scripts of one prospect, read from YAML."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flows.problems import Mark, Problem
from flows.program import Program
from flows.reading import (
    Reading,
    as_items,
    as_scalar,
    each,
    integer,
    key,
    some_words,
    source_node,
    word,
)
from flows.simulating.happenings import events_of
from flows.simulating.naming import both, is_known, questions, stations
from flows.simulating.records import as_it_is, read_record, table
from flows.simulating.script import Script
from flows.source import Mapping, Node, Scalar
from flows.timing_keys import duration, zone


@dataclass(frozen=True, kw_only=True)
class _Script:
    mark: Mark
    node: Mapping | None = source_node()
    enter: str = key(word, default="")
    zone: str = key(zone, default="")
    by: str = key(word, name="from", default="")
    days: int | None = key(integer, default=None)
    delay: int | None = key(duration, default=None)
    person: Node | None = key(as_it_is, default=None)
    answers: Node | None = key(as_it_is, default=None)
    silent: Node | None = key(as_it_is, default=None)
    stop: Node | None = key(as_it_is, default=None)
    block: Node | None = key(as_it_is, default=None)
    press: tuple[str, ...] = key(some_words, default=())
    click: tuple[str, ...] = key(some_words, default=())
    events: Node | None = key(as_it_is, default=None)


@dataclass(frozen=True, slots=True)
class Story:
    """A script with who comes, when and how; empty where the file says nothing."""

    script: Script = Script()
    enter: str = ""
    zone: str = ""
    by: str = ""
    days: int | None = None
    person: tuple[tuple[str, str], ...] = ()


def read_story(text: str, file: str, program: Program) -> tuple[Story, list[Problem]]:
    """The script that a file tells, and what is wrong with it."""
    reading, made = read_record(_Script, text, file)
    if made is None:
        return Story(), reading.problems
    scripted = Script(
        answers=_scripted(made.answers, reading, program) if made.answers else {},
        silent=_named(made.silent, reading, questions(program)),
        press=made.press,
        click=made.click,
        stop=_named(made.stop, reading, stations(program)),
        block=_named(made.block, reading, stations(program)),
        events=_named(made.events, reading, events_of(program)),
    )
    if made.delay is not None:
        scripted = replace(scripted, delay_us=made.delay)
    person = _person(made.person, reading) if made.person else ()
    return Story(scripted, made.enter, made.zone, made.by, made.days, person), reading.problems


def _scripted(node: Node, reading: Reading, program: Program) -> dict[str, tuple[str, ...]]:
    found: dict[str, Any] = {}
    for scalar, value in table(node, reading):
        if is_known(scalar, both(questions(program)), reading):
            found[scalar.text] = tuple(
                item.text for item in each(as_items(value), as_scalar, reading)
            )
    return found


def _named(node: Node | None, reading: Reading, known: list[str]) -> tuple[str, ...]:
    if node is None:
        return ()
    scalars: list[Scalar] = each(as_items(node), as_scalar, reading)
    return tuple(item.text for item in scalars if is_known(item, both(known), reading))


def _person(node: Node, reading: Reading) -> tuple[tuple[str, str], ...]:
    names = ("first_name", "last_name", "username", "gender")
    found: list[tuple[str, str]] = []
    for scalar, value in table(node, reading):
        if is_known(scalar, names, reading):
            texts: list[Scalar] = each([value], as_scalar, reading)
            found += [(scalar.text, made.text) for made in texts]
    return tuple(found)

"""What a project adds to the language in Python: actions, types of answers, filters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flows.answers import TYPES, Answer, Asked, Bad
from flows.answers.answer import Scalar, Sentences, ValueType
from flows.filters import FILTERS, Filter, Kind
from flows.reading import NAME
from flows.values import Frame, Value, clean

Function = Callable[..., Any]
CALL = "call"
"""A parameter of this name gets the :class:`Call`."""


@dataclass(frozen=True, slots=True)
class Call:
    """Which call of the world outside this is, and whom it is about.

    ``key`` is the same for every try of it; ``person`` is the token that names the person to
    ``POST /events/BOT``.
    """

    key: str
    bot: str
    person: str
    place: str
    tries: int


@dataclass(frozen=True, slots=True)
class Action:
    """A Python function that a ``do`` calls; ``known`` is None when it takes any argument."""

    name: str
    function: Function
    needed: frozenset[str]
    known: frozenset[str] | None
    wants_call: bool = False


@dataclass(slots=True)
class Extensions:
    """All that a project adds."""

    actions: dict[str, Action] = field(default_factory=dict)
    answers: dict[str, type[Answer]] = field(default_factory=dict)
    filters: dict[str, Filter] = field(default_factory=dict)


class _Registry:
    """``gathering`` is filled while a project's file is executed, ``installed`` holds since then."""

    gathering: Extensions | None = None
    installed: Extensions | None = None


@contextmanager
def gathered() -> Iterator[Extensions]:
    """What is registered meanwhile."""
    before, found = _Registry.gathering, Extensions()
    _Registry.gathering = found
    try:
        yield found
    finally:
        _Registry.gathering = before


def installed() -> Extensions | None:
    """The extensions of the project; None when nobody has looked for any."""
    return _Registry.installed


def install(extensions: Extensions | None) -> None:
    """Let the language know them, in place of those known before."""
    old = _Registry.installed or Extensions()
    for name in old.answers:
        del TYPES[name]
    for name in old.filters:
        del FILTERS[name]
    _Registry.installed = extensions
    if extensions is not None:
        TYPES.update(extensions.answers)
        FILTERS.update(extensions.filters)


def add_action(function: Function, name: str = "") -> None:
    """Register an action; raises ``ValueError`` for a name that cannot be one."""
    found = _Registry.gathering or Extensions()
    named = _named(function, name, found.actions)
    parameters = inspect.signature(function).parameters.values()
    if any(each.kind is each.POSITIONAL_ONLY for each in parameters):
        raise ValueError(f"{named}: arguments are given by their names")
    takes_any = any(each.kind is each.VAR_KEYWORD for each in parameters)
    plain = [
        each for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
    ]
    known = frozenset(each.name for each in plain) - {CALL}
    needed = frozenset(each.name for each in plain if each.default is each.empty) - {CALL}
    wants_call = any(each.name == CALL for each in plain)
    known_or_any = None if takes_any else known
    found.actions[named] = Action(named, function, needed, known_or_any, wants_call)


def add_answer(
    function: Function,
    name: str = "",
    *,
    hint: tuple[str, str] = ("", ""),
    personal: bool = False,
    value: ValueType = "text",
) -> None:
    """Register a type of answers: the function reads a typed text, None when it does not fit."""
    found = _Registry.gathering or Extensions()
    named = _named(function, name, found.answers, *_taken(TYPES, "answers"))
    words = hint if all(hint) else (f"Это не похоже на ответ: {named}.", f"This is no {named}.")
    found.answers[named] = _answer(function, named, words, value, personal=personal)


def add_filter(function: Function, name: str = "") -> None:
    """Register a filter: the function gets the value, then the filter's arguments."""
    found = _Registry.gathering or Extensions()
    named = _named(function, name, found.filters, *_taken(FILTERS, "filters"))
    _, *more = inspect.signature(function).parameters.values()
    required = sum(each.default is each.empty for each in more)
    kind: Kind = "any"
    kinds = (kind,) * len(more)
    found.filters[named] = Filter(_safely(function), "any", "any", kinds, required)


def _taken(all_names: Iterable[str], kind: str) -> set[str]:
    """The language's own names; what an earlier reading of the file installed may come again."""
    before = _Registry.installed
    return set(all_names) - set(getattr(before, kind) if before is not None else ())


def _named(function: Function, name: str, taken: dict[str, Any], *others: str) -> str:
    named = name or function.__name__
    if not NAME.fullmatch(named):
        raise ValueError(f"{named!r} cannot be a name: a-z, 0-9 and _ only")
    if named in taken or named in others:
        raise ValueError(f"{named!r} is taken already")
    return named


def _answer(
    function: Function, named: str, words: tuple[str, str], value: ValueType, *, personal: bool
) -> type[Answer]:
    code = f"{named}_form"
    is_personal = personal

    @dataclass(frozen=True)
    class Own:
        name: ClassVar[str] = named
        value_type: ClassVar[ValueType] = value
        personal: ClassVar[bool] = is_personal
        hints: ClassVar[Sentences] = {code: words}

        def read(self, typed: str, asked: Asked) -> Scalar | Bad:
            try:
                found: Scalar | None = clean(function(typed))
            except Exception:  # noqa: BLE001 - whatever it stumbles over does not fit
                found = None
            return Bad(code) if found is None or found == "" else found

        def buttons(self, language: str) -> tuple[str, ...]:
            return ()

    return Own


def _safely(function: Function) -> Callable[[Value, tuple[Value, ...], Frame], Value]:
    def apply(value: Value, arguments: tuple[Value, ...], _frame: Frame) -> Value:
        try:
            return clean(function(value, *arguments))
        except Exception:  # noqa: BLE001 - a text is never an exception at run time
            return None

    return apply

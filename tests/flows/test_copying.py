"""A conversation's copy equals it and shares nothing that can change, whatever fields there are."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flows import state
from flows.copying import copy_of
from flows.state import Conversation

UNHURRIED = settings(max_examples=60, derandomize=True, deadline=None, database=None)
WORDS = st.sampled_from(["", "a", "да"])
ATOMS: dict[Any, st.SearchStrategy[Any]] = {
    type(None): st.none(),
    str: WORDS,
    int: st.integers(0, 9),
    float: st.sampled_from([0, 0.5]),
    bool: st.booleans(),
}
VALUES = st.recursive(
    st.one_of(*ATOMS.values()),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)


def strategy_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of an annotation of the state's dataclasses."""
    origin, given_kinds = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(
            kind, **{item.name: strategy_of(hints[item.name]) for item in dataclasses.fields(kind)}
        )
    if origin is list:
        return st.lists(strategy_of(given_kinds[0]), max_size=2)
    if origin is dict:
        return st.dictionaries(WORDS, strategy_of(given_kinds[1]), max_size=2)
    if origin is typing.Literal:
        return st.sampled_from(given_kinds)
    if given_kinds:  # one of several
        return st.one_of([strategy_of(each) for each in given_kinds])
    return VALUES if kind is Any else ATOMS[kind]


def changeable(value: Any) -> Iterator[Any]:
    """Every object inside that can be changed, itself first."""
    if dataclasses.is_dataclass(value):
        yield value
        for item in dataclasses.fields(value):
            yield from changeable(getattr(value, item.name))
    elif isinstance(value, list | dict):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from changeable(inner)


@UNHURRIED
@given(strategy_of(Conversation))
def test_a_copy_is_equal_and_shares_nothing_that_can_change(conversation: Conversation) -> None:
    copied = copy_of(conversation)
    assert copied == conversation
    shared = {id(each) for each in changeable(conversation)} & {id(x) for x in changeable(copied)}
    assert shared == set()


def test_every_part_of_the_state_is_reached_by_the_copy() -> None:
    known = {
        each
        for each in vars(state).values()
        if dataclasses.is_dataclass(each) and each.__module__ == state.__name__
    }
    reached: set[Any] = set()
    waiting: list[Any] = [Conversation]
    while waiting:
        kind = waiting.pop()
        if dataclasses.is_dataclass(kind) and kind not in reached:
            reached.add(kind)
            waiting.extend(typing.get_type_hints(kind).values())
        waiting.extend(typing.get_args(kind))
    assert reached == known

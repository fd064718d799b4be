"""A copy of a conversation that shares nothing that can change, many times faster than ``deepcopy``."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from flows.state import Conversation

_ATOMS = frozenset({str, int, float, bool, type(None)})


def copy_of(conversation: Conversation) -> Conversation:
    """An equal conversation; what is done to one of them is not seen in the other."""
    copied: Conversation = _copied(conversation)
    return copied


def _copied(value: Any) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is list:
        return [item if type(item) in _ATOMS else _copied(item) for item in value]
    if kind is dict:
        return {
            key: item if type(item) in _ATOMS else _copied(item) for key, item in value.items()
        }
    return _copier(kind)(value)  # type: ignore[arg-type]


@cache
def _copier(kind: type) -> Callable[[Any], Any]:
    """How an object of the class is copied: a dataclass field by field, whatever fields it has."""
    if not is_dataclass(kind):
        return deepcopy
    names = [item.name for item in fields(kind)]
    values = attrgetter(*names) if len(names) > 1 else lambda made: (getattr(made, names[0]),)

    def copied(made: Any) -> Any:
        given = [item if type(item) in _ATOMS else _copied(item) for item in values(made)]
        return kind(**dict(zip(names, given, strict=True)))

    return copied

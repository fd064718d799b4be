"""``set``, ``tag``, ``untag``, ``add``: what a step writes down about the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.nodes.base import BELOW, Move, Step
from flows.reading import key, number, some_words, table_of
from flows.texts import WrittenValue, value

if TYPE_CHECKING:
    from flows.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Set(Step):
    """``set: {field: value}``; an empty value empties the field."""

    VERB = "set"

    set: dict[str, WrittenValue] = key(table_of(value))

    def enter(self, scene: Scene) -> Move:
        """Put the values in the fields, one after another."""
        for field, written in self.set.items():
            scene.save(field, scene.value(written))
        return BELOW


@dataclass(frozen=True, kw_only=True)
class Tag(Step):
    """``tag: X`` or ``tag: [X, Y]``."""

    VERB = "tag"

    tag: tuple[str, ...] = key(some_words)

    def enter(self, scene: Scene) -> Move:
        """Give the person the tags."""
        scene.tag(self.tag)
        return BELOW


@dataclass(frozen=True, kw_only=True)
class Untag(Step):
    """``untag: X`` or ``untag: [X, Y]``."""

    VERB = "untag"

    untag: tuple[str, ...] = key(some_words)

    def enter(self, scene: Scene) -> Move:
        """Take the tags away."""
        scene.untag(self.untag)
        return BELOW


@dataclass(frozen=True, kw_only=True)
class Add(Step):
    """``add: {score: 3}``; an empty field counts as 0."""

    VERB = "add"

    add: dict[str, float] = key(table_of(number))

    def enter(self, scene: Scene) -> Move:
        """Add the numbers to the fields."""
        for field, amount in self.add.items():
            scene.add(field, amount)
        return BELOW

"""One turn of the search: what happened to whom, how chance fell, where it led."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flows.effects import Effect
from flows.program import Laid
from flows.proving.moves import Move
from flows.proving.states import Node

Chances = dict[str, str]
"""Variants of splits by the splits' full names."""


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of the search: what happened to whom, what was done, where it led.

    ``error`` is what the engine raised; ``after`` is None then.
    """

    before: Node
    move: Move
    done: list[Effect]
    after: Node | None = None
    error: Exception | None = None

    @property
    def path(self) -> tuple[Any, ...]:
        """The way that ends with this turn."""
        return self.move.after(self.before).path()


class Trodden(dict[str, Laid]):
    """The steps of a program; those that a play came to are remembered."""

    def __init__(self, steps: Mapping[str, Laid]) -> None:
        super().__init__(steps)
        self.seen: set[str] = set()

    def get(self, address: str, default: Any = None) -> Any:
        """The step at the address, which a play has come to."""
        self.seen.add(address)
        return super().get(address, default)


def joined(step: Step, following: Step) -> Step:
    """Two turns that people see as one move."""
    label = following.move.label if following.move.kind == step.move.kind else step.move.label
    move = replace(step.move, label=label)
    if following.after is not None:
        following.after.trace = move.after(step.before)
    return replace(following, before=step.before, move=move)


def drawn_in(step: Step, chances: Chances) -> str:
    """The split in which a variant fell by chance in the turn; an empty text when in none."""
    if step.after is None:
        return ""
    before = {*step.before.conversation.person.splits, *chances}
    return next((name for name in step.after.conversation.person.splits if name not in before), "")


def with_chances(label: Any, chances: Chances) -> Any:
    """The move in words, with what fell to the person."""
    if not chances:
        return label
    fell = ", ".join(f"{name.rpartition('.')[2]}: {each}" for name, each in chances.items())
    if isinstance(label, dict):
        return {language: f"{words} ({fell})" for language, words in label.items()}
    return f"{label} ({fell})"

"""``go``, ``call`` and ``end``: how a play leaves the order of its steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.nodes.base import END, Move, Step
from flows.reading import Reading, as_scalar, key, name
from flows.shapes import shaped, written_as
from flows.source import Node

if TYPE_CHECKING:
    from flows.scene import Scene

TARGET = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,2}")


@shaped(written_as(f"^{TARGET.pattern}$"))
def target(node: Node, reading: Reading) -> str:
    """``flow`` or ``flow.place``."""
    scalar = as_scalar(node, reading)
    if TARGET.fullmatch(scalar.text):
        return scalar.text
    raise reading.refuse("bad-name", scalar.mark, name=scalar.text)


@dataclass(frozen=True, kw_only=True)
class Go(Step):
    """``go: flow`` or ``go: flow.place``; it forgets its callers."""

    VERB = "go"

    go: str = key(target)

    def enter(self, scene: Scene) -> Move:
        """To the flow or the place."""
        return Move("go", self.go)


@dataclass(frozen=True, kw_only=True)
class Call(Step):
    """``call: flow`` plays the flow and comes back below."""

    VERB = "call"

    call: str = key(name)
    id: str = key(name, default="")

    def place(self) -> str:
        """Its ``id``, else the flow's name: what a waiting call is remembered by."""
        return self.id or f"call_{self.call}"

    def enter(self, scene: Scene) -> Move:
        """Into the flow."""
        return Move("call", self.call)


@dataclass(frozen=True, kw_only=True)
class End(Step):
    """``end`` ends the play with all its calls."""

    VERB = "end"

    def enter(self, scene: Scene) -> Move:
        """Out."""
        return END

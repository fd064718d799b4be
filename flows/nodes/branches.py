"""``if`` and ``match``: the ways a flow can part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.nodes.base import BELOW, Block, Move, Step, steps
from flows.reading import Reading, as_scalar, key, name, table_of
from flows.shapes import MAYBE_EMPTY, shaped
from flows.source import Node
from flows.texts import WrittenCondition, condition
from flows.values import same, show

if TYPE_CHECKING:
    from flows.scene import Scene

RANGE = re.compile(r"(-?[0-9]+(?:[.,][0-9]+)?)\.\.(-?[0-9]+(?:[.,][0-9]+)?)?")


@dataclass(frozen=True, kw_only=True)
class If(Step):
    """``if: CONDITION`` with ``then`` and ``else``."""

    VERB = "if"

    condition: WrittenCondition = key(condition, name="if")
    then: Block = key(steps, default=())
    otherwise: Block = key(steps, name="else", default=())

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Both branches."""
        yield "then", self.then
        yield "else", self.otherwise

    def enter(self, scene: Scene) -> Move:
        """Into the branch that the condition chooses."""
        return Move("into", "then" if scene.holds(self.condition) else "else")


@shaped(MAYBE_EMPTY)
def case(node: Node, reading: Reading) -> str:
    """A case of ``match``: a value or a range of numbers."""
    return as_scalar(node, reading).text


@dataclass(frozen=True, kw_only=True)
class Match(Step):
    """``match: FIELD`` with ``cases`` and ``else``; the first case that fits wins."""

    VERB = "match"

    match: str = key(name)
    cases: dict[str, Block] = key(table_of(steps, case))
    otherwise: Block = key(steps, name="else", default=())

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """The cases in order, then ``else``."""
        for index, block in enumerate(self.cases.values()):
            yield f"case{index}", block
        yield "else", self.otherwise

    def enter(self, scene: Scene) -> Move:
        """Into the first case that fits the field's value."""
        value = scene.context().get(self.match)
        for index, text in enumerate(self.cases):
            if fits(value, text):
                return Move("into", f"case{index}")
        return Move("into", "else")


def fits(value: Any, text: str) -> bool:
    """Whether a field's value is what the case names; both ends of a range are included."""
    span = RANGE.fullmatch(text)
    if span and isinstance(value, int | float) and not isinstance(value, bool):
        low = float(span[1].replace(",", "."))
        high = float(span[2].replace(",", ".")) if span[2] else float("inf")
        return low <= value <= high
    if isinstance(value, int | float) and not isinstance(value, bool):
        return re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", text) is not None and same(
            value, float(text.replace(",", "."))
        )
    if isinstance(value, bool):
        return text.lower() == ("true" if value else "false")
    return show(value, "ru") == text if value is not None else text == ""


__all__ = ["BELOW", "If", "Match", "fits"]

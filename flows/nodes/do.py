"""``do``: a Python function of the project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows import pausing
from flows.nodes.base import BELOW, Block, Move
from flows.nodes.json_values import Json, json_value, rendered
from flows.nodes.outside import OutsideStep, json_path, save_all, wants
from flows.reading import Reading, key, name, table_of
from flows.shapes import Drawing, Schema, shaped
from flows.source import Node, Scalar

if TYPE_CHECKING:
    from flows.scene import Scene


def _saved_shape(drawing: Drawing) -> Schema:
    return {"anyOf": [drawing.of(name), drawing.of(table_of(json_path))]}


@shaped(_saved_shape)
def saved(node: Node, reading: Reading) -> dict[str, str]:
    """A field for the whole result, or fields with paths in it."""
    if isinstance(node, Scalar):
        return {name(node, reading): ""}
    found: dict[str, str] = table_of(json_path)(node, reading)
    return found


@dataclass(frozen=True, kw_only=True)
class Do(OutsideStep):
    """``do: NAME`` with ``with: {…}``, ``save`` and ``otherwise``."""

    VERB = "do"

    do: str = key(name)
    given: dict[str, Json] | None = key(table_of(json_value), name="with", default=None)
    save: dict[str, str] | None = key(saved, default=None)

    def own_name(self) -> str:
        """After the action."""
        return f"do_{self.do}"

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """What follows when the action failed."""
        yield "otherwise", self.otherwise

    def gives(self) -> frozenset[str]:
        """The saved fields."""
        return frozenset(self.save or ())

    def enter(self, scene: Scene) -> Move:
        """Ask for it to be done."""
        given = {argument: rendered(scene, item) for argument, item in (self.given or {}).items()}
        body = {"name": self.do, "with": given, "wants": wants(scene, self.save or {})}
        return pausing.request(scene, self.VERB, body)

    def took(self, scene: Scene, result: dict[str, Any]) -> Move:
        """Below with the fields filled; a result that lacks one of them is a failure."""
        lacking = save_all(scene, self.save or {}, result.get("answer"))
        if lacking is None:
            return BELOW
        return self.failed(scene, f"the result has no {lacking}" if lacking else "no result")

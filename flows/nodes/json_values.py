"""JSON whose values are templates: what a request carries, what an action is given."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flows.marking import as_type
from flows.reading import Reading, each
from flows.shapes import MAYBE_EMPTY, Drawing, Schema, shaped
from flows.source import Mapping, Node, Scalar, Sequence
from flows.texts import WrittenValue, value

if TYPE_CHECKING:
    from flows.scene import Scene

Json = WrittenValue | dict[str, Any] | tuple[Any, ...]


def _json_shape(drawing: Drawing) -> Schema:
    def draw() -> Schema:
        inner = drawing.of(json_value)
        items = {"type": "array", "items": inner}
        return {"anyOf": [MAYBE_EMPTY, {"type": "object", "additionalProperties": inner}, items]}

    return drawing.named("json", draw)


@shaped(_json_shape)
def json_value(node: Node, reading: Reading) -> Json:
    """JSON with templates for its values."""
    if isinstance(node, Scalar):
        return value(node, reading)
    if isinstance(node, Sequence):
        return tuple(each(node.items, json_value, reading))
    assert isinstance(node, Mapping)
    return {scalar.text: json_value(inner, reading) for scalar, inner in node}


def rendered(scene: Scene, written: Json) -> Any:
    """The JSON with its values put in: numbers and booleans of single substitutions stay so."""
    if isinstance(written, WrittenValue):
        found = scene.value(written)
        if isinstance(found, date):
            return as_type(found, "")
        return sorted(found) if isinstance(found, set | frozenset) else found
    if isinstance(written, dict):
        return {name: rendered(scene, item) for name, item in written.items()}
    return [rendered(scene, item) for item in written]

"""What each reader of a key accepts, as JSON Schema: the shape stands beside its reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

Schema = dict[str, Any]
R = TypeVar("R", bound=Callable[..., Any])


class Drawing(Protocol):
    """What a shape is drawn with: the schemas of other readers and of records."""

    def of(self, read: Callable[..., Any]) -> Schema:
        """The schema of what a reader accepts."""

    def record(self, cls: type) -> Schema:
        """The schema of a mapping that is read into ``cls``."""

    def named(self, name: str, draw: Callable[[], Schema]) -> Schema:
        """A reference to the definition of that name, drawn once: for what holds itself."""

    def step(self) -> Schema:
        """The schema of one step."""

    def step_in(self, cls: type) -> Schema:
        """The schema of a record that also holds the keys of one step, or ``steps``."""


Shape = Schema | Callable[[Drawing], Schema]
_SHAPES: dict[Callable[..., Any], Shape] = {}

TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""Every scalar is a text to us; an editor takes `12` for a number and `true` for a boolean."""
MAYBE_EMPTY: Schema = {"type": ["string", "number", "boolean", "null"]}
ANYTHING: Schema = {"type": ["string", "number", "boolean", "null", "object", "array"]}
"""For what is read as it stands; `{}` would look like a reader that tells nothing."""
NAME_PATTERN = "^[a-z][a-z0-9_]*$"
NAME: Schema = {"type": "string", "pattern": NAME_PATTERN}

TRUTH: Schema = {
    "anyOf": [
        {"type": "boolean"},
        {
            "type": "string",
            "pattern": "^([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]|[Дд][Аа]"
            "|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff]|[Нн][Ее][Тт])$",
        },
    ]
}
INTEGER: Schema = {"type": ["string", "integer"], "pattern": "^[+-]?[0-9]{1,9}$"}
NUMBER: Schema = {"type": ["string", "number"], "pattern": "^[+-]?[0-9]{1,12}([.,][0-9]{1,6})?$"}


def shaped(shape: Shape) -> Callable[[R], R]:
    """A decorator that tells what a reader accepts."""

    def tell(read: R) -> R:
        _SHAPES[read] = shape
        return read

    return tell


def shape_of(read: Callable[..., Any]) -> Shape | None:
    """What the reader accepts; None when nobody told."""
    return _SHAPES.get(read)


def written_as(pattern: str, *examples: str, also: tuple[str, ...] = ()) -> Schema:
    """A scalar of that pattern; ``also`` are the types that an editor may take it for."""
    schema: Schema = {"type": ["string", *also] if also else "string", "pattern": pattern}
    return {**schema, "examples": list(examples)} if examples else schema


def one_or_more(one: Schema) -> Schema:
    """One value, or a list of them; nothing is an empty list."""
    return {"anyOf": [one, {"type": ["array", "null"], "items": one}]}


def table(read: Callable[..., Any], keys: Callable[..., Any]) -> Shape:
    """The shape of a mapping of any keys that ``keys`` reads."""
    return lambda drawing: {
        "type": "object",
        "propertyNames": drawing.of(keys),
        "additionalProperties": drawing.of(read),
    }

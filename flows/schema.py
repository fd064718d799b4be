"""A JSON Schema of the language, drawn from the typed keys: editors complete and mark by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flows.nodes.base import REGISTRY
from flows.reading import NOT_BUILT, keys_of
from flows.reference import Reference
from flows.shapes import TEXT, Schema, shape_of

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that VS Code's YAML extension knows best."""


def schema_of(cls: type, reference: Reference) -> Schema:
    """The schema of a whole file that is read into ``cls``: a funnel, or the project."""
    drawn = _Drawn(reference)
    top = drawn.mapping(cls)
    return {"$schema": DRAFT, **top, "definitions": dict(sorted(drawn.definitions.items()))}


class _Drawn:
    """Definitions drawn so far; a record that holds itself is a reference."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.definitions: dict[str, Schema] = {}

    def of(self, read: Callable[..., Any]) -> Schema:
        """The schema of what a reader accepts; anything, when the reader does not tell."""
        shape = shape_of(read)
        return {} if shape is None else shape(self) if callable(shape) else shape

    def record(self, cls: type) -> Schema:
        """A reference to the mapping that is read into ``cls``."""
        return self.named(cls.__name__, lambda: self.mapping(cls))

    def mapping(self, cls: type) -> Schema:
        """A mapping of the record's keys."""
        needed = [key for key, (_, _, must) in keys_of(cls).items() if must]
        schema: Schema = {"title": self.reference.title(cls)} if self.reference.title(cls) else {}
        schema |= {"type": "object", "properties": self._properties(cls)}
        if needed:
            schema["required"] = needed
        return {**schema, "additionalProperties": False, **getattr(cls, "FORM", {})}

    def step(self) -> Schema:
        """A text, the word ``end``, or a mapping with one verb."""
        return self.named(
            "Step", lambda: {"oneOf": [_bare_step(), *map(self.record, _verbs().values())]}
        )

    def step_in(self, cls: type) -> Schema:
        """A record that holds ``steps``, or the keys of one step beside its own."""
        return self.named(cls.__name__, lambda: {"oneOf": [*self._forms(cls)]})

    def _forms(self, cls: type) -> list[Schema]:
        whole = self.mapping(cls)
        needed = whole["required"]
        forms = [{**whole, "required": [*needed, "steps"]}]
        own = {key: value for key, value in whole["properties"].items() if key != "steps"}
        for name, verb in _verbs().items():
            if name in own:
                continue
            more = [key for key, (_, _, must) in keys_of(verb).items() if must and key not in own]
            properties = {**self._properties(verb), **own}
            forms.append({**whole, "properties": properties, "required": [*needed, *more]})
        return forms

    def _properties(self, cls: type) -> dict[str, Schema]:
        found = {}
        for key, (_, read, _) in keys_of(cls).items():
            if read is not NOT_BUILT:
                words = self.reference.key(cls, key)
                found[key] = {**self.of(read), **({"description": words} if words else {})}
        return found

    def named(self, name: str, draw: Callable[[], Schema]) -> Schema:
        """A reference to the definition of that name; it is drawn the first time."""
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = draw()
        return {"$ref": f"#/definitions/{name}"}


def _verbs() -> dict[str, type]:
    """The steps that are written as a mapping, by their verb."""
    steps: dict[str, type] = dict(REGISTRY.verbs)
    return {verb: cls for verb, cls in steps.items() if verb in keys_of(cls)}


def _bare_step() -> Schema:
    return {"anyOf": [{"enum": ["end"]}, TEXT]}

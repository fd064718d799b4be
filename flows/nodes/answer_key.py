"""The key ``answer``: a type's name, or ``{type: number, min: 1, max: 12}``."""

from __future__ import annotations

from flows.answers import TYPES, Answer, AnswerProblem, answer_of, option_types
from flows.reading import Reading, as_mapping, as_scalar
from flows.shapes import INTEGER, MAYBE_EMPTY, NUMBER, Drawing, Schema, shaped
from flows.source import Node, Scalar


def _answer_shape(_drawing: Drawing) -> Schema:
    kinds = {"text": MAYBE_EMPTY, "integer": INTEGER, "number": NUMBER}
    forms = []
    for name in TYPES:
        options = {key: kinds[kind] for key, kind in option_types(name).items()}
        forms.append(
            {
                "type": "object",
                "properties": {"type": {"enum": [name]}, **options},
                "required": ["type"],
                "additionalProperties": False,
            }
        )
    return {"oneOf": [{"enum": list(TYPES)}, *forms]}


@shaped(_answer_shape)
def answer(node: Node, reading: Reading) -> Answer:
    """The type of a free answer with its options."""
    if isinstance(node, Scalar):
        return _made(node, node.text, {}, reading)
    table = {scalar.text: as_scalar(value, reading) for scalar, value in as_mapping(node, reading)}
    kind = table.pop("type", None)
    if kind is None:
        raise reading.refuse("missing-key", node.mark, key="type")
    return _made(kind, kind.text, table, reading)


def _made(at: Scalar, kind: str, options: dict[str, Scalar], reading: Reading) -> Answer:
    found = answer_of(kind, {name: scalar.text for name, scalar in options.items()})
    if isinstance(found, AnswerProblem):
        mark = options[found.option].mark if found.option in options else at.mark
        raise reading.refuse(found.code, mark, **dict(found.params))
    return found

"""The key ``answer``: a type's name, or ``{type: number, min: 1, max: 12}``."""

from __future__ import annotations

from flows.answers import Answer, AnswerProblem, answer_of
from flows.reading import Reading, as_mapping, as_scalar
from flows.source import Node, Scalar


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

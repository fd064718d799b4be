"""Texts, conditions and values as they stand in a file: compiled once, with their places."""

from __future__ import annotations

from dataclasses import dataclass

from flows.expression_messages import ExpressionRefused
from flows.expressions import Condition, compile_condition
from flows.problems import Mark
from flows.reading import Reading, Unread, as_scalar
from flows.shapes import MAYBE_EMPTY, TEXT, shaped
from flows.source import Node, Scalar
from flows.templates import Text, compile_text


@dataclass(frozen=True, slots=True)
class WrittenText:
    """An author's text with where it stands."""

    scalar: Scalar
    compiled: Text

    @property
    def mark(self) -> Mark:
        """Where it begins."""
        return self.scalar.mark

    @property
    def source(self) -> str:
        """The text as it was written."""
        return self.scalar.text


@dataclass(frozen=True, slots=True)
class WrittenCondition:
    """An author's condition with where it stands."""

    scalar: Scalar
    compiled: Condition


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """What a ``set`` puts in a field: a constant text, or what a template gives.

    A text that is exactly one ``{{ … }}`` keeps its type; an empty one empties the field.
    """

    scalar: Scalar
    compiled: Text


@shaped(TEXT)
def written_text(node: Node, reading: Reading) -> WrittenText:
    """A text for people: not empty, not cut by a comment."""
    scalar = as_scalar(node, reading)
    if scalar.cut:
        reading.note("cut-by-comment", scalar.mark)
    if not scalar.text.strip():
        raise reading.refuse("empty-text", scalar.mark)
    return WrittenText(scalar, _compiled(scalar, reading))


@shaped(MAYBE_EMPTY)
def value(node: Node, reading: Reading) -> WrittenValue:
    """The value of a field."""
    scalar = as_scalar(node, reading)
    if scalar.cut:
        reading.note("cut-by-comment", scalar.mark)
    return WrittenValue(scalar, _compiled(scalar, reading))


@shaped(TEXT)
def condition(node: Node, reading: Reading) -> WrittenCondition:
    """A condition: one expression without braces."""
    scalar = as_scalar(node, reading)
    try:
        return WrittenCondition(scalar, compile_condition(scalar.text))
    except ExpressionRefused as error:
        raise _refuse(error, scalar, reading) from None


def _compiled(scalar: Scalar, reading: Reading) -> Text:
    try:
        return compile_text(scalar.text)
    except ExpressionRefused as error:
        raise _refuse(error, scalar, reading) from None


def _refuse(error: ExpressionRefused, scalar: Scalar, reading: Reading) -> Unread:
    for each in error.problems:
        reading.note(each.code, scalar.at(each.offset), **dict(each.params))
    return Unread(error.problems[0].code)

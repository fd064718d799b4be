"""Conditions of the language: read and checked once, then evaluated without ever failing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flows.expression_names import Mention, mentioned
from flows.expression_syntax import parse_condition
from flows.expression_tree import Tree, expression_tree
from flows.filters import FILTERS
from flows.values import (
    Frame,
    Value,
    at_most,
    calculate,
    clean,
    contains,
    is_empty,
    is_true,
    less,
    same,
)

Context = Mapping[str, Value]
Evaluate = Callable[[Context, Frame], Value]

DEFAULT_FRAME = Frame()


@dataclass(frozen=True, slots=True)
class Condition:
    """One expression.

    ``names`` are the names it mentions with their offsets; ``tree`` is its form for a checker.
    """

    source: str
    tree: Tree
    names: tuple[Mention, ...]
    _evaluate: Evaluate = field(repr=False, compare=False)

    def evaluate(self, context: Context, frame: Frame = DEFAULT_FRAME) -> Value:
        """The expression's value."""
        return self._evaluate(context, frame)

    def holds(self, context: Context, frame: Frame = DEFAULT_FRAME) -> bool:
        """True when the value counts as true: a boolean itself, any other if it is filled."""
        return is_true(self._evaluate(context, frame))


def compile_condition(source: str) -> Condition:
    """The condition, or :class:`~flows.expression_messages.ExpressionRefused`."""
    tree = expression_tree(parse_condition(source))
    return Condition(source, tree, mentioned(tree), evaluator(tree))


def evaluator(tree: Tree) -> Evaluate:
    """A function of (context, frame) that gives the tree's value and never raises."""
    return _EVALUATORS[tree.kind](tree)


def _const(tree: Tree) -> Evaluate:
    value = tree.value
    return lambda _context, _frame: value


def _list(tree: Tree) -> Evaluate:
    items = tuple(item.value for item in tree.parts)
    return lambda _context, _frame: items


def _name(tree: Tree) -> Evaluate:
    name = tree.value
    return lambda context, _frame: clean(context.get(name))


def _not(tree: Tree) -> Evaluate:
    operand = evaluator(tree.parts[0])
    return lambda context, frame: not is_true(operand(context, frame))


def _neg(tree: Tree) -> Evaluate:
    operand = evaluator(tree.parts[0])
    return lambda context, frame: calculate("-", 0, operand(context, frame))


def _and(tree: Tree) -> Evaluate:
    first, second = map(evaluator, tree.parts)

    def both(context: Context, frame: Frame) -> Value:
        value = first(context, frame)
        return second(context, frame) if is_true(value) else value

    return both


def _or(tree: Tree) -> Evaluate:
    first, second = map(evaluator, tree.parts)

    def either(context: Context, frame: Frame) -> Value:
        value = first(context, frame)
        return value if is_true(value) else second(context, frame)

    return either


def _compare(tree: Tree) -> Evaluate:
    left, right = map(evaluator, tree.parts)
    test = _TESTS[tree.value]
    return lambda context, frame: test(left(context, frame), right(context, frame))


def _arithmetic(tree: Tree) -> Evaluate:
    left, right = map(evaluator, tree.parts)
    sign = tree.value
    return lambda context, frame: calculate(sign, left(context, frame), right(context, frame))


def _choice(tree: Tree) -> Evaluate:
    test, yes, no = map(evaluator, tree.parts)
    return lambda context, frame: (yes if is_true(test(context, frame)) else no)(context, frame)


def _filter(tree: Tree) -> Evaluate:
    change = FILTERS[tree.value]
    value, *arguments = map(evaluator, tree.parts)

    def changed(context: Context, frame: Frame) -> Value:
        before = value(context, frame)
        if is_empty(before) and not change.fills:
            return None
        given = tuple(argument(context, frame) for argument in arguments)
        return change.apply(before, given, frame)

    return changed


_TESTS: dict[str, Callable[[Value, Value], bool]] = {
    "==": same,
    "!=": lambda left, right: not same(left, right),
    "<": less,
    "<=": at_most,
    ">": lambda left, right: less(right, left),
    ">=": lambda left, right: at_most(right, left),
    "in": lambda item, container: contains(container, item),
    "not in": lambda item, container: not contains(container, item),
}

_EVALUATORS: dict[str, Callable[[Tree], Evaluate]] = {
    "const": _const,
    "list": _list,
    "name": _name,
    "not": _not,
    "neg": _neg,
    "and": _and,
    "or": _or,
    "compare": _compare,
    "arithmetic": _arithmetic,
    "choice": _choice,
    "filter": _filter,
}

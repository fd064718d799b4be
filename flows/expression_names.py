"""Which names a text or a condition mentions, and which it prints though they may be empty."""

from __future__ import annotations

from collections.abc import Iterator

from flows.expression_tree import Tree
from flows.filters import FILTERS
from flows.values import is_empty

Mention = tuple[str, int]
"""A name and its offset in the source."""

Names = frozenset[str]

_NOTHING: Names = frozenset()
_FILLED_COMPARISONS = {"<", "<=", ">", ">="}


def mentioned(tree: Tree) -> tuple[Mention, ...]:
    """Every name of the tree with its offset, in the order of the source."""
    return tuple(sorted(_mentions(tree), key=lambda mention: mention[1]))


def printed(tree: Tree) -> tuple[Mention, ...]:
    """The names printed bare: without a filter that provides for the empty or a guarding test."""
    return tuple(_printed(tree, _NOTHING))


def filled_if(tree: Tree, truth: bool) -> Names:
    """The names that cannot be empty when the condition is true (or is false)."""
    if tree.kind == "name":
        return frozenset([tree.value]) if truth else _NOTHING
    if tree.kind == "not":
        return filled_if(tree.parts[0], not truth)
    if tree.kind in ("and", "or"):
        left, right = (filled_if(part, truth) for part in tree.parts)
        return left | right if (tree.kind == "and") == truth else left & right
    return _filled_by_comparison(tree, truth) if tree.kind == "compare" else _NOTHING


def _filled_by_comparison(tree: Tree, truth: bool) -> Names:
    names = frozenset(part.value for part in tree.parts if part.kind == "name")
    if tree.value in ("==", "!="):
        if tree.value == "!=":
            truth = not truth
        constants = [part for part in tree.parts if part.kind in ("const", "list")]
        empty = [part for part in constants if not part.parts and is_empty(part.value)]
        filled = bool(constants) and (not empty if truth else bool(empty))
        return names if filled else _NOTHING
    if tree.value in ("in", "not in"):
        return names if (tree.value == "in") == truth else _NOTHING
    return names if truth and tree.value in _FILLED_COMPARISONS else _NOTHING


def _mentions(tree: Tree) -> Iterator[Mention]:
    if tree.kind == "name":
        yield tree.value, tree.offset
    for part in tree.parts:
        yield from _mentions(part)


def _printed(tree: Tree, filled: Names) -> Iterator[Mention]:
    if tree.kind == "name" and tree.value not in filled:
        yield tree.value, tree.offset
    elif tree.kind in ("body", "print"):
        for part in tree.parts:
            yield from _printed(part, filled)
    elif tree.kind == "choose":
        yield from _printed_choose(tree.parts, filled)
    elif tree.kind == "choice":
        test, yes, no = tree.parts
        yield from _printed(yes, filled | filled_if(test, truth=True))
        yield from _printed(no, filled | filled_if(test, truth=False))
    elif tree.kind == "or":
        left, right = tree.parts
        yield from _printed(right, filled | filled_if(left, truth=False))
    elif tree.kind in ("arithmetic", "neg", "filter"):
        yield from _printed_value(tree, filled)


def _printed_value(tree: Tree, filled: Names) -> Iterator[Mention]:
    if tree.kind != "filter":
        for part in tree.parts:
            yield from _printed(part, filled)
    elif tree.value == "default":
        yield from _printed(tree.parts[1], filled)
    elif not FILTERS[tree.value].fills:
        yield from _printed(tree.parts[0], filled)


def _printed_choose(parts: tuple[Tree, ...], filled: Names) -> Iterator[Mention]:
    for test, body in zip(parts[:-1:2], parts[1::2], strict=True):
        yield from _printed(body, filled | filled_if(test, truth=True))
        filled |= filled_if(test, truth=False)
    yield from _printed(parts[-1], filled)

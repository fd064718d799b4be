"""When a written value is sure to be filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flows.expression_tree import Tree
from flows.filters import FILTERS
from flows.texts import WrittenValue
from flows.values import is_empty

Facts = frozenset[str]

ALWAYS_FILLED = frozenset(
    {"score", "lead", "now", "today", "entered_at", "channel", "funnel", "bot"}
)
"""Names of the language that are never empty."""


def filled(tree: Tree, facts: Facts) -> bool:
    """Whether the value of the tree cannot be empty when the named fields are filled."""
    return _SURE.get(tree.kind, _never)(tree, facts)


def _never(_tree: Tree, _facts: Facts) -> bool:
    return False


def _always(_tree: Tree, _facts: Facts) -> bool:
    return True


def _constant(tree: Tree, _facts: Facts) -> bool:
    return not is_empty(tree.value) and str(tree.value).strip() != ""


def _name(tree: Tree, facts: Facts) -> bool:
    return tree.value in facts or tree.value in ALWAYS_FILLED


def _some(tree: Tree, facts: Facts) -> bool:
    return any(filled(part, facts) for part in tree.parts)


def _every(tree: Tree, facts: Facts) -> bool:
    return tree.value != "/" and all(filled(part, facts) for part in tree.parts)


def _choose(tree: Tree, facts: Facts) -> bool:
    return all(filled(part, facts) for part in (*tree.parts[1:-1:2], tree.parts[-1]))


def _choice(tree: Tree, facts: Facts) -> bool:
    return all(filled(part, facts) for part in tree.parts[1:])


def _filter(tree: Tree, facts: Facts) -> bool:
    value, *arguments = tree.parts
    if tree.value == "default":
        return filled(value, facts) or filled(arguments[0], facts)
    if tree.value == "gender":
        return True
    return FILTERS[tree.value].takes != "number" and filled(value, facts)


_SURE: dict[str, Callable[[Tree, Facts], bool]] = {
    "const": _constant,
    "words": _constant,
    "name": _name,
    "body": _some,
    "or": _some,
    "print": _every,
    "neg": _every,
    "arithmetic": _every,
    "choose": _choose,
    "choice": _choice,
    "filter": _filter,
    "not": _always,
    "compare": _always,
}


def filled_by(values: Mapping[str, WrittenValue], facts: Facts) -> Facts:
    """The fields that are filled after a ``set``, its values being put in one after another."""
    after = set(facts)
    for name, written in values.items():
        if filled(written.compiled.tree, frozenset(after)):
            after.add(name)
        else:
            after.discard(name)
    return frozenset(after)

"""What stands in a step or a record, without its nested steps: plain data to be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flows.nodes.base import Step
from flows.source import Mapping, Node, Scalar

NESTED = frozenset({"then", "else", "otherwise", "refused", "steps"})
"""Keys that hold steps: those are compared one by one."""


def plain(node: Node | None) -> Any:
    """The node as JSON; white space within a text counts as one space."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return " ".join(node.text.split())
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node}
    return [plain(item) for item in node.items]


def keys_in(node: Mapping | None, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """What stands under each key of a mapping."""
    left_out = set(without)
    pairs = node or ()
    return {key.text: plain(value) for key, value in pairs if key.text not in left_out}


def content(step: Step) -> dict[str, Any]:
    """What a step says by itself: its keys without nested steps."""
    found: dict[str, Any] = {}
    nested = NESTED | ({key for key, _ in step.blocks()} - {"silence"})
    for key, value in step.node or ():
        if key.text in nested:
            continue
        if key.text == "options":
            found["options"] = ways(value)
        elif key.text in {"cases", "variants"}:
            found[key.text] = _names(value)
        elif key.text == "silence":
            found["silence"] = _silence(value)
        else:
            found[key.text] = plain(value)
    return found


def ways(node: Node) -> list[dict[str, Any]]:
    """Options or buttons as mappings, without their steps."""
    if isinstance(node, Mapping):
        return [{"text": plain(key)} for key, _ in node]
    if isinstance(node, Scalar):
        return []
    items = (
        keys_in(item, without=NESTED) if isinstance(item, Mapping) else {"text": plain(item)}
        for item in node.items
    )
    return [*items]


def _names(node: Node) -> Any:
    """Cases or variants by name, each with what it says of itself."""
    if not isinstance(node, Mapping):
        return plain(node)
    return {
        key.text: keys_in(value, without=NESTED) if isinstance(value, Mapping) else {}
        for key, value in node
    }


def _silence(node: Node) -> Any:
    if isinstance(node, Mapping | Scalar):
        return plain(node)
    found = []
    for item in node.items:
        if isinstance(item, Mapping):
            leaves = {"then": True} if item.get("then") is not None else {}
            found.append({**keys_in(item, without=NESTED), **leaves})
    return found

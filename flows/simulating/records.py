"""How a file of habits or a script becomes a record: the usual reader, the usual problems."""

from __future__ import annotations

from typing import Any

from flows.reading import Reading, Unread, as_mapping, record
from flows.source import Node, Scalar, read_source


def as_it_is(node: Node, reading: Reading) -> Node:
    """The node, to be read later by who knows the funnel."""
    del reading
    return node


def read_record(kind: Any, text: str, file: str) -> tuple[Reading, Any]:
    """The record that the file holds, None when it is unreadable; problems are in the reading."""
    reading = Reading(file)
    node, problems = read_source(text, file)
    reading.problems.extend(problems)
    if node is None:
        return reading, None
    try:
        return reading, record(kind, node, reading, mark=node.mark)
    except Unread:
        return reading, None


def table(node: Node, reading: Reading) -> list[tuple[Scalar, Node]]:
    """The keys and values; none, and a problem, where the node holds no such."""
    try:
        return [*as_mapping(node, reading)]
    except Unread:
        return []

"""Circles of steps that can be played without waiting for anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from flows.checks.graph import Graph

Ways = dict[str, set[str]]
MOST = 20
"""More circles than that are not looked for: mending the first ones comes first."""


def circles(graph: Graph) -> Iterator[list[str]]:
    """Circles of addresses, no two of which touch."""
    ways = _trimmed(_silent_ways(graph))
    for _ in range(MOST):
        if not ways:
            return
        circle = _circle(ways)
        yield circle
        for address in circle:
            del ways[address]
        ways = _trimmed(ways)


def _silent_ways(graph: Graph) -> Ways:
    """Where each step leads at once, nobody answering anything."""
    comes_back = _flows_that_come_back(graph)
    ways: Ways = {}
    for address in graph.program.steps:
        ways[address] = {
            edge.target
            for edge in graph.edges(address)
            if edge.target is not None
            and not edge.rests
            and edge.kind != "later"
            and (edge.kind != "return" or edge.callee in comes_back)
        }
    return ways


def _flows_that_come_back(graph: Graph) -> set[str]:
    """The flows that can be played to their end without waiting."""
    found: set[str] = set()
    callers: dict[str, set[str]] = defaultdict(set)
    todo = set(graph.program.funnel.flows)
    while todo:
        flow = todo.pop()
        if flow not in found and _comes_to_its_end(graph, flow, found, callers):
            found.add(flow)
            todo |= callers[flow]
    return found


def _comes_to_its_end(
    graph: Graph, flow: str, back: set[str], callers: dict[str, set[str]]
) -> bool:
    first = graph.program.first(flow)
    if first is None:
        return True
    seen, todo = {first}, [first]
    while todo:
        for edge in graph.edges(todo.pop()):
            if edge.kind == "return" and edge.callee not in back:
                callers[edge.callee].add(flow)
            elif not edge.rests and edge.kind in {"play", "return"}:
                if edge.target is None:
                    return True
                if edge.target not in seen:
                    seen.add(edge.target)
                    todo.append(edge.target)
    return False


def _trimmed(ways: Ways) -> Ways:
    """What is left when steps that lead nowhere are taken away, again and again."""
    left = {address: targets & ways.keys() for address, targets in ways.items()}
    before: dict[str, set[str]] = defaultdict(set)
    for address, targets in left.items():
        for target in targets:
            before[target].add(address)
    todo = [address for address, targets in left.items() if not targets]
    while todo:
        dead = todo.pop()
        del left[dead]
        for address in before[dead] & left.keys():
            left[address].discard(dead)
            if not left[address]:
                todo.append(address)
    return left


def _circle(ways: Ways) -> list[str]:
    here = min(ways)
    order: dict[str, int] = {}
    while here not in order:
        order[here] = len(order)
        here = min(ways[here])
    return list(order)[order[here] :]

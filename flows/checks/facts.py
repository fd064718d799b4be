"""What is true at every step on every path: a data-flow analysis over the graph of a program."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from flows.checks.filling import Facts
from flows.checks.graph import CONSENT, NOTHING, Edge, Graph, durable


@dataclass(slots=True)
class _Solver:
    graph: Graph
    durable: Facts
    work: deque[str] = field(default_factory=deque)
    waiting: set[str] = field(default_factory=set)
    callers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    emptied: dict[str, Facts] = field(default_factory=dict)

    def run(self) -> None:
        for root in self.graph.roots:
            self.reach(root.address, root.facts)
        while self.work:
            address = self.work.popleft()
            self.waiting.discard(address)
            facts = self.graph.facts[address]
            for edge in self.graph.edges(address, facts):
                self.follow(address, edge, facts)

    def follow(self, address: str, edge: Edge, facts: Facts) -> None:
        if edge.kind == "later":
            facts = frozenset(
                fact for fact in facts if fact.startswith(CONSENT) or fact in self.durable
            )
        if edge.kind == "return":
            self.callers[edge.callee].add(address)
            if edge.callee not in self.graph.exits:
                return
            facts = (facts - self.taken_by(edge.callee)) | self.graph.exits[edge.callee]
        after = (facts - edge.takes) | edge.gives
        if edge.target is not None:
            self.reach(edge.target, after)
        elif edge.kind in {"play", "return"}:
            self.leave(self.graph.program.steps[address].flow, after)

    def reach(self, address: str, facts: Facts) -> None:
        known = self.graph.facts.get(address)
        if known is None or known & facts != known:
            self.graph.facts[address] = facts if known is None else known & facts
            self.again(address)

    def leave(self, flow: str, facts: Facts) -> None:
        known = self.graph.exits.get(flow)
        if known is None or known & facts != known:
            self.graph.exits[flow] = facts if known is None else known & facts
            for caller in sorted(self.callers[flow]):
                self.again(caller)

    def again(self, address: str) -> None:
        if address not in self.waiting:
            self.waiting.add(address)
            self.work.append(address)

    def taken_by(self, flow: str) -> Facts:
        """Every field that the flow, or one that it leads to, may empty."""
        if flow not in self.emptied:
            taken: Facts = NOTHING
            first = self.graph.program.first(flow)
            for address in within(self.graph, first) if first else ():
                for edge in self.graph.edges(address):
                    taken |= edge.takes
            self.emptied[flow] = taken
        return self.emptied[flow]


def within(graph: Graph, first: str) -> set[str]:
    """The addresses that one play can come to from ``first``, calls included, before it ends."""
    found, todo = {first}, [first]
    while todo:
        for edge in graph.edges(todo.pop()):
            if edge.kind != "later" and edge.target is not None and edge.target not in found:
                found.add(edge.target)
                todo.append(edge.target)
    return found


def solve(graph: Graph) -> None:
    """Fill the graph's facts and exits."""
    _Solver(graph, durable(graph.program)).run()


def path_without(graph: Graph, fact: str, address: str) -> tuple[str, ...]:
    """The answers on a shortest way to the address on which the fact never becomes true."""
    before: dict[str, tuple[str, str]] = {}
    todo: deque[str] = deque()
    for root in graph.roots:
        if fact not in root.facts and root.address not in before:
            before[root.address] = ("", "")
            todo.append(root.address)
    while todo and address not in before:
        here = todo.popleft()
        for edge in graph.edges(here):
            if _open(graph, edge, fact) and edge.target not in before:
                assert edge.target is not None
                before[edge.target] = (here, edge.label)
                todo.append(edge.target)
    return _labels(before, address)


def _open(graph: Graph, edge: Edge, fact: str) -> bool:
    if edge.target is None or fact in edge.gives:
        return False
    returned = graph.exits.get(edge.callee)
    return edge.kind != "return" or (returned is not None and fact not in returned)


def _labels(before: dict[str, tuple[str, str]], address: str) -> tuple[str, ...]:
    labels: list[str] = []
    while address in before and before[address][0]:
        address, label = before[address]
        if label and label not in {"then", "else"}:
            labels.append(label)
    return tuple(reversed(labels))

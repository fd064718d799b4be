"""Which variables still matter at a place: what no way on from there reads is one and the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from flows.checks.graph import CONSENT, Edge, Graph
from flows.nodes.ask import Ask
from flows.nodes.base import Step
from flows.nodes.branches import Match
from flows.nodes.letters import Start
from flows.nodes.marks import Set, Tag, Untag
from flows.nodes.say import Say
from flows.nodes.split import Split
from flows.nodes.wait import Wait
from flows.program import Program
from flows.proving.views import SPLIT, Views, atoms, conditions_in, variables
from flows.texts import WrittenValue
from flows.when import field_of

Names = frozenset[str]
NOTHING: Names = frozenset()
OF_THE_RUN = ("score", "lead", "source", "link", "clicks", "events", "goals")
"""What a new run begins without."""


@dataclass(slots=True)
class Liveness:
    """``at`` are the variables that matter before the step of an address; ``always`` everywhere.

    ``once``: nobody comes in a second time, so that nothing outlives the run.
    """

    graph: Graph
    views: Views
    once: bool = False
    at: dict[str, Names] = field(default_factory=dict)
    always: Names = NOTHING
    _owners: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _callers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def program(self) -> Program:
        """The funnel."""
        return self.graph.program

    def solve(self) -> Liveness:
        """Itself, filled: repeated until nothing more is found."""
        before = self._lay_ways()
        todo = list(reversed(self.program.steps))
        waiting = set(todo)
        while todo:
            address = todo.pop()
            waiting.discard(address)
            found = self._before(address)
            if found == self.at.get(address, None):
                continue
            self.at[address] = found
            for each in self._disturbed(address, before):
                if each not in waiting:
                    waiting.add(each)
                    todo.append(each)
        self.always = frozenset(self._everywhere())
        return self

    def _lay_ways(self) -> dict[str, set[str]]:
        """The steps before each step; who calls each flow and who gives each tag is noted."""
        before: dict[str, set[str]] = defaultdict(set)
        for address, laid in self.program.steps.items():
            for tag in _tags_given(laid.step):
                self._owners[tag].add(address)
            for edge in self.graph.edges(address):
                if edge.kind == "return":
                    self._callers[edge.callee].add(address)
                if edge.target is not None:
                    before[edge.target].add(address)
            if isinstance(laid.step, Start):
                for each in self._of_series(laid.step.start):
                    before[each].add(address)
        return before

    def _disturbed(self, address: str, before: dict[str, set[str]]) -> set[str]:
        found = set(before[address])
        calls = [caller for caller in found if self._returns_to(caller, address)]
        for caller in calls:
            for edge in self.graph.edges(caller):
                if edge.kind == "return":
                    found |= {
                        each
                        for each, laid in self.program.steps.items()
                        if laid.flow == edge.callee
                    }
        return found

    def _returns_to(self, caller: str, address: str) -> bool:
        return any(
            edge.kind == "return" and edge.target == address for edge in self.graph.edges(caller)
        )

    def _before(self, address: str) -> Names:
        laid = self.program.steps[address]
        found = set(self._read(laid.step))
        for edge in self.graph.edges(address):
            if edge.kind == "return" and edge.callee:
                continue
            after = self._after(edge, laid.flow)
            found |= after - self._written(laid.step, address, edge)
            if isinstance(laid.step, Set):
                found |= self._composed(laid.step.set.items(), after)
        return frozenset(name for name in found if self.views.known(name))

    def _after(self, edge: Edge, flow: str) -> Names:
        if edge.target is not None:
            return self.at.get(edge.target, NOTHING)
        found: set[str] = set()
        if edge.kind in {"play", "call"}:
            for caller in self._callers[flow]:
                below = self.program.steps[caller].below
                if below is not None:
                    found |= self.at.get(below, NOTHING)
        return frozenset(found)

    def _written(self, step: Step, address: str, edge: Edge) -> set[str]:
        """What the step overwrites on that way."""
        if isinstance(step, Ask | Set):
            names = {name for name in edge.gives | edge.takes if not name.startswith(CONSENT)}
            if self.once and isinstance(step, Ask) and not edge.label.endswith(": otherwise"):
                # an answer takes back what the question's earlier answer in the run gave
                own = (tag for tag in _tags_given(step) if self._owners[tag] == {address})
                names.update(f"tags:{tag}" for tag in own)
            return names
        if isinstance(step, Tag | Untag):
            return {f"tags:{tag}" for tag in (step.tag if isinstance(step, Tag) else step.untag)}
        return set()

    def _composed(self, values: Iterable[tuple[str, WrittenValue]], after: Names) -> set[str]:
        return {
            mentioned
            for name, written in values
            if name in after
            for mentioned, _ in written.compiled.names
        }

    def _read(self, step: Step) -> set[str]:
        found: set[str] = set()
        for condition in conditions_in(step):
            for atom in atoms(condition.compiled.tree):
                found |= variables(atom)
        if isinstance(step, Match):
            found.add(step.match)
        if isinstance(step, Split):
            found.add(SPLIT + step.split)
        hung = field_of(step.wait) if isinstance(step, Wait) else None
        found |= {hung} if hung else set()
        if isinstance(step, Start):
            found |= self.of_series(step.start)
        if isinstance(step, Say):
            for button in step.buttons:
                for written in (button.set or {}).values():
                    found |= {name for name, _ in written.compiled.names}
        return found

    def of_series(self, name: str, letter: str = "") -> Names:
        """What matters while the series runs, from that letter on."""
        series = self.program.funnel.series.get(name)
        if series is None:
            return NOTHING
        found: set[str] = set()
        ids = [each.id for each in series.letters]
        rest = series.letters[ids.index(letter) if letter in ids else 0 :]
        conditions = [series.stop_when, *(each.condition for each in rest)]
        for condition in filter(None, conditions):
            for atom in atoms(condition.compiled.tree):
                found |= variables(atom)
        for each in rest:
            hung = field_of(each.when)
            found |= {hung} if hung else set()
            for address in (f"{name}.{each.id}.0", f"{name}.{each.id}.otherwise.0"):
                found |= self.at.get(address, NOTHING)
        return frozenset(found)

    def _of_series(self, name: str) -> list[str]:
        prefix = f"{name}."
        return [each for each in self.program.steps if each.startswith(prefix)]

    def _everywhere(self) -> Iterable[str]:
        """What a button that never ages, or a new entry, may still read."""
        for laid in self.program.steps.values():
            if isinstance(laid.step, Say):
                for button in laid.step.buttons:
                    yield from self._from(button.go)
        for entry in self.program.funnel.entry:
            if entry.flow:
                yield from self._from(entry.flow)
            elif not self.once and (entry.restart or not entry.once):
                fresh = {*(entry.set or {}), *OF_THE_RUN}
                yield from (
                    name
                    for name in self._from("main")
                    if name not in fresh and name.partition(":")[0] not in OF_THE_RUN
                )

    def _from(self, target: str) -> Names:
        address = self.program.resolve(target) if target else None
        return self.at.get(address, NOTHING) if address else NOTHING


def _tags_given(step: Step) -> set[str]:
    """The tags that the step may give."""
    found = set(getattr(step, "tag", ()) or ())
    for inner in getattr(step, "options", ()):
        found.update(inner.tag)
    if isinstance(step, Say):
        for button in step.buttons:
            found.update(button.tag)
    return found

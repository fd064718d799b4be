"""What no way of a funnel comes to: letters that are never sent, steps that are never played."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flows.checks.subject import Subject
from flows.checks.values import filled_here
from flows.expression_tree import Tree
from flows.nodes.branches import If, Match
from flows.nodes.marks import Set
from flows.problems import Problem, problem
from flows.program import Laid, Program
from flows.proving.views import Views, atoms, variables

OUTSIDE = frozenset(
    {
        "now", "today", "entered_at", "name", "first_name", "last_name", "username", "channel",
        "bot", "manager", "events", "link", "source",
    }
)  # fmt: skip
"""Names whose values the search does not try out one after another."""


def never_reached(
    subject: Subject, views: Views, seen: Collection[str], sent: Collection[str]
) -> Iterator[Problem]:
    """Letters and blocks that nothing leads to, though the checks of ways see a way."""
    foreign = frozenset(subject.program.funnel.fields) - filled_here(subject)
    untried = OUTSIDE | views.tangled | foreign | reckoned(subject.program)
    for name, series, letter in subject.program.letters():
        conditions = [series.stop_when, letter.condition]
        guarded = [each.compiled.tree for each in conditions if each is not None]
        started = f"{name}.{letter.id}.0" in subject.graph.facts
        if f"{name}.{letter.id}" not in sent and started and _tried(guarded, untried):
            yield problem("letter-never-sent", letter.mark, letter=letter.id)
    for address in subject.program.steps:
        if address not in seen and address in subject.graph.facts:
            yield from _step(subject, untried, seen, address)


def reckoned(program: Program) -> frozenset[str]:
    """The fields that are put together of free answers: one sample tells not what they may be."""
    made: list[tuple[str, set[str]]] = [
        (name, {source for source, _ in written.compiled.names})
        for laid in program.steps.values()
        if isinstance(laid.step, Set)
        for name, written in laid.step.set.items()
    ]
    found: set[str] = set()
    free = program.fields - program.plain_fields
    for _ in made:
        found |= {name for name, sources in made if sources & (found | free)}
    return frozenset(found)


def _step(
    subject: Subject, untried: frozenset[str], seen: Collection[str], address: str
) -> Iterator[Problem]:
    """The first step of a block that a condition never lets anybody into."""
    above, block, index = (*address.rsplit(".", 2), "", "")[:3]
    parent = subject.program.steps.get(above)
    if index != "0" or parent is None or above not in seen:
        return
    if not _is_tried(parent, untried):
        return
    if isinstance(parent.step, Match) and block == "else":
        return
    yield problem("never-reached", subject.program.steps[address].step.mark)


def _is_tried(laid: Laid, untried: frozenset[str]) -> bool:
    """Whether it is a condition all of whose values the search tries."""
    step = laid.step
    if isinstance(step, If):
        return _tried([step.condition.compiled.tree], untried)
    return isinstance(step, Match) and step.match not in untried


def _tried(trees: list[Tree], untried: frozenset[str]) -> bool:
    """Whether the search tries every value that the conditions tell apart."""
    names = {name for tree in trees for atom in atoms(tree) for name in variables(atom)}
    return untried.isdisjoint(names | {name.partition(":")[0] for name in names})

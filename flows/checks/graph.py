"""Every way a play can go: edges between steps, and what each makes true or untrue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Literal

from flows.answers.slot import Slot
from flows.checks.filling import Facts, filled, filled_by
from flows.expression_names import filled_if
from flows.nodes.ask import Ask, Option
from flows.nodes.base import Step
from flows.nodes.branches import If, Match
from flows.nodes.consent import Consent
from flows.nodes.handover import Handover
from flows.nodes.jumps import Call, End, Go
from flows.nodes.letters import Start
from flows.nodes.marks import Add, Set
from flows.nodes.member import Member
from flows.nodes.outside import OutsideStep
from flows.nodes.question import Question
from flows.nodes.say import Say
from flows.nodes.split import Split
from flows.nodes.wait import Wait
from flows.program import Laid, Program
from flows.when import field_of

NOTHING: Facts = frozenset()
CONSENT = "consent:"
"""Facts are names of fields that are filled, and documents agreed to: ``consent:personal_data``."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from a step: to ``target`` (None: the flow is over), by the answer ``label``.

    ``play`` goes on in the flow, ``go`` forgets the callers, ``call`` enters a flow, ``return``
    comes back below it, ``later`` begins another play some day (a button, a letter).
    """

    kind: Literal["play", "go", "call", "return", "later"]
    target: str | None
    label: str = ""
    gives: Facts = NOTHING
    takes: Facts = NOTHING
    rests: bool = False
    callee: str = ""


@dataclass(frozen=True, slots=True)
class Root:
    """Where a play begins from outside, and what is true then."""

    address: str
    facts: Facts
    label: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A program as edges. ``facts`` hold for every address that can be reached what is true there
    on every path; ``exits`` the same for the end of every flow that can come to its end.
    """

    program: Program
    roots: tuple[Root, ...]
    facts: dict[str, Facts] = field(default_factory=dict)
    exits: dict[str, Facts] = field(default_factory=dict)
    _edges: dict[str, tuple[Edge, ...]] = field(default_factory=dict)

    def edges(self, address: str, facts: Facts = NOTHING) -> tuple[Edge, ...]:
        """The ways from the step, when the facts hold before it."""
        laid = self.program.steps[address]
        if facts and isinstance(laid.step, Set):  # the only step that looks at them
            return tuple(leaving(laid.step, Here(laid, self.program, facts)))
        if address not in self._edges:
            self._edges[address] = tuple(leaving(laid.step, Here(laid, self.program)))
        return self._edges[address]


@dataclass(frozen=True, slots=True)
class Here:
    """A step at its address, and what holds before it."""

    laid: Laid
    program: Program
    facts: Facts = NOTHING

    def into(self, block: str) -> str | None:
        """Where a nested block begins, or what is below when it is empty."""
        return self.program.into(self.laid, block)


@singledispatch
def leaving(_step: Step, here: Here) -> Iterator[Edge]:
    """The ways from a step; a node type that only goes on below needs no line here."""
    yield Edge("play", here.laid.below)


@leaving.register
def _end(_step: End, _here: Here) -> Iterator[Edge]:
    yield from ()


@leaving.register
def _go(step: Go, here: Here) -> Iterator[Edge]:
    yield Edge("go", here.program.resolve(step.go))


@leaving.register
def _call(step: Call, here: Here) -> Iterator[Edge]:
    first = here.program.first(step.call)
    if first is None:
        yield Edge("play", here.laid.below)
        return
    yield Edge("call", first)
    yield Edge("return", here.laid.below, callee=step.call)


@leaving.register
def _if(step: If, here: Here) -> Iterator[Edge]:
    tree = step.condition.compiled.tree
    for block, truth in (("then", True), ("else", False)):
        yield Edge("play", here.into(block), block, filled_if(tree, truth))


@leaving.register
def _match(step: Match, here: Here) -> Iterator[Edge]:
    for index, case in enumerate(step.cases):
        gives = frozenset([step.match]) if case else NOTHING
        yield Edge("play", here.into(f"case{index}"), case, gives)
    yield Edge("play", here.into("else"), "else")


@leaving.register
def _set(step: Set, here: Here) -> Iterator[Edge]:
    after = filled_by(step.set, here.facts)
    names = frozenset(step.set)
    yield Edge("play", here.laid.below, gives=after & names, takes=names - after)


@leaving.register
def _add(step: Add, here: Here) -> Iterator[Edge]:
    yield Edge("play", here.laid.below, gives=frozenset(step.add))


@leaving.register
def _wait(step: Wait, here: Here) -> Iterator[Edge]:
    if step.until is None:
        yield Edge("play", here.laid.below, f"{step.place()}: wait", rests=True)
        return
    for block, truth in (("then", True), ("else", False)):
        gives = filled_if(step.until.compiled.tree, truth)
        yield Edge("play", here.into(block), f"{step.place()}: {block}", gives, rests=True)


@leaving.register
def _split(step: Split, here: Here) -> Iterator[Edge]:
    for name, variant in step.variants.items():
        if variant.weight:
            yield Edge("play", here.into(name), f"{step.split}: {name}")


@leaving.register
def _handover(step: Handover, here: Here) -> Iterator[Edge]:
    yield Edge("play", here.laid.below, f"{step.place()}: {step.handover}", rests=True)
    yield Edge("play", here.into("otherwise"), f"{step.place()}: otherwise", rests=True)


@leaving.register
def _outside(step: OutsideStep, here: Here) -> Iterator[Edge]:
    yield Edge("play", here.laid.below, gives=step.gives())
    yield Edge("play", here.into("otherwise"), f"{step.place()}: otherwise")


@leaving.register
def _member(step: Member, here: Here) -> Iterator[Edge]:
    for block in ("then", "else", "otherwise"):
        yield Edge("play", here.into(block), f"{step.place()}: {block}")


@leaving.register
def _say(step: Say, here: Here) -> Iterator[Edge]:
    yield Edge("play", here.laid.below)
    for button in step.buttons:
        if button.go:
            yield Edge("later", here.program.first(button.go), button.text.source)


@leaving.register
def _start(step: Start, here: Here) -> Iterator[Edge]:
    yield Edge("play", here.laid.below)
    series = here.program.funnel.series.get(step.start)
    for letter in series.letters if series else ():
        assert series is not None
        address = f"{step.start}.{letter.id}"
        gives = frozenset(filter(None, [field_of(letter.when)]))  # parked while it is empty
        if series.stop_when is not None:
            gives |= filled_if(series.stop_when.compiled.tree, truth=False)
        sent = gives
        if letter.condition is not None:
            sent |= filled_if(letter.condition.compiled.tree, truth=True)
        yield Edge("later", here.program.first(address), letter.id, sent)
        yield Edge("later", here.program.first(f"{address}.otherwise"), letter.id, gives)


@leaving.register
def _consent(step: Consent, here: Here) -> Iterator[Edge]:
    agreed = frozenset([CONSENT + step.consent])
    place = step.place()
    yield Edge("play", here.laid.below, f"{place}: agree", agreed, rests=True)
    yield Edge("play", here.laid.below, gives=agreed)
    yield Edge("play", here.into("refused"), f"{place}: refused", rests=True)
    yield from _silence(step, here, NOTHING)


@leaving.register
def _ask(step: Ask, here: Here) -> Iterator[Edge]:
    saved = frozenset([step.save]) if step.save else NOTHING
    place = step.place()
    for index, option in enumerate(step.options if not step.many else ()):
        if option.url is None:
            yield _option(option, index, here, saved)
    if step.many and step.least < 1:
        yield Edge("play", here.laid.below, f"{place}: answer", takes=saved, rests=True)
    elif step.many or step.answer is not None or not step.options:
        yield Edge("play", here.laid.below, f"{place}: answer", saved, rests=True)
    if step.skip is not None:
        yield Edge(
            "play", here.laid.below, f"{place}: {step.skip.source}", takes=saved, rests=True
        )
    if isinstance(step.answer, Slot):  # nothing may be free
        yield Edge("play", here.into("otherwise"), f"{place}: —")
    if step.attempts is not None:
        after = here.into("otherwise")
        yield Edge("play", after, f"{place}: otherwise", rests=True)
    yield from _silence(step, here, saved)


def _option(option: Option, index: int, here: Here, saved: Facts) -> Edge:
    empty = option.value is not None and not option.value
    gives, takes = (NOTHING, saved) if empty else (saved, NOTHING)
    label = f"{here.laid.step.place()}: {option.text.source}"
    if option.go:
        return Edge("go", here.program.resolve(option.go), label, gives, takes, rests=True)
    inner = here.into(f"option{index}")
    return Edge("play", inner, label, gives, takes, rests=True)


def _silence(step: Question, here: Here, saved: Facts) -> Iterator[Edge]:
    if leaves_by_silence(step):
        after = here.into("silence")
        yield Edge("play", after, f"{step.place()}: silence", takes=saved, rests=True)


def leaves_by_silence(step: Question) -> bool:
    """Whether the question is over some day though nobody answers."""
    return bool(step.silence) and step.silence[-1].then is not None  # type: ignore[index]


def graph_of(program: Program) -> Graph:
    """The program's graph with the facts that hold at every address."""
    from flows.checks.facts import solve

    graph = Graph(program, tuple(_roots(program)))
    solve(graph)
    return graph


def durable(program: Program) -> Facts:
    """The fields that nothing in the funnel ever empties: they outlive the play that filled them."""
    taken = {name for entry in program.funnel.entry for name in entry.set or {}}
    for laid in program.steps.values():
        for edge in leaving(laid.step, Here(laid, program)):
            taken |= edge.takes
    return frozenset(program.fields - taken)


def _roots(program: Program) -> Iterator[Root]:
    fields = program.funnel.fields
    started = frozenset(
        name
        for name, spec in fields.items()
        if spec.value is not None and filled(spec.value.compiled.tree, NOTHING)
    )
    for entry in program.funnel.entry:
        if not entry.flow:
            facts = filled_by(entry.set or {}, started)
            yield from _root(program, "main", facts, entry.trigger)
        else:
            # somebody already inside keeps what the funnel did to the start values
            yield from _root(program, entry.flow, started & durable(program), entry.trigger)


def _root(program: Program, flow: str, facts: Facts, trigger: str) -> Iterator[Root]:
    first = program.first(flow)
    if first is not None:
        yield Root(first, facts, trigger)

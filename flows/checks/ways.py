"""The ways of a funnel: what nothing leads to, where it turns in a circle, where it waits for ever."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from flows.checks.graph import Edge, leaves_by_silence
from flows.checks.loops import circles
from flows.checks.subject import Subject, at
from flows.nodes.ask import Ask
from flows.nodes.jumps import Call, Go
from flows.nodes.letters import Start
from flows.nodes.question import Question
from flows.problems import Problem, problem


def unreachable_flows(subject: Subject) -> Iterator[Problem]:
    """Something leads to every flow."""
    funnel = subject.program.funnel
    for name in funnel.flows:
        first = subject.program.first(name)
        if first is not None and first not in subject.graph.facts:
            yield problem("unreachable-flow", at(funnel, "flows", name), name=name)


def unreachable_steps(subject: Subject) -> Iterator[Problem]:
    """No step stands below one that never goes on."""
    reached = subject.graph.facts
    for laid in subject.laid():
        block, _, index = laid.address.rpartition(".")
        above = f"{block}.{int(index) - 1}"
        if laid.address not in reached and above in reached:
            yield problem("unreachable-step", laid.step.mark)


def unused_series(subject: Subject) -> Iterator[Problem]:
    """Every series is started somewhere."""
    started = {step.start for step in subject.steps(Start)}
    funnel = subject.program.funnel
    for name in funnel.series:
        if name not in started:
            yield problem("unused-series", at(funnel, "series", name), name=name)


def loops_without_wait(subject: Subject) -> Iterator[Problem]:
    """No way comes back to itself without a question."""
    program = subject.program
    for circle in circles(subject.graph):
        laid = [program.steps[address] for address in circle]
        jumps = [step for step in (each.step for each in laid) if isinstance(step, Go | Call)]
        flows = [laid[0].flow]
        flows.extend(b.flow for a, b in pairwise(laid) if a.flow != b.flow)
        first = min(jumps, key=lambda step: (isinstance(step, Call), step.mark))
        path = " → ".join(
            [*flows, flows[0]] if flows[-1] != flows[0] or len(flows) == 1 else flows
        )
        yield problem("loop-without-wait", at(first, first.VERB), loop=path)


def questions_without_end(subject: Subject) -> Iterator[Problem]:
    """Every question is over some day, though nobody answers."""
    for step in subject.steps(Question):
        if step.place() and not leaves_by_silence(step):
            yield problem("waits-for-ever", step.mark, place=step.place())


def places_without_way_out(subject: Subject) -> Iterator[Problem]:
    """Every question can be answered or left."""
    for laid in subject.laid(Ask):
        ways: tuple[Edge, ...] = subject.graph.edges(laid.address)
        if not ways:
            yield problem("no-way-out", laid.step.mark, place=laid.step.place())

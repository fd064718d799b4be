"""Calls to the world outside: each has a place of its own, and asks those who may be asked."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.showing import NAMES
from flows.checks.subject import Subject, at
from flows.nodes.http import Http
from flows.nodes.member import Member
from flows.nodes.outside import OutsideStep
from flows.problems import Problem, problem


def repeated_calls(subject: Subject) -> Iterator[Problem]:
    """A call that stands twice in a flow has an ``id``: an answer must find its step."""
    seen: set[str] = set()
    for laid in subject.laid():
        step = laid.step
        place = f"{laid.flow}.{step.place()}"
        if isinstance(step, OutsideStep) and place in seen:
            yield problem("needs-id", at(step, step.VERB), verb=step.VERB, place=step.place())
        if step.place():
            seen.add(place)


def unknown_hosts(subject: Subject) -> Iterator[Problem]:
    """Servers are asked that the project allows."""
    if subject.project is None:
        return
    for step in subject.steps(Http):
        call = step.http
        if not subject.project.http.allows(call.host):
            yield problem("host-not-allowed", call.url.mark, host=call.host)


def channels_nobody_tells(subject: Subject) -> Iterator[Problem]:
    """Where the messenger cannot tell who is subscribed, the funnel knows what to do."""
    for step in subject.steps(Member):
        for channel in subject.channels:
            if not getattr(step.member, channel, "") and not step.otherwise:
                where = at(step, "member")
                yield problem("member-cannot-tell", where, channel=NAMES[channel])
                break

"""Calls to the world outside: each has a place of its own, and asks those who may be asked."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.showing import NAMES
from flows.checks.subject import Subject, at
from flows.extending import installed
from flows.nodes.code import Code
from flows.nodes.do import Do
from flows.nodes.http import Http
from flows.nodes.member import Member
from flows.nodes.outside import OutsideStep
from flows.problems import Problem, closest, problem


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


def unknown_actions(subject: Subject) -> Iterator[Problem]:
    """``do`` names an action of the project's Python."""
    extensions = installed()
    if extensions is None:
        return
    for step in subject.steps(Do):
        if step.do not in extensions.actions:
            close = closest(step.do, extensions.actions)
            yield problem("unknown-action", at(step, "do"), name=step.do, close=close)


def arguments_of_actions(subject: Subject) -> Iterator[Problem]:
    """An action is given what it takes."""
    extensions = installed()
    for step in subject.steps(Do):
        action = extensions.actions.get(step.do) if extensions else None
        if action is None:
            continue
        given = set(step.given or {})
        for name in sorted(given - (action.known if action.known is not None else given)):
            where = at(step, "with", name)
            yield problem("action-argument", where, action=step.do, argument=name)
        for name in sorted(action.needed - given):
            yield problem("action-lacks", at(step, "do"), action=step.do, argument=name)


def sources_of_codes(subject: Subject) -> Iterator[Problem]:
    """A code comes from a pool or is made by a pattern."""
    for step in subject.steps(Code):
        written = [key for key in ("pool", "pattern") if step.node and step.node.get(key)]
        if len(written) != 1:
            yield problem("code-source", at(step, "code"))

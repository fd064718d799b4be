"""Teams that a funnel speaks to, hands conversations to, and whose times it offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.answers.slot import Slot
from flows.checks.subject import Subject, at
from flows.nodes.ask import Ask
from flows.nodes.base import Step
from flows.nodes.handover import Handover
from flows.nodes.team import Lead, Notify
from flows.problems import Mark, Problem, closest, problem


def told(step: Step) -> tuple[str, str] | None:
    """The team that the step tells something, and the key that names it; None for others."""
    match step:
        case Lead():
            return "team", step.team
        case Notify():
            return "notify", step.notify
        case Handover():
            return "handover", step.handover
    return None


def _offers(subject: Subject) -> Iterator[tuple[Any, Slot, Mark]]:
    """The questions for a free time, with where each names its team."""
    for step in subject.steps(Ask):
        if isinstance(step.answer, Slot):
            node = step.node.get("answer") if step.node else None
            inner = node.get("team") if node is not None else None
            yield step, step.answer, inner.mark if inner is not None else at(step, "answer")


def unknown_teams(subject: Subject) -> Iterator[Problem]:
    """``lead``, ``notify``, ``handover`` and ``slot`` name a team of the project."""
    if subject.project is None:
        return
    teams = subject.project.teams
    named = [(found, step) for step in subject.steps() if (found := told(step)) is not None]
    where = [(name, at(step, key)) for (key, name), step in named]
    where += [(slot.team, mark) for _, slot, mark in _offers(subject)]
    for name, mark in where:
        if name not in teams:
            yield problem("unknown-team", mark, name=name, close=closest(name, teams))


def times_at_any_hour(subject: Subject) -> Iterator[Problem]:
    """A team whose free times are offered says when it works: else the nights are free too."""
    teams = subject.project.teams if subject.project is not None else {}
    for _, slot, mark in _offers(subject):
        team = teams.get(slot.team)
        if team is not None and team.node is not None and team.node.get("hours") is None:
            yield problem("slot-any-hour", mark, name=slot.team)

"""Consents: personal questions lie behind one on every path, adverts need one, documents exist."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.facts import path_without
from flows.checks.graph import CONSENT
from flows.checks.subject import Subject, at
from flows.nodes.ask import Ask
from flows.nodes.consent import Consent
from flows.nodes.message_keys import MessageStep
from flows.problems import Problem, problem

PERSONAL = "personal_data"
ADVERTISING = "advertising"


def personal_without_consent(subject: Subject) -> Iterator[Problem]:
    """No personal question can be reached by somebody who has not agreed."""
    graph, fact = subject.graph, CONSENT + PERSONAL
    for laid in subject.laid(Ask):
        step = laid.step
        facts = graph.facts.get(laid.address)
        assert isinstance(step, Ask)
        if facts is None or fact in facts or not is_personal(subject, step):
            continue
        path = path_without(graph, fact, laid.address)
        yield problem("personal-without-consent", at(step, "save"), path=path, field=step.save)


def is_personal(subject: Subject, step: Ask) -> bool:
    """Whether the question's answer may only be kept behind a consent."""
    spec = subject.program.funnel.fields.get(step.save)
    if spec is not None and (spec.personal is not None or spec.is_personal):
        return spec.is_personal
    return bool(step.save) and step.answer is not None and step.answer.personal


def adverts_without_consent(subject: Subject) -> Iterator[Problem]:
    """A funnel that sends adverts asks for consent to them."""
    if any(step.consent == ADVERTISING for step in subject.steps(Consent)):
        return
    for _, _, letter in subject.program.letters():
        if letter.kind == "advertising":
            yield problem("advertising-without-consent", letter.mark, letter=letter.id)
    for laid in subject.laid(MessageStep):
        if laid.step.kind == "advertising":  # type: ignore[attr-defined]
            where = at(laid.step, "kind")
            yield problem("advertising-without-consent", where, letter=laid.flow)

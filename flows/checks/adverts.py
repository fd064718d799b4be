"""Adverts: the mark that the law wants stands where the project asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.subject import Subject
from flows.nodes.message_keys import MessageStep
from flows.problems import Problem, problem
from flows.program import Laid


def adverts_without_erid(subject: Subject) -> Iterator[Problem]:
    """With ``advertising: {erid: required}`` every advert names its ``erid``."""
    if subject.project is None or subject.project.advertising.erid != "required":
        return
    adverts = {
        f"{name}.{letter.id}"
        for name, _, letter in subject.program.letters()
        if letter.kind == "advertising"
    }
    for laid in subject.laid(MessageStep):
        step = laid.step
        assert isinstance(step, MessageStep)
        if not step.erid and (step.kind or _kind_of(laid, adverts)) == "advertising":
            yield problem("erid-missing", step.mark)


def _kind_of(laid: Laid, adverts: set[str]) -> str:
    """The kind that the step has from its letter; what plays instead of an advert is none."""
    instead = laid.address.startswith(f"{laid.flow}.otherwise.")
    return "advertising" if laid.flow in adverts and not instead else ""

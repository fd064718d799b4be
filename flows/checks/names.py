"""Names that nothing bears: flows, series, teams, documents, fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.checks.subject import Subject, at
from flows.checks.written import written_anywhere
from flows.marking import KNOWN_NAMES, RUN_NAMES
from flows.nodes.ask import Ask
from flows.nodes.branches import Match
from flows.nodes.code import Code
from flows.nodes.consent import Consent
from flows.nodes.do import Do
from flows.nodes.http import Http
from flows.nodes.jumps import Call, Go
from flows.nodes.letters import Start, Stop
from flows.nodes.marks import Add, Set
from flows.nodes.say import Say
from flows.nodes.team import Lead
from flows.problems import Problem, closest, problem
from flows.source import Mapping

SIGNS = frozenset(
    {"and", "or", "not", "in", "is", "if", "elif", "else", "endif", "true", "false", "none"}
)
"""Words that an expression would not take for a name."""


def unknown_flows(subject: Subject) -> Iterator[Problem]:
    """``go``, ``call``, buttons, options and entries lead to a flow or a place that exists."""
    program = subject.program
    written = _written_names(subject, "flows")
    known = [*written, *program.places]
    for record, key, target in _leads(subject):
        if target and not program.knows(target) and target not in written:
            flows = ", ".join(written)
            close = closest(target, known)
            yield problem("unknown-flow", at(record, key), name=target, known=flows, close=close)


def _written_names(subject: Subject, key: str) -> list[str]:
    """The names under a key of the file, those of broken flows and series too."""
    node = subject.program.funnel.node
    table = node.get(key) if node else None
    return [name.text for name, _ in table] if isinstance(table, Mapping) else []


def _leads(subject: Subject) -> Iterator[tuple[Any, str, str]]:
    for entry in subject.program.funnel.entry:
        yield entry, "flow", entry.flow
    for step in subject.steps(Go):
        yield step, "go", step.go
    for step in subject.steps(Call):
        yield step, "call", step.call
    for step in subject.steps(Ask):
        for option in step.options:
            yield option, "go", option.go
    for step in subject.steps(Say):
        for button in step.buttons:
            yield button, "go", button.go


def unknown_series(subject: Subject) -> Iterator[Problem]:
    """``start`` and ``stop`` name a series of the funnel."""
    series = _written_names(subject, "series")
    for step in subject.steps(Start, Stop):
        name = step.start if isinstance(step, Start) else step.stop
        if name not in series and not (isinstance(step, Stop) and name == "all"):
            known = ", ".join(series) or "—"
            yield problem(
                "unknown-series",
                at(step, step.VERB),
                name=name,
                known=known,
                close=closest(name, series),
            )


def unknown_documents(subject: Subject) -> Iterator[Problem]:
    """``consent`` names a document of the project."""
    if subject.project is None:
        return
    documents = subject.project.documents
    for step in subject.steps(Consent):
        if step.consent not in documents:
            close = closest(step.consent, documents)
            yield problem("unknown-document", at(step, "consent"), name=step.consent, close=close)


def unknown_names(subject: Subject) -> Iterator[Problem]:
    """Texts, conditions and values mention fields and names of the language."""
    for written in written_anywhere(subject.program):
        for name, offset in written.compiled.names:
            if name not in subject.names:
                close = closest(name, subject.names)
                yield problem("unknown-name", written.scalar.at(offset), name=name, close=close)


def unknown_fields(subject: Subject) -> Iterator[Problem]:
    """``match`` and a lead's ``fields`` name fields."""
    fields = subject.fields
    for step in subject.steps(Match):
        if step.match not in subject.names:
            close = closest(step.match, subject.names)
            yield problem("unknown-field", at(step, "match"), name=step.match, close=close)
    for step in subject.steps(Lead):
        for name in step.fields or ():
            if name not in fields:
                close = closest(name, fields)
                yield problem("unknown-field", at(step, "fields", name), name=name, close=close)


def fields_like_names(subject: Subject) -> Iterator[Problem]:
    """No field is named like a word of the language."""
    for record, key, name in _saved(subject):
        words = KNOWN_NAMES if key in {"fields", "save"} else KNOWN_NAMES - set(RUN_NAMES)
        if name in words | SIGNS:
            yield problem("field-like-name", at(record, key, name), name=name)


def _saved(subject: Subject) -> Iterator[tuple[Any, str, str]]:
    funnel = subject.program.funnel
    yield from ((funnel, "fields", name) for name in funnel.fields)
    yield from ((entry, "set", name) for entry in funnel.entry for name in entry.set or {})
    yield from ((entry, "save", name) for entry in funnel.entry for name in entry.save or {})
    yield from ((step, "code", step.code) for step in subject.steps(Code))
    for step in subject.steps(Ask):
        yield step, "save", step.save
    for step in subject.steps(Http):
        yield from ((step.http, "save", name) for name in step.http.save or {})
    for step in subject.steps(Do):
        yield from ((step, "save", name) for name in step.save or {})
    for step in subject.steps(Set, Add):
        yield from ((step, step.VERB, name) for name in getattr(step, step.VERB))
    for step in subject.steps(Say):
        for button in step.buttons:
            yield from ((button, "set", name) for name in button.set or {})

"""Fields that are printed though on some path nobody has filled them."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.subject import Subject
from flows.checks.written import written_in
from flows.problems import Problem, problem
from flows.texts import WrittenText


def fields_may_be_empty(subject: Subject) -> Iterator[Problem]:
    """A field is filled on every path to where it is printed, or has a word instead."""
    fields = subject.program.fields
    for laid in subject.laid():
        facts = subject.graph.facts.get(laid.address)
        if facts is None:
            continue
        for written in written_in(laid.step):
            if not isinstance(written, WrittenText):
                continue
            for name, offset in written.compiled.printed:
                if name in fields and name not in facts:
                    yield problem("field-may-be-empty", written.scalar.at(offset), name=name)

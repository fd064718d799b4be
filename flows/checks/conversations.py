"""The tests in a funnel's file."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.subject import Subject, at
from flows.problems import Problem, closest, problem
from flows.reading import Reading
from flows.transcripts import Transcript, read_tests

PERSON = ("first_name", "last_name", "username", "gender")


def broken_tests(subject: Subject) -> Iterator[Problem]:
    """Every test can be read."""
    funnel = subject.program.funnel
    reading = Reading(funnel.mark.file, funnel.language)
    tests = read_tests(funnel.tests, reading)
    yield from reading.problems
    for test in tests:
        yield from _person(test)


def _person(test: Transcript) -> Iterator[Problem]:
    for name in test.person or {}:
        if name not in PERSON:
            close = closest(name, PERSON)
            yield problem("unknown-key", at(test, "person", name), key=name, close=close)

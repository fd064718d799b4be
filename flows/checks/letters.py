"""Letters and waits: their moment is to come, their hours exist, the field they hang on is a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from flows.checks.subject import Subject, at
from flows.nodes.ask import Ask
from flows.nodes.marks import Set
from flows.nodes.wait import Wait
from flows.problems import Mark, Problem, closest, problem
from flows.when import FieldDayAt, FieldOffset, Moment, When, field_of
from flows.windows import exclude_each_other


def fields_of_moments(subject: Subject) -> Iterator[Problem]:
    """A letter or a wait that hangs on a field hangs on a date-time."""
    for _, _, letter in subject.program.letters():
        yield from _hung(subject, letter.when, at(letter, "when"))
    for step in subject.steps(Wait):
        yield from _hung(subject, step.wait, at(step, "wait"))


def _hung(subject: Subject, when: When, where: Mark) -> Iterator[Problem]:
    program = subject.program
    moments = {name for name, kind in program.types.items() if kind == "datetime"}
    name = field_of(when)
    if name is None or name in moments or name == "entered_at":
        return
    if name in program.fields:
        yield problem("when-not-datetime", where, field=name)
    else:
        yield problem("unknown-field", where, name=name, close=closest(name, moments))


def letters_in_the_past(subject: Subject) -> Iterator[Problem]:
    """A letter's moment is to come."""
    for _, _, letter in subject.program.letters():
        day = _day(subject, letter.when)
        if day is not None and day.isoformat() < subject.today:
            yield problem("moment-is-past", at(letter, "when"), letter=letter.id)


def waits_in_the_past(subject: Subject) -> Iterator[Problem]:
    """The end of a wait is to come."""
    for step in subject.steps(Wait):
        day = _day(subject, step.wait)
        if day is not None and day.isoformat() < subject.today:
            yield problem("wait-is-past", at(step, "wait"), place=step.place())


def _day(subject: Subject, when: When) -> date | None:
    """The day of a moment that is the same for everybody."""
    if isinstance(when, Moment):
        return date.fromisoformat(when.day)
    if not isinstance(when, FieldOffset | FieldDayAt) or _is_changed(subject, when.field):
        return None
    spec = subject.program.funnel.fields.get(when.field)
    constant = spec.value.compiled.literal if spec and spec.value else None
    try:
        day = date.fromisoformat((constant or "")[:10])
    except ValueError:
        return None
    if isinstance(when, FieldDayAt):
        return day + timedelta(days=when.days)
    return day + timedelta(seconds=when.seconds)


def _is_changed(subject: Subject, name: str) -> bool:
    entries = subject.program.funnel.entry
    if any(step.save == name for step in subject.steps(Ask)):
        return True
    return any(name in (entry.set or {}) for entry in entries) or any(
        name in step.set for step in subject.steps(Set)
    )


def letters_that_never_go(subject: Subject) -> Iterator[Problem]:
    """A letter's days, window and the quiet hours leave it a moment."""
    if subject.project is None:
        return
    since = date.fromisoformat(subject.today)
    for _, _, letter in subject.program.letters():
        quiet = None if letter.kind == "service" else subject.project.limits.quiet
        if (letter.window or letter.days) and exclude_each_other(
            letter.days,
            letter.window,
            quiet,
            calendar=subject.project.calendar,
            since=since,
        ):
            yield problem("letter-never", letter.mark, letter=letter.id)

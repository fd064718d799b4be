"""Letters: their moment is to come, their hours exist, the field they hang on is a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from flows.checks.subject import Subject, at
from flows.funnel import Letter
from flows.nodes.marks import Set
from flows.problems import Problem, closest, problem
from flows.when import FieldDayAt, FieldOffset, Moment, field_of
from flows.windows import exclude_each_other


def fields_of_letters(subject: Subject) -> Iterator[Problem]:
    """A letter that hangs on a field hangs on a date-time."""
    program = subject.program
    moments = {name for name, kind in program.types.items() if kind == "datetime"}
    for _, _, letter in program.letters():
        name = field_of(letter.when)
        if name is None or name in moments or name == "entered_at":
            continue
        if name in program.fields:
            yield problem("when-not-datetime", at(letter, "when"), field=name)
        else:
            close = closest(name, moments)
            yield problem("unknown-field", at(letter, "when"), name=name, close=close)


def letters_in_the_past(subject: Subject) -> Iterator[Problem]:
    """A letter's moment is to come."""
    for _, _, letter in subject.program.letters():
        day = _day(subject, letter)
        if day is not None and day.isoformat() < subject.today:
            yield problem("moment-is-past", at(letter, "when"), letter=letter.id)


def _day(subject: Subject, letter: Letter) -> date | None:
    """The day of a letter that comes to everybody at one moment."""
    when = letter.when
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
    steps = subject.steps(Set)
    return any(name in (entry.set or {}) for entry in entries) or any(
        name in step.set for step in steps
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

"""Free times of a team that a person may book: a pure look at its hours and at what is taken."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.calendar import Calendar
from flows.hours import WorkHours

OFFERED = 6
"""How many times are offered at once."""


@dataclass(frozen=True)
class Wanted:
    """What is to be booked: times of `length`, not sooner than after `notice`, within `days` days."""

    length: timedelta
    notice: timedelta
    days: int


@dataclass(frozen=True)
class Agenda:
    """When a team works: its hours on the clock of its zone, by the project's calendar."""

    hours: WorkHours
    zone: ZoneInfo
    calendar: Calendar


def free_times(
    agenda: Agenda,
    wanted: Wanted,
    taken: Collection[tuple[datetime, datetime]],
    now: datetime,
) -> list[datetime]:
    """All free times, UTC, the earliest first; `taken` are spans that are booked already.

    Times follow one another by `length` from each opening of the team.
    """
    soonest = now + wanted.notice
    latest = now + timedelta(days=wanted.days)
    found = []
    for start, end in agenda.hours.spans(now, wanted.days, agenda.zone, agenda.calendar):
        for moment in _steps(start, end, wanted.length):
            busy = any(moment < till and since < moment + wanted.length for since, till in taken)
            if soonest <= moment <= latest and not busy:
                found.append(moment)
    return sorted(set(found))


def _steps(start: datetime, end: datetime, length: timedelta) -> Iterator[datetime]:
    moment = start
    while moment + length <= end:
        yield moment
        moment += length


def days_of(times: Sequence[datetime], where: ZoneInfo) -> list[date]:
    """The days in the person's zone on which something is free."""
    return list(dict.fromkeys(moment.astimezone(where).date() for moment in times))


def offer(times: Sequence[datetime], where: ZoneInfo, day: date | None = None) -> list[datetime]:
    """Six times to choose from: spread over that day of the person's zone, else the next ones."""
    of_day = [one for one in times if day is None or one.astimezone(where).date() == day]
    if day is None or len(of_day) <= OFFERED:
        return list(of_day[:OFFERED])
    step = (len(of_day) - 1) / (OFFERED - 1)
    return [of_day[round(index * step)] for index in range(OFFERED)]


def neighbours(times: Sequence[datetime], lost: datetime) -> list[datetime]:
    """The free times nearest to one that somebody else has just taken, in order."""
    nearest = sorted(times, key=lambda one: (abs(one - lost), one))[:OFFERED]
    return sorted(one.astimezone(UTC) for one in nearest)

"""A team's working hours: `mon-fri 10:00-19:00, sat 11:00-16:00`, with the calendar's days off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.calendar import MINUTES_A_DAY, Calendar, clock, time_of, wall
from flows.timing_messages import TimingProblem
from flows.windows import Days, read_days, read_window

_PART = re.compile(
    r"(?P<days>[^\d]*?)\s*(?P<span>\d{1,2}:\d\d\s*[-–—]\s*\d{1,2}:\d\d)\s*(?:[,;]|$)"
)
_DAILY = ("", "daily", "ежедневно", "каждый день")


@dataclass(frozen=True)
class Shift:
    """Minutes of the day from `start`, included, to `end`, excluded, on some days."""

    days: Days
    start: int
    end: int


@dataclass(frozen=True)
class WorkHours:
    """When a team works; on public holidays and on the project's own days off it does not."""

    shifts: tuple[Shift, ...] = ()

    def of_day(self, day: date, calendar: Calendar) -> Iterator[tuple[int, int]]:
        """The minutes of that day in which the team works: from, to (excluded)."""
        for shift in self.shifts:
            if shift.days.allow(day, calendar) and _is_open(day, shift.days, calendar):
                yield shift.start, shift.end

    def spans(
        self, since: datetime, days: int, where: ZoneInfo, calendar: Calendar
    ) -> Iterator[tuple[datetime, datetime]]:
        """The working spans of so many days on, from the day of `since`: UTC from, UTC to."""
        first = since.astimezone(where).date()
        for ahead in range(days + 1):
            day = first + timedelta(days=ahead)
            for start, end in self.of_day(day, calendar):
                yield _wall(day, start, where), _wall(day, end, where)

    def __str__(self) -> str:
        return ", ".join(f"{clock(one.start)}-{clock(one.end)}" for one in self.shifts)


ALWAYS = WorkHours((Shift(Days(weekdays=tuple(range(7))), 0, MINUTES_A_DAY),))
"""The hours of a team that names none."""


def read_hours(text: str) -> WorkHours | TimingProblem:
    """The hours as they are written; a part without days has those before it, the first every day."""
    shifts: list[Shift] = []
    position = 0
    while position < len(text.rstrip()):
        part = _PART.match(text, position)
        if part is None:
            return TimingProblem("hours_form", {"text": text[position:].strip()}, position)
        shift = _shift(part, shifts[-1].days if shifts else None)
        if isinstance(shift, TimingProblem):
            return shift.moved(part.start("days"))
        shifts.append(shift)
        position = part.end()
    return WorkHours(tuple(shifts)) if shifts else TimingProblem("hours_form", {"text": ""})


def _shift(part: re.Match[str], before: Days | None) -> Shift | TimingProblem:
    window = read_window(part["span"])
    if isinstance(window, TimingProblem):
        return window
    if window.end <= window.start:
        return TimingProblem("hours_over_midnight", {"text": part["span"]})
    written = part["days"].strip(" ,;").lower()
    days = before if before is not None and not written else _days(written)
    end = MINUTES_A_DAY if window.end == MINUTES_A_DAY - 1 else window.end  # 24:00
    return days if isinstance(days, TimingProblem) else Shift(days, window.start, end)


def _days(text: str) -> Days | TimingProblem:
    if text in _DAILY:
        return Days(weekdays=tuple(range(7)))
    return read_days([name for name in re.split(r"[,\s]+(?![-–—])", text) if name])


def _is_open(day: date, days: Days, calendar: Calendar) -> bool:
    """A holiday closes a day of the week; Saturdays and Sundays are named on purpose."""
    return days.workdays or day.weekday() >= 5 or calendar.is_working_day(day)


def _wall(day: date, minute: int, where: ZoneInfo) -> datetime:
    if minute >= MINUTES_A_DAY:
        return wall(day + timedelta(days=1), time_of(0), where)
    return wall(day, time_of(minute), where)

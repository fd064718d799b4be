"""Hours and days at which letters may come: windows, days of the week, quiet hours."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.calendar import MINUTES_A_DAY, Calendar, read_clock, time_of, wall
from flows.calendar import clock as clock_text
from flows.timing_messages import TimingProblem

LOOK_AHEAD_DAYS = 800  # two years of holidays and to spare: after that there is no such day

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NUMBERS = {
    **{name: number for number, name in enumerate(WEEKDAYS)},
    **{name: number for number, name in enumerate(("пн", "вт", "ср", "чт", "пт", "сб", "вс"))},
}
_WORKDAYS = ("workdays", "будни", "рабочие")
_SPAN = re.compile(r"\s*(\d{1,2}:\d{2})\s*[-–—]\s*(\d{1,2}:\d{2})\s*")
_DAY_SPAN = re.compile(r"\s*(\w+)\s*[-–—]\s*(\w+)\s*")


@dataclass(frozen=True)
class Window:
    """Minutes of the day from `start` to `end`, both included; over midnight when end < start."""

    start: int
    end: int

    def includes(self, minute: int) -> bool:
        """Return whether the minute of the day lies in the window."""
        if self.start <= self.end:
            return self.start <= minute <= self.end
        return minute >= self.start or minute <= self.end

    def __str__(self) -> str:
        return f"{clock_text(self.start)}-{clock_text(self.end)}"


@dataclass(frozen=True)
class QuietHours:
    """Minutes of the day from `start`, included, to `end`, excluded; none when they are equal."""

    start: int
    end: int

    def includes(self, minute: int) -> bool:
        """Return whether the minute of the day is quiet."""
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def __str__(self) -> str:
        return f"{clock_text(self.start)}-{clock_text(self.end)}"


NEVER_QUIET = QuietHours(0, 0)
NIGHT = QuietHours(22 * 60, 9 * 60)


@dataclass(frozen=True)
class Days:
    """The working days of the calendar, or days of the week by number (Monday is 0)."""

    workdays: bool = False
    weekdays: tuple[int, ...] = ()

    def allow(self, day: date, calendar: Calendar) -> bool:
        """Return whether a letter may come on that day."""
        if self.workdays:
            return calendar.is_working_day(day)
        return day.weekday() in self.weekdays


def read_window(text: str) -> Window | TimingProblem:
    """Return the window written as `10:00-20:00`; `24:00` closes the day."""
    span = _read_span(text)
    return Window(*span) if span else TimingProblem("window_form", {"text": text.strip()})


def read_quiet_hours(text: str) -> QuietHours | TimingProblem:
    """Return the quiet hours written as `22:00-09:00`; `off` means none."""
    if text.strip().lower() == "off":
        return NEVER_QUIET
    span = _read_span(text, midnight=0)
    return QuietHours(*span) if span else TimingProblem("quiet_form", {"text": text.strip()})


def read_days(days: str | Sequence[str]) -> Days | TimingProblem:
    """Return the days written as `workdays`, `mon-fri`, or a list of names in either language."""
    names = [days] if isinstance(days, str) else list(days)
    if len(names) == 1 and names[0].strip().lower() in _WORKDAYS:
        return Days(workdays=True)
    found: set[int] = set()
    for name in names:
        numbers = _read_day(name)
        if not numbers:
            return TimingProblem("days_unknown", {"day": name.strip()})
        found |= numbers
    if not found:
        return TimingProblem("days_empty")
    return Days(weekdays=tuple(sorted(found)))


def weekday_number(name: str) -> int | None:
    """Return the day of the week (Monday is 0) of a short name: `fri`, «пт»."""
    return _WEEKDAY_NUMBERS.get(name.strip().lower())


def next_allowed_day(
    moment: datetime, days: Days | None, where: ZoneInfo, calendar: Calendar
) -> datetime | None:
    """Return the moment moved to an allowed day, same clock time; None when there is no such."""
    local = moment.astimezone(where)
    if days is None or days.allow(local.date(), calendar):
        return moment
    for ahead in range(1, LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=ahead)
        if days.allow(day, calendar):
            return wall(day, local.time(), where)
    return None


def next_opening(moment: datetime, window: Window | None, where: ZoneInfo) -> datetime:
    """Return the moment itself inside the window, else the UTC moment of its next opening."""
    if window is None or window.includes(_minute(moment, where)):
        return moment
    return _next_clock(moment, window.start, window.includes, where)


def end_of_quiet(moment: datetime, quiet: QuietHours | None, where: ZoneInfo) -> datetime:
    """Return the moment itself outside quiet hours, else the UTC moment when they end."""
    if quiet is None or not quiet.includes(_minute(moment, where)):
        return moment
    return _next_clock(moment, quiet.end, lambda minute: not quiet.includes(minute), where)


def start_of_quiet(moment: datetime, quiet: QuietHours | None, where: ZoneInfo) -> datetime | None:
    """Return the UTC moment when the next quiet hours begin; None when it is quiet now, or never."""
    if quiet is None or quiet.start == quiet.end or quiet.includes(_minute(moment, where)):
        return None
    return _next_clock(moment, quiet.start, quiet.includes, where)


def exclude_each_other(
    days: Days | None,
    window: Window | None,
    quiet: QuietHours | None,
    *,
    calendar: Calendar,
    since: date,
) -> bool:
    """Return whether days, window and quiet hours leave no moment after `since`."""
    open_minutes = (m for m in range(MINUTES_A_DAY) if window is None or window.includes(m))
    if all(quiet is not None and quiet.includes(minute) for minute in open_minutes):
        return True
    ahead = (since + timedelta(days=number) for number in range(LOOK_AHEAD_DAYS))
    return days is not None and not any(days.allow(day, calendar) for day in ahead)


def _minute(moment: datetime, where: ZoneInfo) -> int:
    local = moment.astimezone(where)
    return local.hour * 60 + local.minute


def _next_clock(
    moment: datetime, minute: int, fits: Callable[[int], bool], where: ZoneInfo
) -> datetime:
    day = moment.astimezone(where).date()
    opening = moment
    # Four days: a window may lie wholly inside a missing hour and so not exist tomorrow.
    for ahead in range(4):
        for opening in _occurrences(day + timedelta(days=ahead), time_of(minute), where):
            if opening > moment and fits(_minute(opening, where)):
                return opening
    return opening


def _occurrences(day: date, at: time, where: ZoneInfo) -> list[datetime]:
    first = wall(day, at, where)
    second = datetime.combine(day, at, tzinfo=where).replace(fold=1).astimezone(UTC)
    return [first, second] if second > first else [first]


def _read_span(text: str, midnight: int = MINUTES_A_DAY - 1) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    start = read_clock(found[1])
    end = midnight if found[2] == "24:00" else read_clock(found[2])
    if isinstance(start, TimingProblem) or isinstance(end, TimingProblem):
        return None
    return start, end


def _read_day(name: str) -> set[int]:
    number = weekday_number(name)
    if number is not None:
        return {number}
    span = _DAY_SPAN.fullmatch(name)
    first, last = (weekday_number(end) for end in span.groups()) if span else (None, None)
    if first is None or last is None:
        return set()
    return {(first + ahead) % 7 for ahead in range((last - first) % 7 + 1)}

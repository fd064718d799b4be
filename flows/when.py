"""When a letter is planned: the forms of `when`, read, written back and counted out."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.calendar import Calendar, clock, read_clock, time_of, wall
from flows.durations import read_duration, written
from flows.timing_messages import TimingProblem
from flows.windows import WEEKDAYS, weekday_number


@dataclass(frozen=True)
class Now:
    """At once: the previous letter's planned moment."""


@dataclass(frozen=True)
class Elapsed:
    """So many seconds after the previous letter's planned moment."""

    seconds: int


@dataclass(frozen=True)
class DayAt:
    """A minute of the day, so many calendar days after the previous letter's planned day."""

    days: int
    minute: int


@dataclass(frozen=True)
class WorkingDayAt:
    """A minute of the day, so many working days after the previous letter's planned day."""

    days: int
    minute: int


@dataclass(frozen=True)
class WeekdayAt:
    """A minute of the next such day of the week (Monday is 0), strictly later."""

    weekday: int
    minute: int


@dataclass(frozen=True)
class Moment:
    """A minute of one date (ISO text), in the funnel's zone."""

    day: str
    minute: int


@dataclass(frozen=True)
class FieldOffset:
    """So many seconds after the moment in a field, before it when negative."""

    field: str
    seconds: int


@dataclass(frozen=True)
class FieldDayAt:
    """A minute of the day, so many days from the field's day in the person's zone."""

    field: str
    days: int
    minute: int


When = Now | Elapsed | DayAt | WorkingDayAt | WeekdayAt | Moment | FieldOffset | FieldDayAt

_FARTHEST_DAYS = 3650
_CLOCK = r"(?P<clock>\d{1,2}:\d\d)"
_DAY_AT = re.compile(rf"(?P<sign>[+-])\s*(?P<days>\d{{1,9}})\s*(?P<unit>wd|d)(?:\s+{_CLOCK})?")
_DATE_AT = re.compile(rf"(?P<day>\d{{4}}-\d\d-\d\d)(?:(?:\s+|T){_CLOCK})?")
_NAMED = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?:\s*(?P<offset>[+-].*))?", re.DOTALL)
_WEEKDAY = re.compile(r"(?P<name>[^\W\d_]{2,3})(?:\s+(?P<clock>\S+))?")


def read_when(text: str) -> When | TimingProblem:
    """Return what a letter's `when` means; a problem's offset counts from the start of `text`."""
    lead = len(text) - len(text.lstrip())
    read = _read(text.strip().replace("−", "-"))
    return read.moved(lead) if isinstance(read, TimingProblem) else read


def written_when(when: When) -> str:
    """Return the text that reads as this `when`."""
    match when:
        case Now():
            text = "now"
        case Elapsed(seconds):
            text = _signed(seconds)
        case DayAt(days, minute):
            text = f"+{days}d {clock(minute)}"
        case WorkingDayAt(days, minute):
            text = f"+{days}wd {clock(minute)}"
        case WeekdayAt(weekday, minute):
            text = f"{WEEKDAYS[weekday]} {clock(minute)}"
        case Moment(day, minute):
            text = f"{day} {clock(minute)}"
        case FieldOffset(name, seconds):
            text = f"{name} {_signed(seconds)}"
        case FieldDayAt(name, days, minute):
            text = f"{name} {days:+}d {clock(minute)}"
    return text


def planned(
    when: When,
    *,
    previous: datetime,
    person_zone: ZoneInfo,
    funnel_zone: ZoneInfo,
    calendar: Calendar,
    field_value: datetime | None = None,
) -> datetime | None:
    """Return the moment (UTC) before any moving; None when the letter's field is empty.

    `previous` is the planned moment of the previous letter, or of the series' start.
    """
    previous = previous.astimezone(UTC)
    day = previous.astimezone(person_zone).date()
    moment: datetime | None
    match when:
        case Now():
            moment = previous
        case Elapsed(seconds):
            moment = previous + timedelta(seconds=seconds)
        case DayAt(days, minute):
            moment = wall(day + timedelta(days=days), time_of(minute), person_zone)
        case WorkingDayAt(days, minute):
            moment = wall(calendar.add_working_days(day, days), time_of(minute), person_zone)
        case WeekdayAt():
            moment = _next_weekday(when, previous, person_zone)
        case Moment(iso, minute):
            moment = wall(date.fromisoformat(iso), time_of(minute), funnel_zone)
        case FieldOffset() | FieldDayAt():
            moment = _from_field(when, field_value, person_zone)
    return moment


def field_of(when: When) -> str | None:
    """Return the name of the date-time field the moment hangs on, if any."""
    return when.field if isinstance(when, FieldOffset | FieldDayAt) else None


def _next_weekday(when: WeekdayAt, previous: datetime, where: ZoneInfo) -> datetime:
    today = previous.astimezone(where).date()
    day = today + timedelta(days=(when.weekday - today.weekday()) % 7)
    moment = wall(day, time_of(when.minute), where)
    if moment > previous:
        return moment
    return wall(day + timedelta(days=7), time_of(when.minute), where)


def _from_field(
    when: FieldOffset | FieldDayAt, value: datetime | None, where: ZoneInfo
) -> datetime | None:
    if value is None:
        return None
    if isinstance(when, FieldOffset):
        return value.astimezone(UTC) + timedelta(seconds=when.seconds)
    day = value.astimezone(where).date() + timedelta(days=when.days)
    return wall(day, time_of(when.minute), where)


def _signed(seconds: int) -> str:
    return ("-" if seconds < 0 else "+") + written(timedelta(seconds=abs(seconds)))


def _read(text: str) -> When | TimingProblem:
    if not text:
        return TimingProblem("when_empty")
    if text.lower() == "now":
        return Now()
    return _read_offset(text) if text[0] in "+-" else _read_named(text)


def _read_named(text: str) -> When | TimingProblem:
    if found := _DATE_AT.fullmatch(text):
        return _read_moment(found)
    found = _WEEKDAY.fullmatch(text)
    if found and weekday_number(found["name"]) is not None:
        return _read_weekday(found)
    found = _NAMED.fullmatch(text)
    return _read_field(found) if found else _unreadable(text)


def _read_offset(text: str) -> When | TimingProblem:
    if text[0] == "-":
        return TimingProblem("when_negative", {"text": text})
    found = _DAY_AT.fullmatch(text)
    if found and (found["clock"] or found["unit"] == "wd"):
        at = _read_day_at(found)
        if isinstance(at, TimingProblem):
            return at
        return WorkingDayAt(*at) if found["unit"] == "wd" else DayAt(*at)
    duration = read_duration(text[1:])
    if isinstance(duration, TimingProblem):
        return _bad_offset(text, duration)
    return Elapsed(int(duration.total_seconds()))


def _read_day_at(found: re.Match[str]) -> tuple[int, int] | TimingProblem:
    days = int(found["days"])
    if days > _FARTHEST_DAYS:
        return TimingProblem("when_far", {"text": found[0]}, found.start("days"))
    minute = _read_minute(found)
    return minute if isinstance(minute, TimingProblem) else (days, minute)


def _read_minute(found: re.Match[str]) -> int | TimingProblem:
    if not found["clock"]:
        return TimingProblem("when_needs_clock", {"text": found[0]}, len(found[0]))
    minute = read_clock(found["clock"])
    return minute.moved(found.start("clock")) if isinstance(minute, TimingProblem) else minute


def _read_moment(found: re.Match[str]) -> When | TimingProblem:
    try:
        date.fromisoformat(found["day"])
    except ValueError:
        return TimingProblem("when_date", {"text": found["day"]})
    if not "2000" < found["day"] < "2200":
        return TimingProblem("when_date", {"text": found["day"]})
    minute = _read_minute(found)
    return minute if isinstance(minute, TimingProblem) else Moment(found["day"], minute)


def _read_weekday(found: re.Match[str]) -> When | TimingProblem:
    minute = _read_minute(found)
    if isinstance(minute, TimingProblem):
        return minute
    return WeekdayAt(weekday_number(found["name"]) or 0, minute)


def _read_field(found: re.Match[str]) -> When | TimingProblem:
    name, offset = found["name"], found["offset"]
    if offset is None:
        return FieldOffset(name, 0)
    shift = found.start("offset")
    day = _DAY_AT.fullmatch(offset)
    if day and day["unit"] == "wd":
        return TimingProblem("when_working_field", {"field": name}, shift)
    sign = -1 if offset[0] == "-" else 1
    if day and day["clock"]:
        at = _read_day_at(day)
        if isinstance(at, TimingProblem):
            return at.moved(shift)
        return FieldDayAt(name, sign * at[0], at[1])
    duration = read_duration(offset[1:])
    if isinstance(duration, TimingProblem):
        return _bad_offset(offset, duration).moved(shift)
    return FieldOffset(name, sign * int(duration.total_seconds()))


def _bad_offset(text: str, problem: TimingProblem) -> TimingProblem:
    found = re.match(r"[+-]\s*\d+\s*w?d\s+(\S*:\S*)$", text)
    if found:
        return TimingProblem("clock_form", {"text": found[1]}, found.start(1))
    return problem.moved(1)


def _unreadable(text: str) -> TimingProblem:
    if not isinstance(read_clock(text), TimingProblem):
        return TimingProblem("when_clock_alone", {"text": text})
    if text[0].isdigit() and not isinstance(_read_offset("+" + text), TimingProblem):
        return TimingProblem("when_sign", {"text": text})
    return TimingProblem("when_form", {"text": text})

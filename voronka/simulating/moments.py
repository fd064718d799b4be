"""When a simulated person comes: a date, a weekday in either language, a clock alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.calendar import read_clock, time_of, wall
from flows.calendar import zone as find_zone
from flows.durations import read_duration
from flows.timing_messages import TimingProblem
from flows.windows import weekday_number
from voronka.speech import Mistake

_FULL = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5,
    "sunday": 6, "понедельник": 0, "вторник": 1, "среда": 2, "среду": 2, "четверг": 3,
    "пятница": 4, "пятницу": 4, "суббота": 5, "субботу": 5, "воскресенье": 6,
}  # fmt: skip
_MOMENT = re.compile(r"(?:(?P<day>\d{4}-\d\d-\d\d|[^\W\d_]+)[ T]*)?(?P<clock>\d{1,2}:\d\d)?")
NOON = 12 * 60


def moment_of(text: str, where: ZoneInfo, now: datetime) -> datetime:
    """The moment, UTC: of a weekday or a clock alone the next one; of an empty text ``now``."""
    words = text.strip().lower().removeprefix("в ").removeprefix("во ")
    if not words:
        return now.replace(second=0, microsecond=0)
    found = _MOMENT.fullmatch(words)
    minute = read_clock(found["clock"]) if found and found["clock"] else NOON
    if found is None or isinstance(minute, TimingProblem):
        raise _unread(text)
    if found["day"] and found["day"][0].isdigit():
        return _dated(found["day"], minute, text, where)
    weekday = _weekday(found["day"], text) if found["day"] else None
    return _next(weekday, minute, where, now)


def _dated(day: str, minute: int, text: str, where: ZoneInfo) -> datetime:
    try:
        return wall(datetime.fromisoformat(day).date(), time_of(minute), where)
    except (ValueError, OverflowError):
        raise _unread(text) from None


def _weekday(name: str, text: str) -> int:
    number = _FULL.get(name, weekday_number(name))
    if number is None:
        raise _unread(text)
    return number


def _next(weekday: int | None, minute: int, where: ZoneInfo, now: datetime) -> datetime:
    today = now.astimezone(where).date()
    moments = (wall(today + timedelta(days=n), time_of(minute), where) for n in range(9))
    for moment in moments:
        day = moment.astimezone(where)
        if moment > now and weekday in {None, day.weekday()}:
            return moment.astimezone(UTC)
    raise AssertionError(weekday)


def _unread(text: str) -> Mistake:
    return Mistake(
        f"--enter {text}: нужно «пт 23:40», «23:40» или «2026-03-06 23:40».",
        f"--enter {text}: write “fri 23:40”, “23:40” or “2026-03-06 23:40”.",
    )


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name, or of an offset like «МСК+4»."""
    found = find_zone(name)
    if found is None:
        raise Mistake(
            f"Нет часового пояса {name}: нужен, например, Asia/Vladivostok или «МСК+7».",
            f"There is no time zone {name}: write one like Asia/Vladivostok.",
        )
    return found


def length_of(text: str, option: str) -> int:
    """The length of time in microseconds."""
    found = read_duration(text)
    if isinstance(found, TimingProblem):
        raise Mistake(
            f"{option} {text}: нужно время, например 5m, 2h или 7d.",
            f"{option} {text}: write a length of time such as 5m, 2h or 7d.",
        )
    return found // timedelta(microseconds=1)

"""Zones, wall clocks and working days."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from holidays.registry import EntityLoader

from flows.timing_messages import TimingProblem

MINUTES_A_DAY = 1440

# Hours ahead of UTC: the largest Russian city that keeps that time; none has summer time.
_RUSSIAN = {
    2: "Europe/Kaliningrad",
    3: "Europe/Moscow",
    4: "Europe/Samara",
    5: "Asia/Yekaterinburg",
    6: "Asia/Omsk",
    7: "Asia/Novosibirsk",
    8: "Asia/Irkutsk",
    9: "Asia/Yakutsk",
    10: "Asia/Vladivostok",
    11: "Asia/Magadan",
    12: "Asia/Kamchatka",
}
_OFFSET = re.compile(r"(?P<base>МСК|MSK|UTC|GMT)\s*(?P<hours>[+\-−–]\s*\d{1,2})?", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+\-]+){1,2}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def zone(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name or of a Russian offset such as «МСК+4», None if unknown."""
    name = name.strip()
    if offset := _OFFSET.fullmatch(name):
        return _by_offset(offset)
    if not _NAME.fullmatch(name) or name.startswith(("posix/", "right/")):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_clock(text: str) -> int | TimingProblem:
    """Return the minute of the day (0..1439) that `text` such as `09:30` names."""
    found = _CLOCK.fullmatch(text.strip())
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return int(found[1]) * 60 + int(found[2])
    return TimingProblem("clock_form", {"text": text.strip()})


def clock(minute: int) -> str:
    """Return the minute of the day as text: `09:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def time_of(minute: int) -> time:
    """Return the minute of the day as a time."""
    return time(minute // 60, minute % 60)


def wall(day: date, at: time, where: ZoneInfo) -> datetime:
    """Return the UTC moment when clocks in the zone show `at` on that day.

    In a missing hour it is the first valid minute, in a doubled hour the first of the two.
    """
    wanted = datetime.combine(day, at)
    moment = wanted.replace(tzinfo=where).astimezone(UTC)
    if moment.astimezone(where).replace(tzinfo=None) == wanted:
        return moment
    before = wanted.replace(tzinfo=where, fold=1).astimezone(UTC)
    return _first_minute_after_gap(wanted, before, moment, where)


@dataclass(frozen=True)
class Calendar:
    """The project's working days: a country's, with its transfers, less the days off of its own.

    `country` is an ISO code; an empty one knows only Saturdays and Sundays.
    """

    country: str = "RU"
    off: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Return whether people work on that day; a transferred working Saturday counts."""
        if day in self.off:
            return False
        if not self.country:
            return day.weekday() < 5
        return bool(_public_holidays(self.country).is_working_day(day))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; for 0 the first one not before it.

        A calendar without working days gives the day where the search was abandoned.
        """
        left = max(count, 1)
        day = day if count > 0 else day - timedelta(days=1)
        for _ in range(3 * left + 400):
            day += timedelta(days=1)
            left -= self.is_working_day(day)
            if left == 0:
                break
        return day


def is_known_country(country: str) -> bool:
    """Return whether the working days of the country (ISO code) are known."""
    return country in set(EntityLoader.get_country_codes())


def _by_offset(found: re.Match[str]) -> ZoneInfo | None:
    base = found["base"].upper()
    if base in ("UTC", "GMT") and not found["hours"]:
        return ZoneInfo("UTC")
    hours = re.sub(r"\s", "", found["hours"] or "0").replace("−", "-").replace("–", "-")
    name = _RUSSIAN.get(int(hours) + (0 if base in ("UTC", "GMT") else 3))
    return ZoneInfo(name) if name else None


def _first_minute_after_gap(
    wanted: datetime, before: datetime, after: datetime, where: ZoneInfo
) -> datetime:
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        shown = datetime.fromtimestamp(middle, where).replace(tzinfo=None)
        low, high = (middle, high) if shown < wanted else (low, middle)
    shown = datetime.fromtimestamp(high, where)
    return datetime.fromtimestamp(high + -shown.second % 60, UTC)


@lru_cache(maxsize=64)
def _public_holidays(country: str) -> Any:
    return holidays.country_holidays(country)

"""A day with a time: a moment by the person's clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

from flows.answers.answer import Asked, Bad, Sentences, ValueType
from flows.answers.days import DAY_HINTS, LONGEST, out_of_days, read_day, refuse_bounds
from flows.answers.hours import read_time
from flows.calendar import wall

_MOST_PIECES = 12
_PARTING = re.compile(r"[\s,;]+|(?<=\d)[TtТт](?=\d)")
_SOON = re.compile(
    r"(?:через|in)\s+(?:(?P<count>\d{1,3}|два|две|три|an|a|two|three)\s+)?"
    r"(?P<unit>полчаса|half an hour|час(?:а|ов)?|hours?|минут[уы]?|minutes?)",
    re.IGNORECASE,
)
_COUNTS = {"an": 1, "a": 1, "два": 2, "две": 2, "two": 2, "три": 3, "three": 3}

_HINTS = {
    **DAY_HINTS,
    "datetime_form": (
        "Не получилось понять. Напишите день и время, например 25.12 18:30 или «завтра в 7 вечера».",
        "We could not read it. Write the day and the time, like 25.12.2026 18:30 or tomorrow 7 pm.",
    ),
    "datetime_time": (
        "Добавьте время, например {day} 18:30.",
        "Please add the time, for example {day} 18:30.",
    ),
}


@dataclass(frozen=True)
class DateTime:
    """A moment whose day is from `min` to `max`; a time alone is the next such moment."""

    name: ClassVar[str] = "datetime"
    value_type: ClassVar[ValueType] = "datetime"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    min: str = ""
    max: str = ""

    def __post_init__(self) -> None:
        refuse_bounds(self.min, self.max)

    def read(self, typed: str, asked: Asked) -> datetime | Bad:
        """Return the moment in UTC, read by the person's clock."""
        moment = _moment(typed.strip(), asked)
        if isinstance(moment, Bad):
            return moment
        day = moment.astimezone(asked.zone).date()
        return out_of_days(day, self.min, self.max, asked) or moment

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons."""
        return ()


def _moment(typed: str, asked: Asked) -> datetime | Bad:
    if len(typed) > LONGEST:
        return Bad("datetime_form")
    soon = _SOON.fullmatch(typed)
    if soon:
        return asked.now.astimezone(UTC) + _span(soon)
    if isinstance(read_day(typed, asked), date):
        return Bad("datetime_time", {"day": typed})
    alone = read_time(typed)
    return _next(alone, asked) if alone is not None else _whole(typed, asked)


def _next(at: time, asked: Asked) -> datetime | Bad:
    today = _at(asked.today, at, asked)
    if isinstance(today, Bad) or today > asked.now:
        return today
    return _at(asked.today + timedelta(days=1), at, asked)


def _whole(typed: str, asked: Asked) -> datetime | Bad:
    for day_words, time_words in _parted(typed):
        at, day = read_time(time_words), read_day(day_words, asked)
        if at is not None and isinstance(day, date):
            return _at(day, at, asked)
        if at is not None and isinstance(day, Bad) and day.code == "date_none":
            return day
    return Bad("datetime_form")


def _span(soon: re.Match[str]) -> timedelta:
    count, unit = (soon["count"] or "1").lower(), soon["unit"].lower()
    if unit in ("полчаса", "half an hour"):
        return timedelta(minutes=30)
    number = _COUNTS[count] if count in _COUNTS else int(count)
    return timedelta(minutes=number) if unit.startswith("мин") else _hours(number, unit)


def _hours(number: int, unit: str) -> timedelta:
    return timedelta(minutes=number) if unit.startswith("min") else timedelta(hours=number)


def _parted(typed: str) -> Iterator[tuple[str, str]]:
    """The text as a day and a time in either order, the longest day first."""
    pieces = [piece for piece in _PARTING.split(typed) if piece][:_MOST_PIECES]
    for size in range(len(pieces) - 1, 0, -1):
        yield " ".join(pieces[:size]), " ".join(pieces[size:])
        yield " ".join(pieces[-size:]), " ".join(pieces[:-size])


def _at(day: date, at: time, asked: Asked) -> datetime | Bad:
    try:
        return wall(day, at, asked.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return Bad("date_none")

"""Days as people type them: «завтра», «в пятницу», «25.12», "25 December 2026", "in two weeks"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from flows.answers.answer import Asked, Bad, OptionRefused, Sentences
from flows.matching import words

LONGEST = 80
"""Characters of a message in which a day is looked for."""

_FARTHEST_DAYS = 36_500
_YEARS = range(1900, 2201)
_YOUNGEST = 20  # «25.12.85» is 1985: two digits mean at most so many years ahead
_LEAP = 8  # from one 29 February to the next, at most
_MOST_WORDS = 6
_FILLERS = frozenset(
    words(
        "в во на к ко с со го ое числа число года год г day on the of at by please давайте можно лучше "
        "наверное пожалуйста"
    )
)
_NAMED = {
    **dict.fromkeys(("сегодня", "today"), 0),
    **dict.fromkeys(("завтра", "tomorrow"), 1),
    **dict.fromkeys(("послезавтра", "after tomorrow"), 2),
    **dict.fromkeys(("вчера", "yesterday"), -1),
    **dict.fromkeys(("позавчера",), -2),
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "понедельник пн mon monday",
            "вторник вт tue tues tuesday",
            "среда среду ср wed wednesday",
            "четверг чт thu thur thurs thursday",
            "пятница пятницу пт fri friday",
            "суббота субботу сб sat saturday",
            "воскресенье воскресение вс sun sunday",
        )
    )
    for name in names.split()
}
_MONTHS = (
    "январь января january", "февраль февраля february", "март марта march",
    "апрель апреля april", "май мая may", "июнь июня june", "июль июля july",
    "август августа august", "сентябрь сентября september sept", "октябрь октября october",
    "ноябрь ноября november", "декабрь декабря december",
)  # fmt: skip
_SHORTEST_MONTH = 3
_NEXT = frozenset(words("следующий следующую следующее следующая следущий следущую next"))
_THIS = frozenset(words("этот эту это эта ближайший ближайшую ближайшее ближайшая this coming"))
_AFTER = frozenset(("через", "in"))
_UNITS = {
    **dict.fromkeys(words("день дня дней сутки суток days"), 1),
    **dict.fromkeys(words("неделю недели недель week weeks"), 7),
}
_SPELT = {
    **dict.fromkeys(words("a an один одну one"), 1),
    **dict.fromkeys(words("два две two пару couple"), 2),
    **dict.fromkeys(words("три three"), 3),
    **dict.fromkeys(words("четыре four"), 4),
    **dict.fromkeys(words("пять five"), 5),
    **dict.fromkeys(words("шесть six"), 6),
    **dict.fromkeys(words("семь seven"), 7),
    **dict.fromkeys(words("десять ten"), 10),
}
_NUMBER = re.compile(r"(\d{1,4})(?:st|nd|rd|th|го|е|ое|г)?")
_OF_MONTH = re.compile(r"\d(?:st|nd|rd|th|-?го)\b|\bчисла\b|\bthe \d", re.IGNORECASE)
_NO_DATE = re.compile(r"\d\s*(?::|,(?=\d))\s*\d|[+=%]")

DAY_HINTS: Sentences = {
    "date_form": (
        "Не получилось понять дату. Примеры — 25.12, 25.12.2026, «завтра», «в пятницу».",
        "We could not read the date. For example: 25.12.2026, 25 December, tomorrow, on Friday.",
    ),
    "date_none": (
        "Такой даты нет. Напишите, например, 25.12.2026.",
        "There is no such date. Please write, for example, 25.12.2026.",
    ),
    "date_min": ("Нужна дата не раньше {min}.", "The date must not be before {min}."),
    "date_max": ("Нужна дата не позже {max}.", "The date must not be after {max}."),
}


def read_day(typed: str, asked: Asked) -> date | Bad:
    """Return the day; one without a year is the next such day, today included.

    A weekday is strictly later than today: who means today says so.
    """
    if len(typed) > LONGEST or _NO_DATE.search(typed):
        return Bad("date_form")
    said = [word for word in words(typed) if word not in _FILLERS]
    if not said or len(said) > _MOST_WORDS:
        return Bad("date_form")
    try:
        day = _relative(said, asked.today)
        return day or _written(said, typed, asked.today) or Bad("date_form")
    except (ValueError, OverflowError):
        return Bad("date_none")


def bound(text: str, today: date) -> date:
    """Return the day that `min` or `max` names: `today`, `tomorrow`, `+30d`, `2026-12-31`."""
    named = {"today": 0, "tomorrow": 1}.get(text)
    shift = re.fullmatch(r"([+-]\d{1,5})d", text)
    try:
        if named is not None or shift:
            return today + timedelta(days=int(shift[1]) if shift else named or 0)
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise OptionRefused("answer_day_form", value=text) from None


def refuse_bounds(least: str, most: str) -> None:
    """Refuse bounds that are no days, or that leave none between them."""
    some_day = date(2026, 1, 1)
    ends = [bound(text, some_day) for text in (least, most) if text]
    of_one_kind = least[:1].isdigit() == most[:1].isdigit()
    if len(ends) == 2 and of_one_kind and ends[0] > ends[1]:
        raise OptionRefused("answer_min_max", min=least, max=most)


def out_of_days(day: date, least: str, most: str, asked: Asked) -> Bad | None:
    """Return what is wrong with a day before `least` or after `most`, both allowed."""
    first = bound(least, asked.today) if least else None
    last = bound(most, asked.today) if most else None
    if first is not None and day < first:
        return Bad("date_min", {"min": _shown(first, asked.language)})
    if last is not None and day > last:
        return Bad("date_max", {"max": _shown(last, asked.language)})
    return None


def _shown(day: date, language: str) -> str:
    return day.strftime("%d.%m.%Y") if language == "ru" else day.isoformat()


def _relative(said: Sequence[str], today: date) -> date | None:
    named = _NAMED.get(" ".join(said))
    if named is not None:
        return today + timedelta(days=named)
    weekday = _WEEKDAYS.get(said[-1])
    if weekday is not None and len(said) <= 2:
        return _weekday(said[:-1], weekday, today)
    if said[0] in _AFTER and said[-1] in _UNITS and len(said) <= 3:
        count = _count(said[1]) if len(said) == 3 else 1
        days = count * _UNITS[said[-1]]
        return today + timedelta(days=days) if 0 < days <= _FARTHEST_DAYS else None
    return None


def _weekday(before: Sequence[str], weekday: int, today: date) -> date | None:
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    if not before or before[0] in _THIS:
        return today + timedelta(days=ahead)
    if before[0] in _NEXT:
        return today + timedelta(days=7 - today.weekday() + weekday)
    return None


def _count(word: str) -> int:
    return int(word) if re.fullmatch(r"\d{1,4}", word) else _SPELT.get(word, 0)


def _written(said: Sequence[str], typed: str, today: date) -> date | None:
    found = [_NUMBER.fullmatch(word) for word in said]
    digits = [number[1] for number in found if number]
    months = [month for word in said if (month := _month(word))]
    if len(said) - len(digits) != len(months) or not 1 <= len(said) <= 3:
        return None
    if months:
        return _with_month(digits, months, today)
    if len(digits) == 1:
        return _of_month(int(digits[0]), today) if _OF_MONTH.search(typed) else None
    return _in_numbers(digits, typed, today)


def _with_month(digits: Sequence[str], months: Sequence[int], today: date) -> date | None:
    if len(months) > 1 or not digits:
        return None
    return _dated(digits[0], months[0], digits[1:], today)


def _in_numbers(digits: Sequence[str], typed: str, today: date) -> date | None:
    if len(digits[0]) == 4:  # the order of ISO
        return _dated(digits[2], int(digits[1]), digits[:1], today) if digits[2:] else None
    day, month = int(digits[0]), int(digits[1])
    if "/" in typed and month > 12 >= day:  # the American order
        day, month = month, day
    return _dated(str(day), month, digits[2:], today)


def _month(word: str) -> int:
    """Return the month's number, 0 when the word is none."""
    if len(word) < _SHORTEST_MONTH:
        return 0
    for number, names in enumerate(_MONTHS, start=1):
        if any(name.startswith(word) for name in names.split()):
            return number
    return 0


def _dated(day: str, month: int, year: Sequence[str], today: date) -> date | None:
    if year:
        return _in_years(date(_year(year[0], today), month, int(day)))
    for ahead in range(_LEAP + 1):
        try:
            found = date(today.year + ahead, month, int(day))
        except ValueError:
            if (month, int(day)) != (2, 29):
                raise
            continue
        if found >= today:
            return found
    return None


def _of_month(day: int, today: date) -> date:
    if not 1 <= day <= 31:
        raise ValueError(day)
    found = today
    while found.day != day:
        found += timedelta(days=1)
    return found


def _year(digits: str, today: date) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if 2000 + year <= today.year + _YOUNGEST else 1900 + year


def _in_years(day: date) -> date:
    if day.year not in _YEARS:
        raise ValueError(day.year)
    return day

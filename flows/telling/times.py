"""Times in words: lengths, moments of letters, windows, days, lateness."""

from __future__ import annotations

from datetime import date, timedelta

from flows.calendar import clock
from flows.late import Late
from flows.telling.tongue import Tongue
from flows.when import (
    DayAt,
    Elapsed,
    FieldDayAt,
    FieldOffset,
    Moment,
    Now,
    WeekdayAt,
    When,
    WorkingDayAt,
)
from flows.windows import Days, QuietHours, Window

_UNITS = (
    (86_400, ("день", "дня", "дней"), ("day", "days")),
    (3_600, ("час", "часа", "часов"), ("hour", "hours")),
    (60, ("минуту", "минуты", "минут"), ("minute", "minutes")),
    (1, ("секунду", "секунды", "секунд"), ("second", "seconds")),
)
_WORKING = (("рабочий день", "рабочих дня", "рабочих дней"), ("working day", "working days"))
_ON = (
    ("в понедельник", "Monday"),
    ("во вторник", "Tuesday"),
    ("в среду", "Wednesday"),
    ("в четверг", "Thursday"),
    ("в пятницу", "Friday"),
    ("в субботу", "Saturday"),
    ("в воскресенье", "Sunday"),
)
_BY = (
    ("по понедельникам", "Mondays"),
    ("по вторникам", "Tuesdays"),
    ("по средам", "Wednesdays"),
    ("по четвергам", "Thursdays"),
    ("по пятницам", "Fridays"),
    ("по субботам", "Saturdays"),
    ("по воскресеньям", "Sundays"),
)
_MONTHS = (
    ("января", "January"),
    ("февраля", "February"),
    ("марта", "March"),
    ("апреля", "April"),
    ("мая", "May"),
    ("июня", "June"),
    ("июля", "July"),
    ("августа", "August"),
    ("сентября", "September"),
    ("октября", "October"),
    ("ноября", "November"),
    ("декабря", "December"),
)


def length_words(length: timedelta, tongue: Tongue) -> str:
    """``1 день 6 часов``: as it stands after «через»."""
    rest, words = int(length.total_seconds()), []
    for seconds, ru, en in _UNITS:
        count, rest = divmod(rest, seconds)
        if count:
            words.append(tongue.count(count, ru, en))
    return " ".join(words) or tongue("0 минут", "0 minutes")


def duration_words(microseconds: int, tongue: Tongue) -> str:
    """A length as steps keep it, in words."""
    return length_words(timedelta(microseconds=microseconds), tongue)


def date_words(iso: str, tongue: Tongue) -> str:
    """``10 декабря 2026``."""
    day = date.fromisoformat(iso)
    return f"{day.day} {tongue(*_MONTHS[day.month - 1])} {day.year}"


def when_words(when: When, tongue: Tongue, field: str = "") -> str:
    """When a letter goes, counted from the one before it; ``field`` names its field for people."""
    words = ""
    match when:
        case Now():
            words = tongue("сразу", "at once")
        case Elapsed(seconds):
            length = length_words(timedelta(seconds=seconds), tongue)
            words = tongue(f"через {length}", f"{length} later")
        case DayAt(days, minute):
            words = f"{_days_later(days, tongue)} {_at(minute, tongue)}"
        case WorkingDayAt(days, minute):
            words = f"{_working_days_later(days, tongue)} {_at(minute, tongue)}"
        case WeekdayAt(weekday, minute):
            ru, en = _ON[weekday]
            words = f"{tongue(f'{ru}, ближайший раз', f'the next {en}')} {_at(minute, tongue)}"
        case Moment(day, minute):
            words = f"{date_words(day, tongue)} {_at(minute, tongue)}"
        case FieldOffset(name, seconds):
            words = _from_field(seconds, tongue.quoted(field or name), tongue)
        case FieldDayAt(name, days, minute):
            day = _day_of_field(days, tongue.quoted(field or name), tongue)
            words = f"{day} {_at(minute, tongue)}"
    return words


def window_words(window: Window | QuietHours, tongue: Tongue) -> str:
    """``с 10:00 до 20:00``."""
    start, end = clock(window.start), clock(window.end)
    return tongue(f"с {start} до {end}", f"from {start} to {end}")


def days_words(days: Days, tongue: Tongue) -> str:
    """``по рабочим дням``, ``по вторникам и пятницам``."""
    if days.workdays:
        return tongue("по рабочим дням", "on working days")
    names = [tongue(*_BY[number]) for number in days.weekdays]
    if tongue.language == "en":
        return f"on {tongue.listed(names)}"
    return tongue.listed([name if index == 0 else name[3:] for index, name in enumerate(names)])


def late_words(late: Late, tongue: Tongue) -> str:
    """What becomes of a letter that is late."""
    if late.kind == "skip":
        return tongue("опоздавшее не отправляется", "it is not sent when it is late")
    if late.kind == "send":
        return tongue("опоздавшее всё равно отправляется", "it is sent even when it is late")
    words = length_words(timedelta(seconds=late.within), tongue)
    return tongue(
        f"отправляется, если опоздало не больше чем на {words}",
        f"it is sent when it is at most {words} late",
    )


def _at(minute: int, tongue: Tongue) -> str:
    return tongue(f"в {clock(minute)}", f"at {clock(minute)}")


def _days_later(days: int, tongue: Tongue) -> str:
    if days < 2:
        return tongue(
            ("в тот же день", "на следующий день")[days], ("the same day", "the next day")[days]
        )
    words = tongue.count(days, ("день", "дня", "дней"), ("day", "days"))
    return tongue(f"через {words}", f"{words} later")


def _working_days_later(days: int, tongue: Tongue) -> str:
    if days < 2:
        return tongue(
            ("в тот же рабочий день", "на следующий рабочий день")[days],
            ("the same working day", "the next working day")[days],
        )
    words = tongue.count(days, *_WORKING)
    return tongue(f"через {words}", f"{words} later")


def _from_field(seconds: int, field: str, tongue: Tongue) -> str:
    if seconds == 0:
        return tongue(f"в момент {field}", f"at the moment of {field}")
    words = length_words(timedelta(seconds=abs(seconds)), tongue)
    if seconds < 0:
        return tongue(f"за {words} до {field}", f"{words} before {field}")
    return tongue(f"через {words} после {field}", f"{words} after {field}")


def _day_of_field(days: int, field: str, tongue: Tongue) -> str:
    if days == 0:
        return tongue(f"в день {field}", f"on the day of {field}")
    if days == -1:
        return tongue(f"накануне {field}", f"the day before {field}")
    words = tongue.count(abs(days), ("день", "дня", "дней"), ("day", "days"))
    if days < 0:
        return tongue(f"за {words} до {field}", f"{words} before {field}")
    if days == 1:
        return tongue(f"на следующий день после {field}", f"the day after {field}")
    return tongue(f"через {words} после {field}", f"{words} after {field}")

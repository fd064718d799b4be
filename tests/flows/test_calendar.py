"""Zones, clock changes and working days."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from flows.calendar import (
    Calendar,
    clock,
    is_known_country,
    read_clock,
    wall,
    zone,
)
from flows.timing_messages import TimingProblem
from flows.when import DayAt, Elapsed, planned

NO_HOLIDAYS = Calendar("")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Moscow", "Europe/Moscow"),
        (" Asia/Vladivostok ", "Asia/Vladivostok"),
        ("America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("МСК", "Europe/Moscow"),
        ("мск+4", "Asia/Novosibirsk"),
        ("МСК +7", "Asia/Vladivostok"),
        ("МСК−1", "Europe/Kaliningrad"),
        ("MSK+9", "Asia/Kamchatka"),
        ("UTC+5", "Asia/Yekaterinburg"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_name_or_offset(text, name):
    assert zone(text).key == name


@pytest.mark.parametrize(
    "text",
    [
        *("", "Moscow", "Europe", "Europe/Москва", "Europe/Nowhere", "EST", "A" * 5000),
        *("МСК+40", "UTC-5", "localtime", "posix/Europe/Moscow"),
        *("../../etc/passwd", "/etc/localtime", "Europe/../../etc/passwd"),
    ],
)
def test_anything_else_is_no_zone(text):
    assert zone(text) is None


@pytest.mark.parametrize(("text", "minute"), [("09:30", 570), ("9:30", 570), ("23:59", 1439)])
def test_a_clock_is_read_and_written(text, minute):
    assert read_clock(text) == minute
    assert read_clock(clock(minute)) == minute


@pytest.mark.parametrize("text", ["24:00", "12:60", "12", "12:5", "noon", ""])
def test_a_bad_clock_is_a_problem(text):
    assert isinstance(read_clock(text), TimingProblem)


@pytest.mark.parametrize(
    ("day", "at", "name", "utc"),
    [
        (date(2026, 3, 6), time(11), "Asia/Vladivostok", "2026-03-06T01:00"),
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin", "2026-03-29T01:00"),  # missing
        (date(2026, 3, 29), time(2, 0), "Europe/Berlin", "2026-03-29T01:00"),
        (date(2026, 3, 29), time(3, 0), "Europe/Berlin", "2026-03-29T01:00"),
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", "2026-10-25T00:30"),  # doubled
        (
            date(2026, 10, 4),
            time(2, 10),
            "Australia/Lord_Howe",
            "2026-10-03T15:30",
        ),  # half an hour
        (date(2011, 12, 30), time(12), "Pacific/Apia", "2011-12-30T10:00"),  # a missing day
    ],
)
def test_a_wall_clock_is_the_first_valid_minute_or_the_first_of_two(day, at, name, utc):
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert wall(day, at, ZoneInfo(name)) == expected


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2025, 11, 1), True),  # a transferred working Saturday
        (date(2027, 2, 20), True),
        (date(2026, 1, 9), False),  # a transferred day off
        (date(2026, 12, 31), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
    ],
)
def test_working_days_follow_the_government_transfers(day, working):
    assert Calendar("RU").is_working_day(day) is working


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2025, 12, 30), 1, date(2026, 1, 12)),
        (date(2026, 11, 20), 3, date(2026, 11, 25)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
    ],
)
def test_working_days_are_counted(day, count, expected):
    assert Calendar("RU").add_working_days(day, count) == expected


def test_own_days_off_are_no_working_days():
    calendar = Calendar("RU", frozenset({date(2026, 11, 23)}))
    assert calendar.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 24)


def test_a_calendar_without_working_days_ends_the_search():
    off = frozenset(date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(2000))
    assert Calendar("", off).add_working_days(date(2026, 1, 1), 5) > date(2026, 1, 1)


def test_countries_are_known():
    assert is_known_country("RU")
    assert not is_known_country("XX")


# F12: every transition of every zone, 2020 to 2030.


@cache
def transitions(name):
    """(moment, offset before, offset after) of each clock change."""
    where, found = ZoneInfo(name), []
    step, end = 5 * 86_400, int(datetime(2031, 1, 1, tzinfo=UTC).timestamp())
    low, before = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()), None
    while low < end:
        offset = _offset(low, where)
        if before is not None and offset != before:
            moment = _change(low - step, low, where)
            found.append((moment, _offset(moment - 1, where), _offset(moment, where)))
        before, low = offset, low + step
    return found


def _offset(stamp, where):
    return datetime.fromtimestamp(stamp, where).utcoffset()


def _change(low, high, where):
    before = _offset(low, where)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, where) == before else (low, middle)
    return high


def all_transitions():
    for name in sorted(available_timezones()):
        for stamp, before, after in transitions(name):
            yield ZoneInfo(name), datetime.fromtimestamp(stamp, UTC), before, after


def test_there_are_transitions_to_try():
    assert len(list(all_transitions())) > 3000


def test_in_every_missing_hour_the_first_valid_minute_counts():
    for where, moment, before, after in all_transitions():
        for part in (0, 1, 2):
            if after > before:
                wanted = (moment + before).replace(tzinfo=None) + (after - before) * part / 3
                assert wall(wanted.date(), wanted.time(), where) == moment, (where, moment)


def test_in_every_doubled_hour_the_first_one_counts():
    for where, moment, before, after in all_transitions():
        for part in (0, 1, 2):
            if after < before:
                wanted = (moment + after).replace(tzinfo=None) + (before - after) * part / 3
                first = wanted.replace(tzinfo=UTC) - before
                assert wall(wanted.date(), wanted.time(), where) == first, (where, moment)


def test_across_every_transition_a_daily_letter_comes_once_a_day():
    missing = double = 0
    for where, moment, before, _ in all_transitions():
        local = moment + before
        minute = (local.hour * 60 + local.minute + 30) % 1440
        start = moment - timedelta(days=2)
        day = start.astimezone(where).date()
        letters = [_planned(DayAt(ahead, minute), start, where) for ahead in range(5)]
        double += len(letters) - len(set(letters))
        assert letters == sorted(letters)
        for ahead, letter in enumerate(letters):
            # Where the last hour of a day is missing, its first valid minute is midnight.
            on_its_day = letter.astimezone(where).date() == day + timedelta(days=ahead)
            missing += not on_its_day and letter != moment
    assert (missing, double) == (0, 0)


def test_across_every_transition_24_hours_are_24_hours():
    for where, moment, _, _ in all_transitions():
        start = moment - timedelta(hours=12)
        assert _planned(Elapsed(86_400), start, where) - start == timedelta(days=1)


def _planned(when, previous, where):
    return planned(
        when, previous=previous, person_zone=where, funnel_zone=where, calendar=NO_HOLIDAYS
    )

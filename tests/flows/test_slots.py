"""A team's hours, and the free times that follow from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.calendar import Calendar
from flows.hours import WorkHours, read_hours
from flows.slots import Agenda, Wanted, days_of, free_times, neighbours, offer
from flows.timing_messages import TimingProblem

MOSCOW = ZoneInfo("Europe/Moscow")
VLADIVOSTOK = ZoneInfo("Asia/Vladivostok")
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)  # Thursday noon in Moscow
HALF = Wanted(timedelta(minutes=30), timedelta(hours=3), 7)


def hours(text: str) -> WorkHours:
    found = read_hours(text)
    assert isinstance(found, WorkHours)
    return found


def free(text: str = "mon-fri 10:00-19:00", wanted: Wanted = HALF, taken=(), now=NOW):
    return free_times(Agenda(hours(text), MOSCOW, Calendar()), wanted, taken, now)


def shown(times, where=MOSCOW):
    return [f"{one.astimezone(where):%a %H:%M}" for one in times]


def test_times_begin_after_the_notice_and_end_with_the_hours():
    times = free()
    assert shown(times[:2]) == ["Thu 15:00", "Thu 15:30"]
    assert shown(times[7:9]) == ["Thu 18:30", "Fri 10:00"]


def test_holidays_and_days_off_are_free_of_work():
    days = {f"{one:%d.%m}" for one in days_of(free(), MOSCOW)}
    assert days == {
        "05.03",
        "06.03",
        "10.03",
        "11.03",
        "12.03",
    }  # 9 March is a day off for the 8th


def test_hours_have_parts_and_russian_names():
    spans = list(
        hours("пн-пт 10:00-14:00, 15:00-19:00; сб 11:00-12:00").of_day(NOW.date(), Calendar())
    )
    assert spans == [(600, 840), (900, 1140)]
    saturday = datetime(2026, 3, 14, tzinfo=UTC).date()
    assert list(hours("пн-пт 10:00-14:00, 15:00-19:00").of_day(saturday, Calendar())) == []
    assert list(hours("mon, wed 9:00-10:00").of_day(NOW.date(), Calendar())) == []
    assert list(hours("10:00-24:00").of_day(NOW.date(), Calendar())) == [(600, 1440)]


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("", "hours_form", 0),
        ("mon-fri", "hours_form", 0),
        ("mon-fri 10:00-19:00, sat", "hours_form", 20),
        ("fooday 10:00-19:00", "days_unknown", 0),
        ("mon 25:00-26:00", "window_form", 0),
        ("mon 22:00-06:00", "hours_over_midnight", 0),
    ],
)
def test_hours_that_cannot_be_read_say_where(text, code, offset):
    found = read_hours(text)
    assert isinstance(found, TimingProblem)
    assert (found.code, found.offset) == (code, offset)


def test_what_is_taken_is_not_free_even_by_a_part():
    first = free()[0]
    left = free(taken=[(first + timedelta(minutes=10), first + timedelta(minutes=40))])
    assert shown(left[:1]) == ["Thu 16:00"]


def test_six_are_offered_and_a_days_are_spread():
    times = free()
    assert shown(offer(times, MOSCOW)) == [
        f"Thu {h}" for h in ("15:00", "15:30", "16:00", "16:30", "17:00", "17:30")
    ]
    friday = days_of(times, MOSCOW)[1]
    assert shown(offer(times, MOSCOW, friday)) == [
        "Fri 10:00", "Fri 11:30", "Fri 13:30", "Fri 15:00", "Fri 17:00", "Fri 18:30"
    ]  # fmt: skip


def test_a_person_far_away_sees_their_own_days():
    assert shown(free()[:1], VLADIVOSTOK) == ["Thu 22:00"]
    friday = days_of(free(), VLADIVOSTOK)[1]
    assert shown(offer(free(), VLADIVOSTOK, friday), VLADIVOSTOK)[0] == "Fri 00:00"


def test_the_loser_of_a_race_gets_the_neighbours():
    times = free()
    lost = times.pop(10)
    assert shown([lost]) == ["Fri 11:00"]
    assert shown(neighbours(times, lost)) == [
        "Fri 10:00", "Fri 10:30", "Fri 11:30", "Fri 12:00", "Fri 12:30", "Fri 13:00"
    ]  # fmt: skip

"""Windows hold both their ends, quiet hours only the first."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from flows.calendar import Calendar, read_clock
from flows.timing_messages import TimingProblem
from flows.windows import (
    NEVER_QUIET,
    NIGHT,
    Days,
    QuietHours,
    Window,
    end_of_quiet,
    exclude_each_other,
    next_allowed_day,
    next_opening,
    read_days,
    read_quiet_hours,
    read_window,
)

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")
RU = Calendar("RU")


def at(text, where=MOSCOW):
    return datetime.fromisoformat(text).replace(tzinfo=where).astimezone(UTC)


@pytest.mark.parametrize(
    ("window", "clock", "inside"),
    [
        ("10:00-20:00", "10:00", True),
        ("10:00-20:00", "20:00", True),
        ("10:00-20:00", "09:59", False),
        ("10:00-20:00", "20:01", False),
        ("22:00-09:00", "22:00", True),
        ("22:00-09:00", "03:00", True),
        ("22:00-09:00", "09:00", True),
        ("22:00-09:00", "12:00", False),
        ("10:00 – 24:00", "23:59", True),
    ],
)
def test_both_ends_belong_to_a_window(window, clock, inside):
    assert read_window(window).includes(read_clock(clock)) is inside


@pytest.mark.parametrize(
    ("clock", "quiet"), [("21:59", False), ("22:00", True), ("08:59", True), ("09:00", False)]
)
def test_ten_in_the_evening_is_quiet_and_nine_in_the_morning_is_not(clock, quiet):
    assert read_quiet_hours("22:00-09:00") == NIGHT
    assert NIGHT.includes(read_clock(clock)) is quiet


def test_quiet_hours_can_be_off():
    assert read_quiet_hours("off") == NEVER_QUIET
    assert not any(NEVER_QUIET.includes(minute) for minute in range(1440))


def test_quiet_hours_may_lie_within_a_day():
    assert read_quiet_hours("13:00-14:00").includes(read_clock("13:30"))
    assert str(read_quiet_hours("13:00-14:00")) == "13:00-14:00"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("workdays", Days(workdays=True)),
        ("будни", Days(workdays=True)),
        (["workdays"], Days(workdays=True)),
        (["mon", "FRI"], Days(weekdays=(0, 4))),
        (["пн", "вт"], Days(weekdays=(0, 1))),
        ("mon-fri", Days(weekdays=(0, 1, 2, 3, 4))),
        (["сб-пн"], Days(weekdays=(0, 5, 6))),
    ],
)
def test_days_are_read(text, days):
    assert read_days(text) == days


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (read_window, "10-20", "window_form"),
        (read_window, "10:00-25:00", "window_form"),
        (read_quiet_hours, "night", "quiet_form"),
        (read_days, ["mon", "friday"], "days_unknown"),
        (read_days, ["workdays", "sat"], "days_unknown"),
        (read_days, ["mon-xyz"], "days_unknown"),
        (read_days, [], "days_empty"),
    ],
)
def test_what_cannot_be_read_is_a_problem(read, text, code):
    problem = read(text)
    assert isinstance(problem, TimingProblem)
    assert problem.code == code


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23 12:00", "2026-11-23 12:00"),
        ("2026-11-23 20:00:59", "2026-11-23 20:00:59"),
        ("2026-11-23 20:01", "2026-11-24 10:00"),
        ("2026-11-23 03:00", "2026-11-23 10:00"),
    ],
)
def test_outside_a_window_a_letter_waits_for_its_next_opening(moment, opening):
    assert next_opening(at(moment), Window(600, 1200), MOSCOW) == at(opening)


def test_a_window_wholly_in_a_missing_hour_opens_the_day_after():
    missing = Window(2 * 60 + 10, 2 * 60 + 40)
    assert next_opening(at("2026-03-28 22:00", BERLIN), missing, BERLIN) == at(
        "2026-03-30 02:10", BERLIN
    )


def test_a_window_that_begins_in_a_missing_hour_opens_with_the_first_valid_minute():
    moment = next_opening(at("2026-03-28 22:00", BERLIN), Window(150, 300), BERLIN)
    assert moment == at("2026-03-29 03:00", BERLIN)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-23 22:00", "2026-11-24 09:00"),
        ("2026-11-23 03:00", "2026-11-23 09:00"),
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 21:59", "2026-11-23 21:59"),
    ],
)
def test_what_is_held_by_quiet_hours_waits_for_their_end(moment, end):
    assert end_of_quiet(at(moment), NIGHT, MOSCOW) == at(end)


def test_quiet_hours_that_end_in_a_doubled_hour_last_through_it_once():
    quiet = QuietHours(22 * 60, 2 * 60 + 30)
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # the second 02:10 in Berlin
    assert end_of_quiet(second, quiet, BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_allowed_day_keeps_the_clock_time():
    moved = next_allowed_day(at("2026-11-21 12:30"), Days(workdays=True), MOSCOW, RU)
    assert moved == at("2026-11-23 12:30")


def test_days_that_never_come_are_none():
    assert next_allowed_day(at("2026-11-21 12:30"), Days(), MOSCOW, RU) is None


@pytest.mark.parametrize(
    ("days", "window", "quiet", "excluded"),
    [
        (None, Window(600, 1200), NIGHT, False),
        (None, Window(23 * 60, 8 * 60), NIGHT, True),
        (None, Window(23 * 60, 9 * 60), NIGHT, False),
        (None, None, NIGHT, False),
        (Days(weekdays=(6,)), None, None, False),
        (Days(), Window(600, 1200), None, True),
        (Days(workdays=True), None, None, False),
    ],
)
def test_rules_that_exclude_each_other_are_found(days, window, quiet, excluded):
    since = date(2026, 11, 22)
    assert exclude_each_other(days, window, quiet, calendar=RU, since=since) is excluded

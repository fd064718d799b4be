"""Every form of `when`, read, written back and counted out; and what becomes of the late."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.calendar import Calendar
from flows.late import SEND, SKIP, TWENTY_MINUTES, Late, default_late, read_late, verdict
from flows.timing_messages import MESSAGES, TimingProblem
from flows.when import (
    DayAt,
    Elapsed,
    FieldDayAt,
    FieldOffset,
    Moment,
    Now,
    WeekdayAt,
    WorkingDayAt,
    field_of,
    planned,
    read_when,
    written_when,
)

MOSCOW = ZoneInfo("Europe/Moscow")
VLADIVOSTOK = ZoneInfo("Asia/Vladivostok")
BERLIN = ZoneInfo("Europe/Berlin")

FORMS = [
    ("now", Now()),
    ("+2h", Elapsed(7_200)),
    ("+90m", Elapsed(5_400)),
    ("+1d 6h", Elapsed(30 * 3_600)),
    ("+3d", Elapsed(3 * 86_400)),
    ("+0m", Elapsed(0)),
    ("+1d 11:00", DayAt(1, 660)),
    ("+0d 9:05", DayAt(0, 545)),
    ("+3wd 11:00", WorkingDayAt(3, 660)),
    ("fri 18:30", WeekdayAt(4, 1110)),
    ("пт 18:30", WeekdayAt(4, 1110)),
    ("Mon 09:00", WeekdayAt(0, 540)),
    ("2026-12-10 19:00", Moment("2026-12-10", 1140)),
    ("2026-12-10T19:00", Moment("2026-12-10", 1140)),
    ("webinar_at", FieldOffset("webinar_at", 0)),
    ("webinar_at -15m", FieldOffset("webinar_at", -900)),
    ("webinar_at +2h", FieldOffset("webinar_at", 7_200)),
    ("webinar_at +0m", FieldOffset("webinar_at", 0)),
    ("webinar_at -1h 30m", FieldOffset("webinar_at", -5_400)),
    ("webinar_at +1d 12:00", FieldDayAt("webinar_at", 1, 720)),
    ("webinar_at -1d 12:00", FieldDayAt("webinar_at", -1, 720)),
    ("webinar_at −15m", FieldOffset("webinar_at", -900)),
]


@pytest.mark.parametrize(("text", "when"), FORMS)
def test_every_form_is_read(text, when):
    assert read_when(text) == when
    assert read_when(f"  {text} ") == when


@pytest.mark.parametrize("when", [when for _, when in FORMS])
def test_every_form_is_written_back_and_fits_json(when):
    assert read_when(written_when(when)) == when
    assert type(when)(**json.loads(json.dumps(asdict(when)))) == when


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("", "when_empty", 0),
        ("tomorrow 11:00 or so", "when_form", 0),
        ("12:00", "when_clock_alone", 0),
        ("2h", "when_sign", 0),
        ("1d 11:00", "when_sign", 0),
        ("-2h", "when_negative", 0),
        ("+3wd", "when_needs_clock", 4),
        ("fri", "when_needs_clock", 3),
        ("fri 25:00", "clock_form", 4),
        ("2026-12-10", "when_needs_clock", 10),
        ("2026-02-30 19:00", "when_date", 0),
        ("9999-12-31 19:00", "when_date", 0),
        ("+1d 25:00", "clock_form", 4),
        ("+1d 11:0", "clock_form", 4),
        (" +1d 25:00", "clock_form", 5),
        ("+9999d 11:00", "when_far", 1),
        ("+2x", "duration_unit", 2),
        ("+9999d", "duration_long", 1),
        ("webinar_at -15", "duration_form", 12),
        ("webinar_at -1d 25:00", "clock_form", 15),
        ("webinar_at -1wd 12:00", "when_working_field", 11),
        ("Webinar -15m", "when_form", 0),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_place(text, code, offset):
    problem = read_when(text)
    assert isinstance(problem, TimingProblem)
    assert (problem.code, problem.offset) == (code, offset)
    assert all(text.format(**problem.params) for text in MESSAGES[code])


@settings(deadline=None)
@given(st.text(alphabet="now+-123dwhm :fri_пт", max_size=20))
def test_any_text_is_a_when_or_a_problem_and_reads_back(text):
    when = read_when(text)
    if not isinstance(when, TimingProblem):
        assert read_when(written_when(when)) == when


def at(text, where=MOSCOW):
    return datetime.fromisoformat(text).replace(tzinfo=where).astimezone(UTC)


def plan(text, previous, person=MOSCOW, funnel=MOSCOW, field=None):
    return planned(
        read_when(text),
        previous=previous,
        person_zone=person,
        funnel_zone=funnel,
        calendar=Calendar("RU"),
        field_value=field,
    )


def test_who_enters_at_two_in_the_night_gets_tomorrows_letter_after_33_hours():
    start = at("2026-11-23 02:00")
    assert plan("+1d 11:00", start) - start == timedelta(hours=33)


def test_late_evening_in_vladivostok():
    start = at("2026-03-05 23:40", VLADIVOSTOK)
    assert plan("+1d 11:00", start, VLADIVOSTOK) == at("2026-03-06 11:00", VLADIVOSTOK)


@pytest.mark.parametrize(
    ("text", "previous", "expected"),
    [
        ("now", "2026-11-23 12:00", "2026-11-23 12:00"),
        ("+2h", "2026-11-23 12:00", "2026-11-23 14:00"),
        ("+1d 6h", "2026-11-23 12:00", "2026-11-24 18:00"),
        ("+0d 11:00", "2026-11-23 12:00", "2026-11-23 11:00"),
        ("+2d 12:00", "2026-11-23 23:59", "2026-11-25 12:00"),
        ("+3wd 11:00", "2026-11-20 12:00", "2026-11-25 11:00"),
        ("+1wd 11:00", "2025-12-30 12:00", "2026-01-12 11:00"),
        ("fri 18:30", "2026-11-27 18:29", "2026-11-27 18:30"),
        ("fri 18:30", "2026-11-27 18:30", "2026-12-04 18:30"),
        ("fri 18:30", "2026-11-28 10:00", "2026-12-04 18:30"),
    ],
)
def test_a_letter_is_counted_from_the_previous_ones_planned_moment(text, previous, expected):
    assert plan(text, at(previous)) == at(expected)


def test_an_absolute_moment_is_in_the_funnels_zone():
    moment = plan("2026-12-10 19:00", at("2026-11-23 12:00"), VLADIVOSTOK, MOSCOW)
    assert moment == at("2026-12-10 19:00", MOSCOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("webinar_at -15m", "2026-12-10 18:45"),
        ("webinar_at +25m", "2026-12-10 19:25"),
        ("webinar_at -1d", "2026-12-09 19:00"),
    ],
)
def test_a_field_letter_counts_from_the_field(text, expected):
    assert plan(text, at("2026-11-23 12:00"), field=at("2026-12-10 19:00")) == at(expected)


def test_a_field_letter_with_a_clock_takes_the_day_in_the_persons_zone():
    webinar = at("2026-12-10 19:00", MOSCOW)  # 02:00 of the 11th in Vladivostok
    moment = plan("webinar_at -1d 12:00", webinar, VLADIVOSTOK, MOSCOW, field=webinar)
    assert moment == at("2026-12-10 12:00", VLADIVOSTOK)


def test_an_empty_field_parks_its_letters():
    assert plan("webinar_at -15m", at("2026-11-23 12:00")) is None
    assert plan("webinar_at +1d 12:00", at("2026-11-23 12:00")) is None


def test_24_hours_are_24_hours_over_a_clock_change_and_tomorrow_at_ten_is_at_ten():
    start = at("2026-03-28 10:00", BERLIN)
    assert plan("+24h", start, BERLIN) - start == timedelta(hours=24)
    assert plan("+1d 10:00", start, BERLIN) - start == timedelta(hours=23)


def test_elapsed_time_is_true_even_for_a_moment_told_in_a_zone():
    start = datetime(2026, 3, 28, 10, tzinfo=BERLIN)
    assert plan("+24h", start, BERLIN) == at("2026-03-29 11:00", BERLIN)


def test_wall_clock_letters_follow_the_person_and_elapsed_ones_do_not():
    start = at("2026-11-23 12:00")
    assert plan("+1d 11:00", start, VLADIVOSTOK) == at("2026-11-24 11:00", VLADIVOSTOK)
    assert plan("+2h", start, VLADIVOSTOK) == plan("+2h", start, MOSCOW)


def test_a_field_letter_names_its_field():
    assert field_of(read_when("webinar_at -15m")) == "webinar_at"
    assert field_of(read_when("now")) is None


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("skip", SKIP),
        ("send", SEND),
        ("send within 20m", Late("within", 1_200)),
        ("send within 1h 30m", Late("within", 5_400)),
    ],
)
def test_a_late_rule_is_read_and_written_back(text, late):
    assert read_late(text) == late
    assert str(late) == text


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("never", "late_form", 0),
        ("send within", "late_form", 0),
        ("send within 20x", "duration_unit", 14),
    ],
)
def test_a_bad_late_rule_is_a_problem(text, code, offset):
    problem = read_late(text)
    assert (problem.code, problem.offset) == (code, offset)


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("+2h", SEND),
        ("+1d 11:00", SEND),
        ("+3wd 11:00", SEND),
        ("fri 18:30", SEND),
        ("now", SEND),
        ("+0d 11:00", TWENTY_MINUTES),
        ("2026-12-10 19:00", TWENTY_MINUTES),
        ("webinar_at -15m", TWENTY_MINUTES),
        ("webinar_at +1d 12:00", TWENTY_MINUTES),
    ],
)
def test_each_form_has_its_default(text, late):
    assert default_late(read_when(text)) == late


@pytest.mark.parametrize(
    ("late", "minutes_past", "at_entry", "expected"),
    [
        (SEND, 9_999, False, "send"),
        (SKIP, 0, False, "send"),
        (SKIP, -5, False, "send"),
        (SKIP, 1, False, "skip"),
        (TWENTY_MINUTES, 1, True, "skip"),
        (TWENTY_MINUTES, 0, True, "send"),
        (TWENTY_MINUTES, 20, False, "send"),
        (TWENTY_MINUTES, 20.1, False, "skip"),
        (Late("within", 600), 10, True, "send"),
        (Late("within", 600), 11, True, "skip"),
    ],
)
def test_the_late_rule_is_inclusive(late, minutes_past, at_entry, expected):
    due = at("2026-11-23 12:00")
    now = due + timedelta(minutes=minutes_past)
    assert verdict(late, due=due, now=now, at_entry=at_entry) == expected

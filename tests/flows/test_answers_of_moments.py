"""Days, times, moments and ratings are read as people type them, by the person's clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.answers import TYPES, AnswerProblem, Asked, answer_of, hint
from flows.answers.answer import Bad
from flows.matching import words
from flows.values import show

EKATERINBURG = ZoneInfo("Asia/Yekaterinburg")
ASKED = Asked("ru", datetime(2026, 3, 4, 20, 0, tzinfo=UTC), EKATERINBURG)
"""Thursday, 5 March, one in the morning there; Wednesday evening in Greenwich."""


def read(name, typed, **options):
    return answer_of(name, options).read(typed, ASKED)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("сегодня", "2026-03-05"),
        ("завтра", "2026-03-06"),
        ("Завтра!", "2026-03-06"),
        ("послезавтра", "2026-03-07"),
        ("вчера", "2026-03-04"),
        ("tomorrow", "2026-03-06"),
        ("day after tomorrow", "2026-03-07"),
        ("в пятницу", "2026-03-06"),
        ("в четверг", "2026-03-12"),
        ("в эту субботу", "2026-03-07"),
        ("во вторник", "2026-03-10"),
        ("пт", "2026-03-06"),
        ("on friday", "2026-03-06"),
        ("next friday", "2026-03-13"),
        ("в следующую среду", "2026-03-11"),
        ("через 3 дня", "2026-03-08"),
        ("через неделю", "2026-03-12"),
        ("in two weeks", "2026-03-19"),
        ("25.12", "2026-12-25"),
        ("25.12.2026", "2026-12-25"),
        ("25.12.26", "2026-12-25"),
        ("25.12.85", "1985-12-25"),
        ("25/12/2026", "2026-12-25"),
        ("12/25/2026", "2026-12-25"),
        ("25-12-2026", "2026-12-25"),
        ("2026-12-25", "2026-12-25"),
        ("25 декабря", "2026-12-25"),
        ("25-го декабря", "2026-12-25"),
        ("10 мая 2027 года", "2027-05-10"),
        ("25 Dec 2026", "2026-12-25"),
        ("December 25, 2026", "2026-12-25"),
        ("Dec 25th", "2026-12-25"),
        ("25 числа", "2026-03-25"),
        ("4-го", "2026-04-04"),
        ("5.3", "2026-03-05"),
        ("4 марта", "2027-03-04"),
        ("1.2", "2027-02-01"),
        ("29.02", "2028-02-29"),
        ("давайте завтра", "2026-03-06"),
    ],
)
def test_a_day_is_read(typed, day):
    assert read("date", typed) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31.02", "date_none"),
        ("31.02.2026", "date_none"),
        ("29.02.2027", "date_none"),
        ("0.0", "date_none"),
        ("1.1.9999", "date_none"),
        ("5", "date_form"),
        ("2026", "date_form"),
        ("12:30", "date_form"),
        ("10,5", "date_form"),
        ("марта", "date_form"),
        ("в конце марта", "date_form"),
        ("когда-нибудь", "date_form"),
        ("через 99999 недель", "date_form"),
        ("", "date_form"),
        ("1" * 5000, "date_form"),
    ],
)
def test_what_is_no_day_is_refused(typed, code):
    assert read("date", typed).code == code


def test_bounds_of_a_day_belong_to_the_days_allowed():
    assert read("date", "сегодня", min="today") == date(2026, 3, 5)
    assert read("date", "вчера", min="today") == Bad("date_min", {"min": "05.03.2026"})
    assert read("date", "4.04", max="+30d") == date(2026, 4, 4)
    assert read("date", "5.04", max="+30d").code == "date_max"
    assert read("date", "31.12.2026", max="2026-12-31") == date(2026, 12, 31)
    assert answer_of("date", {"min": "2026-12-31", "max": "2026-01-01"}).code == "answer_min_max"


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("18:30", "18:30"),
        ("18.30", "18:30"),
        ("18-30", "18:30"),
        ("18 30", "18:30"),
        ("1830", "18:30"),
        ("18ч30", "18:30"),
        ("18 часов 30 минут", "18:30"),
        ("в 7 вечера", "19:00"),
        ("7 утра", "07:00"),
        ("3 часа дня", "15:00"),
        ("в час дня", "13:00"),
        ("1 ночи", "01:00"),
        ("12 ночи", "00:00"),
        ("в семь", "07:00"),
        ("в 7", "07:00"),
        ("полвосьмого", "07:30"),
        ("половина восьмого вечера", "19:30"),
        ("полдень", "12:00"),
        ("полночь", "00:00"),
        ("7pm", "19:00"),
        ("7:30 pm", "19:30"),
        ("7:30pm", "19:30"),
        ("7 p.m.", "19:00"),
        ("12 am", "00:00"),
        ("12 pm", "12:00"),
        ("half past seven", "07:30"),
        ("7 o'clock", "07:00"),
        ("noon", "12:00"),
        ("24:00", "00:00"),
    ],
)
def test_a_time_is_read(typed, at):
    assert read("time", typed) == time.fromisoformat(at)


@pytest.mark.parametrize(
    "typed", ["25:00", "18:60", "завтра", "", "утра", "7/30", "-5", "1,5", "18:30:15:20", "9" * 99]
)
def test_what_is_no_time_is_refused(typed):
    assert read("time", typed) == Bad("time_form")


def test_bounds_of_a_time_belong_to_the_times_allowed():
    assert read("time", "20:00", min="10:00", max="20:00") == time(20)
    assert read("time", "20:01", min="10:00", max="20:00") == Bad(
        "time_between", {"min": "10:00", "max": "20:00"}
    )
    assert answer_of("time", {"min": "20:00", "max": "10:00"}).code == "answer_min_max"


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("завтра в 18:30", "2026-03-06 18:30"),
        ("18:30 завтра", "2026-03-06 18:30"),
        ("25.12 18:30", "2026-12-25 18:30"),
        ("25.12.2026, 18:30", "2026-12-25 18:30"),
        ("25 декабря 2026 18:30", "2026-12-25 18:30"),
        ("25 декабря в 7 вечера", "2026-12-25 19:00"),
        ("в 18:30 25.12", "2026-12-25 18:30"),
        ("2026-12-25 18:30", "2026-12-25 18:30"),
        ("2026-12-25T18:30", "2026-12-25 18:30"),
        ("в пятницу в полдень", "2026-03-06 12:00"),
        ("on friday at 7pm", "2026-03-06 19:00"),
        ("в 7 вечера", "2026-03-05 19:00"),
        ("00:30", "2026-03-06 00:30"),
        ("через 2 часа", "2026-03-05 03:00"),
        ("через полчаса", "2026-03-05 01:30"),
        ("in 30 minutes", "2026-03-05 01:30"),
        ("in an hour", "2026-03-05 02:00"),
    ],
)
def test_a_moment_is_read_by_the_persons_clock(typed, moment):
    found = read("datetime", typed)
    assert found.astimezone(EKATERINBURG).strftime("%Y-%m-%d %H:%M") == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("завтра", "datetime_time"),
        ("25.12", "datetime_time"),
        ("31.02 18:30", "date_none"),
        ("как-нибудь", "datetime_form"),
        ("завтра в 25:00", "datetime_form"),
        ("", "datetime_form"),
        ("1 " * 500, "datetime_form"),
    ],
)
def test_what_is_no_moment_is_refused(typed, code):
    assert read("datetime", typed).code == code


def test_a_moment_in_a_missing_hour_is_the_first_valid_minute():
    berlin = Asked("ru", datetime(2026, 3, 1, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    found = answer_of("datetime").read("29.03 02:30", berlin)
    assert found == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_bounds_of_a_moment_are_days():
    assert read("datetime", "вчера 18:30", min="today").code == "date_min"
    assert isinstance(read("datetime", "сегодня 18:30", min="today", max="today"), datetime)


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("5", 5),
        ("1", 1),
        ("пять", 5),
        ("пятёрка", 5),
        ("5 баллов", 5),
        ("5+", 5),
        ("4 из 5", 4),
        ("4/5", 4),
        ("⭐⭐⭐", 3),
        ("★★★★★", 5),
        ("five", 5),
    ],
)
def test_a_rating_is_read(typed, mark):
    assert read("rating", typed) == mark


@pytest.mark.parametrize("typed", ["0", "6", "10/10", "отлично", "", "⭐" * 6, "5 4", "-"])
def test_what_is_no_rating_is_refused(typed):
    assert read("rating", typed) == Bad("rating_form", {"max": "5"})


def test_a_rating_goes_up_to_five_or_ten():
    assert read("rating", "10", max="10") == 10
    assert answer_of("rating", {"max": "10"}).buttons("ru")[-1] == "10"
    assert answer_of("rating", {"max": "7"}).code == "answer_rating_max"


PIECES = st.sampled_from(
    [
        *words(
            "завтра в на через пятницу следующую декабря числа вечера час дня полдень неделю дней"
        ),
        *words(
            "december of th pm am next week пол полвосьмого из го 25 12 2026 0 31 2 29 99999 7"
        ),
        *(".", ":", "/", "-", ",", "T", "+", "18:30", "⭐", "  "),
    ]
)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_no_text_makes_a_reader_fail(name):
    answer = answer_of(name, {"team": "sales"} if name == "slot" else {})
    assert not isinstance(answer, AnswerProblem)

    @settings(deadline=None, max_examples=300)
    @given(st.lists(PIECES, max_size=8), st.sampled_from(["", " ", "."]), st.datetimes(
        datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
    ))  # fmt: skip
    def check(pieces, between, now):
        for language in ("ru", "en"):
            asked = Asked(language, now, EKATERINBURG)
            value = answer.read(between.join(pieces), asked)
            if isinstance(value, Bad):
                assert hint(answer, value, language)
            else:
                assert show(value, language, EKATERINBURG)

    check()


@given(st.dates(date(2026, 3, 5), date(2150, 1, 1)))
def test_a_day_that_was_shown_is_read_again(day):
    for language in ("ru", "en"):
        assert read("date", show(day, language)) == day


@given(st.times())
def test_a_time_that_was_shown_is_read_again(at):
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    assert read("time", show(at, "ru")) == at

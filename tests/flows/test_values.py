"""Values: what is empty, equal, ordered and how each is printed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.values import (
    MAX_TEXT,
    at_most,
    calculate,
    clean,
    contains,
    is_empty,
    is_true,
    less,
    same,
    show,
)

MOSCOW = ZoneInfo("Europe/Moscow")
WITHOUT_ZONE = datetime.fromisoformat("2026-12-10T16:00")
EMPTIES = [None, "", [], (), set(), frozenset()]
FILLED = [
    0,
    1,
    2.5,
    True,
    False,
    "а",
    ["а"],
    {"а"},
    date(2026, 1, 1),
    WITHOUT_ZONE,
    time(),
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.datetimes(timezones=st.just(UTC))
    | st.times()
)
values = scalars | st.lists(scalars, max_size=4) | st.frozensets(scalars, max_size=4)


class Colour(StrEnum):
    RED = "red"


class Hostile:
    def __str__(self):
        raise AssertionError("nothing of a stranger's class is called")

    __repr__ = __eq__ = __hash__ = __bool__ = __len__ = __str__


@pytest.mark.parametrize("value", EMPTIES)
def test_empty_values_are_false_and_print_as_nothing(value):
    assert is_empty(value)
    assert not is_true(value)
    assert show(value, "ru") == ""


@pytest.mark.parametrize("value", FILLED)
def test_filled_values_are_true_save_the_boolean_no(value):
    assert not is_empty(value)
    assert is_true(value) is (value is not False)


@pytest.mark.parametrize("left", EMPTIES)
@pytest.mark.parametrize("right", EMPTIES)
def test_empties_are_equal_and_unordered(left, right):
    assert same(left, right)
    assert not less(left, right)
    assert not at_most(left, right)
    assert not contains(left, right)


@pytest.mark.parametrize("empty", EMPTIES)
@pytest.mark.parametrize("filled", FILLED)
def test_the_empty_beside_the_filled(empty, filled):
    assert not same(empty, filled)
    for left, right in ((empty, filled), (filled, empty)):
        assert not less(left, right)
        assert not at_most(left, right)
        assert all(calculate(sign, left, right) is None for sign in "+-*/")


def test_kinds_are_never_equal_to_each_other():
    assert not same(1, "1")
    assert not same(1, True)
    assert not same("а", ["а"])
    assert same(1, 1.0)
    assert same({"а", "б"}, ["б", "а"])
    assert not same(["а", "б"], ["б", "а"])
    assert not same([["а"]], [["а"]])


def test_numbers():
    assert calculate("+", 0.1, 0.2) == pytest.approx(0.3)
    assert same(calculate("+", 0.1, 0.2), 0.3)
    assert same(calculate("*", calculate("/", 10, 3), 3), 10)
    assert calculate("/", 6, 2) == 3
    assert type(calculate("/", 6, 2)) is int
    assert calculate("/", 1, 0) is None
    assert calculate("*", 10**15, 10**15) is None
    assert calculate("+", True, 1) is None
    assert calculate("+", "1", 1) is None


def test_order():
    assert less(1, 1.5)
    assert at_most(2, 2.0)
    assert less("анна", "Борис")
    assert at_most("анна", "Анна")
    assert not less(1, "2")
    assert not less("1", 2)
    assert not less(False, True)
    assert not at_most(True, True)
    assert not at_most(["а"], ["а"])


def test_moments_compare_by_the_clock_and_with_a_day_by_the_day():
    moment = datetime(2026, 12, 10, 19, tzinfo=MOSCOW)
    assert same(moment, datetime(2026, 12, 10, 16, tzinfo=UTC))
    assert less(moment, moment + timedelta(seconds=1))
    assert same(moment, date(2026, 12, 10))
    assert less(date(2026, 12, 9), moment)
    assert not same(moment, WITHOUT_ZONE)
    assert not less(moment, WITHOUT_ZONE + timedelta(days=1))
    assert not same(time(19), moment)
    assert less(time(9), time(19))


def test_in():
    assert contains(["а", 1], 1)
    assert not contains(["а", 1], True)
    assert not contains({"vip"}, ["vip"])
    assert contains("Москва", "оск")
    assert not contains("12", 1)
    assert not contains(5, 5)


def test_only_the_languages_own_values_pass():
    assert clean(Hostile()) is None
    assert clean(Colour.RED) is None
    assert clean({"a": 1}) is None
    assert clean(b"a") is None
    assert clean(float("nan")) is None
    assert clean(float("inf")) is None
    assert clean(10**5000) is None
    assert len(clean("я" * 10**6)) == MAX_TEXT
    assert show(Hostile(), "ru") == ""
    assert show([Hostile(), "а"], "ru") == "а"


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (0, "0", "0"),
        (-0.0, "0", "0"),
        (2.5, "2,5", "2.5"),
        (3.0, "3", "3"),
        (1e-7, "0,0000001", "0.0000001"),
        (1e15, "1000000000000000", "1000000000000000"),
        (True, "да", "yes"),
        (False, "нет", "no"),
        ("а", "а", "а"),
        (["а", 2.5, None, ["б"]], "а, 2,5", "а, 2.5"),
        ({"б", "а"}, "а, б", "а, б"),
        (date(2026, 12, 10), "10.12.2026", "2026-12-10"),
        (datetime(2026, 12, 10, 16, tzinfo=UTC), "10.12.2026 19:00", "2026-12-10 19:00"),
        (WITHOUT_ZONE, "10.12.2026 16:00", "2026-12-10 16:00"),
        (time(9, 5), "09:05", "09:05"),
    ],
)
def test_printing(value, ru, en):
    assert show(value, "ru", MOSCOW) == ru
    assert show(value, "en", MOSCOW) == en


def test_what_no_messenger_takes_is_not_printed():
    assert show("а\x00б\x1b\u202eв\ud800", "ru") == "абв\ufffd"
    assert show("а\nб\tв", "ru") == "а\nб\tв"


def test_huge_lists_are_cut():
    assert len(show(["x" * 1000] * 10**5, "ru")) == MAX_TEXT


def test_a_moment_at_the_end_of_time_is_still_printed():
    assert show(datetime.max.replace(tzinfo=UTC), "ru", MOSCOW) == "31.12.9999 23:59"


@given(values, values)
@settings(max_examples=200)
def test_every_pair_of_values_is_answered(left, right):
    left, right = clean(left), clean(right)
    assert same(left, right) is same(right, left)
    assert not (less(left, right) and less(right, left))
    assert not (less(left, right) and same(left, right))
    contains(left, right)
    for sign in "+-*/":
        assert clean(calculate(sign, left, right)) == calculate(sign, left, right)
    assert len(show(left, "ru").encode()) >= len(show(left, "ru"))


@given(values)
@settings(max_examples=200)
def test_a_value_equals_itself(value):
    value = clean(value)
    assert same(value, value)

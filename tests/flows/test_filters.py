"""Every filter of the language, with filled, empty and unfit values."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.expression_messages import ExpressionRefused, explain
from flows.filters import FILTERS, is_pattern
from flows.templates import compile_text
from flows.values import Frame

RU = Frame("ru", ZoneInfo("Asia/Vladivostok"))
EN = Frame("en", ZoneInfo("Asia/Vladivostok"))
EVENING = datetime(2026, 12, 10, 16, 30, tzinfo=UTC)


def shown(expression, frame=RU, **context):
    return compile_text(f"{{{{ {expression} }}}}").words(context, frame)


@pytest.mark.parametrize(
    ("expression", "x", "expected"),
    [
        ('x | default("друг")', None, "друг"),
        ('x | default("друг")', "", "друг"),
        ('x | default("друг")', "Анна", "Анна"),
        ('x | default("нет")', 0, "0"),
        ("x | default(y)", None, "игрек"),
        ('x | prefix(", ")', "Анна", ", Анна"),
        ('x | prefix(", ")', "", ""),
        ('x | prefix("№ ")', 0, "№ 0"),
        ('x | suffix("!")', "Анна", "Анна!"),
        ('x | suffix("!")', None, ""),
        ("x | upper", "анна", "АННА"),
        ("x | lower", "АННА", "анна"),
        ("x | capitalize", "анна Мария", "Анна Мария"),
        ("x | capitalize", None, ""),
        ("x | round", 2.5, "3"),
        ("x | round", -2.5, "-3"),
        ("x | round(2)", 1.005, "1,01"),
        ("x | round(2)", 1.5, "1,5"),
        ("x | round", "пять", "пять"),
        ("x | round", None, ""),
        ("x | round + 1", 2.4, "3"),
        ("x | money", 140000, "140\u00a0000\u00a0₽"),
        ("x | money", 99.9, "99,90\u00a0₽"),
        ("x | money", 0, "0\u00a0₽"),
        ("x | money", None, ""),
        ("x | money", "дорого", "дорого"),
        ('x | plural("день", "дня", "дней")', None, ""),
        ('x | plural("день", "дня", "дней")', "5", ""),
        ("x | phone", "+79161234567", "+7 916 123-45-67"),
        ("x | phone", "89161234567", "+7 916 123-45-67"),
        ("x | phone", "+14155552671", "+1 415-555-2671"),
        ("x | phone", "позвоните мне 89161234567", "позвоните мне 89161234567"),
        ("x | phone", "00000", "00000"),
        ("x | phone", None, ""),
        ("x | join", ["а", "б"], "а, б"),
        ('x | join(" и ")', ["а", 2.5, None], "а и 2,5"),
        ('x | join(", ")', {"б", "а"}, "а, б"),
        ('x | join(", ")', [], ""),
        ('x | join(", ")', "слово", "слово"),
        ('x | upper | prefix("— ") | default("нет")', "да", "— ДА"),
        ('x | upper | prefix("— ") | default("нет")', None, "нет"),
    ],
)
def test_filters(expression, x, expected):
    assert shown(expression, x=x, y="игрек") == expected


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "дней"),
        (1, "день"),
        (2, "дня"),
        (5, "дней"),
        (11, "дней"),
        (21, "день"),
        (104, "дня"),
        (112, "дней"),
        (5.0, "дней"),
        (1.5, "дня"),
        (-1, "день"),
    ],
)
def test_russian_plurals(number, word):
    assert shown('x | plural("день", "дня", "дней")', x=number) == word


@pytest.mark.parametrize(("number", "word"), [(0, "days"), (1, "day"), (2, "days"), (1.5, "days")])
def test_english_plurals(number, word):
    assert shown('x | plural("day", "days")', EN, x=number) == word


def test_dates_stand_in_the_persons_zone_and_the_funnels_language():
    assert shown('x | date("d MMMM")', x=EVENING) == "11 декабря"
    assert shown('x | date("EEEE, d MMMM y")', EN, x=EVENING) == "Friday, 11 December 2026"
    assert shown('x | date("d MMMM")', x=date(2026, 3, 1)) == "1 марта"
    assert shown('x | date("d MMMM")', x="скоро") == "скоро"
    assert shown('x | date("d MMMM")', x=None) == ""
    assert shown("x | date(\"d MMMM 'года'\")", x=date(2026, 3, 1)) == "1 марта года"


def test_times():
    assert shown("x | time", x=EVENING) == "02:30"
    assert shown("x | time", x=time(9, 5)) == "09:05"
    assert shown("x | time", x=None) == ""
    assert shown("x | time", x="утром") == "утром"


@pytest.mark.parametrize(
    ("gender", "word"), [("m", "рад"), ("f", "рада"), ("", "рады"), ("male", "рад")]
)
def test_gender_of_the_person(gender, word):
    frame = Frame("ru", UTC, gender)
    assert shown('name | gender("рад", "рада", "рады")', frame, name="Саша") == word
    assert shown('name | gender("рад", "рада", "рады")', frame) == word


def test_gender_of_an_answer():
    assert shown('sex | gender("рад", "рада", "рады")', sex="Женский") == "рада"


def test_english_money():
    assert shown("x | money", EN, x=1999.5) == "1\u00a0999.50\u00a0₽"


@pytest.mark.parametrize(
    "expression",
    [
        "x | default",
        "x | prefix",
        "x | prefix(y)",
        "x | prefix(1)",
        "x | upper(1)",
        "x | round(1.5)",
        "x | round(10)",
        "x | round(true)",
        'x | plural("день")',
        'x | plural("день", 2)',
        "x | date",
        'x | date("")',
        'x | date("yyyyyy")',
        'x | date("%d.%m")',
        'x | date("d \'x")',
        'x | date("Q")',
        'x | gender("рад", "рада")',
        "x | join(y)",
        'x | money("EUR")',
    ],
)
def test_arguments_are_checked_when_the_text_is_read(expression):
    with pytest.raises(ExpressionRefused) as refused:
        shown(expression)
    (problem,) = refused.value.problems
    assert (problem.code, problem.offset) == ("filter-arguments", 7)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("defualt", "Did you mean “default”?"), ("length", f"There are: {', '.join(FILTERS)}.")],
)
def test_an_unknown_filter_is_explained(name, hint):
    with pytest.raises(ExpressionRefused) as refused:
        shown(f"x | {name}")
    (problem,) = refused.value.problems
    assert explain(problem, "en") == (f"There is no filter “{name}”.", hint)


def test_the_table_is_whole():
    used = {use.partition("(")[0] for use in USES}
    assert set(FILTERS) == used


@given(st.text(alphabet="yMdEHhmsaQ'%. -", max_size=45))
@settings(max_examples=200)
def test_a_pattern_that_is_accepted_formats(pattern):
    if is_pattern(pattern):
        FILTERS["date"].apply(EVENING, (pattern,), RU)


anything = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e15, 1e15)
    | st.text(max_size=20)
    | st.lists(st.text(max_size=3), max_size=3)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.times()
)
USES = [
    'default("а")',
    'prefix("а")',
    'suffix("а")',
    "upper",
    "lower",
    "capitalize",
    "round",
    "round(9)",
    "money",
    'plural("а", "б", "в")',
    'date("EEEE d MMMM y HH:mm")',
    "time",
    "phone",
    'gender("а", "б", "в")',
    'join("/")',
]


@given(anything, st.sampled_from(USES), st.sampled_from(USES), st.sampled_from([RU, EN]))
@settings(max_examples=200)
def test_no_filter_ever_fails(value, first, second, frame):
    assert isinstance(shown(f"x | {first} | {second}", frame, x=value), str)


@pytest.mark.parametrize("pattern", ["HHH", "ddd", "mmm", "cc", "LLLLLL", "yyyyyy"])
def test_a_pattern_with_a_letter_too_often_is_refused(pattern):
    assert not is_pattern(pattern)

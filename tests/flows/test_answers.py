"""Typed answers are read as a person means them, and refused with a hint."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import answers
from flows.answers import TYPES, AnswerProblem, answer_of, hint, option_types
from flows.answers.answer import Asked, Bad
from flows.answers.option_messages import MESSAGES

LANGUAGES = ("ru", "en")


def read(name, typed, language="ru", **options):
    return answer_of(name, options).read(typed, Asked(language))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("8 (912) 345-67-89", "+79123456789"),
        ("9161234567", "+79161234567"),
        ("7 999 123-45-67", "+79991234567"),
        ("тел.+7(916)1234567!", "+79161234567"),
        ("мой номер 8912 3456789, звоните после 6", "+79123456789"),
        ("٨٩١٢٣٤٥٦٧٨٩", "+79123456789"),
        ("89123456789 доб. 12", "+79123456789"),
        ("8 10 49 30 123456", "+4930123456"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+7 701 123 45 67", "+77011234567"),
        ("8 800 555 35 35 или 8 916 123 45 67", "+79161234567"),
    ],
)
def test_a_phone_is_read_as_e164(typed, number):
    assert read("phone", typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("8-800-555-35-35", "phone_toll_free"),
        ("+7999123456", "phone_form"),
        ("позвоните мне", "phone_form"),
        ("112", "phone_form"),
        ("", "phone_form"),
        ("9" * 5000, "phone_form"),
    ],
)
def test_what_is_no_contact_is_refused(typed, code):
    assert read("phone", typed) == Bad(code)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("anna@example.ru", "anna@example.ru"),
        ("Anna@Example.RU", "Anna@example.ru"),
        ("моя почта <anna@example.ru>, пишите", "anna@example.ru"),
        ("mailto:anna@example.ru.", "anna@example.ru"),
        ("почта@домен.рф", "почта@домен.рф"),
    ],
)
def test_an_email_is_read(typed, address):
    assert read("email", typed) == address


@pytest.mark.parametrize(
    "typed", ["anna", "anna@", "@anna", "anna@localhost", "a b@", "", "@" * 999]
)
def test_what_is_no_email_is_refused(typed):
    assert read("email", typed) == Bad("email_form")


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("3", "", 3),
        ("2,5", "", 2.5),
        ("2.5 метра", "м", 2.5),
        ("2,5 метра", "м", 2.5),
        ("250 см", "м", 2.5),
        ("2 м 50 см", "м", 2.5),
        ("3см", "м", 0.03),
        ("около 3", "м", 3),
        ("1 кг 200 г", "кг", 1.2),
        ("20 кв. м", "м²", 20),
        ("6 соток", "м²", 600),
        ("140\u00a0000 ₽", "₽", 140_000),
        ("50 тыс. руб", "₽", 50_000),
        ("1,5 млн", "₽", 1_500_000),
        ("−5", "", -5),
        ("3 шт", "шт", 3),
        ("٣", "", 3),
    ],
)
def test_a_number_is_read_in_its_unit(typed, unit, number):
    value = read("number", typed, unit=unit)
    assert value == number
    assert isinstance(value, int) is isinstance(number, int)


def test_an_english_comma_parts_thousands():
    assert read("number", "1,000", "en") == 1000
    assert read("number", "1,000.5", "en") == 1000.5
    assert read("number", "2,5", "en") == 2.5


@pytest.mark.parametrize(
    ("typed", "options", "code"),
    [
        ("много", {}, "number_form"),
        ("5-6", {}, "number_form"),
        ("12:30", {}, "number_form"),
        ("01.02.2026", {}, "number_form"),
        ("1/2", {}, "number_form"),
        ("A4", {}, "number_form"),
        ("2 см 50 м", {}, "number_form"),
        ("9" * 4000, {}, "number_form"),
        ("3 кг", {"unit": "м"}, "number_unit"),
        ("0", {"min": "1"}, "number_min"),
        ("13", {"max": "12"}, "number_max"),
        ("13", {"min": "1", "max": "12"}, "number_between"),
        ("13 м", {"min": "1", "max": "12,5", "unit": "м"}, "number_between"),
    ],
)
def test_a_bad_number_is_refused(typed, options, code):
    assert read("number", typed, **options).code == code


def test_bounds_belong_to_the_numbers_allowed():
    assert read("number", "0.1", min="0.1") == 0.1
    assert read("integer", "12", min="1", max="12") == 12


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("25", 25),
        ("мне 25 лет", 25),
        ("2,0", 2),
        ("2,5", Bad("integer_whole")),
        ("от 2 до 3", Bad("number_form")),
        ("", Bad("number_form")),
    ],
)
def test_an_integer_is_whole(typed, value):
    assert read("integer", typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Да", True),
        ("да, конечно!", True),
        ("Yes please", True),
        ("+", True),
        ("👍", True),
        ("нет", False),
        ("Нет, спасибо", False),
        ("не хочу", False),
        ("no", False),
        ("да нет", Bad("yes_no_form")),
        ("хочу", Bad("yes_no_form")),
        ("спасибо", Bad("yes_no_form")),
        ("", Bad("yes_no_form")),
    ],
)
def test_yes_and_no_are_understood(typed, value):
    assert read("yes_no", typed) == value


NEEDED = {"slot": {"team": "sales"}}
"""Options without which a type makes no sense."""


def test_only_yes_no_and_ratings_bring_buttons():
    assert answer_of("yes_no").buttons("ru") == ("Да", "Нет")
    assert answer_of("yes_no").buttons("en") == ("Yes", "No")
    assert all(
        not answer_of(name, NEEDED.get(name)).buttons("ru")
        for name in TYPES
        if name not in ("yes_no", "rating")
    )


@pytest.mark.parametrize(
    ("typed", "options", "value"),
    [
        ("  Анна ", {}, "Анна"),
        ("a\x00b\nв", {}, "ab\nв"),
        ("  ", {}, Bad("text_empty")),
        ("аб", {"min": "3"}, Bad("text_short", {"min": "3"})),
        ("абвг", {"max": "3"}, Bad("text_long", {"max": "3"})),
        ("А1", {"pattern": r"[А-Я]\d"}, "А1"),
        ("А12", {"pattern": r"[А-Я]\d"}, Bad("text_pattern")),
        ("1" * 300, {"pattern": r"\d+"}, Bad("text_pattern")),
    ],
)
def test_text_has_a_length_and_a_pattern(typed, options, value):
    assert read("text", typed, **options) == value


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|a)*b",
        r"(\d*)*x",
        "(?:a?){9}",
        "a*a*a*a*b",
        "a?" * 40,
        r"(a)\1",
        "(?=a)a",
        "(?:(?:ab|cd)e)+",
    ],
)
def test_a_pattern_that_could_hang_is_refused(pattern):
    assert answer_of("text", {"pattern": pattern}).code == "answer_pattern_slow"


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d{6}",
        r"(?i)[A-Z]{2}-\d{3,5}",
        r"(?:\d\d-){2}\d\d",
        r"[А-Яа-я]+ [А-Яа-я]+ [А-Яа-я]+",
        "да|нет",
        "[a-z]*[a-z]*[a-z]*!",
        "(?>a)b",
    ],
)
def test_an_ordinary_pattern_is_accepted(pattern):
    assert not isinstance(answer_of("text", {"pattern": pattern}), AnswerProblem)


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("fone", {}, "answer_unknown"),
        ("slot", {}, "slot_team"),
        ("slot", {"team": "sales", "length": "долго"}, "slot_duration"),
        ("slot", {"team": "sales", "days": "900"}, "slot_bounds"),
        ("phone", {"min": "3"}, "answer_option_unknown"),
        ("number", {"min": "few"}, "answer_option_value"),
        ("number", {"min": "nan"}, "answer_option_value"),
        ("integer", {"min": "1.5"}, "answer_option_value"),
        ("number", {"min": "5", "max": "1"}, "answer_min_max"),
        ("integer", {"min": "5", "max": "1"}, "answer_min_max"),
        ("text", {"min": "5", "max": "1"}, "answer_min_max"),
        ("text", {"max": "9999"}, "answer_text_max"),
        ("text", {"pattern": "a" * 300}, "answer_pattern_long"),
        ("text", {"pattern": "(a"}, "answer_pattern_form"),
        ("text", {"pattern": "[[a]"}, "answer_pattern_form"),
        ("text", {"pattern": "a{99999999999}"}, "answer_pattern_form"),
    ],
)
def test_bad_options_are_problems_with_a_sentence(name, options, code):
    problem = answer_of(name, options)
    assert isinstance(problem, AnswerProblem)
    assert problem.code == code
    assert all(text.format(**problem.params) for text in MESSAGES[code])


def test_a_type_is_one_module_and_one_line_of_the_list():
    folder = Path(answers.__file__).parent
    shared = {"__init__", "answer", "quantities", "option_messages", "gazetteer", "days", "hours"}
    assert {path.stem for path in folder.glob("*.py")} - shared == set(TYPES)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_can_hint_in_both_languages_at_whatever_is_typed(name):
    answer = answer_of(name, NEEDED.get(name))
    assert all(len(set(pair)) == 2 for pair in answer.hints.values())

    @settings(deadline=None)
    @given(st.text(max_size=40))
    def check(typed):
        for language in LANGUAGES:
            value = answer.read(typed, Asked(language))
            assert not isinstance(value, Bad) or hint(answer, value, language)

    check()


def test_phones_and_emails_are_personal():
    assert {name for name, kind in TYPES.items() if kind.personal} == {"phone", "email"}


def test_the_keys_of_a_type_are_told():
    assert option_types("number") == {"min": "number", "max": "number", "unit": "text"}
    assert option_types("integer") == {"min": "integer", "max": "integer"}
    assert option_types("phone") == {}
    assert option_types("datetime") == {"min": "text", "max": "text"}
    assert option_types("rating") == {"max": "integer"}


def test_a_hint_names_the_bounds():
    answer = answer_of("number", {"min": "1", "max": "12"})
    assert hint(answer, answer.read("13", Asked()), "ru") == "Нужно число от 1 до 12."

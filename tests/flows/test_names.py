"""A name is spoken only when it is fit to be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.names import spoken_first_name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Анна", "Анна"),
        ("  анна ", "Анна"),
        ("МАРИЯ", "Мария"),
        ("✨МариЯ✨", "Мария"),
        ("Лёха🔥", "Лёха"),
        ("♥ Ира ♥", "Ира"),
        ("Анна Петрова", "Анна"),
        ("анна-мария", "Анна-Мария"),
        ("John", "John"),
        ("JOHN", "John"),
        ("O'Neil", "O'Neil"),
        ("McKenzie", "McKenzie"),
        ("José", "José"),
        ("Oʼneil", "O'Neil"),
        ("Андреи\u0306", "Андрей"),
        ("𝓜𝓪𝓻𝓲𝓪", "Maria"),
        ("\u200fАнна\u200f", "Анна"),
        ("Юля)", "Юля"),
        ("Ян", "Ян"),
    ],
)
def test_a_name_is_spoken(raw, name):
    assert spoken_first_name(raw) == name


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "   ",
        "🔥🔥🔥",
        "А",
        "kotik_2000",
        "anna1990",
        "xXNagibatorXx",
        "Аnna",  # the first letter is Cyrillic
        "Ма🔥рия",
        "Ггг",
        "Аааанна",
        "DELETED",
        "ООО Ромашка",
        "Студия красоты Анна",
        "Александра-Константина",
        "<b>Анна</b>",
        "{{7*7}}",
        "{secret}",
        "Анна & Co",
        "=1+1",
        "محمد",
        "李雷",
        "\x1b[31mАнна",
        "Я" * 4000,
    ],
)
def test_anything_else_is_no_name(raw):
    assert spoken_first_name(raw) == ""


@settings(deadline=None)
@given(st.text())
def test_whatever_comes_a_name_is_short_and_made_of_letters(raw):
    name = spoken_first_name(raw)
    assert len(name) <= 20
    assert name.replace("-", "").replace("'", "").isalpha() or not name
    assert spoken_first_name(name) == name

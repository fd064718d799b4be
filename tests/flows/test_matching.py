"""What people type is understood however they spell it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.matching import choose, command, contains_words, same, service_word, urgent_word


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Да", "да!"),
        ("Ещё", "еще"),
        ("Ещё", "ЕЩЁ"),  # «ё» of two signs
        ("140\u00a0000 ₽", "140 000₽"),
        ("Санкт-Петербург", "санкт петербург"),
        ("👍", "👍\ufe0f"),
        ("don't", "dont"),
        ("Straße", "STRASSE"),
        ("🔥 Хочу", "хочу"),
    ],
)
def test_spelling_does_not_matter(left, right):
    assert same(left, right)


@pytest.mark.parametrize(("left", "right"), [("да", "нет"), ("+", "-"), ("56", "5-6"), ("", "да")])
def test_different_texts_differ(left, right):
    assert not same(left, right)


@pytest.mark.parametrize(
    ("message", "phrase", "contained"),
    [
        ("Хочу на урок!", "урок", True),
        ("уроки", "урок", False),
        ("Ну ещё раз", "еще", True),
        ("запишите на пробный урок", "пробный урок", True),
        ("урок пробный", "пробный урок", False),
        ("+", "+", True),
        ("мне + пожалуйста", "+", True),
        ("2+2", "+", False),
        ("++", "+", False),
        ("хочу 🔥", "🔥", True),
        ("пробный\u00a0урок", "пробный урок", True),
        ("урок", "", False),
    ],
)
def test_a_message_contains_whole_words(message, phrase, contained):
    assert contains_words(message, phrase) is contained


LEVELS = ["С нуля", "Читаю со словарём", "Разговариваю"]


@pytest.mark.parametrize(
    ("typed", "options", "index"),
    [
        ("с нуля", LEVELS, 0),
        ("СО СЛОВАРЕМ", LEVELS, 1),
        ("3", LEVELS, 2),
        ("3.", LEVELS, 2),
        ("№ 2", LEVELS, 1),
        ("4", LEVELS, None),
        ("0", LEVELS, None),
        ("с", LEVELS, 0),
        ("разговар", LEVELS, None),
        ("не знаю", LEVELS, None),
        ("", LEVELS, None),
        ("!!!", LEVELS, None),
        ("сейчас", ["Сейчас", "Не сейчас"], 0),
        ("год", ["Один год", "Новый год"], None),
        ("2", ["3", "2", "1"], 1),
        ("C++", ["C", "C++", "C#"], 1),
        ("с#", ["Си", "С#", "С++"], 1),
        ("👍", ["👎", "👍"], 1),
        ("1", ["2 комнаты", "1 комната"], None),
        ("1", ["1. Да", "2. Нет"], 0),
        ("да", ["Да", "Да"], None),
    ],
)
def test_a_typed_answer_chooses_an_option(typed, options, index):
    assert choose(typed, options) == index


def test_numbers_are_values_beside_a_free_answer():
    assert choose("2", LEVELS, numbers_allowed=False) is None
    assert choose("2", ["1", "2"], numbers_allowed=False) == 1


@pytest.mark.parametrize(
    ("message", "meaning", "urgent"),
    [
        ("стоп", "stop", True),
        ("СТОП!!!", "stop", True),
        ("Отписаться", "stop", True),
        ("/stop", "stop", True),
        ("/stop@SchoolBot", "stop", True),
        ("/стоп", "stop", True),
        ("Unsubscribe", "stop", True),
        ("/privacy", "privacy", True),
        ("/human", "human", True),
        ("Мои данные", "my_data", False),
        ("my data", "my_data", False),
        ("удалите мои данные", "erase", False),
        ("Оператор", "human", False),
        ("менеджер", "human", False),
        ("стоп слово", None, False),
        ("/stop it", None, False),
        ("/start", None, False),
        ("", None, False),
    ],
)
def test_service_words_are_the_whole_message(message, meaning, urgent):
    assert service_word(message) == meaning
    assert (urgent_word(message) is not None) is urgent


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("/start", ("start", "")),
        ("/start ads_may", ("start", "ads_may")),
        ("/price@BotName", ("price", "")),
        (" /Price@BotName  now ", ("price", "now")),
        ("/цена", ("цена", "")),
        ("price", None),
        ("/", None),
        ("/a/b", None),
        ("хочу /start", None),
    ],
)
def test_commands_are_taken_apart(message, expected):
    assert command(message) == expected


@settings(deadline=None)
@given(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=5))
def test_any_text_can_be_matched(typed, options):
    index = choose(typed, options)
    assert index is None or 0 <= index < len(options)
    service_word(typed)
    contains_words(typed, "".join(options))

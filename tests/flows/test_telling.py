"""A funnel in words: times, conditions, texts and every type of step."""

from pathlib import Path

import pytest

from flows.expressions import compile_condition
from flows.late import read_late
from flows.nodes import REGISTRY
from flows.telling import book_of, told
from flows.telling.conditions import condition_words
from flows.telling.steps import TELLERS
from flows.telling.texts import plain_words
from flows.telling.times import days_words, late_words, when_words, window_words
from flows.telling.tongue import Tongue
from flows.templates import compile_text
from flows.when import read_when
from flows.windows import read_days, read_window
from tests.flows.staging import program

RU, EN = Tongue("ru"), Tongue("en")
LABELS = {"city": "Город", "webinar_at": "Вебинар", "level": "Уровень"}
EXAMPLES = Path(__file__).parents[1] / "examples" / "nodes"

WHENS = [
    ("now", "сразу", "at once"),
    ("+2h", "через 2 часа", "2 hours later"),
    ("+1d 6h", "через 1 день 6 часов", "1 day 6 hours later"),
    ("+0d 19:00", "в тот же день в 19:00", "the same day at 19:00"),
    ("+1d 11:00", "на следующий день в 11:00", "the next day at 11:00"),
    ("+5d 11:00", "через 5 дней в 11:00", "5 days later at 11:00"),
    ("+1wd 11:00", "на следующий рабочий день в 11:00", "the next working day at 11:00"),
    ("+3wd 11:00", "через 3 рабочих дня в 11:00", "3 working days later at 11:00"),
    ("fri 18:30", "в пятницу, ближайший раз в 18:30", "the next Friday at 18:30"),
    ("2026-12-10 19:00", "10 декабря 2026 в 19:00", "10 December 2026 at 19:00"),
    ("webinar_at", "в момент «Вебинар»", "at the moment of “Вебинар”"),
    ("webinar_at -15m", "за 15 минут до «Вебинар»", "15 minutes before “Вебинар”"),
    ("webinar_at -1d 12:00", "накануне «Вебинар» в 12:00", "the day before “Вебинар” at 12:00"),
    ("webinar_at +0d 12:00", "в день «Вебинар» в 12:00", "on the day of “Вебинар” at 12:00"),
    (
        "webinar_at +2d 12:00",
        "через 2 дня после «Вебинар» в 12:00",
        "2 days after “Вебинар” at 12:00",
    ),
]


@pytest.mark.parametrize(("text", "ru", "en"), WHENS)
def test_times_of_letters_are_told(text, ru, en):
    when = read_when(text)
    assert (when_words(when, RU, "Вебинар"), when_words(when, EN, "Вебинар")) == (ru, en)


def test_windows_days_and_lateness_are_told():
    assert window_words(read_window("10:00-20:00"), RU) == "с 10:00 до 20:00"
    assert days_words(read_days(["вт", "пт"]), RU) == "по вторникам и пятницам"
    assert days_words(read_days("workdays"), EN) == "on working days"
    assert late_words(read_late("send within 20m"), RU) == (
        "отправляется, если опоздало не больше чем на 20 минут"
    )


CONDITIONS = [
    (
        'score >= 7 and "vip" in tags and city == "Москва"',
        "счёт не меньше 7 и есть метка «vip» и «Город» — «Москва»",
    ),
    ('lead or "отказ" in tags', "заявка есть или есть метка «отказ»"),
    ("not lead and city", "заявки нет и известно: «Город»"),
    ('not (lead or "a" in tags)', "заявки нет и нет метки «a»"),
    (
        '(city or lead) and "a" in clicks',
        "(известно: «Город» или заявка есть) и открыта ссылка «a»",
    ),
    ('city in ["Москва", "Казань"]', "«Город» — «Москва» или «Казань»"),
    ('city != ""', "известно: «Город»"),
    ("city == none", "неизвестно: «Город»"),
    ("score + 1 > 2", "score + 1 > 2"),
    ("not score > 2", "not score > 2"),
]


@pytest.mark.parametrize(("source", "words"), CONDITIONS)
def test_conditions_are_told(source, words):
    assert condition_words(compile_condition(source).tree, LABELS, RU) == words


def test_the_opposite_of_a_condition_is_told():
    tree = compile_condition('lead and "a" in tags').tree
    assert condition_words(tree, LABELS, RU, truth=False) == "заявки нет или нет метки «a»"
    assert condition_words(tree, LABELS, EN, truth=False) == (
        "there is no lead or there is no tag “a”"
    )


TEXTS = [
    ('Здравствуйте{{ name | prefix(", ") }}!', "Здравствуйте‹, имя›!"),
    ('Урок «{{ level | default("любой") }}».', "Урок «‹Уровень или «любой»›»."),
    (
        "{% if score > 5 %}Полный{% elif lead %}Пробный{% else %}Нет{% endif %} курс",
        "‹если счёт больше 5: ›Полный‹иначе если заявка есть: ›Пробный‹иначе: ›Нет‹/› курс",
    ),
    (
        '{{ "много" if city == "Москва" else level }}',
        "‹много, если «Город» — «Москва», иначе Уровень›",
    ),
    ("**Жирный** и <b>", "Жирный и <b>"),
]


@pytest.mark.parametrize(("source", "words"), TEXTS)
def test_texts_are_told(source, words):
    assert plain_words(compile_text(source), LABELS, RU) == words


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("verb", REGISTRY.verbs)
def test_every_type_of_step_is_told(verb: str, language):
    made = program((EXAMPLES / f"{verb}.yaml").read_text("utf-8"))
    book = book_of(made, language=language)
    steps = [laid.step for laid in made.steps.values() if verb == laid.step.VERB]
    assert steps
    for step in steps:
        words = told(step, book)
        assert words.title
        named = {choice.block for choice in words.choices}
        assert {key for key, block in step.blocks() if block} <= named


def test_a_key_that_no_words_speak_of_is_shown_as_it_is_written():
    """A type of step that nobody has told yet loses nothing: neither keys nor nested steps."""
    made = program("flows: {main: [{ask: Кто?, save: who, columns: 2, otherwise: [Раз]}]}")
    book = book_of(made)
    step = made.steps["main.0"].step
    assert "columns: 2" in [note.label for note in told(step, book).notes]
    known = TELLERS.pop(type(step))
    try:
        words = told(step, book)
    finally:
        TELLERS[type(step)] = known
    assert words.title == "ask: Кто?"
    assert {note.label for note in words.notes} == {"save: who", "columns: 2"}
    assert [choice.block for choice in words.choices] == ["otherwise", ""]

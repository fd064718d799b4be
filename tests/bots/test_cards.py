"""The words of cards, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bots.cards import (
    Card,
    Prospect,
    card_message,
    handover_message,
    masked,
    note_message,
    standing,
    word,
)

PERSON = Prospect("Мария Иванова", "masha", "telegram", "7", "+79161234567")
CARD = Card(
    title="Пробный урок",
    prospect=PERSON,
    answers=(("level", "Уровень", "С нуля"), ("phone", "Телефон", "+79161234567")),
    at=datetime(2026, 3, 2, 9, 40, tzinfo=UTC),
    team_zone="Europe/Moscow",
    zone="Asia/Vladivostok",
    source="Афиша",
    link="promo",
    phones=("phone",),
)
ACTION = {"do": "take", "lead": 1}


def text(card: Card) -> str:
    return card_message(card, 1).text.plain


def test_a_new_card_shows_all_that_is_known():
    assert text(CARD).splitlines() == [
        "Новая заявка: Пробный урок",
        "Мария Иванова, @masha · Telegram",
        "Уровень: С нуля",
        "Телефон: +79161234567",
        "Источник: Афиша · promo",
        "У клиента 19:40 (Владивосток)",
    ]
    (button,) = card_message(CARD, 1).buttons
    assert (button.text, button.action) == ("Взять в работу", ACTION)


def test_a_zone_that_is_not_known_is_told_as_the_funnels():
    guessed = text(replace(CARD, zone="Europe/Moscow", zone_known=False))
    assert guessed.endswith("У клиента, вероятно, 12:40 (пояс воронки, Москва)")


TAKEN = replace(
    CARD, manager="Анна", taken=datetime(2026, 3, 2, 11, 2, tzinfo=UTC), status="taken"
)


def buttons(card: Card) -> dict[int, tuple[str, str]]:
    """What can be pressed, by its place: label and the status that it sets."""
    made = enumerate(card_message(card, 1).buttons)
    return {at: (one.text, one.action["status"]) for at, one in made if one.action}


def test_a_taken_card_tells_by_whom_and_offers_what_may_become_of_it():
    assert text(TAKEN).endswith("✓ В работе: Анна, 14:02")
    assert buttons(TAKEN) == {
        1: ("Продано", "sold"),
        2: ("Отказ", "refused"),
        3: ("Вернуть в новые", "new"),
    }


@pytest.mark.parametrize(("status", "line"), [("sold", "✓ Продано"), ("refused", "✗ Отказ")])
def test_a_closed_card_says_so_and_can_be_opened_again(status, line):
    closed = replace(TAKEN, status=status)
    assert text(closed).splitlines()[-1] == line
    assert buttons(closed) == {4: ("Вернуть в работу", "taken")}


def test_a_handover_card_begins_with_its_words_and_tells_who_and_when():
    said = handover_message(
        "Клиент ждёт человека", PERSON, at=CARD.at, zone="Asia/Vladivostok", zone_known=True,
        language="ru", team="sales",
    )  # fmt: skip
    assert said.text.plain.splitlines() == [
        "Клиент ждёт человека",
        "Мария Иванова, @masha · Telegram",
        "У клиента 19:40 (Владивосток)",
    ]
    assert [one.text for one in said.buttons] == ["Взять разговор", "Вернуть боту"]
    taken = standing(said, "✓ Говорит Анна, 12:41", back=True)
    assert taken.text.plain.endswith("\n✓ Говорит Анна, 12:41")
    assert [one.action and one.action["what"] for one in taken.buttons] == [None, "back"]
    over = standing(taken, "Снова отвечает бот", back=False)
    assert [one.action for one in over.buttons] == [None, None]


@pytest.mark.parametrize(
    ("rule", "manager", "seen"),
    [
        ("never", "", True),
        ("until_taken", "", False),
        ("until_taken", "Анна", True),
        ("always", "Анна", False),
    ],
)
def test_phones_are_masked_by_the_teams_rule(rule, manager, seen):
    card = replace(CARD, mask_phone=rule, manager=manager, taken=CARD.at)
    assert ("1234567" in text(card)) is seen
    unnamed = replace(card, phones=(), answers=(("x", "Номер", "8 916 123-45-67"),))
    hidden = replace(unnamed, prospect=replace(PERSON, phone="89161234567"))
    assert ("123-45-67" in text(hidden)) is seen


def test_a_phone_that_was_not_asked_here_is_shown_too():
    assert "Телефон: +79161234567" in text(replace(CARD, answers=()))


def test_priority_value_and_an_update():
    card = replace(CARD, priority="urgent", value=140000.0, times=2)
    lines = text(card).splitlines()
    assert lines[0] == "❗ Срочно"
    assert lines[1] == "Заявка дополнена: Пробный урок"
    assert any(line.startswith("Сумма: 140") for line in lines)


def test_english():
    card = replace(CARD, language="en", prospect=replace(PERSON, name="", username=""))
    lines = text(card).splitlines()
    assert lines[0] == "New lead: Пробный урок"
    assert lines[1] == "No name · Telegram"
    assert "Their time 19:40 (Vladivostok)" in lines


def test_where_the_person_is():
    assert "https://vk.com/id7" in text(replace(CARD, prospect=replace(PERSON, channel="vk")))
    web = replace(CARD, prospect=Prospect("Пётр", channel="web", account="abc"))
    assert "Пётр · веб-чат" in text(web)


@pytest.mark.parametrize("name", ["<b>", "{{7*7}}", "{secret}", "**x**", "\u202eabc", "a\x1b[31m"])
def test_what_a_person_typed_is_shown_literally(name):
    card = replace(CARD, answers=(("name", "Имя", name),))
    shown = text(card)
    assert "49" not in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    spans = card_message(card, 1).text.spans
    assert not any(span.bold and "Имя" in span.text for span in spans)


def test_short_phones_are_hidden_whole():
    assert masked("12345") == "***"
    assert masked("+7 916 123-45-67") == "+7 916 ***-**-67"


def test_a_note_names_the_person():
    said = note_message("Спросил про цену", PERSON, "ru").text.plain
    assert said == "Спросил про цену\nМария Иванова, @masha · Telegram"


def test_words_exist_in_both_languages():
    assert word("has_it", "ru", manager="Анна") == "Уже в работе: Анна"
    assert word("has_it", "en", manager="Анна") == "Already taken: Анна"

"""The keyboards that the transcripts show: VK's rows and types to the letter, Telegram's contact."""

import json

import pytest

from tests.acceptance.refusals import check_nothing_refused
from tests.acceptance.sides import NOON, PERSON, PUBLIC_URL

TO_THE_PHONE = [
    ("open", "gift_1"),
    ("press", "Часы"),
    ("press", "Себе"),
    ("press", "до 2 000 ₽"),
    ("press", "На этой неделе"),
    ("press", "Всё верно"),
    ("press", "Согласен"),
]

CONSENT = [["Согласен"], ["Нет"]]
GOAL = [["Работа", "Путешествия"], ["Переезд", "Ребёнку"]]
SCHOOL = [
    ("Здравствуйте, Мария!", [["Присылайте", "Не сейчас"]]),
    ("Прочитайте, пожалуйста", CONSENT),
    ("Прочитайте, пожалуйста", CONSENT),
    ("Какой у вас сейчас уровень?", [["С нуля"], ["Читаю со словарём"], ["Разговариваю"]]),
    ("Отлично!", []),
    ("Письмо 2.", [["-> Смотреть"]]),
    ("Письмо 3.", []),
    ("А вам зачем язык?", GOAL),
    ("Письмо 4.", [["-> Смотреть"]]),
    ("Письмо 5.", [["Записаться", "Не интересно"]]),
    ("Оставьте телефон", []),
    ("Когда вам удобно?", [["Утро", "День", "Вечер"]]),
    ("Спасибо!", []),
]
BACK = "Назад"
WHOM = [["Себе", "Жене или мужу"], ["Ребёнку", "Коллеге", BACK]]
BUDGET = [["до 2 000 ₽", "2–5 тыс. ₽"], ["5–10 тыс. ₽"], ["больше 10 тыс. ₽"], [BACK]]
WHEN = [["Сегодня-завтра", "На этой неделе"], ["В этом месяце", "Пока смотрю"], [BACK]]
GIFTS = [
    ("Здравствуйте, Мария!", []),
    ("Что за продукт", [["Украшения", "Часы"], ["Свечи и дом", "Ещё думаю"]]),
    ("Для кого", WHOM),
    ("Какой бюджет", BUDGET),
    ("Когда вы хотите", WHEN),
    ("Проверьте:", [["Всё верно", "Исправить", BACK]]),
    ("Прочитайте, пожалуйста", CONSENT),
    ("Ваш телефон?", [[BACK]]),
    ("Не получилось прочитать номер.", [[BACK]]),
    ("Спасибо!", []),
]


def drawn(params: dict[str, str]) -> list[list[str]]:
    """The labels of a `messages.send` row by row; links are marked."""
    board = json.loads(params.get("keyboard", '{"buttons": []}'))
    marks = {"callback": "", "open_link": "-> "}
    rows = board["buttons"]
    return [[marks[k["action"]["type"]] + k["action"]["label"] for k in row] for row in rows]


@pytest.mark.parametrize(("funnel", "expected"), [("english_school", SCHOOL), ("gifts", GIFTS)])
async def test_vk_keyboards_stand_under_their_messages(open_played, funnel, expected):
    async with open_played("vk", funnel) as stage:
        calls = stage.side.emulator.journal.calls(method="messages.send")
        said = [call.params for call in calls if call.params["peer_ids"] == stage.side.sender]
        assert [drawn(params) for params in said] == [rows for _, rows in expected]
        for params, (beginning, _) in zip(said, expected, strict=True):
            assert params["message"].startswith(beginning)
        check_nothing_refused(stage)


async def test_a_pressed_vk_keyboard_goes_and_the_choice_is_seen(open_played):
    async with open_played("vk", "english_school") as stage:
        level = next(
            message
            for message in stage.side.emulator.journal.delivered()
            if message.text == "Какой у вас сейчас уровень?"
        )
        (edit,) = level.edits
        assert edit["text"] == "Какой у вас сейчас уровень?\n\n✓ С нуля"
        assert edit["buttons"] == []


async def test_vk_links_lead_through_the_tracking_address(open_played):
    async with open_played("vk", "english_school") as stage:
        boards = stage.side.boards()
        keys = [key["action"] for board in boards for row in board["buttons"] for key in row]
        links = [action["link"] for action in keys if action["type"] == "open_link"]
        assert len(links) == 2
        assert all(link.startswith(f"{PUBLIC_URL}/r/") for link in links)


async def test_telegram_shares_the_contact_by_a_keyboard_that_goes_afterwards(open_stage):
    async with open_stage("telegram", "gifts", NOON) as stage:
        side = stage.side
        await stage.do(*TO_THE_PHONE)
        (asked,) = [row for row in side.emulator.journal.messages(PERSON) if "телефон" in row.text]
        assert asked.labels == [["Отправить мой номер"], [BACK]]
        assert side.shared() == ["contact", "text"]
        await stage.do(("contact", "+79161234567"))
        assert side.person.chat().keyboard is None
        assert side.person.chat().shown()[-1].text == "Спасибо! Менеджер скоро ответит."
        check_nothing_refused(stage)


async def test_telegram_takes_the_word_of_the_keyboard_for_the_way_back(open_stage):
    async with open_stage("telegram", "gifts", NOON) as stage:
        await stage.do(*TO_THE_PHONE, ("press", BACK))
        shown = stage.side.person.chat().shown()[-1]
        assert shown.text.startswith("Проверьте: Часы, Себе"), "what was agreed to is not asked"
        check_nothing_refused(stage)

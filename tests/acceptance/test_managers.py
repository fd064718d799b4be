"""Managers at their messengers: the card of a lead, who takes it, and a bot that keeps quiet."""

import pytest

from tests.acceptance.refusals import check_nothing_refused
from tests.acceptance.sides import MANAGERS, NOON, STRANGER
from tests.acceptance.team_chats import TEAMS
from tests.acceptance.test_keyboards import TO_THE_PHONE
from tests.emulators.telegram import places

TAKE = "Взять в работу"
OUTCOMES = ["Продано", "Отказ", "Вернуть в новые"]
NEW = "Новая заявка: Подарок"
WINNERS = {f"✓ В работе: {name}, 12:00" for name in MANAGERS.values()}


@pytest.fixture(params=sorted(TEAMS))
async def played(request, open_played):
    """A lead of `gifts` in the team's chat, and what the managers do there."""
    async with open_played(request.param, "gifts") as stage:
        yield stage, TEAMS[request.param](stage.side)


async def test_the_card_tells_who_and_what(played):
    stage, chat = played
    card = chat.card()
    who = {"telegram": "Мария Ли, @masha · Telegram", "vk": "Мария Ли, https://vk.com/id501"}
    name = who.get(stage.side.name, "Без имени · веб-чат")
    assert card.text.startswith(f"❗ Срочно\nНовая заявка: Подарок срочно\n{name}\n")
    for line in ("Что интересно: Часы", "Для кого: Жене или мужу", "Телефон: +79161234567"):
        assert line in card.text.split("\n")
    assert card.labels == [TAKE]


async def test_one_of_two_managers_who_press_at_once_wins(played):
    stage, chat = played
    for manager in MANAGERS:
        chat.press(manager, TAKE)
    await stage.hear()
    card = chat.card()
    (taken,) = WINNERS & set(card.text.split("\n"))
    winner = taken.removeprefix("✓ В работе: ").removesuffix(", 12:00")
    assert sorted(chat.popups()) == sorted(["Заявка ваша", f"Уже в работе: {winner}"])
    assert card.labels == OUTCOMES
    check_nothing_refused(stage)


async def test_who_presses_on_an_old_screen_learns_who_has_it(played):
    stage, chat = played
    old_button = chat.remember_button(TAKE)
    chat.press(111, TAKE)
    await stage.hear()
    chat.press_remembered(222, old_button)
    await stage.hear()
    assert chat.popups() == ["Заявка ваша", "Уже в работе: Анна"]
    assert chat.card().text.endswith("✓ В работе: Анна, 12:00")
    check_nothing_refused(stage)


async def test_who_is_not_in_the_team_gets_a_popup_and_nothing_else(played):
    stage, chat = played
    before = chat.card()
    chat.press(STRANGER, TAKE)
    await stage.hear()
    assert chat.popups() == ["Вас нет в списке команды"]
    assert (chat.card().text, chat.card().labels) == (before.text, before.labels)
    check_nothing_refused(stage)


@pytest.mark.parametrize("channel", sorted(TEAMS))
async def test_a_lead_that_comes_again_edits_its_card(open_played, channel):
    async with open_played(channel, "english_school") as stage:
        chat = TEAMS[channel](stage.side)
        chat.press(222, TAKE)
        await stage.hear()
        await stage.do(
            ("press", "Записаться"),
            ("type", "+7 912 345-67-80"),
            ("press", "Утро"),
        )
        assert len(chat.messages()) == 1
        lines = chat.card().text.split("\n")
        assert lines[0] == "Заявка дополнена: Бесплатная консультация"
        assert {"Телефон: +79123456780", "Удобное время: Утро"} <= set(lines)
        assert lines[-1].startswith("✓ В работе: Борис, ")
        check_nothing_refused(stage)


async def test_in_the_teams_chat_only_the_id_is_answered(played):
    stage, chat = played
    before = len(chat.messages())
    for text in ("привет", "/start", "/start gift_1", "подарок", "стоп", "+"):
        chat.write(111, text)
        await stage.hear()
    assert len(chat.messages()) == before
    chat.write(111, "/id")
    await stage.hear()
    assert [message.text for message in chat.messages()[before:]] == [f"id чата: {chat.id}"]
    assert chat.private_messages(111) == []


async def test_the_id_is_told_in_any_group(played):
    stage, chat = played
    other = chat.another()
    other.write(111, "/id")
    await stage.hear()
    assert [message.text for message in other.messages()] == [f"id чата: {other.id}"]
    assert other.id != chat.id


async def test_a_group_that_became_a_supergroup_gets_the_card_once(open_stage):
    async with open_stage("telegram", "gifts", NOON) as stage:
        side = stage.side
        old = side.group
        side.group = places.migrate(side.emulator.world, old)
        await stage.hear()
        await stage.do(*TO_THE_PHONE, ("contact", "+79161234567"))
        chat = TEAMS["telegram"](side)
        assert [message.text.split("\n")[0] for message in chat.messages()] == [NEW]
        chat.press(111, TAKE)
        await stage.hear()
        assert chat.popups() == ["Заявка ваша"]
        assert chat.card().text.endswith("✓ В работе: Анна, 12:00")
        assert [kind for kind, _ in stage.alarms] == ["chat_moved"]

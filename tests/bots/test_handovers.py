"""A team talks with a person: cards, replies, statuses, on both databases."""

from collections.abc import AsyncIterator

import pytest

from storage.database import open_database
from tests.bots.runtime import World, inbox, leads, messages

FUNNEL = """
funnel: school
title: Школа
language: ru
entry: [start]
flows:
  main:
    - ask: Чем помочь?
      id: help
      options: [Позовите человека, Сам разберусь]
    - {handover: sales, id: talk, for: 24h, otherwise: [Никто не ответил]}
    - С вами говорил {{ manager | default("бот") }}
    - {lead: Заявка, team: sales}
    - {ask: Ещё вопросы?, id: more}
    - Вас ведёт {{ manager | default("команда") }}
"""
WAITS = "Клиент ждёт человека"
TAKE, BACK, TAKE_LEAD = "Взять разговор", "Вернуть боту", "Взять в работу"


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Somebody of the team is asked for; the card is there."""
    database = await open_database(database_url, exclusive=True)
    made = await World(database, funnel=FUNNEL).open()
    await made.does(start="", name="Мария", username="masha")
    await made.presses("Позовите человека")
    yield made
    await database.close()


async def press(world: World, label: str, *managers: str) -> None:
    token = world.tg.button(label, "-100")
    for who in managers:
        world.tg.puts(kind="card", who=who, chat="-100", press=token)
    await world.fetch()
    await world.runner.settle()


async def reply(world: World, who: str, to: str, **raw) -> None:
    await world.does(who=who, chat="-100", answers=world.tg.number(to), **raw)


def popups(world: World, count: int) -> list[str]:
    return [call.text for call in world.tg.calls if call.op == "answer"][-count:]


async def test_the_card_tells_who_waits_and_can_be_taken_or_given_back(world: World):
    (card,) = world.tg.texts("-100")
    assert card.splitlines() == [
        WAITS,
        "Мария, @masha · Telegram",
        "У клиента, вероятно, 12:00 (пояс воронки, Москва)",
    ]
    assert world.tg.shown(WAITS)[1] == [TAKE, BACK]
    assert world.tg.texts()[-1] == "Чем помочь?"


async def test_exactly_one_of_two_who_press_at_once_gets_the_conversation(world: World):
    await press(world, TAKE, "111", "222", "999")
    assert popups(world, 3) == [
        "Разговор ваш. Отвечайте на это сообщение — ответ уйдёт клиенту",
        "Уже в работе: Анна",
        "Вас нет в списке команды",
    ]
    text, buttons = world.tg.shown(WAITS)
    assert text.endswith("\n✓ Говорит Анна, 12:00")
    assert buttons == [BACK]


async def test_a_late_press_on_an_old_screen_gives_nothing_back(world: World):
    old = world.tg.button(TAKE, "-100")
    await press(world, TAKE, "111")
    await world.does(kind="card", who="222", chat="-100", press=old)
    assert popups(world, 1) == ["Уже в работе: Анна"]
    assert world.tg.texts()[-1] == "Чем помочь?"


async def test_the_person_is_heard_by_the_team_and_the_manager_by_the_person(world: World):
    await world.does(text="Вы тут?")
    assert world.tg.texts("-100")[-1] == "Мария: Вы тут?"
    await reply(world, "111", "Мария: Вы тут?", text="Да, {{ слушаю }}", name="Аня")
    assert world.tg.texts()[-1] == "Да, {{ слушаю }}"
    await reply(world, "111", WAITS, text="Спрашивайте")
    assert world.tg.texts()[-1] == "Спрашивайте"
    said = await world.rows(messages, messages.c.author == "manager")
    assert [row.direction for row in said] == ["out", "out"]
    assert world.tg.shown(WAITS)[0].endswith("✓ Говорит Анна, 12:00")  # who writes has taken it
    assert len(world.tg.texts("-100")) == 2


async def test_a_manager_who_writes_does_not_become_the_person(world: World):
    await reply(world, "111", WAITS, text="Здравствуйте", name="Аня", username="anya")
    await world.does(text="Ой")
    assert world.tg.texts("-100")[-1] == "Мария: Ой"


async def test_who_is_not_listed_is_told_once_and_nothing_is_sent(world: World):
    for _ in range(3):
        await reply(world, "999", WAITS, text="Я отвечу")
    assert world.tg.texts()[-1] == "Чем помочь?"
    assert world.tg.texts("-100")[1:] == ["Вас нет в списке команды: клиенту это не отправлено"]


async def test_only_text_goes_to_the_person(world: World):
    await reply(world, "111", WAITS, sticker=True)
    assert world.tg.texts()[-1] == "Чем помочь?"
    assert world.tg.texts("-100")[-1] == "Клиенту уходит только текст: это не отправлено"


async def test_talk_of_the_group_is_nobodys(world: World):
    await world.does(who="111", kind="group", chat="-100", text="Кто возьмёт?")
    await world.does(who="111", chat="-100", answers="m9999", text="Я")
    await world.does(who="111", chat="-55", answers=world.tg.number(WAITS), text="Я")
    assert world.tg.texts()[-1] == "Чем помочь?"
    assert len(world.tg.texts("-100")) == 1
    rows = await world.events(inbox.c.state == "ignored")
    assert [row.kind for row in rows] == ["group"] * 3


async def test_the_bot_is_back_when_a_manager_gives_the_person_back(world: World):
    await press(world, TAKE, "111")
    await press(world, BACK, "222")
    assert popups(world, 1) == ["Клиенту снова отвечает бот"]
    assert world.tg.texts()[-2:] == ["С вами говорил Анна", "Ещё вопросы?"]
    text, buttons = world.tg.shown(WAITS)
    assert text.splitlines()[-2:] == ["✓ Говорит Анна, 12:00", "Снова отвечает бот"]
    assert buttons == []


async def test_an_old_card_says_that_the_bot_has_the_conversation(world: World):
    take, back = world.tg.button(TAKE, "-100"), world.tg.button(BACK, "-100")
    await press(world, BACK, "111")
    assert world.tg.texts()[-4:-2] == ["Чем помочь?", "Никто не ответил"]
    for token in (take, back):
        await world.does(kind="card", who="111", chat="-100", press=token)
        assert popups(world, 1) == ["Этот разговор уже у бота"]


async def test_a_card_of_an_earlier_handover_does_not_take_the_next_one(world: World):
    take = world.tg.button(TAKE, "-100")
    await press(world, BACK, "111")
    await world.does(text="/human")
    await world.does(kind="card", who="222", chat="-100", press=take)
    assert popups(world, 1) == ["Этот разговор уже у бота"]
    await press(world, TAKE, "222")
    first, second = (text for text in world.tg.texts("-100", "edit"))
    assert first.endswith("Снова отвечает бот")
    assert second.endswith("✓ Говорит Борис, 12:00")


async def test_after_a_day_of_silence_the_card_says_why_it_is_over(world: World):
    await world.passes(hours=25)
    assert world.tg.shown(WAITS)[0].endswith("\nСнова отвечает бот: долго никто не писал")
    assert "Никто не ответил" in world.tg.texts()


async def test_stop_ends_the_handover_and_the_card_says_so(world: World):
    await world.does(text="стоп")
    assert world.tg.shown(WAITS) == (
        world.tg.texts("-100")[0] + "\nРазговор окончен: клиент просил больше не писать",
        [],
    )


async def test_who_takes_the_lead_is_known_to_texts_and_answers_by_a_reply(world: World):
    await press(world, BACK, "111")
    await press(world, TAKE_LEAD, "222")
    await reply(world, "222", "Новая заявка", text="Звоню!")
    assert world.tg.texts()[-1] == "Звоню!"
    await world.does(text="Нет")
    assert world.tg.texts()[-1] == "Вас ведёт Борис"


async def test_a_reply_to_a_lead_that_nobody_has_takes_it(world: World):
    await press(world, BACK, "111")
    await reply(world, "222", "Новая заявка", text="Звоню!")
    (lead,) = await world.rows(leads)
    assert (lead.manager, lead.status) == ("Борис", "taken")
    assert world.tg.texts()[-1] == "Звоню!"
    assert "✓ В работе: Борис" in world.tg.shown("Новая заявка")[0]


async def test_what_became_of_the_lead_is_stored_and_shown(world: World):
    await press(world, BACK, "111")
    await press(world, TAKE_LEAD, "111")
    old = world.tg.button("Отказ", "-100")
    await press(world, "Продано", "222")
    (lead,) = await world.rows(leads)
    assert (lead.manager, lead.status) == ("Анна", "sold")
    assert world.tg.shown("Новая заявка")[0].endswith("\n✓ Продано")
    assert world.tg.shown("Новая заявка")[1] == ["Вернуть в работу"]
    await world.does(kind="card", who="111", chat="-100", press=old)
    assert popups(world, 2) == ["Отмечено: продано", "Уже закрыта: Анна"]
    await press(world, "Вернуть в работу", "111")
    await press(world, "Вернуть в новые", "111")
    (lead,) = await world.rows(leads)
    assert (lead.manager, lead.taken_us, lead.status) == (None, None, "new")
    assert world.tg.shown("Новая заявка")[1] == [TAKE_LEAD]
    await world.does(text="Нет")
    assert world.tg.texts()[-1] == "Вас ведёт команда"


async def test_a_restart_in_the_middle_forgets_nothing(world: World):
    await press(world, TAKE, "111")
    await world.restart()
    await reply(world, "222", WAITS, text="Я помогу")
    assert world.tg.texts()[-1] == "Я помогу"
    await world.restart()
    await press(world, BACK, "111")
    assert world.tg.texts()[-2] == "С вами говорил Анна"

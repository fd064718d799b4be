"""What a bot tells a team is in the language of its first funnel."""

from collections.abc import AsyncIterator

import pytest

from storage.database import open_database
from tests.bots.runtime import World

ENGLISH = """
funnel: school
title: School
language: en
entry: [start]
flows:
  main:
    - ask: What is your level?
      save: level
      options: [Beginner, Speaker]
    - lead: A trial lesson
      team: sales
    - notify: sales
      say: Asked about the price
    - Thanks!
"""
RUSSIAN = ENGLISH.replace("language: en", "language: ru")


@pytest.fixture(params=["en", "ru"])
async def spoken(request, database_url: str) -> AsyncIterator[tuple[World, str]]:
    """A runtime whose funnel speaks the language."""
    database = await open_database(database_url, exclusive=True)
    funnel = ENGLISH if request.param == "en" else RUSSIAN
    yield await World(database, funnel=funnel).open(), request.param
    await database.close()


async def test_a_team_is_told_in_the_funnels_language(spoken):
    world, language = spoken
    await world.does(start="", name="", username="")
    await world.presses("Beginner")
    card, note = world.tg.texts("-100")
    expected = {
        "en": ("New lead: A trial lesson", "Asked about the price\nNo name · Telegram"),
        "ru": ("Новая заявка: A trial lesson", "Asked about the price\nБез имени · Telegram"),
    }
    assert (card.splitlines()[0], note) == expected[language]


async def test_presses_under_a_card_are_answered_in_the_funnels_language(spoken):
    world, language = spoken
    await world.does(start="")
    await world.presses("Beginner")
    take = world.tg.button({"en": "Take", "ru": "Взять в работу"}[language], "-100")
    for who in ("999", "111", "222"):
        await world.does(kind="card", who=who, chat="-100", press=take)
    popups = [call.text for call in world.tg.calls if call.op == "answer"][-3:]
    assert (
        popups
        == {
            "en": ["You are not listed in the team", "The lead is yours", "Already taken: Анна"],
            "ru": ["Вас нет в списке команды", "Заявка ваша", "Уже в работе: Анна"],
        }[language]
    )


async def test_the_id_of_a_chat_is_told_in_the_funnels_language(spoken):
    world, language = spoken
    await world.does(kind="group", who="5", chat="-100", text="/id")
    assert world.tg.texts("-100") == [{"en": "chat id: -100", "ru": "id чата: -100"}[language]]

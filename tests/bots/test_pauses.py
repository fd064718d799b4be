"""A paused bot begins nothing and answers; afterwards what is late goes by its `late` rule (R32)."""

from datetime import timedelta

import pytest

from storage import bots
from storage.database import open_database
from tests.bots.runtime import World

NEWS = """
funnel: school
entry: [start, {words: [урок]}]
flows: {main: [Привет, {start: news}, {start: dates}]}
series:
  news: {letters: [{id: one, when: +2h, say: Письмо}]}
  dates: {letters: [{id: one, when: 2026-03-02 14:00, say: Срок, otherwise: [Срок прошёл]}]}
"""


@pytest.fixture
async def world(database_url):
    """Somebody entered at noon; a letter and a date are two hours ahead; then the bot is paused."""
    database = await open_database(database_url, exclusive=True)
    world = await World(database, funnel=NEWS).open()
    await world.does(start="")
    await turn(world, "paused")
    yield world
    await database.close()


async def turn(world: World, state: str) -> None:
    (station,) = world.runner.house.stations.values()
    await world.database.commit(bots.set_state(station.id, state))
    await world.runner.settle()


async def test_r32_a_paused_bot_keeps_its_timers_and_says_nothing_of_its_own(world):
    await world.passes(hours=5)
    assert world.tg.texts() == ["Привет"]
    assert [row.state for row in await world.events()] == ["done"]


async def test_r32_after_the_pause_what_is_late_goes_by_its_rule(world):
    await world.passes(hours=5)
    await turn(world, "run")
    assert sorted(world.tg.texts()) == ["Письмо", "Привет", "Срок прошёл"]


async def test_a_paused_bot_answers_whoever_writes(world):
    await world.does(text="урок")
    assert len(world.tg.texts()) == 2


async def test_a_pause_outlives_a_restart(world):
    await world.restart()
    await world.passes(hours=5)
    assert world.tg.texts() == ["Привет"]


async def test_letters_that_are_in_the_queue_already_wait_too(world):
    await turn(world, "run")
    world.clock.move(timedelta(hours=2))
    await world.runner.ticker.tick()
    await world.runner.player.drain()
    await turn(world, "paused")
    assert world.tg.texts() == ["Привет"]
    await turn(world, "run")
    assert sorted(world.tg.texts()) == ["Письмо", "Привет", "Срок"]

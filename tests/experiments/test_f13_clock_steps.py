"""F13: the machine's clock is set back an hour, a day ahead, four hundred days ahead and back again."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update

from bots.clocks import SetClock
from storage.database import open_database
from storage.tables import leases
from tests.bots.runtime import START, World
from tests.experiments.downtime import CITIES, OPENS, WAYS, Town, residents, stepped
from tests.experiments.figures import LONG, tell
from voronka.clocks import FileClock

PEOPLE = 400 if LONG else 8
HOUR, DAY, AGES = timedelta(hours=1), timedelta(days=1), timedelta(days=400)
NIGHT = OPENS + timedelta(hours=17, minutes=20)
STEPS = {
    "an hour back": [(NIGHT, -HOUR), (NIGHT + 2 * DAY, timedelta(0))],
    "a day ahead": [(NIGHT, DAY), (NIGHT + 3 * DAY, timedelta(0))],
    "four hundred days ahead and back": [
        (NIGHT, AGES),
        (NIGHT + AGES + 8 * HOUR, -AGES),
        (NIGHT + DAY, timedelta(0)),
    ],
    "all of them": [
        (NIGHT, -HOUR),
        (NIGHT + 5 * HOUR, DAY),
        (NIGHT + DAY + 9 * HOUR, AGES),
        (NIGHT + AGES + DAY + 16 * HOUR, -AGES),
        (NIGHT + 2 * DAY, timedelta(0)),
    ],
}


@pytest.fixture
async def database(database_url):
    """An open database, on SQLite and on PostgreSQL."""
    opened = await open_database(database_url, exclusive=True)
    yield opened
    await opened.close()


@pytest.mark.parametrize("name", STEPS if LONG else ["all of them"])
@pytest.mark.timeout(3_600 if LONG else 240)
async def test_f13_whatever_the_clock_does_nothing_fires_twice_and_late_is_late(
    name, database, request
):
    town, people = Town(database), residents(PEOPLE, 1)
    assert {one.way for one in people} == set(WAYS)
    await town.start()
    acts = [(at, who.chat, how, words) for who in people for at, how, words in who.acts]
    for moment, step in STEPS[name]:
        await town.live(moment, acts)
        acts = []
        town.clock.move(step)
    told = {who.chat: [line.text for line in stepped(who, STEPS[name])] for who in people}
    heard = {who.chat: [line.text for line in town.channel.arrived[who.chat]] for who in people}
    twice = sum((Counter(heard[one]) - Counter(told[one])).total() for one in told)
    lost = sum((Counter(told[one]) - Counter(heard[one])).total() for one in told)
    messages = sum(map(len, heard.values()))
    kind = request.node.callspec.params["database_url"]
    tell(
        "F13", steps=name, database=kind, people=PEOPLE, messages=messages, twice=twice, lost=lost
    )
    assert heard == told
    assert messages > 5 * PEOPLE


def test_the_cities_of_f13_have_clocks_of_their_own():
    assert len(set(CITIES.values())) == len(CITIES)


async def queued(world: World) -> None:
    """Somebody wrote and was answered, but the answer is in the queue still."""
    world.tg.puts(start="promo", name="Мария")
    await world.fetch()
    await world.runner.player.drain()
    assert [row.state for row in await world.calls()] == ["queued"]


async def test_f13_a_clock_that_is_set_back_stalls_no_queue(database):
    world = await World(database).open()
    await queued(world)
    world.clock.move(-HOUR)
    await world.runner.settle()
    assert len(world.tg.texts()) == 1


async def test_f13_by_the_machines_own_clock_the_queue_would_stand_for_an_hour(database):
    world = await World(database).open()
    world.runner.house.onward = world.clock
    await queued(world)
    world.clock.move(-HOUR)
    await world.runner.settle()
    assert world.tg.texts() == []


async def test_f13_a_clock_that_is_set_back_between_two_lives_stalls_no_queue(database):
    world = await World(database).open()
    await queued(world)
    await world.runner.ticker.tick()  # which remembers how far the time of queues has come
    world.clock.move(-DAY)
    await world.restart()
    await world.runner.settle()
    assert len(world.tg.texts()) == 1


async def test_f13_a_lease_that_the_clock_ran_over_stays_and_so_do_the_calls_in_hand(database):
    world = await World(database).open()
    await queued(world)
    world.tg.gate = asyncio.Event()
    (sender,) = world.runner.senders.values()
    fence = sender.lease.fence
    assert await sender.step()
    await database.returning(update(leases).values(until_us=1).returning(leases.c.name))
    await world.runner._tenure.renew()
    assert sender.lease.fence == fence
    await sender.step()
    world.tg.gate.set()
    await sender.drain()
    assert [row.state for row in await world.calls()] == ["sent"]
    assert len(world.tg.texts()) == 1


async def test_f13_the_clock_of_tests_may_step_too(database, tmp_path, monkeypatch):
    monkeypatch.setenv("VORONKA_ENV", "test")
    path = tmp_path / "clock"
    path.write_text(START.isoformat())
    world = await World(database, clock=FileClock(path)).open()
    await world.does(start="promo", name="Мария")
    for moment in (START - HOUR, START, START + DAY, START + DAY - HOUR, START + DAY):
        path.write_text(moment.isoformat())
        await world.runner.settle()
    assert world.tg.texts() == ["Какой у вас уровень?", "Вы ещё здесь?"]


async def test_f13_whoever_writes_after_the_clock_was_set_back_is_answered(database):
    world = await World(database, clock=SetClock(START)).open()
    await world.does(start="promo", name="Мария")
    world.clock.move(-AGES)
    await world.presses("С нуля")
    assert world.tg.texts()[-1] == "Сколько занятий в неделю?"

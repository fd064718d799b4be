"""What a death or a silent messenger leaves in the queue is looked at again before it leaves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bots.channel import TryLater
from storage.database import open_database
from storage.tables import outbox
from tests.bots.runtime import PROJECT, World

EVENING = datetime(2026, 3, 2, 18, 59, tzinfo=UTC)
"""A minute to ten in Moscow."""
GAPS = PROJECT + "limits: {gap: 3h}"
NEWS = """
funnel: school
entry: [start]
flows: {main: [{start: news}]}
series:
  news:
    letters:
      - {id: one, when: now, say: Первое, late: LATE}
      - {id: two, when: +1h, say: Второе}
"""


@pytest.fixture
async def evening(database_url):
    """A function that gives a world in which the first letter was decided at 21:59 and never sent."""
    opened = []

    async def make(late: str = "send", kind: str = "requested") -> World:
        database = await open_database(database_url, exclusive=True)
        opened.append(database)
        funnel = NEWS.replace("LATE", f"{late}, kind: {kind}")
        world = await World(database, funnel=funnel, project=GAPS).open()
        world.clock.set(EVENING)
        world.tg.puts(start="")
        await world.fetch()
        await world.runner.player.drain()
        await world.runner.ticker.tick()
        await world.runner.player.drain()
        assert [row.state for row in await world.calls()] == ["queued"]
        return world

    yield make
    for database in opened:
        await database.close()


async def back(world: World, moment: str) -> list[str]:
    """The process died then, and another one begins at the moment; what is said at once."""
    world.clock.set(datetime.fromisoformat(moment).astimezone(UTC))
    await world.restart()
    await world.runner.settle()
    return world.tg.texts()


async def test_r27_a_letter_left_in_the_queue_waits_for_the_end_of_quiet_hours(evening):
    world = await evening()
    assert await back(world, "2026-03-06 03:00+03:00") == []
    (held,) = await world.notes("held")
    assert (held.reason, held.until_us) == ("quiet", _us("2026-03-06 09:00+03:00"))
    await world.passes(hours=6)
    assert world.tg.texts() == ["Первое"]


async def test_r27_the_gap_counts_from_the_morning_in_which_it_goes(evening):
    world = await evening()
    await back(world, "2026-03-06 03:00+03:00")
    await world.passes(hours=6)
    await world.passes(hours=2, minutes=59)
    assert world.tg.texts() == ["Первое"]
    await world.passes(minutes=1)
    assert world.tg.texts() == ["Первое", "Второе"]


async def test_r26_a_letter_left_in_the_queue_goes_by_its_late_rule(evening):
    world = await evening("send within 2h")
    assert "Первое" not in await back(world, "2026-03-06 12:00+03:00")
    (skipped,) = [line for line in await world.notes("skipped") if line.place == "news.one"]
    assert skipped.reason == "late"


async def test_r26_a_service_letter_left_in_the_queue_goes_by_its_late_rule_too(evening):
    world = await evening("skip", kind="service")
    assert "Первое" not in await back(world, "2026-03-06 03:00+03:00")


async def test_a_slow_messenger_makes_no_letter_late_within_an_hour(evening):
    world = await evening("skip")
    world.clock.set(EVENING - timedelta(hours=2))
    assert await back(world, "2026-03-02 21:59:30+03:00") == ["Первое"]


async def test_r27_the_gap_counts_from_when_a_letter_goes_that_an_outage_left_in_the_queue(
    evening,
):
    world = await evening()
    assert await back(world, "2026-03-06 12:00+03:00") == ["Первое"]
    await world.passes(hours=2, minutes=59)
    assert world.tg.texts() == ["Первое"]
    await world.passes(minutes=1)
    assert world.tg.texts() == ["Первое", "Второе"]


async def test_a_service_letter_left_in_the_queue_goes_at_any_hour(evening):
    world = await evening(kind="service")
    assert (await back(world, "2026-03-06 03:00+03:00"))[0] == "Первое"


async def test_a_messenger_that_is_away_until_the_night_gets_the_letter_in_the_morning(evening):
    world = await evening()
    world.tg.faults = [TryLater("away", None)]
    await world.runner.settle()
    await world.passes(minutes=5)
    assert world.tg.texts() == []
    await world.passes(hours=11)
    assert world.tg.texts() == ["Первое"]


async def test_what_is_said_by_day_may_wait_until_the_next_quiet_hours(evening):
    world = await evening()
    (row,) = await world.database.fetch(select(outbox.c.expires_us))
    assert row.expires_us == _us("2026-03-02 22:00+03:00")


def _us(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) * 1_000_000

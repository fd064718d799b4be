"""Dead letters that go again: an event is played in its place, a request leaves once more (R5)."""

from collections.abc import AsyncIterator

import pytest

from storage import dead
from storage.database import open_database
from tests.bots.outside import OutsideServer, asking
from tests.bots.runtime import World, inbox, outbox

FUNNEL = """
funnel: school
entry: [start]
fields: {total: {type: number}}
flows:
  main:
    - http: {post: http://%s/lead, body: {a: b}, save: {total: data.total}}
      otherwise: [Не вышло, end]
    - Итого {{ total }}
"""


@pytest.fixture
async def server() -> AsyncIterator[OutsideServer]:
    """A server of the project's own network."""
    made = OutsideServer()
    await made.start()
    yield made
    await made.stop()


async def test_an_event_that_died_of_a_bug_is_heard_once_the_bug_is_mended(world: World):
    await world.does(start="")
    raw = world.tg.puts(text="С нуля", poison=True)
    await world.fetch()
    for _ in range(3):
        await world.passes(seconds=10)
    (row,) = await world.events(inbox.c.state == "dead")
    assert world.tg.texts() == ["Какой у вас уровень?"]
    # what is stored is what came: the mended channel reads it
    heard = type(world.tg).hear
    world.tg.hear = lambda stored: heard(world.tg, {**stored, "poison": False})
    assert raw["poison"]
    await world.database.commit(dead.replay("event", row.id, 0))
    await world.runner.settle()
    assert world.tg.texts() == ["Какой у вас уровень?", "Сколько занятий в неделю?"]
    assert await world.events(inbox.c.state == "dead") == []


async def test_a_request_that_goes_again_reaches_its_server_and_changes_nobody(
    database_url, server
):
    database = await open_database(database_url, exclusive=True)
    async with asking(database, FUNNEL % server.host, f'private: ["{server.host}"]') as world:
        server.usual = (404, {})
        await world.does(start="")
        assert world.tg.texts() == ["Не вышло"]
        (row,) = await world.database.fetch(dead.asked())
        server.usual = (200, {"data": {"total": 1}})
        await world.database.commit(dead.replay("request", row.id, world.runner.house.wall_us))
        await world.runner.settle()
        assert [row.state for row in await world.requests()] == ["done"]
        assert world.tg.texts() == ["Не вышло"]
        keys = {one["headers"]["Idempotency-Key"] for one in server.heard}
        assert (len(server.heard), len(keys)) == (2, 1)
    await database.close()


async def test_a_card_that_a_team_did_not_get_goes_out_again(world: World):
    from bots.channel import PersonUnreachable

    make = world.tg._make

    async def without_team(call):
        if call.chat == "-100":
            raise PersonUnreachable("the bot is not a member")
        return await make(call)

    world.tg._make = without_team
    await world.reach_lead()
    (row,) = await world.database.fetch(dead.lost())
    assert (row.bot, row.chat, row.state) == ("tg", "-100", "failed")
    world.tg._make = make
    await world.database.commit(dead.replay("message", row.id, world.runner.house.wall_us))
    await world.runner.settle()
    assert [one.state for one in await world.calls(outbox.c.id == row.id)] == ["sent"]
    assert len(world.tg.texts("-100")) == 1

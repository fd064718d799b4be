"""After `kill -9` the next process goes on at once, however often it happens in a row."""

import asyncio

import aiohttp
import pytest

from storage import leases
from tests.crash.house import House
from tests.crash.kills import Kill
from tests.crash.messengers import Messengers
from tests.crash.staging import Staging, judged

HELD = {"clock", "poll:tg", "poll:vk", "send:tg", "send:vk"}


async def ready(house: House, session: aiohttp.ClientSession) -> dict[str, int]:
    """The fences of the leases that somebody holds when the process begins to answer."""
    await house.start()
    while not await house.idle(session):
        assert not house.crashed
        await asyncio.sleep(0.03)
    (held,) = await house.rows(leases.holders())
    return {row.name: row.fence for row in held if row.name in HELD}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_the_dead_ones_leases_are_not_waited_for(kind, request, tmp_path, midwife):
    url = f"sqlite:///{tmp_path / 'voronka.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_server").new_database()
    async with Messengers() as messengers, aiohttp.ClientSession() as session:
        house = House(tmp_path / "project", messengers, url, midwife)
        try:
            assert await ready(house, session) == dict.fromkeys(HELD, 1)
            house.kill()
            await house.buried()
            assert await ready(house, session) == dict.fromkeys(HELD, 2)
            await house.stop()
        finally:
            await house.clear()


@pytest.mark.timeout(600)
async def test_deaths_in_quick_succession_cost_nobody_a_message(tmp_path, midwife):
    plan = [Kill("delivered", at) for at in range(60, 68)]
    url = f"sqlite:///{tmp_path / 'voronka.db'}"
    evidence, play = await Staging(40, 5, plan=plan).evidence(tmp_path, url, midwife)
    assert judged(evidence).problems == []
    assert play.house.lives == 1 + len(plan)

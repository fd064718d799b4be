"""F5: every update is delivered one to five times, out of turn and side by side.

The effects are those of one delivery: the conversations are the engine's own, word for word, each
update is stored once, each lead is one (R2). Then the same while the program is killed: what was not
acknowledged comes again and is handled once, in its place (R1, R3). The short form plays 24 people
and two kills; `VORONKA_SOAK=1` two thousand people on both databases, calm and with kills.
"""

from __future__ import annotations

import asyncio
import random

import pytest

from bots import inbox
from bots.channel import Batch
from storage.database import open_database
from tests.bots.runtime import World, leads, people
from tests.bots.runtime import inbox as inbox_table
from tests.crash.births import Nursery
from tests.crash.kills import scattered
from tests.crash.staging import judged
from tests.experiments.figures import LONG, seeds, tell
from tests.experiments.knocking import Knocking
from tests.experiments.mini import ACTS, MINI

PEOPLE = 2_000 if LONG else 24
KILLS = [0, 40] if LONG else [2]
CASES = [("sqlite", seed) for seed in seeds()]
CASES += [("postgresql", seed) for seed in seeds()] if LONG else []


def _url(kind, request, tmp_path) -> str:
    if kind == "postgresql":
        return request.getfixturevalue("postgres_server").new_database()
    return f"sqlite:///{tmp_path / 'voronka.db'}"


@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("kills", KILLS)
@pytest.mark.parametrize(("kind", "seed"), CASES)
async def test_repeats_change_nothing(kind, seed, kills, request, tmp_path):
    staging = Knocking(PEOPLE, seed, kills, seconds=7_000, story=MINI, moments=scattered)
    async with Nursery() as nursery:
        evidence, play = await staging.evidence(tmp_path, _url(kind, request, tmp_path), nursery)
    verdict = judged(evidence)
    updates, tries = verdict.figures["updates"], staging.knockers.tries
    tell(
        "F5",
        database=kind,
        seed=seed,
        kills=sum(play.executioner.done.values()),
        updates=updates,
        deliveries=tries,
        breaches=len(verdict.problems),
        leads=len(evidence.books.leads),
        double_leads=len(evidence.books.leads) - len({one.key for one in evidence.books.leads}),
    )
    assert verdict.problems == []
    assert updates == PEOPLE * ACTS
    assert tries > 2 * updates
    assert play.executioner.left == 0
    assert verdict.figures["vk duplicates"] == 0


async def test_two_workers_that_store_the_same_at_once_store_it_once(new_postgres):
    """Two programs' doors on one database, each given everything in batches of its own."""
    url, dice = new_postgres(), random.Random(1)
    first = await open_database(url, exclusive=True)
    second = await open_database(url, exclusive=False)
    world, other = await World(first).open(), await World(second).open()
    count = 40
    raws = [world.tg.puts(who=str(number), start="promo") for number in range(1, count + 1)]
    raws += [world.tg.puts(who=str(number), text="С нуля") for number in range(1, count + 1)]

    async def brings(at: World) -> int:
        (station,) = at.runner.house.stations.values()
        stored = 0
        for start in range(0, len(raws), count):  # a chat's updates keep their order
            part = raws[start : start + count] * dice.randint(1, 2)
            dice.shuffle(part)
            for place in range(0, len(part), 7):
                arrivals = tuple(at.tg.arrival(raw) for raw in part[place : place + 7])
                stored += (await inbox.store(at.runner.house, station, Batch(arrivals))).new
        return stored

    brought = await asyncio.gather(brings(world), brings(other))
    await world.runner.settle()
    assert sum(brought) >= len(raws)
    assert len(await world.rows(inbox_table, inbox_table.c.kind == "person")) == len(raws)
    assert len(await world.rows(people)) == count
    said = [one["text"] for one in world.tg.delivered + other.tg.delivered if "text" in one]
    assert sum("Сколько занятий" in text for text in said) == count
    assert await world.rows(leads) == []
    await first.close()
    await second.close()


@pytest.mark.skipif(not LONG, reason="the crash tests plant the same bug under polling")
async def test_a_repeat_that_is_taken_for_new_is_seen(tmp_path):
    """Where the inbox took every delivery for a new one, people would be answered again."""
    staging = Knocking(4, 1, 0, seconds=600, story=MINI)
    async with Nursery("source keys not unique") as nursery:
        evidence, _ = await staging.evidence(tmp_path, f"sqlite:///{tmp_path / 'v.db'}", nursery)
    assert judged(evidence).rules & {"updates", "order", "twice"}

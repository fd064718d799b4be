"""F14: one update in a hundred always raises, another is random JSON; nobody else notices.

The updates are Telegram's and VK's own and are read by the channels' own readers. The poison that
raises comes from people in the middle of their way, the random JSON from strangers.
"""

from __future__ import annotations

import asyncio
import random
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bots.channel import Arrival, Heard
from bots.clocks import SetClock
from bots.telegram import updates as telegram
from bots.vk import updates as vk
from storage.database import open_database
from storage.tables import inbox
from tests.bots.runtime import START
from tests.experiments.crowds import Crowd, CrowdPaper, FastClock, differing, runner_of, until_idle
from tests.experiments.figures import LONG, seeds, tell
from tests.experiments.poison import (
    CANARY,
    message_of,
    press_of,
    raising,
    spoiled,
    vk_message_of,
)

CHATS = 1_000 if LONG else 40
EVERY = 100 if LONG else 25
"""One update in so many is poison of each kind."""
SPEED = 10
STRANGE = 5_000 if LONG else 150


class WirePaper(CrowdPaper):
    """A paper messenger whose updates look as the real ones do, with poison among them."""

    def __init__(self, key: str, name: str, crowd: Crowd) -> None:
        super().__init__(key, name, crowd)
        self.dice = random.Random(f"{key}{crowd.seed}")
        self.poisoned = False
        self.guilty: set[str] = set()
        self.random: set[str] = set()
        self.numbers = 0

    def written(self, raw: dict[str, Any]) -> dict[str, Any]:
        self.numbers += 1
        person = int(raw["who"])
        if self.poisoned and self.numbers % EVERY == 0:
            self.guilty.add(self._key(self.put({"raw": raising(self.key, person, self._next)})))
            self.random.add(self._key(self.put({"raw": spoiled(self.dice, self.key, self._next)})))
        if "press" in raw:
            return {"raw": self._press(person, raw["press"])}
        text = raw.get("text", "/start")
        if self.name == "telegram":
            return {"raw": message_of(person, text, self._next)}
        starts = {} if "text" in raw else {"payload": '{"command": "start"}'}
        return {"raw": vk_message_of(person, text, self._next, **starts)}

    @property
    def _next(self) -> int:
        return self.count + 1

    def _press(self, person: int, token: str) -> dict[str, Any]:
        if self.name == "telegram":
            return press_of(person, token, self._next)
        return vk_message_of(person, "кнопка", self._next, payload=f'{{"t": "{token}"}}')

    def _key(self, put: dict[str, Any]) -> str:
        return self.arrival(put).source_key

    def arrival(self, raw: dict[str, Any]) -> Arrival:
        if self.name == "telegram":
            return telegram.arrival("tg", {"update_id": raw["id"], **raw["raw"]})
        return vk.arrival("vk", raw["raw"])

    def hear(self, raw: dict[str, Any]) -> Heard | None:
        return telegram.hear(raw) if self.name == "telegram" else vk.hear(raw)


class Play:
    """A crowd's way, with poison or without."""

    def __init__(self, url: str, seed: int, *, poisoned: bool) -> None:
        self._url = url
        self.crowd = Crowd(CHATS, seed, paper=WirePaper)
        self.papers = [one for one in self.crowd.papers.values() if isinstance(one, WirePaper)]
        for paper in self.papers:
            paper.poisoned = poisoned
        self.alarms: list[tuple[str, str]] = []
        self.rows: list[Any] = []
        self.seconds = 0.0

    async def perform(self) -> None:
        """To everybody's end."""
        database = await open_database(self._url, exclusive=True)
        runner = runner_of(database, self.crowd, self._alarm, wall=FastClock(SPEED))
        begun = time.perf_counter()
        try:
            await runner.start()
            self.crowd.come()
            async with asyncio.timeout(60 + CHATS):
                await self.crowd.finished.wait()
            self.seconds = time.perf_counter() - begun
            await until_idle(runner)
            self.rows = await database.fetch(select(inbox))
        finally:
            await runner.stop()
            await database.close()

    def _alarm(self, kind: str, facts: Any) -> None:
        self.alarms.append((kind, str(facts)))

    def ended(self, state: str) -> set[str]:
        """The keys of the updates that ended so."""
        return {row.source_key for row in self.rows if row.state == state}

    def keys(self, kind: str) -> set[str]:
        """Of the updates that are guilty, or random."""
        return {key for paper in self.papers for key in getattr(paper, kind)}


@pytest.mark.timeout(3_600 if LONG else 300)
@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if LONG else ["sqlite"])
async def test_poison_harms_nobody(kind, request, seed):
    made = request.getfixturevalue("new_sqlite" if kind == "sqlite" else "new_postgres")
    play = Play(made(), seed, poisoned=True)
    await play.perform()
    assert differing(play.crowd) == []
    guilty, spoilt = play.keys("guilty"), play.keys("random")
    did = sum(len(one.did) for one in play.crowd.people.values())
    dead = play.ended("dead")
    assert dead - spoilt == guilty
    assert len(play.rows) == did + len(guilty) + len(spoilt)
    assert play.ended("new") == set()
    told = [facts for name, facts in play.alarms if name == "dead"]
    assert len(told) == len(dead)
    assert {name for name, _ in play.alarms} == {"dead"}
    errors = "".join(row.error or "" for row in play.rows)
    assert CANARY not in errors + "".join(told)
    tell(
        "F14",
        database=kind,
        seed=seed,
        updates=did,
        raise_always=len(guilty),
        random_json=len(spoilt),
        dead=len(dead),
        others_harmed=0,
        seconds=round(play.seconds, 2),
        **(await without(made(), seed) if LONG else {}),
    )


async def without(url: str, seed: int) -> dict[str, float]:
    """How long the same takes when nobody is poisoned."""
    clean = Play(url, seed, poisoned=False)
    await clean.perform()
    assert differing(clean.crowd) == []
    return {"seconds_without": round(clean.seconds, 2)}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if LONG else ["sqlite"])
async def test_thousands_of_random_updates_are_stored_and_block_nobody(kind, request):
    """Straight to ingest, with nothing else to do: seconds for thousands."""
    made = request.getfixturevalue("new_sqlite" if kind == "sqlite" else "new_postgres")
    database = await open_database(made(), exclusive=True)
    crowd = Crowd(2, 1, paper=WirePaper)
    alarms: list[str] = []
    runner = runner_of(database, crowd, lambda kind, _: alarms.append(kind), wall=SetClock(START))
    await runner.open()
    dice = random.Random(seeds()[0])
    keys = set()
    for station in runner.house.stations.values():
        paper = crowd.papers[station.name]
        for _ in range(STRANGE):
            put = paper.put({"raw": spoiled(dice, station.name, paper.count + 1)})
            keys.add(paper.arrival(put).source_key)
        while paper.waiting:
            batch = await paper.fetch(station.cursor)
            await runner.fetchers[station.name].take(batch)
            if station.cursor == str(paper.count):
                break
    stored = await database.fetch(select(inbox.c.source_key))
    assert {row.source_key for row in stored} == keys
    assert set(alarms) <= {"dead"}
    counted = select(inbox.c.state, func.count().label("n")).group_by(inbox.c.state)
    found: dict[str, int] = {"new": 1}
    for _ in range(STRANGE):  # a poisoned row is tried three times, and its person's next waits
        if "new" not in found:
            break
        await runner.settle()
        runner.house.wall.move(timedelta(seconds=10))
        found = {row.state: row.n for row in await database.fetch(counted)}
    assert "new" not in found
    await database.close()
    tell("F14", database=kind, seed=seeds()[0], random_json=2 * STRANGE, **found)

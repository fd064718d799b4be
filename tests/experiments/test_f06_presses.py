"""F6: double and triple presses and ten messages at once, many chats in parallel.

Every chat must be told what the engine alone says to the same events in the same order: a step is
neither skipped nor made twice. A bug planted into the reading of presses is noticed.
"""

from __future__ import annotations

import asyncio
import statistics

import pytest
from sqlalchemy import func, select

from bots import hearing
from flows.events import Typed
from storage.database import open_database
from storage.tables import inbox, leads
from tests.experiments.crowds import Crowd, differing, reference, runner_of, until_idle
from tests.experiments.figures import LONG, seeds, tell

CHATS = 1_000 if LONG else 60
TOGETHER = 50


class Told:
    """What one play came to."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.alarms: list[str] = []
        self.states: dict[str, int] = {}
        self.leads = 0

    @property
    def worst(self) -> list[float]:
        """The longest wait of each chat, in milliseconds, rising."""
        return sorted(1_000 * max(one.waits) for one in self.crowd.people.values() if one.waits)


async def played(url: str, chats: int, seed: int) -> Told:
    """Everybody's way to its end."""
    told = Told(Crowd(chats, seed, TOGETHER))
    database = await open_database(url, exclusive=True)
    runner = runner_of(database, told.crowd, lambda kind, _: told.alarms.append(kind))
    try:
        await runner.start()
        told.crowd.come()
        async with asyncio.timeout(60 + chats):
            await told.crowd.finished.wait()
        await until_idle(runner)
        counted = select(inbox.c.state, func.count().label("n")).group_by(inbox.c.state)
        told.states = {row.state: row.n for row in await database.fetch(counted)}
        told.leads = (await database.fetch(select(func.count().label("n")).select_from(leads)))[
            0
        ].n
    finally:
        await runner.stop()
        await database.close()
    return told


def events_of(crowd: Crowd) -> int:
    """How many things the people did."""
    return sum(len(one.did) for one in crowd.people.values())


@pytest.mark.timeout(3_600 if LONG else 300)
@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if LONG else ["sqlite"])
async def test_impatient_people_are_led_step_by_step(kind, request, seed):
    url = request.getfixturevalue("new_sqlite" if kind == "sqlite" else "new_postgres")()
    told = await played(url, CHATS, seed)
    other = differing(told.crowd)
    did = events_of(told.crowd)
    waits = {
        "p50_ms": statistics.median(told.worst),
        "p99_ms": told.worst[int(len(told.worst) * 0.99)],
    }
    rounded = {name: round(value) for name, value in waits.items()}
    tell("F6", database=kind, seed=seed, chats=CHATS, events=did, other=len(other), **rounded)
    assert other == []
    assert told.states == {"done": did}
    wanted = sum(reference(one, bot)[1] for (bot, _), one in told.crowd.people.items())
    assert told.leads == wanted == CHATS
    assert told.alarms == []


async def test_presses_that_count_as_words_are_noticed(new_sqlite, monkeypatch):
    press = hearing._press

    def worded(house, item):
        pressed = press(house, item)
        return Typed(pressed.text) if pressed.text else pressed

    monkeypatch.setattr(hearing, "_press", worded)
    told = await played(new_sqlite(), 5, seed=1)
    assert [who.partition(" ")[2] for who, _, _ in differing(told.crowd)] == ["twice", "thrice"]

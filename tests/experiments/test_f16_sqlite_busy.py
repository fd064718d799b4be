"""F16: a bot at full load on SQLite, with everything beside it that an operator may run at once.

Exports, status, an operator who writes, a copy of the whole file and four readers, each a process:
nobody is ever told "database is locked", and the bot's writes do not wait for them.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter
from typing import Any

import pytest

from storage import sqlite
from storage.database import open_database
from tests.experiments.beside import work
from tests.experiments.cradle import Cradle
from tests.experiments.crowds import Crowd, differing, runner_of, until_idle
from tests.experiments.figures import LONG, seeds, tell

SECONDS = 600.0 if LONG else 2.0
REST = 0.02 if LONG else 0.2
TOGETHER = 30 if LONG else 8
BESIDE = ("export", "status", "operator", "copy", "reader", "reader", "reader", "reader")


class Timed:
    """How long the bot's writes took, in milliseconds."""

    def __init__(self, database: Any) -> None:
        self.taken: list[float] = []
        run = database._writer.run

        async def timed(call: Any) -> Any:
            begun = time.perf_counter()
            result = await run(call)
            self.taken.append(1_000 * (time.perf_counter() - begun))
            return result

        database._writer.run = timed

    def worst(self, share: float) -> float:
        """What so many of them did not exceed."""
        return round(sorted(self.taken)[int(len(self.taken) * share)], 1)


@pytest.mark.timeout(1_800 if LONG else 300)
async def test_nobody_finds_the_database_locked(new_sqlite, tmp_path):
    url, seed = new_sqlite(), seeds()[0]
    database = await open_database(url, exclusive=True)
    writes = Timed(database)
    alarms: list[str] = []
    crowd = Crowd(100_000 if LONG else 10_000, seed, TOGETHER)
    runner = runner_of(database, crowd, lambda kind, facts: alarms.append(f"{kind} {facts}"))
    async with Cradle(tmp_path, "tests.experiments.beside") as cradle:
        await runner.start()
        crowd.come()
        given = (url, str(tmp_path), SECONDS, REST)
        lives = [
            await cradle.begin("tests.experiments.beside:work", one, *given) for one in BESIDE
        ]
        told = [await life.told() for life in lives]
        crowd.close()
        await until_idle(runner)
        await runner.stop()
        await database.close()
    locked = [error for one in told for error in one["errors"]]
    events = sum(len(one.did) for one in crowd.people.values())
    rounds: Counter[str] = Counter()
    for one in told:
        rounds[f"by_{one['kind']}"] += one["rounds"]
    figures = {"p50_write_ms": writes.worst(0.5), "p99_write_ms": writes.worst(0.99)}
    tell(
        "F16",
        seconds=SECONDS,
        seed=seed,
        events=events,
        writes=len(writes.taken),
        locked=len(locked),
        **figures,
        **rounds,
    )
    assert locked == []
    assert alarms == []
    assert all(count > 0 for count in rounds.values())
    assert differing(crowd) == []


async def test_impatience_is_noticed(new_sqlite, tmp_path, monkeypatch):
    """Without patience for the others' locks the operator's writes fail."""
    monkeypatch.setattr(sqlite, "PRAGMAS", ("PRAGMA busy_timeout=0", *sqlite.PRAGMAS[1:]))
    url = new_sqlite()
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    told = await asyncio.wait_for(work("operator", url, str(tmp_path), 0.05, 0.0), 20)
    holder.close()
    assert any("locked" in error for error in told["errors"])

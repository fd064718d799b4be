"""F17: the database is gone for a while, and nothing that was confirmed to a messenger is lost.

A crowd talks to the bots; meanwhile PostgreSQL's connections break, answers are lost after the work
is done, the server freezes or goes away; SQLite's disk is full, read-only or fails in mid-commit.
It ends well without a person: everybody is told what the engine alone says, once.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bots.runner import Runner
from storage.database import open_database
from storage.sqlite import SqliteDatabase
from storage.tables import inbox, journal, outbox
from storage.work import Database
from tests.bots.web_stage import open_stage
from tests.experiments.crowds import Crowd, differing, runner_of, until_idle
from tests.experiments.figures import LONG, seeds, tell
from tests.experiments.gates import Gate
from tests.experiments.outages import (
    Outage,
    cut,
    frozen,
    full,
    gone,
    killed,
    no_room,
    read_only,
    stopped,
    torn,
)

CHATS = 300 if LONG else 10
SECONDS = 60.0 if LONG else 1.2
POSTGRES = ("gone", "frozen", "cut", "killed", "stopped") if LONG else ("gone", "cut")
SQLITE = ("full", "read_only", "torn", "no_room") if LONG else ("full",)
PATIENCE = 3.0
"""Seconds without anything new after which nobody will say anything more."""


@dataclass
class Trial:
    """A crowd, its runner, and what the program told about its troubles."""

    database: Database
    crowd: Crowd
    runner: Runner = field(init=False)
    alarms: Counter[str] = field(default_factory=Counter)
    back: float = 0.0

    def __post_init__(self) -> None:
        self.runner = runner_of(self.database, self.crowd, self._alarm)

    def _alarm(self, kind: str, facts: Any) -> None:
        self.alarms[kind] += 1
        assert "postgres@" not in str(facts)

    async def play(self, outage: Outage) -> None:
        """Everybody's way, with an outage in the middle of it."""
        await self.runner.start()
        try:
            self.crowd.come()
            while self.crowd.left > 0.7 * CHATS:
                await asyncio.sleep(0.005)
            async with outage():
                await asyncio.sleep(SECONDS)
            ended = time.perf_counter()
            await self._settled(ended)
        finally:
            await self.runner.stop()

    async def _settled(self, ended: float) -> None:
        """Wait until everybody is done, or nothing happens any more."""
        heard, last = self._heard, time.perf_counter()
        while not self.crowd.finished.is_set() and time.perf_counter() - last < PATIENCE:
            await asyncio.sleep(0.05)
            if self._heard != heard or not await self.runner.idle():
                self.back = self.back or (time.perf_counter() - ended) * (self._heard != heard)
                heard, last = self._heard, time.perf_counter()
        await until_idle(self.runner)

    @property
    def _heard(self) -> int:
        """How many messages have arrived."""
        return sum(len(one.heard) for one in self.crowd.people.values())

    async def rows(self, statement: Any) -> Any:
        """What a select finds."""
        return await self.database.fetch(statement)

    async def verify(self) -> dict[str, float]:
        """Nothing is lost, nobody was told otherwise than the engine would; the figures."""
        did = sum(len(one.did) for one in self.crowd.people.values())
        states = await self.rows(
            select(inbox.c.state, func.count().label("n")).group_by(inbox.c.state)
        )
        assert {row.state: row.n for row in states} == {"done": did}
        doubts = await self.rows(select(journal.c.id).where(journal.c.kind == "doubtful"))
        calls = await self.rows(
            select(outbox.c.id).where(outbox.c.state.in_(("queued", "sending")))
        )
        assert calls == []
        twice = self.crowd.papers["tg"].repeats
        assert twice <= len(doubts)
        other = differing(self.crowd, repeats=True)
        assert other == []
        told = self.alarms["database"]
        assert set(self.alarms) <= {"database"}, self.alarms
        return {
            "updates": did,
            "lost": 0,
            "twice": twice,
            "told": told,
            "back_s": round(self.back, 1),
        }


@asynccontextmanager
async def on_sqlite(url: str, seed: int) -> AsyncIterator[Trial]:
    """A trial on a file."""
    database = await open_database(url, exclusive=True)
    try:
        yield Trial(database, Crowd(CHATS, seed, together=12))
    finally:
        await database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """A function that gives a disk of four megabytes; who may not mount one skips."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = []

    def mount() -> Path:
        command = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)]
        if shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
            pytest.skip("no right to mount a small disk")
        mounted.append(disk)
        return disk

    yield mount
    for each in mounted:
        subprocess.run(["umount", "-l", str(each)], check=True)


@pytest.mark.timeout(1_200 if LONG else 300)
@pytest.mark.parametrize("seed", seeds(long=2))
@pytest.mark.parametrize("kind", POSTGRES)
async def test_postgresql_away_loses_nothing(kind, postgres_server, new_postgres, tmp_path, seed):
    gate = Gate(tmp_path, new_postgres())
    await gate.open()
    database = await open_database(gate.url, exclusive=True)
    trial = Trial(database, Crowd(CHATS, seed, together=12))
    outages: dict[str, Outage] = {
        "gone": partial(gone, gate),
        "frozen": partial(frozen, gate),
        "cut": partial(cut, gate, 40 + seed),
        "killed": partial(killed, postgres_server._server),
        "stopped": partial(stopped, postgres_server._server),
    }
    try:
        await trial.play(outages[kind])
        found = await trial.verify()
    finally:
        await database.close()
        await gate.close()
    tell("F17", database="postgresql", away=kind, seconds=SECONDS, seed=seed, **found)
    assert found["told"] > 0 or kind in ("frozen", "stopped")


@pytest.mark.timeout(1_200 if LONG else 300)
@pytest.mark.parametrize("seed", seeds(long=2))
@pytest.mark.parametrize("kind", SQLITE)
async def test_a_disk_that_fails_loses_nothing(kind, new_sqlite, small_disk, seed):
    url = new_sqlite()
    if kind == "no_room":
        path = shutil.copy(url.removeprefix("sqlite:///"), small_disk() / "voronka.db")
        url = f"sqlite:///{path}"
    async with on_sqlite(url, seed) as trial:
        assert isinstance(trial.database, SqliteDatabase)
        bad = {"full": full, "read_only": read_only, "torn": torn}
        outage = (
            partial(bad[kind], trial.database) if kind in bad else partial(no_room, path.parent)
        )
        await trial.play(outage)
        found = await trial.verify()
    tell("F17", database="sqlite", away=kind, seconds=SECONDS, seed=seed, **found)
    assert found["told"] > 0


async def test_an_update_that_is_missing_is_noticed(new_sqlite):
    async with on_sqlite(new_sqlite(), seed=1) as trial:
        await trial.play(partial(full, trial.database))
        await trial.verify()
        someone = next(iter(trial.crowd.people.values()))
        someone.did.append(someone.did[-1])
        with pytest.raises(AssertionError):
            await trial.verify()


async def test_a_visitor_is_told_and_loses_nothing(new_postgres, tmp_path):
    gate = Gate(tmp_path, new_postgres())
    await gate.open()
    stage = await open_stage(gate.url)
    browser = stage.browser()
    assert (await browser.get("/chat/site")).status_code == 200
    said = {"client_id": "c0000001", "kind": "text", "text": "Здравствуйте"}
    async with gone(gate):
        posted = await browser.post("/chat/site/say", json=said)
        page = await browser.get("/chat/site")
        asked = await browser.get("/chat/site/messages")
    assert [one.status_code for one in (posted, page, asked)] == [503, 503, 503]
    assert "не может сохранить" in posted.json()["error"]
    assert "Чат на минуту недоступен" in page.text
    assert "Чат на минуту недоступен" in asked.json()["error"]
    assert {one.headers["retry-after"] for one in (posted, page, asked)} == {"5"}
    for _ in range(2):  # the page says it again by itself
        assert (await browser.post("/chat/site/say", json=said)).status_code == 200
    assert len(await stage.house.database.fetch(select(inbox.c.id))) == 1
    await stage.close()
    await gate.close()

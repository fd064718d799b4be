"""F3: the process dies at every call to a messenger, before it takes place and right after.

One prospect on Telegram and one on VK go the whole way of `english_school` over HTTP. The short form
takes one of the calls, `VORONKA_SOAK=1` every one. The ledger of the crash tests judges: VK says
nothing twice, Telegram loses nothing and repeats at most what is journalled as doubtful.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from storage.database import open_database
from storage.seal import new_keys
from tests.crash.books import Books, kept
from tests.crash.crowd import Crowd
from tests.crash.ledger import Evidence, judged
from tests.crash.messengers import Messengers
from tests.crash.people import prospects
from tests.crash.perfect import _row
from tests.crash.reference import microseconds, references
from tests.crash.story import SCHOOL
from tests.emulators.faults import Fault
from tests.experiments.cradle import Cradle, Life
from tests.experiments.figures import LONG, seeds, tell

CALLED = "tests.experiments.called"
CALLS = 150
"""Fewer than a way has: the short form chooses among them."""
KEYS = new_keys().reveal()


@dataclass
class Way:
    """One play; at the call ``at`` the process dies, ``after`` it took place or before.

    ``at`` is a number, or a method: then it is the method's first call.
    """

    cradle: Cradle
    folder: Path
    url: str
    at: int | str = 0
    after: bool = False
    bug: str = ""
    keys: str = KEYS
    calls: Counter[str] = field(default_factory=Counter)
    killed: str = ""
    lives: int = 0

    async def play(self, seed: int) -> Evidence:
        """The whole way, and what there is to judge."""
        people = prospects(2, seed)
        ways = references(SCHOOL.loaded(), people, SCHOOL.start)
        self.now_us = microseconds(SCHOOL.start)
        async with Messengers() as messengers:
            self.messengers = messengers
            messengers.now_us, messengers.called = lambda: self.now_us, self._called
            self.arrived: asyncio.Queue[Any] = asyncio.Queue()
            server = await asyncio.start_unix_server(self._enter, str(self.folder / "socket"))
            crowd = Crowd(messengers, people)
            await self._rest()
            crowd.come()
            due: int | None = self.now_us
            while due is not None:
                self.now_us = max(self.now_us, due)
                due = await self._rest()
                while crowd.answer():
                    due = await self._rest()
            await self._leave()
            await self.life.ended
            server.close()
        books: Books = await kept(self)  # type: ignore[arg-type]
        sheet = [_row(one) for one in books.leads]
        done = (messengers.delivered, books, crowd.acts, crowd.spoke, sheet)
        return Evidence(SCHOOL, people, ways, *done)

    async def rows(self, *statements: Any) -> list[Any]:
        """What the statements find in the database of the dead."""
        database = await open_database(self.url, exclusive=False)
        try:
            return [await database.fetch(one) for one in statements]
        finally:
            await database.close()

    async def _rest(self) -> int | None:
        """Let the process do all that is to do now; one that dies of it is followed by another."""
        while True:
            if not self.lives or self.life.ended.done():
                await self._begin()
            self.writer.write(b"%d\n" % self.now_us)
            line = await self.reader.readline()
            if line:
                due: int | None = json.loads(line)
                return due
            await self._leave()
            code = await self.life.ended
            assert code == -signal.SIGKILL, await self.life.told()

    async def _begin(self) -> None:
        self.lives += 1
        arguments = (self.messengers.tg.url, self.messengers.vk.url, self.keys)
        self.life: Life = await self.cradle.begin(
            f"{CALLED}:live", self.url, *arguments, str(self.folder / "socket"), self.bug
        )
        self.reader, self.writer = await self.arrived.get()

    async def _leave(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()

    async def _enter(self, reader: Any, writer: Any) -> None:
        self.arrived.put_nowait((reader, writer))

    def _called(self, method: str) -> Fault | None:
        self.calls[method] += 1
        if self.killed or self.at not in (self.calls.total(), method):
            return None
        self.killed = method
        os.kill(self.life.pid, signal.SIGKILL)
        return Fault("cut_after" if self.after else "cut_before")


@pytest.mark.timeout(14_400 if LONG else 600)
@pytest.mark.xdist_group("f3")
@pytest.mark.parametrize("seed", seeds(long=1))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if LONG else ["sqlite"])
async def test_a_death_at_any_call_costs_nobody_a_message(kind, request, tmp_path, seed):
    made = request.getfixturevalue("new_sqlite" if kind == "sqlite" else "new_postgres")
    figures: Counter[str] = Counter()
    async with Cradle(tmp_path, CALLED) as cradle:

        async def judge(**how: Any) -> Way:
            folder = tmp_path / "way"
            folder.mkdir()
            way = Way(cradle, folder, made(), **how)
            verdict = judged(await way.play(seed))
            assert verdict.problems == [], (how, way.killed)
            for name in ("tg duplicates", "vk duplicates", "unsent but journalled"):
                figures[name.replace(" ", "_")] += verdict.figures[name]
            shutil.rmtree(folder)
            return way

        killed: Counter[str] = Counter()
        calls = (await judge()).calls.total() if LONG else CALLS
        for at in range(1, calls + 1) if LONG else [random.Random(seed).randint(1, calls)]:
            for after in (False, True):
                way = await judge(at=at, after=after)
                assert (way.lives == 2) == bool(way.killed)
                killed[way.killed] += 1
        assert killed.total() - killed[""] > 0.95 * killed.total()  # a way may have fewer polls
        assert figures["vk_duplicates"] == 0
        assert figures["tg_duplicates"] <= killed.total()
        tell(
            "F3",
            database=kind,
            seed=seed,
            calls=calls,
            deaths=killed.total(),
            methods=len(killed),
            lost=0,
            **figures,
        )


@pytest.mark.skipif(not LONG, reason="two more lives; the crash tests plant the same bug")
@pytest.mark.timeout(600)
@pytest.mark.xdist_group("f3")
async def test_a_doubtful_message_that_is_dropped_is_noticed(new_sqlite, tmp_path):
    async with Cradle(tmp_path, CALLED) as cradle:
        way = Way(cradle, tmp_path, new_sqlite(), at="sendMessage", bug="doubtful dropped")
        verdict = judged(await way.play(seed=1))
    assert "lost" in verdict.rules, verdict.problems

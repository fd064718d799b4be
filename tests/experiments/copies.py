"""A small town for F27 and F23: people in the middle of a series, and copies of their database."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from storage import dumps
from storage.tables import inbox, outbox
from storage.work import StorageFailed
from tests.crash.births import Midwife
from tests.crash.house import House
from tests.crash.messengers import Messengers
from tests.crash.people import Act, prospects
from tests.crash.story import Story, project

GLANCE_SECONDS = 0.03
LETTERS = 8
FUNNEL = """\
funnel: copies
title: Копии
entry: [start]
flows:
  main:
    - consent: advertising
    - start: news
    - ask: Как дела?
      save: mood
      options: [Хорошо, Плохо]
    - Записали.
series:
  news:
    letters:
"""
HOUR_US = 3_600_000_000


def story(folder: Path) -> Story:
    """The funnel, every other letter an advert."""
    path = folder / "copies.yaml"
    lines = [
        f"      - {{id: l{n}, when: +1d 12:00, say: Письмо {n}, busy: send}}"
        if n % 2
        else f"      - {{id: l{n}, when: +1d 12:00, say: Реклама {n}, busy: send,"
        " kind: advertising, erid: abc, advertiser: ООО Мост}"
        for n in range(1, LETTERS + 1)
    ]
    path.write_text(FUNNEL + "\n".join(lines) + "\n", encoding="utf-8")
    more = (
        "documents:\n  advertising: {title: Реклама, version: 1, url: 'https://example.ru/ads'}\n"
        "  privacy: {title: Политика, version: 1, url: 'https://example.ru/privacy'}\n"
    )
    start = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    return Story(path, project("copies", more), start, prospects, ())


@dataclass
class Town:
    """The people, the program and its messengers."""

    house: House
    messengers: Messengers
    session: aiohttp.ClientSession
    people: list = field(default_factory=list)

    @property
    def sent(self) -> int:
        """How many messages have truly arrived."""
        return len(self.messengers.delivered)

    async def rise(self) -> None:
        """Start the program and wait until it answers and listens to VK."""
        await self.house.start()
        while not (await self._answers() and (await self.house.stand())[0]):
            assert not self.house.crashed
            await asyncio.sleep(GLANCE_SECONDS)

    async def come(self, count: int) -> None:
        """People come, agree, and every third one answers the question."""
        self.people = prospects(count, 1)
        for one in self.people:
            self.messengers.know(one)
            self.messengers.do(one, Act("open", ""))
        await self.rest()
        for one in self.people:
            self.messengers.do(one, Act("press", "Согласен"))
        await self.rest()
        for one in self.people[::3]:
            self.messengers.do(one, Act("press", "Хорошо"))
        await self.rest()

    def come_again(self) -> None:
        """Everybody opens the bot once more: each is answered."""
        for one in self.people:
            self.messengers.do(one, Act("open", ""))

    def write(self) -> None:
        """Every third one writes."""
        for one in self.people[::3]:
            self.messengers.do(one, Act("type", "А когда?"))

    async def rest(self) -> None:
        """Wait until everything that happened is played and sent."""
        while not await self._is_idle():
            assert not self.house.crashed
            await asyncio.sleep(GLANCE_SECONDS)

    async def pass_letters(self, count: int) -> None:
        """So many times the clock goes to the next timer."""
        for _ in range(count):
            due_us = (await self.house.stand())[1]
            if due_us is None:
                return
            self.house.set_clock(max(due_us, self.house.now_us))
            await self.rest()

    async def marked(self) -> None:
        """Wait until the witness has seen the last of it."""
        path = Path(self.house.env["VORONKA_WITNESS"])
        while json.loads(path.read_text())["at_us"] < self.house.now_us:
            await asyncio.sleep(GLANCE_SECONDS)

    async def ready(self) -> tuple[int, list[str]]:
        """What `/readyz` answers."""
        url = self.house.idle_url.replace("/debug/idle", "/readyz")
        async with self.session.get(url) as answer:
            return answer.status, (await answer.json())["missing"]

    async def stored(self) -> int:
        """How many events are stored."""
        counted = select(func.count().label("n")).select_from(inbox)
        return int((await self.house.rows(counted))[0][0].n)

    async def sending(self) -> int:
        """How many calls stand between queue and messenger."""
        counted = select(func.count().label("n")).where(outbox.c.state == "sending")
        return int((await self.house.rows(counted))[0][0].n)

    async def is_taken(self) -> bool:
        """Whether the bots have confirmed every update."""
        return self.messengers.taken((await self.house.stand())[0])

    def heard(self) -> Counter[tuple[str, str]]:
        """How often each person got each letter."""
        firsts = [(one.key, one.text.split("\n")[0]) for one in self.messengers.delivered]
        return Counter(pair for pair in firsts if pair[1].startswith(("Письмо", "Реклама")))

    def repeated(self, kind: str) -> int:
        """How many letters of the kind came to somebody once more than they should."""
        return sum(n - 1 for (_, text), n in self.heard().items() if text.startswith(kind))

    def missing(self, kind: str) -> int:
        """How many letters of the kind never came to somebody."""
        wanted = {
            f"{kind} {n}" for n in range(1, LETTERS + 1) if (n % 2 == 1) == (kind == "Письмо")
        }
        heard = self.heard()
        return sum(heard[one.key, text] == 0 for one in self.people for text in wanted)

    async def _answers(self) -> bool:
        try:
            async with self.session.get(self.house.idle_url) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _is_idle(self) -> bool:
        try:
            return await self.is_taken() and await self.house.idle(self.session)
        except StorageFailed:
            return False


@asynccontextmanager
async def town(folder: Path, url: str, midwife: Midwife) -> AsyncIterator[Town]:
    """A town at work."""
    folder.mkdir(parents=True, exist_ok=True)
    limits = aiohttp.ClientTimeout(total=10)
    async with Messengers() as messengers, aiohttp.ClientSession(timeout=limits) as session:
        house = House(folder / "project", messengers, url, midwife, story(folder))
        messengers.now_us = lambda: house.now_us
        house.env["VORONKA_WITNESS"] = str(folder / "witness")
        made = Town(house, messengers, session)
        try:
            await made.rise()
            yield made
        finally:
            await house.clear()


def copy_file(source: Path, target: Path) -> None:
    """What an operator does by `sqlite3 … .backup`."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def put_file_back(copy: Path, file: Path) -> None:
    """What an operator does with the file, by the letter of the old instructions."""
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    shutil.copy(copy, file)


def dump(url: str, target: Path) -> None:
    """`pg_dump`, by hand."""
    target.unlink(missing_ok=True)
    dumps.dump(url, target)


def put_dump_back(url: str, source: Path) -> None:
    """`pg_restore`, by hand."""
    dumps.restore(url, source)


async def kill(house: House) -> None:
    """`kill -9`."""
    house.kill()
    await house.buried()


def signalled(house: House, number: signal.Signals) -> None:
    """Send the process a signal."""
    assert house.life is not None
    os.kill(house.life.pid, number)

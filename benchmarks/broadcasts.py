"""How fast a broadcast is listed and played, beside a plain loop that only inserts a row a person.

    .venv/bin/python benchmarks/broadcasts.py [PEOPLE] [DATABASE_URL]

Voronka: pages of recipients with the cursor, turns as events, the engine decides for each person
under their lock (consent, limits, quiet hours, segment), message, call, journal and state are
committed; the calls are claimed and sent to a paper messenger. The plain loop: the same number of
rows `(person, text)`, one transaction for every 500, in a file of its own. What a messenger takes
(25 a second on Telegram) is far slower than both.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bots import broadcasting
from bots.broadcast_lists import row_of
from bots.clocks import SetClock, microseconds
from bots.loading import PERSON
from bots.paper import PaperChannel
from bots.runner import Runner
from flows.broadcasts.file import broadcast_of
from flows.loading import bundle_of, load
from flows.state import Consent, Person, person_to_json
from storage import bots, broadcasts, migration, people
from storage.database import open_database
from storage.seal import Seal
from storage.tables import identities as identities_table
from storage.tables import people as people_table
from storage.work import Database

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PROJECT = "project: bench\nbots:\n  site: {channel: web, funnels: [school]}\n"
FUNNEL = "funnel: school\nentry: [start]\nflows:\n  main: [Здравствуйте!]\n"
SALE = """\
broadcast: sale
say: "{{ name | suffix(', ') }}скидка!"
"""
PAGE = 500


async def fill(database: Database, seal: Seal, count: int) -> None:
    """People who agreed to adverts."""
    site = {"name": "site", "channel": "web", "external_id": "site"}
    await database.commit(bots.register([site]))
    bot_id = (await database.fetch(bots.named("site")))[0].id
    given = Consent("given", "1", microseconds(START))
    for begin in range(0, count, PAGE):
        size = min(PAGE, count - begin)
        persons = await database.ids(people_table, size)
        names = await database.ids(identities_table, size)
        rows = [
            {
                "person_id": person_id,
                "identity_id": identity_id,
                "uid": f"u{person_id}",
                "bot_id": bot_id,
                "external_id": str(person_id),
            }
            for person_id, identity_id in zip(persons, names, strict=True)
        ]
        known = Person(first_name="Мария", consents={"advertising": given})
        sealed = [
            {"id": one, "person_sealed": seal.seal_json(PERSON, person_to_json(known))}
            for one in persons
        ]
        await database.commit([*people.create(rows), *people.save(sealed)])


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print how many people a second it took."""
    begun = time.perf_counter()
    yield
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"{what:<42}{seconds:8.2f} s{count / seconds:12,.0f} people/s\n")


async def measure(count: int, url: str) -> None:
    """List, play and send to so many people."""
    await migration.upgrade(url)
    database = await open_database(url, exclusive=True)
    seal = Seal({"k1": bytes(32)})
    await fill(database, seal, count)
    files = {"voronka.yaml": PROJECT.encode(), "funnels/school.yaml": FUNNEL.encode()}
    loaded = load(files, {}, "2026-03-01")
    assert loaded.project is not None
    clock = SetClock(START)
    parts = {"site": (PaperChannel(lambda: 0), bundle_of(loaded, loaded.project.bots["site"]))}
    runner = Runner(database, seal, clock, clock, parts, texts={}, alone=True)
    runner.texts = {one.hash: loaded.texts[name] for name, one in loaded.programs.items()}
    await runner.open()
    made, _ = broadcast_of(SALE, "sale.yaml")
    assert made is not None
    row = row_of(seal, made, SALE, ["site"], zone="Europe/Moscow", now=START)
    await database.commit(broadcasts.add(row))
    await _go(runner, count)
    await runner.stop()
    await database.close()


async def _go(runner: Runner, count: int) -> None:
    async def row() -> object:
        return (await runner.database.fetch(broadcasts.named("sale")))[0]

    broadcasting.WINDOW = count  # else the window waits for the messenger
    with timed("list (pages and cursor)", count):
        while not (await row()).listed:  # type: ignore[attr-defined]
            await runner.broadcaster.step()
    with timed("turns, decisions, messages, calls", count):
        while runner.player.played < count:
            await runner.broadcaster.step()
            await runner.player.drain()
    with timed("sending on paper (1,000 a second at most)", count):
        while (await row()).state != "done":  # type: ignore[attr-defined]
            await runner.senders["site"].drain()
            await runner.broadcaster.step()
            await asyncio.sleep(0.01)
    figures = json.loads((await row()).counts)  # type: ignore[attr-defined]
    sys.stdout.write(f"{figures}\n")
    assert figures["sent"] == count


def plain(count: int, path: Path) -> None:
    """The peer: nothing is decided and nothing can be told afterwards."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE queue (person INTEGER PRIMARY KEY, text TEXT)")
    with timed("plain loop of inserts (SQLite)", count):
        for begin in range(0, count, PAGE):
            for person in range(begin, min(begin + PAGE, count)):
                database.execute("INSERT INTO queue VALUES (?, ?)", (person, "Мария, скидка!"))
            database.commit()
    database.close()


def main() -> None:
    """Both, on the same disk."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{home / 'voronka.db'}"
        asyncio.run(measure(count, url))
        plain(count, home / "plain.db")


if __name__ == "__main__":
    main()

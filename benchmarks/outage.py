"""How fast timers that came due in an outage are moved and played, beside APScheduler's job store.

    .venv/bin/python benchmarks/outage.py [TIMERS] [DATABASE_URL]

Voronka: a letter for each person, all due; the clock moves them to the inbox a thousand a statement,
the player decides each under its person's lock and commits message, call, journal and state. The
peer: as many date jobs that do nothing, all due, in APScheduler's SQLAlchemy store on a SQLite file,
read and removed by one scheduler. What a messenger takes (25 a second) is far slower than both.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import text as sql

from bots.channel import Arrival, Batch
from bots.clocks import SetClock, microseconds
from bots.inbox import store
from bots.paper import PaperChannel
from bots.runner import Runner
from flows.loading import bundle_of, load
from storage import migration, timers
from storage.database import open_database
from storage.seal import Seal

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PROJECT = (
    "project: bench\nbots:\n  site: {channel: web, funnels: [school]}\nlimits: {quiet: off}\n"
)
FUNNEL = """\
funnel: school
entry: [start]
flows: {main: [{start: news}]}
series: {news: {letters: [{id: one, when: +1h, say: Письмо}]}}
"""
PLAN = "EXPLAIN QUERY PLAN SELECT id FROM timers WHERE due_us <= 1 ORDER BY due_us, id LIMIT 1000"
PAGE = 500
_fired = threading.Semaphore(0)


async def voronka(count: int, url: str) -> dict[str, float]:
    """Timers a second: moved, and moved and played; the memory that it took."""
    await migration.upgrade(url)
    database = await open_database(url, exclusive=True)
    files = {"voronka.yaml": PROJECT.encode(), "funnels/school.yaml": FUNNEL.encode()}
    found = load(files, {}, "2026-01-01")
    assert found.project is not None
    bundle = bundle_of(found, found.project.bots["site"])
    texts = {one.hash: found.texts[name] for name, one in found.programs.items()}
    clock = SetClock(START)
    bots = {"site": (PaperChannel(lambda: microseconds(clock.now())), bundle)}
    runner = Runner(database, Seal({"k": bytes(32)}), clock, clock, bots, texts=texts, alone=True)
    await runner.open()
    (station,) = runner.house.stations.values()
    for begin in range(0, count, PAGE):
        people = range(begin, min(begin + PAGE, count))
        raw = {"kind": "open", "value": ""}
        arrivals = [Arrival(f"p:{n}", "person", raw, str(n), str(n)) for n in people]
        await store(runner.house, station, Batch(tuple(arrivals)))
    await runner.player.drain()
    clock.move(timedelta(days=3))
    due = (await database.fetch(timers.overdue(microseconds(clock.now()))))[0].n
    assert due == count, f"{due} timers are due"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    while (await database.fetch(timers.overdue(microseconds(clock.now()))))[0].n:
        since = {station.id: microseconds(clock.now())}
        work = timers.move_due(microseconds(clock.now()), unread_limit=count, bots=since)
        await database.commit(work)
    moved = time.perf_counter() - began
    played = runner.player.played
    await runner.player.drain()
    whole = time.perf_counter() - began
    assert runner.player.played - played == count
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if url.startswith("sqlite"):
        for row in await database.fetch(sql(PLAN)):
            sys.stdout.write(f"plan: {row[-1]}\n")
    await database.close()
    return {"moved": count / moved, "played": count / whole, "grown_mb": grown / 1024}


def fire() -> None:
    """What a job of the peer does."""
    _fired.release()


def peer(count: int, url: str) -> float:
    """Jobs a second that APScheduler takes from its store and runs."""
    filling = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url)}, timezone="UTC")
    filling.start(paused=True)
    ago = datetime.now(UTC) - timedelta(days=3)
    for _ in range(count):
        filling.add_job(fire, "date", run_date=ago, misfire_grace_time=None)
    filling.shutdown()
    scheduler = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url)}, timezone="UTC")
    began = time.perf_counter()
    scheduler.start()
    for _ in range(count):
        _fired.acquire()
    seconds = time.perf_counter() - began
    scheduler.shutdown()
    return count / seconds


def main() -> None:
    """Race, and print who was how fast."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it is stopped in the middle
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder)}/voronka.db"
        ours = asyncio.run(voronka(count, url))
        theirs = peer(count, f"sqlite:///{Path(folder)}/jobs.db")
    sys.stdout.write(
        f"{count} timers due: moved {ours['moved']:,.0f}/s, moved and played {ours['played']:,.0f}/s"
        f" ({ours['grown_mb']:.0f} MB more); APScheduler with a job store {theirs:,.0f}/s:"
        f" {ours['played'] / theirs:.1f} to 1\n"
    )


if __name__ == "__main__":
    main()

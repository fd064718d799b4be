"""One SQLite file: its lock, group commits, other processes, kills, full disks (F2, F16, F17)."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from storage import crash, idle, inbox
from storage.database import open_database, read_url
from storage.tables import inbox as table
from storage.tables import people
from storage.work import AlreadyRunning, DatabaseUnavailable, Do


def event(key: str) -> dict:
    return {"source_key": key, "kind": "message", "received_us": 1}


async def test_r12_a_second_runner_is_told_which_file_is_held(new_sqlite):
    url = new_sqlite()
    runner = await open_database(url, exclusive=True)
    with pytest.raises(AlreadyRunning, match=r"voronka\d+\.db\.lock"):
        await open_database(url, exclusive=True)
    command = await open_database(url, exclusive=False)
    await command.close()
    await runner.close()
    await (await open_database(url, exclusive=True)).close()


async def test_the_runner_notices_what_a_command_wrote(new_sqlite):
    url = new_sqlite()
    runner = await open_database(url, exclusive=True)
    command = await open_database(url, exclusive=False)
    await runner.changed_elsewhere()
    await runner.commit(inbox.add([event("own")]))
    assert not await runner.changed_elsewhere()
    await command.commit(inbox.add([event("desk:1")]))
    assert await runner.changed_elsewhere()
    assert not await runner.changed_elsewhere()
    assert len(await runner.fetch(select(table))) == 2
    await command.close()
    await runner.close()


async def test_f16_writers_in_two_processes_never_find_the_database_locked(new_sqlite):
    url = new_sqlite()
    opened = [await open_database(url, exclusive=False) for _ in range(3)]
    await asyncio.gather(
        *(
            one.commit(inbox.add([event(f"{n}:{m}")]))
            for m in range(200)
            for n, one in enumerate(opened)
        )
    )
    (row,) = await opened[0].fetch(idle.work_left(0))
    assert row.unread == 600
    ids = [set(await one.ids(people, 10)) for one in opened]
    assert not set.intersection(*ids)
    for one in opened:
        await one.close()


async def test_many_works_share_a_commit(new_sqlite):
    database = await open_database(new_sqlite(), exclusive=True)
    before = crash.hits().get("commit.after", 0)
    await asyncio.gather(*(database.commit(inbox.add([event(str(n))])) for n in range(300)))
    assert crash.hits()["commit.after"] - before < 30
    await database.close()


async def test_a_database_in_memory_needs_no_file(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    database = await open_database("sqlite:///:memory:", exclusive=True)
    async with database.turn() as turn:
        await turn.commit(inbox.add([event("a")]))
    assert len(await database.fetch(select(table))) == 1
    await database.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_closed_database_says_so(new_sqlite):
    database = await open_database(new_sqlite(), exclusive=True)
    await database.close()
    with pytest.raises(DatabaseUnavailable, match="closed"):
        await database.commit(inbox.add([event("a")]))


async def test_f17_a_full_disk_is_an_outage_that_passes(new_sqlite):
    database = await open_database(new_sqlite(), exclusive=True)
    await database.returning(_pragma("max_page_count=1"))
    big = {**event("big"), "raw_sealed": b"x" * 3_000_000}
    with pytest.raises(DatabaseUnavailable, match="full"):
        await asyncio.gather(
            *(database.commit(inbox.add([{**big, "source_key": str(n)}])) for n in range(3))
        )
    await database.returning(_pragma("max_page_count=1000000"))
    await database.commit(inbox.add([event("after")]))
    rows = await database.fetch(select(table.c.source_key))
    assert "after" in [row.source_key for row in rows]
    await database.close()


async def test_f17_a_database_locked_by_somebody_else_is_an_outage(new_sqlite, monkeypatch):
    url = new_sqlite()
    database = await open_database(url, exclusive=True)
    await database.commit(inbox.add([event("first")]))
    await database.returning(_pragma("busy_timeout=50"))
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="locked"):
        await database.commit(inbox.add([event("a")]))
    other.execute("ROLLBACK")
    other.close()
    await database.commit(inbox.add([event("a")]))
    await database.close()


PLAY = """
import asyncio, sys
from sqlalchemy import insert
from storage import inbox
from storage.database import open_database
from storage.tables import people
from storage.work import Do

async def main():
    database = await open_database(sys.argv[1], exclusive=True)
    for n in range(20):
        event = {"source_key": f"tg:1:{n}", "kind": "message", "received_us": 1}
        await database.commit([*inbox.add([event]), Do(insert(people), [{"uid": f"u{n}"}])])
        print(n, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("point", ["commit.before", "commit.after"])
@pytest.mark.parametrize("count", [1, 7, 20])
def test_f2_what_was_told_to_be_stored_survives_a_kill(new_sqlite, point: str, count: int):
    url = new_sqlite()
    env = {
        **os.environ,
        "VORONKA_ENV": "test",
        "VORONKA_CRASH": f"{point}:{count}",
        "PYTHONPATH": str(Path.cwd()),
    }
    command = [sys.executable, "-c", PLAY, url]
    killed = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    stored = count if point == "commit.after" else count - 1
    assert len(killed.stdout.split()) == count - 1
    assert asyncio.run(_stored(url)) == (stored, stored)


def test_a_crash_point_does_nothing_outside_of_tests(monkeypatch):
    monkeypatch.setenv("VORONKA_ENV", "production")
    monkeypatch.setenv("VORONKA_CRASH", "unheard-of:1")
    crash.point("unheard-of")
    assert crash.hits()["unheard-of"] == 1


@pytest.mark.parametrize(
    "url", ["mysql://root:secret@host/db", "postgresql://u:secret@host:port/db", "secret"]
)
async def test_a_wrong_url_is_a_sentence_without_its_password(url: str):
    with pytest.raises(DatabaseUnavailable) as refused:
        read_url(url)
    assert "secret" not in str(refused.value)


async def test_a_server_that_does_not_answer_is_a_sentence_without_its_password():
    with pytest.raises(DatabaseUnavailable, match="does not answer") as refused:
        await open_database("postgresql://u:secret@127.0.0.1:1/db", exclusive=True)
    assert "secret" not in str(refused.value)


def _pragma(text: str):
    from sqlalchemy import text as sql

    return sql(f"PRAGMA {text}").columns()


async def _stored(url: str) -> tuple[int, int]:
    database = await open_database(url, exclusive=True)
    (events,) = await database.fetch(select(func.count().label("n")).select_from(table))
    (uids,) = await database.fetch(select(func.count().label("n")).select_from(people))
    await database.commit([Do(insert(people), [{"uid": "after"}])])
    await database.close()
    return events.n, uids.n

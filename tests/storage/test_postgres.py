"""PostgreSQL: stopped workers lose their locks, lost connections come back (R11, F15, F17)."""

import asyncio

import pytest
from sqlalchemy import text as sql

from storage import idle, inbox, people, rows
from storage.database import open_database
from storage.tables import people as table
from storage.work import Conflict, Database, DatabaseUnavailable

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='voronka';"
EVENT = {"source_key": "a", "kind": "message", "received_us": 1}


@pytest.fixture
async def pair(new_postgres):
    """Two open databases on one URL."""
    url = new_postgres()
    opened = [await open_database(url, exclusive=True) for _ in range(2)]
    yield opened
    for one in opened:
        await one.close()


async def test_f17_a_cut_connection_is_an_outage_and_a_later_try_works(pair, postgres_server):
    first, _ = pair
    await first.fetch(idle.work_left(0))
    postgres_server.psql(CUT)
    with pytest.raises(DatabaseUnavailable):
        await first.commit(inbox.add([EVENT]))
    await first.commit(inbox.add([EVENT]))
    assert await _unread(first) == 1


async def test_a_connection_cut_inside_a_turn_is_an_outage(pair, postgres_server):
    first, _ = pair

    async def play() -> None:
        async with first.turn() as turn:
            await turn.fetch(idle.work_left(0))
            postgres_server.psql(CUT)
            await turn.commit(inbox.add([EVENT]))

    with pytest.raises(DatabaseUnavailable):
        await play()
    assert await _unread(first) == 0


async def test_a_worker_that_stops_inside_a_turn_is_fenced(pair):
    first, second = pair
    limit = sql("SELECT set_config('idle_in_transaction_session_timeout', '200ms', true) AS v")

    async def play() -> None:
        async with first.turn() as turn:
            await turn.fetch(limit)
            await asyncio.sleep(0.6)
            await turn.commit(inbox.add([EVENT]))

    with pytest.raises(DatabaseUnavailable):
        await play()
    assert await _unread(second) == 0


async def test_turns_that_wait_for_each_other_are_a_conflict(pair):
    first, second = pair
    one, other = await first.ids(table, 2)
    await first.commit([rows.add(table, [{"id": n, "uid": f"u{n}"} for n in (one, other)])])

    async def lock(database: Database, *ids: int) -> None:
        async with database.turn() as turn:
            for person in ids:
                await turn.fetch(people.load([person]).with_for_update(key_share=True))
                await asyncio.sleep(0.2)
            await turn.commit([])

    done = await asyncio.gather(
        lock(first, one, other), lock(second, other, one), return_exceptions=True
    )
    assert [type(error) for error in done if error is not None] == [Conflict]


async def _unread(database: Database) -> int:
    (row,) = await database.fetch(idle.work_left(0))
    return row.unread

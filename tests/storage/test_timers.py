"""Due timers become events exactly once (R25, R26, R35)."""

import asyncio
import json

import pytest
from sqlalchemy import select

from storage import idle, inbox, runs, timers
from storage.tables import timers as timers_table
from storage.work import Database


@pytest.fixture
async def running(crowd: Database) -> Database:
    """The crowd with run 11 of person 1."""
    await crowd.commit(
        runs.add(
            [
                {
                    "id": 11,
                    "identity_id": 1,
                    "person_id": 1,
                    "funnel": "f",
                    "program_id": 1,
                    "number": 4,
                    "entered_us": 1,
                    "state_sealed": b"s",
                }
            ]
        )
    )
    return crowd


def timer(name: str, due_us: int, **more) -> dict:
    return {"person_id": 1, "run_id": 11, "name": name, "due_us": due_us, "visit": 1, **more}


async def names(database: Database) -> list[tuple]:
    order = (timers_table.c.due_us, timers_table.c.id)
    found = select(timers_table.c.name, timers_table.c.due_us).order_by(*order)
    return [tuple(row) for row in await database.fetch(found)]


async def test_a_timer_replaces_its_namesake(running: Database):
    await running.commit(timers.replace([timer("silence", 10), timer("letter", 20)]))
    await running.commit(timers.replace([timer("silence", 30, visit=2)]))
    assert await names(running) == [("letter", 20), ("silence", 30)]
    (row,) = await running.fetch(timers.next_due())
    assert row.due_us == 20


async def test_timers_are_dropped_by_owner_and_name(running: Database):
    own = {"person_id": 1, "name": "silence", "due_us": 5}
    await running.commit(timers.replace([timer("silence", 10), timer("letter", 20)]))
    await running.commit(timers.replace([own]))
    await running.commit(timers.drop([{"person_id": 1, "name": "silence"}]))
    assert await names(running) == [("silence", 10), ("letter", 20)]
    await running.commit(timers.drop([{"run_id": 11, "name": "silence"}]))
    assert await names(running) == [("letter", 20)]


async def test_due_timers_become_events_in_the_order_of_their_moments(running: Database):
    await running.commit(
        timers.replace(
            [
                timer("late", 30),
                timer("b", 20, rule='silence "после" 1h', visit=7, zone="Asia/Omsk"),
                timer("a", 10),
            ]
        )
    )
    await running.commit(timers.move_due(now_us=20))
    rows = await running.fetch(inbox.unread_rows([1], 10))
    told = [json.loads(row.payload) for row in rows]
    assert [one["name"] for one in told] == ["a", "b"]
    assert told[1] == {
        "run": 11,
        "lead": None,
        "name": "b",
        "visit": 7,
        "due_us": 20,
        "rule": 'silence "после" 1h',
        "zone": "Asia/Omsk",
        "after": None,
        "seen": None,
    }
    assert [(row.bot_id, row.identity_id, row.received_us) for row in rows] == [(1, 1, 20)] * 2
    assert await names(running) == [("late", 30)]


async def test_r25_many_clocks_move_each_timer_once(running: Database):
    await running.commit(timers.replace([timer(f"t{n}", n) for n in range(300)]))
    for _ in range(2):
        await asyncio.gather(*(running.commit(timers.move_due(1000, limit=100)) for _ in range(4)))
    while (await running.fetch(timers.overdue(1000)))[0].n:
        await running.commit(timers.move_due(1000))
    (row,) = await running.fetch(idle.work_left(0))
    assert row.unread == 300


async def test_the_clock_pauses_above_the_limit_of_unread_events(running: Database):
    await running.commit(timers.replace([timer(f"t{n}", n) for n in range(9)]))
    await running.commit(timers.move_due(100, limit=6, unread_limit=5))
    await running.commit(timers.move_due(100, limit=6, unread_limit=5))
    (row,) = await running.fetch(idle.work_left(0))
    assert row.unread == 6
    assert len(await names(running)) == 3


async def test_idle_counts_what_is_due(running: Database):
    await running.commit(timers.replace([timer("a", 10), timer("b", 20)]))
    (left,) = await running.fetch(idle.work_left(10))
    assert left._asdict() == {
        "unread": 0,
        "timers": 1,
        "queued": 0,
        "sending": 0,
        "requests": 0,
    }


async def test_what_falls_on_one_moment_goes_wait_silence_letter_the_older_first(
    running: Database,
):
    due = [
        timer("series:zoo", 10, visit=8),
        timer("series:a", 10, visit=5),
        timer("silence:3", 10),
        timer("wait:3", 10),
        timer("series:b", 9),
    ]
    await running.commit(timers.replace(due))
    for limit in (1, 1, 2, 1):
        await running.commit(timers.move_due(20, limit=limit))
    moved = await running.fetch(inbox.unread_rows([1], 9))
    assert [json.loads(row.payload)["name"] for row in moved] == [
        "series:b",
        "wait:3",
        "silence:3",
        "series:a",
        "series:zoo",
    ]

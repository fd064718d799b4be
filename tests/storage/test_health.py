"""The counts of the house and the dead letters, on both databases (R5, R62)."""

import pytest
from sqlalchemy import insert, select, update

from storage import dead, health, inbox, outbox, requests
from storage.outbox import Lane
from storage.tables import inbox as inbox_table
from storage.tables import outbox as outbox_table
from storage.tables import people, timers
from storage.tables import requests as requests_table
from storage.work import Conflict, Do


def event(number, **more):
    return {
        "source_key": f"tg:a:{number}", "bot_id": 1, "identity_id": 1, "person_id": 1,
        "kind": "person", "received_us": 1_000 + number, **more,
    }  # fmt: skip


def call(number, lane=Lane.REPLY, **more):
    return {
        "id": number,
        "bot_id": 1,
        "chat": str(number),
        "lane": int(lane),
        "due_us": 50,
        **more,
    }


def request(number, **more):
    return {"key": f"k{number}", "target": "http:crm.example.ru", "due_us": 70, **more}


async def state_of(database, table, row_id):
    found = await database.fetch(select(table.c.state).where(table.c.id == row_id))
    return found[0].state


async def test_an_empty_database_counts_nothing_and_knows_its_size(database):
    row = (await database.fetch(health.counts(10, 5)))[0]
    assert (row.unread, row.dead, row.timers, row.timers_due, row.timers_late) == (0, 0, 0, 0, 0)
    assert (row.unread_since_us, row.timers_since_us, row.runs, row.people) == (None, None, 0, 0)
    assert row.bytes > 100_000
    assert await database.fetch(health.queue()) == []
    assert {one.kind: one.n for one in await database.fetch(dead.counts())} == {
        "event": 0, "request": 0, "message": 0,
    }  # fmt: skip


async def test_the_oldest_unread_event_and_late_timers_are_told(crowd):
    await crowd.commit(inbox.add([event(1), event(2), event(3, state="done")]))
    due = [{"id": n, "person_id": 1, "name": f"n{n}", "due_us": n * 10} for n in (1, 2, 3)]
    await crowd.commit([Do(insert(timers), due)])
    row = (await crowd.fetch(health.counts(20, 10)))[0]
    assert (row.unread, row.unread_since_us) == (2, 1_001)
    assert (row.timers, row.timers_due, row.timers_late, row.timers_since_us) == (3, 2, 1, 10)
    assert row.people == 3


async def test_the_queue_is_told_by_bot_lane_and_state(crowd):
    await crowd.commit(outbox.add([call(1), call(2, due_us=40), call(3, Lane.LETTER), call(4)]))
    ends = {3: ("doubtful", 99), 4: ("sent", 99)}
    for row_id, (state, final_us) in ends.items():
        changed = update(outbox_table).where(outbox_table.c.id == row_id)
        await crowd.commit([Do(changed.values(state=state, final_us=final_us))])
    found = await crowd.fetch(health.queue())
    assert [tuple(row) for row in found] == [
        ("a", int(Lane.REPLY), "queued", 0, 2, 40),
        ("a", int(Lane.LETTER), "doubtful", 1, 1, 50),
    ]
    ended = await crowd.fetch(health.ended(99))
    assert [tuple(row) for row in ended] == [("a", "doubtful", 1), ("a", "sent", 1)]
    assert await crowd.fetch(health.ended(100)) == []


async def test_requests_that_are_done_are_not_counted(crowd):
    await crowd.commit(requests.add([request(1), request(2), request(3)]))
    for row_id, state in ((2, "done"), (3, "dead")):
        changed = update(requests_table).where(requests_table.c.id == row_id)
        await crowd.commit([Do(changed.values(state=state))])
    found = [tuple(row) for row in await crowd.fetch(health.outside())]
    assert found == [("dead", 1, 70), ("queued", 1, 70)]


async def test_a_dead_event_is_replayed_in_its_place_before_newer_ones(crowd):
    await crowd.commit(inbox.add([event(1), event(2)]))
    await crowd.commit(inbox.dead(1, "KeyError"))
    assert [row.id for row in await crowd.fetch(dead.events())] == [1]
    assert (await crowd.fetch(dead.events(1)))[0].bot == "a"
    await crowd.commit(dead.replay("event", 1, 0))
    unread = await crowd.fetch(inbox.unread_rows([1], 9))
    assert [row.id for row in unread] == [1, 2]
    assert unread[0].error == ""


@pytest.mark.parametrize("kind", ["event", "request", "message"])
async def test_what_is_no_dead_letter_is_neither_replayed_nor_dropped(crowd, kind):
    await crowd.commit(inbox.add([event(1)]))
    await crowd.commit(requests.add([request(1)]))
    await crowd.commit(outbox.add([call(1, Lane.TEAM)]))
    for work in (dead.replay(kind, 1, 0), dead.drop(kind, 1), dead.replay(kind, 77, 0)):
        with pytest.raises(Conflict):
            await crowd.commit(work)


async def test_a_dead_request_is_made_again_with_all_its_tries(crowd):
    await crowd.commit(requests.add([request(1, tries=4, state="dead", error="500")]))
    assert [row.error for row in await crowd.fetch(dead.asked())] == ["500"]
    await crowd.commit(dead.replay("request", 1, 80))
    claim = requests.claim("http:crm.example.ru", 80, fence=1, limit=5)
    assert [row.tries for row in await crowd.returning(*claim)] == [1]


async def test_only_messages_to_a_team_are_dead_letters(crowd):
    await crowd.commit(outbox.add([call(1, Lane.TEAM), call(2, Lane.REPLY), call(3, Lane.TEAM)]))
    for row_id, final_us in ((1, 9), (2, 9)):
        changed = update(outbox_table).where(outbox_table.c.id == row_id)
        await crowd.commit([Do(changed.values(state="failed", final_us=final_us, expires_us=5))])
    left = update(outbox_table).where(outbox_table.c.id == 3)
    await crowd.commit([Do(left.values(state="doubtful"))])  # nobody has decided on it yet
    assert [row.id for row in await crowd.fetch(dead.lost())] == [1]
    await crowd.commit(dead.replay("message", 1, 60))
    claim = outbox.claim(1, 60, fence=1, limit=5, first=Lane.TEAM, last=Lane.TEAM)
    assert [row.id for row in await crowd.returning(*claim)] == [1]


async def test_a_dropped_letter_stays_with_its_error_and_is_counted_no_more(crowd):
    await crowd.commit(inbox.add([event(1)]))
    await crowd.commit(inbox.dead(1, "KeyError"))
    await crowd.commit(requests.add([request(1, state="dead", error="500")]))
    await crowd.commit(outbox.add([call(1, Lane.TEAM, state="failed", final_us=9, error="away")]))
    for kind in ("event", "request", "message"):
        await crowd.commit(dead.drop(kind, 1))
    assert sum(row.n for row in await crowd.fetch(dead.counts())) == 0
    assert await state_of(crowd, inbox_table, 1) == "ignored"
    assert await state_of(crowd, requests_table, 1) == "withdrawn"
    assert await state_of(crowd, outbox_table, 1) == "withdrawn"
    errors = await crowd.fetch(select(inbox_table.c.error))
    assert [row.error for row in errors] == ["KeyError"]
    assert len(await crowd.fetch(select(people.c.id))) == 3

"""Events come in once, in order, and people are created once (R1–R7, R35)."""

import asyncio

import pytest
from sqlalchemy import select

from storage import inbox, people, runs
from storage.tables import inbox as inbox_table
from storage.tables import run_places
from storage.work import Conflict, Database


def event(key: str, person: int = 1, **more) -> dict:
    return {
        "source_key": key,
        "bot_id": 1,
        "identity_id": person,
        "person_id": person,
        "kind": "message",
        "received_us": 10,
        **more,
    }


async def unread(database: Database, person: int, limit: int = 100) -> list[str]:
    found = await database.fetch(inbox.unread_rows([person], limit))
    return [row.source_key for row in found]


async def test_r2_a_repeated_update_is_stored_once(crowd: Database):
    for _ in range(3):
        await crowd.commit(inbox.add([event("tg:1:7"), event("tg:1:8")]))
    assert await unread(crowd, 1) == ["tg:1:7", "tg:1:8"]
    known = await crowd.fetch(inbox.known(["tg:1:7", "tg:1:9"]))
    assert [row.source_key for row in known] == ["tg:1:7"]


async def test_r4_people_come_before_timers_and_in_order_within_a_person(crowd: Database):
    await crowd.commit(
        inbox.add(
            [
                event("timer:1", 2, **{"class": inbox.TIMERS}),
                event("timer:2", 1, **{"class": inbox.TIMERS}),
                event("tg:1:1", 1),
                event("tg:1:2", 1),
                event("tg:1:3", 3),
            ]
        )
    )
    claimed = await crowd.fetch(inbox.unread_people(10, now_us=0))
    assert [row.id for row in claimed] == [1, 3, 2]
    rows = await crowd.fetch(inbox.unread_rows([1, 2], per_person=2))
    assert [row.source_key for row in rows] == ["tg:1:1", "tg:1:2", "timer:1"]


async def test_an_event_is_finished_once(crowd: Database):
    await crowd.commit(inbox.add([event("a"), event("b")]))
    ids = [row.id for row in await crowd.fetch(inbox.unread_rows([1], 9))]
    await crowd.commit(inbox.finish(ids[:1]))
    with pytest.raises(Conflict):
        await crowd.commit(inbox.finish(ids))
    assert await unread(crowd, 1) == ["b"]


async def test_r5_a_dead_event_lets_the_next_one_go(crowd: Database):
    await crowd.commit(inbox.add([event("bad"), event("good")]))
    (first, _) = await crowd.fetch(inbox.unread_rows([1], 9))
    await crowd.commit(inbox.dead(first.id, "ValueError in ask"))
    assert await unread(crowd, 1) == ["good"]
    (row,) = await crowd.fetch(select(inbox_table).where(inbox_table.c.id == first.id))
    assert (row.state, row.error) == ("dead", "ValueError in ask")


async def test_r6_an_event_of_nobody_is_recorded_as_ignored(crowd: Database):
    await crowd.commit(
        inbox.add([{"source_key": "x", "kind": "poll", "received_us": 1, "state": "ignored"}])
    )
    assert await crowd.fetch(inbox.unread_people(10, now_us=0)) == []
    assert [row.state for row in await crowd.fetch(select(inbox_table))] == ["ignored"]


async def test_a_person_who_waits_for_another_try_is_left_out(crowd: Database):
    await crowd.commit(inbox.add([event("a", 1), event("b", 2)]))
    await crowd.commit(people.put_off(1, retry_us=500, tries=1))
    early = await crowd.fetch(inbox.unread_people(10, now_us=499))
    late = await crowd.fetch(inbox.unread_people(10, now_us=500))
    assert ([row.id for row in early], [row.id for row in late]) == ([2], [1, 2])
    assert late[0].tries == 1


async def test_a_new_sender_is_created_with_the_first_event(crowd: Database):
    await _meet(crowd, "555", "tg:1:1")
    (identity,) = await crowd.fetch(people.known(1, ["555", "556"]))
    assert await unread(crowd, identity.person_id) == ["tg:1:1"]


async def test_two_processes_that_meet_a_sender_at_once_make_one_person(crowd: Database):
    await asyncio.gather(*(_meet(crowd, "555", f"tg:1:{n}") for n in range(8)))
    (identity,) = await crowd.fetch(people.known(1, ["555"]))
    assert sorted(await unread(crowd, identity.person_id)) == [f"tg:1:{n}" for n in range(8)]
    everybody = await crowd.fetch(people.load(range(4000)))
    assert len(everybody) == 4


async def test_an_event_of_an_unknown_sender_is_not_stored_alone(crowd: Database):
    await crowd.commit(inbox.add_from_senders([_from("999", "tg:1:1")]))
    assert await crowd.fetch(select(inbox_table)) == []


async def test_r35_a_person_is_played_by_one_process_at_a_time(crowd: Database, database_url: str):
    if not database_url.startswith("postgresql"):
        pytest.skip("a SQLite file has one player, held by the lock of the runner")
    await crowd.commit(inbox.add([event("a", 1), event("b", 2)]))
    async with crowd.turn() as first, crowd.turn() as second:
        mine = await first.fetch(inbox.unread_people(1, now_us=0))
        yours = await second.fetch(inbox.unread_people(5, now_us=0))
        assert ([row.id for row in mine], [row.id for row in yours]) == ([1], [2])
        # a locked person still receives events: the foreign key does not wait
        await asyncio.wait_for(crowd.commit(inbox.add([event("c", 1)])), timeout=5)


def run(number: int, **more) -> dict:
    return {
        "id": number,
        "identity_id": 1,
        "person_id": 1,
        "funnel": "f",
        "program_id": 1,
        "number": number,
        "entered_us": number,
        "state_sealed": b"s",
        **more,
    }


async def test_living_runs_and_the_last_ended_of_each_funnel_are_loaded(crowd: Database):
    await crowd.commit(
        runs.add(
            [
                run(1, ended_us=5),
                run(2, ended_us=6),
                run(3),
                run(4, funnel="g", ended_us=7),
                run(5, identity_id=2, person_id=2),
            ]
        )
    )
    mine = await crowd.fetch(runs.of_people([1]))
    assert [row.number for row in mine] == [2, 3, 4]
    more = await crowd.fetch(runs.of_people([1], also=[1]))
    assert [row.number for row in more] == [1, 2, 3, 4]


async def test_r18_a_second_living_run_of_a_funnel_is_refused(crowd: Database):
    from storage.work import RowRefused

    await crowd.commit(runs.add([run(1)]))
    with pytest.raises(RowRefused):
        await crowd.commit(runs.add([run(2)]))


async def test_a_run_saved_by_somebody_else_is_a_conflict(crowd: Database):
    await crowd.commit(runs.add([run(1)]))
    await crowd.commit(runs.save([{"id": 1, "rev": 1, "place": "main.ask"}]))
    with pytest.raises(Conflict):
        await crowd.commit(runs.save([{"id": 1, "rev": 1, "place": "main.other"}]))
    (row,) = await crowd.fetch(runs.of_people([1]))
    assert (row.place, row.rev) == ("main.ask", 2)


async def test_places_are_replaced(crowd: Database):
    await crowd.commit(runs.add([run(1), run(2, identity_id=2, person_id=2)]))
    old = [{"run_id": n, "play": 0, "place": "main.a", "visit": 1} for n in (1, 2)]
    await crowd.commit(runs.replace_places([1, 2], old))
    await crowd.commit(
        runs.replace_places([2], [{"run_id": 2, "play": 0, "place": "main.b", "visit": 2}])
    )
    places = await crowd.fetch(select(run_places.c.run_id, run_places.c.place))
    assert sorted(tuple(row) for row in places) == [(1, "main.a"), (2, "main.b")]


def _from(external_id: str, key: str) -> dict:
    return {
        "source_key": key,
        "kind": "message",
        "received_us": 1,
        "bot_id": 1,
        "external_id": external_id,
    }


async def _meet(database: Database, external_id: str, key: str) -> None:
    from storage.tables import identities as identities_table
    from storage.tables import people as people_table

    (person,) = await database.ids(people_table, 1)
    (identity,) = await database.ids(identities_table, 1)
    sender = {
        "person_id": person,
        "identity_id": identity,
        "uid": f"new{person}",
        "bot_id": 1,
        "external_id": external_id,
    }
    await database.commit(
        [*people.create([sender]), *inbox.add_from_senders([_from(external_id, key)])]
    )

"""Both executors keep the same promises."""

import asyncio

import pytest
from sqlalchemy import bindparam, func, insert, select, update

from storage.tables import meta, people
from storage.work import Conflict, Database, Do, RowRefused


async def test_work_is_stored_whole_or_not_at_all(database: Database):
    with pytest.raises(RowRefused) as refused:
        await database.commit(
            [
                Do(insert(people), [{"uid": "anna"}]),
                Do(insert(people), [{"uid": "boris"}, {"uid": "anna"}]),
            ]
        )
    assert "anna" not in str(refused.value)
    assert await _count(database) == 0


async def test_an_unmet_expectation_is_a_conflict_and_undoes_the_work(crowd: Database):
    change = update(people).where(people.c.id == bindparam("row")).values(zone=bindparam("to"))
    with pytest.raises(Conflict):
        await crowd.commit(
            [
                Do(change, [{"row": 3, "to": "Asia/Omsk"}]),
                Do(change, [{"row": 1, "to": "x"}, {"row": 99, "to": "y"}], expect=2),
            ]
        )
    zones = [row.zone for row in await crowd.fetch(select(people.c.zone))]
    assert zones == ["", "", ""]


async def test_a_met_expectation_of_many_rows_is_stored(crowd: Database):
    change = update(people).where(people.c.id == bindparam("row")).values(zone=bindparam("to"))
    rows = [{"row": 1, "to": "a"}, {"row": 2, "to": "b"}]
    await crowd.commit([Do(change, rows, expect=2), Do(change, [], expect=0)])
    statement = select(people.c.zone).order_by(people.c.id)
    assert [row.zone for row in await crowd.fetch(statement)] == ["a", "b", ""]


async def test_group_commit_undoes_only_the_work_that_failed(database: Database):
    async def add(number: int) -> None:
        uid = "same" if number % 3 == 0 else f"u{number}"
        await database.commit([Do(insert(people), [{"uid": f"first{number}"}, {"uid": uid}])])

    done = await asyncio.gather(*map(add, range(60)), return_exceptions=True)
    assert sum(isinstance(one, RowRefused) for one in done) == 19
    assert await _count(database) == 2 * 41


async def test_returning_is_its_own_commit(database: Database):
    rows = await database.returning(insert(people).returning(people.c.id), {"uid": "anna"})
    assert len(rows) == 1
    assert await _count(database) == 1


async def test_a_turn_that_did_not_commit_leaves_nothing(crowd: Database):
    async with crowd.turn() as turn:
        assert len(await turn.fetch(select(people))) == 3
    async with crowd.turn() as turn:
        await turn.commit([Do(insert(people), [{"uid": "dora"}])])
    assert await _count(crowd) == 4


async def test_ids_grow_and_are_never_given_twice(database: Database):
    taken = await asyncio.gather(*(database.ids(people, 700) for _ in range(5)))
    flat = [one for ids in taken for one in ids]
    assert len(set(flat)) == 3500
    assert all(ids == sorted(ids) for ids in taken)
    async with database.turn() as turn:
        (next_id,) = await turn.ids(people, 1)
    assert next_id not in flat
    await database.commit([Do(insert(people), [{"uid": "anna"}])])
    (own,) = await database.fetch(select(people.c.id))
    assert own.id not in {*flat, next_id}


async def test_a_bug_in_a_statement_is_not_called_an_outage(database: Database):
    with pytest.raises(Exception, match="no_such") as bug:
        await database.commit([Do(insert(meta).values(key=func.no_such(1), value=""))])
    assert type(bug.value).__module__ != "storage.work"
    assert await _count(database) == 0


async def _count(database: Database) -> int:
    (row,) = await database.fetch(select(func.count().label("n")).select_from(people))
    return row.n

"""Nothing is played or sent while the database is on hold, and an older copy holds itself (R61)."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bots.witness import Witness
from storage import hold, notes
from storage.database import open_database
from storage.hold import BY_HAND, MOVED, RESTORED, REWOUND, Hold, Lost
from storage.migration import HOLD
from storage.tables import broadcasts, inbox, meta, outbox, timers
from storage.work import Do
from tests.bots.runtime import World
from voronka.holding import release


async def held_by_hand(world: World) -> None:
    await world.database.commit(hold.begin(Hold(BY_HAND, 1, reason="a test")))
    await world.runner._holding.look()


async def let_go(world: World, lost_us: int = 0) -> None:
    await release(world.database, world.runner.house.now_us, Lost(lost_us))
    await world.runner._holding.look()


async def restarted(world: World, path) -> str:
    """A start with the witness at the path: why everything is held."""
    world.runner = world.made()
    world.runner.witness = path
    await world.runner.open()
    found = world.runner.house.hold
    return found.why if found else ""


async def test_events_are_stored_and_nothing_is_played_or_sent(both: World):
    await both.does(start="")
    sent = len(both.tg.delivered)
    await held_by_hand(both)
    await both.does(text="С нуля")
    await both.does(bot="vk", who="8", start="")
    await both.passes(hours=2)
    assert len(both.tg.delivered) == sent
    assert both.channels["vk"].delivered == []
    unread = await both.events(inbox.c.state == "new")
    assert [row.source_key for row in unread] == ["tg:2", "vk:1"]
    assert await both.rows(timers)
    await let_go(both)
    await both.runner.settle()
    assert both.tg.texts("7")[-1] == "Сколько занятий в неделю?"
    assert both.channels["vk"].texts("8") == ["Какой у вас уровень?"]
    assert [kind for kind, _ in both.alarms] == ["hold_by_hand", "resumed"]


async def test_calls_and_requests_that_were_in_hand_wait_for_the_end_of_the_hold(world: World):
    await world.does(start="")
    (call,) = await world.calls()
    left = update(outbox).where(outbox.c.id == call.id)
    await world.database.commit(
        [Do(left.values(state="sending", fence=1, final_us=None, external_id=None))]
    )
    await world.database.commit(hold.begin(Hold(BY_HAND, 1)))
    await world.restart()
    await world.runner.settle()
    assert (await world.calls())[0].state == "sending"
    await let_go(world)
    await world.runner.settle()
    assert (await world.calls())[0].state == "sent"
    assert len(world.tg.delivered) == 2


async def test_the_running_program_hears_of_hold_and_resume_by_itself(world: World):
    world.tg.news = asyncio.Event()
    await world.runner.start()
    try:
        await world.database.commit(hold.begin(Hold(BY_HAND, 1)))
        await _until(lambda: world.runner.house.held)
        world.tg.puts(start="")
        world.tg.news.set()
        await _until_async(world.events)
        assert world.tg.delivered == []
        await release(world.database, world.runner.house.now_us, Lost())
        await _until(lambda: world.tg.delivered)
    finally:
        await world.runner.stop()
    assert world.tg.texts("7") == ["Какой у вас уровень?"]


async def _until(true) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


async def _until_async(found) -> None:
    async with asyncio.timeout(20):
        while not await found():
            await asyncio.sleep(0.02)


async def test_a_database_that_went_back_is_held_and_its_ids_leap(world: World, tmp_path):
    path = tmp_path / "witness"
    await world.does(start="")
    assert await restarted(world, path) == ""
    before = await _meta(world)
    await world.runner.stop()
    assert json.loads(path.read_text())["number"] == 2
    await _put_back(world, before)
    assert await restarted(world, path) == REWOUND
    assert world.told("hold_rewound")
    if hasattr(world.database, "_spare"):
        world.database._spare.clear()  # what a process of its own would not have
    (number,) = await world.database.ids(outbox, 1)
    assert number > hold.FAR
    await let_go(world)
    assert await restarted(world, path) == "", "it is told once"


async def test_a_database_without_its_witness_is_held_once(world: World, tmp_path):
    path = tmp_path / "witness"
    await world.does(start="")
    assert await restarted(world, path) == ""
    await world.runner.stop()
    assert await restarted(world, tmp_path / "elsewhere") == MOVED
    await let_go(world)
    assert await restarted(world, tmp_path / "elsewhere") == ""


async def test_a_copy_of_ours_put_in_place_by_hand_is_held_by_its_mark(world: World, tmp_path):
    await world.does(start="")
    await world.database.commit(notes.put(hold.COPY, "5000000"))
    assert await restarted(world, tmp_path / "witness") == RESTORED
    assert world.runner.house.hold.copied_us == 5_000_000
    assert not await world.database.fetch(notes.find(hold.COPY))
    await let_go(world)
    assert await restarted(world, tmp_path / "witness") == ""


async def test_a_hold_outlives_restarts_and_a_later_cause_does_not_hide_the_first(world, tmp_path):
    await world.does(start="")
    assert await restarted(world, tmp_path / "one") == ""
    assert await restarted(world, tmp_path / "two") == MOVED
    since = world.runner.house.hold.since_us
    world.clock.move(timedelta(hours=1))
    assert await restarted(world, tmp_path / "three") == MOVED
    assert world.runner.house.hold.since_us == since


async def test_an_older_copy_takes_back_what_it_had_queued(both: World):
    await both.does(start="")
    both.tg.puts(who="7", text="С нуля")
    both.tg.puts(who="9", start="")
    await both.fetch()
    await both.runner.player.drain()
    waiting = [row.id for row in await both.calls(outbox.c.state == "queued")]
    assert len(waiting) == 2
    doubted = update(outbox).where(outbox.c.id == waiting[0])
    await both.database.commit([Do(doubted.values(state="sending", fence=1))])
    sent = len(both.tg.delivered)
    await both.database.commit(hold.begin(Hold(RESTORED, 1)))
    await both.runner._holding.look()
    await let_go(both, lost_us=1)
    await both.runner.settle()
    assert len(both.tg.delivered) == sent
    states = {row.id: row.state for row in await both.calls() if row.id in waiting}
    assert states == {waiting[0]: "doubtful", waiting[1]: "withdrawn"}
    assert {row.reason for row in await both.notes("withdrawn")} == {
        "an older copy of the database: perhaps it was sent"
    }
    await both.does(text="Два")
    assert "Согласие" in both.tg.texts("7")[-1]


async def test_a_witness_that_cannot_be_written_is_told_once_and_stops_nobody(world, tmp_path):
    path = tmp_path / "file" / "witness"
    path.parent.write_text("in the way")
    assert await restarted(world, path) == ""
    witness = world.runner._witness
    assert isinstance(witness, Witness)
    await witness.advance()
    assert len(world.told("witness")) == 1
    assert not await world.database.fetch(notes.find("witness"))
    await world.does(start="")
    assert world.tg.texts("7") == ["Какой у вас уровень?"]


async def test_a_file_that_could_not_follow_is_written_before_the_next_mark(world, tmp_path):
    path = tmp_path / "there" / "witness"
    await world.does(start="")
    assert await restarted(world, path) == ""
    witness = world.runner._witness
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("in the way")
    for _ in range(3):
        await witness.advance()
    number = witness.kept.mark.number
    assert number == 1, "the database waits for its file"
    path.parent.unlink()
    await witness.advance()
    assert witness.kept.mark.number == 2
    assert await restarted(world, path) == ""


async def test_broadcasts_that_an_older_copy_would_go_on_with_are_stopped(world: World):
    now_us = world.runner.house.now_us
    states = [("running", 1), ("planned", now_us), ("planned", now_us + 1), ("done", 1)]
    rows = [
        {"name": f"b{n}", "bots": "[]", "body_sealed": b"x", "state": state, "planned_us": at}
        for n, (state, at) in enumerate(states)
    ]
    await world.database.commit([Do(insert(broadcasts), rows), *hold.begin(Hold(MOVED, 1))])
    await release(world.database, now_us, Lost())
    assert [row.state for row in await world.rows(broadcasts)] == [one[0] for one in states]
    await release(world.database, now_us, Lost(1))
    wanted = ["stopped", "stopped", "planned", "done"]
    assert [row.state for row in await world.rows(broadcasts)] == wanted


@pytest.mark.parametrize("value", ["restored", '{"why": "nonsense", "since_us": 1}', "[1]", "{}"])
async def test_whatever_stands_in_the_note_holds(world: World, value):
    await world.database.commit(notes.put(HOLD, value))
    await world.restart()
    assert world.runner.house.held
    await let_go(world)
    assert not world.runner.house.held


async def _meta(world: World) -> list[dict]:
    return [dict(row._mapping) for row in await world.database.fetch(select(meta))]


async def _put_back(world: World, rows: list[dict]) -> None:
    await world.database.commit([Do(meta.delete()), Do(insert(meta), rows)])


async def test_another_process_at_work_means_that_the_database_is_no_older_copy(
    new_postgres, tmp_path
):
    url = new_postgres()
    database = await open_database(url, exclusive=True)
    other = await open_database(url, exclusive=True)
    try:
        first = await World(database).open()
        first.runner.alone = False
        await first.does(start="")
        second = World(other)
        second.runner.alone = False
        second.runner.witness = tmp_path / "second"
        await second.runner.open()
        assert not second.runner.house.held
    finally:
        await database.close()
        await other.close()

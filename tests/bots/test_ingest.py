"""Ingest and fetching: nothing is confirmed that is not stored, nobody is met twice."""

import pytest

from bots import inbox as ingest
from bots.channel import Batch, TryLater
from bots.fetching import _PATIENCE
from bots.turns import redacted
from storage.tables import bots, identities
from storage.work import DatabaseUnavailable
from tests.bots.runtime import World, inbox, people


async def test_rows_and_cursor_are_one_commit(world: World):
    world.tg.puts(start="")
    world.tg.puts(text="С нуля")
    await world.fetch()
    (bot,) = await world.rows(bots)
    assert bot.cursor == "2"
    assert [row.source_key for row in await world.events()] == ["tg:1", "tg:2"]
    assert len(await world.rows(people)) == len(await world.rows(identities)) == 1


async def test_without_the_database_nothing_is_confirmed(world: World):
    world.tg.puts(start="")
    database = world.runner.house.database

    class Away:
        def __getattr__(self, name):
            if name == "commit":
                raise DatabaseUnavailable("away")
            return getattr(database, name)

    station = world.runner.house.stations[1]
    fetcher = world.runner.fetchers["tg"]
    world.runner.house.stopping.set()  # so that it does not rest
    world.runner.house.database = Away()
    with pytest.raises(DatabaseUnavailable):
        await fetcher.take(await world.tg.fetch(""))
    assert station.cursor == ""
    world.runner.house.database = database
    await fetcher.take(await world.tg.fetch(station.cursor))
    assert len(await world.events()) == 1


async def test_a_new_persons_name_comes_from_the_channel(both: World):
    await both.does("vk", who="9", start="")
    (person,) = await both.rows(people)
    (identity,) = await both.rows(identities)
    assert identity.name_sealed
    assert b"\xd0" not in identity.name_sealed[:1]
    assert person.visit > 0


async def test_a_comment_makes_an_identity_that_cannot_be_written_to(world: World):
    world.tg.puts(comment="Хочу")
    await world.fetch()
    (identity,) = await world.rows(identities)
    assert identity.can_write == 0
    await world.does(start="")
    (identity,) = await world.rows(identities)
    assert identity.can_write == 1


async def test_conflicts_halt_the_bot_after_some_patience(world: World):
    world.tg.conflict = True
    world.runner.house.stopping.set()  # so that it does not rest
    fetcher = world.runner.fetchers["tg"]
    for n in range(_PATIENCE):
        assert not fetcher.station.halted, n
        await fetcher.once()
    assert fetcher.station.halted == "another poller"
    (bot,) = await world.rows(bots)
    assert (bot.state, bot.reason) == ("halted", "another poller")
    assert world.told("halted")


async def test_lost_events_raise_an_alarm(world: World):
    await world.runner.fetchers["tg"].take(Batch((), "9", lost="history is gone"))
    assert world.told("lost") == [{"bot": "tg", "reason": "history is gone"}]


async def test_a_failing_fetch_leaves_the_loop_alive(world: World):
    world.runner.house.stopping.set()
    fetcher = world.runner.fetchers["tg"]

    async def later(cursor):
        raise TryLater("down")

    async def bug(cursor):
        raise ZeroDivisionError

    for trouble in (later, bug):
        world.tg.fetch = trouble
        await fetcher.once()
    assert fetcher.failures == 2


async def test_two_bots_may_know_the_same_account(both: World):
    await both.does("tg", who="7", start="")
    await both.does("vk", who="7", start="")
    assert len(await both.rows(people)) == 2
    assert len(await both.events(inbox.c.state == "done")) == 2


def test_a_traceback_is_kept_without_the_errors_words():
    with pytest.raises(ValueError) as raised:
        int("+79161234567x")
    told = redacted(raised.value)
    assert told.endswith("ValueError")
    assert "7916" not in told


async def test_an_update_that_cannot_be_stored_keeps_nobody_out(world: World, monkeypatch):
    personal = ingest._personal

    def picky(house, station, fresh):
        if any(one.raw.get("text") == "яд" for one in fresh):
            raise ValueError("яд")
        return personal(house, station, fresh)

    monkeypatch.setattr(ingest, "_personal", picky)
    for who, text in (("7", "раз"), ("8", "яд"), ("9", "два")):
        world.tg.puts(who=who, text=text)
    await world.fetch()
    await world.runner.settle()
    found = {row.source_key: (row.state, row.error) for row in await world.events()}
    assert found.pop("tg:2") == ("dead", "ValueError")
    assert {state for state, _ in found.values()} == {"done"}
    assert world.told("dead") == [{"event": "tg:2", "reason": "ValueError"}]
    assert (await world.rows(bots))[0].cursor == "3"


async def test_an_update_with_half_a_character_is_stored(world: World):
    world.tg.puts(who="7", text="\ud800 раз")
    world.tg.puts(who="8", text="два")
    await world.fetch()
    await world.runner.settle()
    assert [row.state for row in await world.events()] == ["done", "done"]

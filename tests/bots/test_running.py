"""The player's batches and the runner's life: start, stop, second process, guilty persons."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from bots.player import Player
from storage import notes
from storage.database import open_database
from storage.work import Do
from tests.bots.runtime import World, inbox, leads, outbox, people


async def test_a_person_who_cannot_be_stored_stands_alone(world: World):
    for who in ("1", "2", "3", "4", "5"):
        for raw in ({"start": ""}, {"text": "С нуля"}, {"text": "Два"}):
            world.tg.puts(who=who, **raw)
    await world.fetch()
    await world.runner.settle()
    bundle = world.runner.house.stations[1].bundle
    unknown = replace(bundle.documents["personal_data"], version="9")
    documents = {**bundle.documents, "personal_data": unknown}
    for who in ("1", "2", "3", "4", "5"):
        world.tg.puts(who=who, text="Согласен" if who == "3" else "чепуха")
    await world.fetch()
    world.runner.house.stations[1].bundle = replace(bundle, documents=documents)
    await world.runner.settle()
    for _ in range(3):
        await world.passes(seconds=10)
    assert [row.source_key for row in await world.events(inbox.c.state == "dead")] == ["tg:18"]
    assert len(await world.events(inbox.c.state == "done")) == 19
    assert {row.tries for row in await world.rows(people)} == {0}
    assert world.runner.player.limit > 1


async def test_after_two_unclean_starts_people_are_played_one_by_one(world: World):
    await world.restart()
    await world.restart()
    assert world.runner.player.careful
    world.tg.puts(who="7", start="")
    world.tg.puts(who="8", start="")
    await world.fetch()
    assert await world.runner.player.step()
    assert world.runner.player.played == 1
    await world.runner.settle()
    assert world.tg.texts("7") == world.tg.texts("8") == ["Какой у вас уровень?"]
    assert not world.runner.player.careful
    assert {row.tries for row in await world.rows(people)} == {0}


async def test_a_row_that_kills_the_process_dies_at_last(world: World):
    world.tg.puts(who="7", start="")
    await world.fetch()
    await world.database.commit([Do(update(people).values(tries=3))])
    world.runner.player.careful = True
    await world.runner.settle()
    (event,) = await world.events()
    assert (event.state, event.error) == ("dead", "the process died of it")


async def test_a_counted_try_is_played_though_somebody_comes_in_between(world: World, monkeypatch):
    count = Player._count_try

    async def interrupted(player: Player) -> int | None:
        counted = await count(player)
        world.tg.puts(who="8", start="")
        await world.fetch()
        return counted

    world.tg.puts(who="7", start="")
    world.tg.puts(who="7", text="С нуля")
    await world.fetch()
    await world.database.commit([Do(update(inbox).values({"class": 1}))])  # the clock's, say
    monkeypatch.setattr(Player, "_count_try", interrupted)
    world.runner.player.careful = True
    assert await world.runner.player.step()
    assert [row.tries for row in await world.rows(people)] == [0, 0]
    assert {row.state for row in await world.events(inbox.c.source_key == "tg:1")} == {"done"}


async def test_deaths_in_a_row_are_not_laid_to_one_person_while_others_wait(world: World):
    for who in ("7", "8", "9"):
        world.tg.puts(who=who, start="")
    await world.fetch()
    for _ in range(4):  # killed from outside again and again before anybody's turn ends
        await world.runner.player._count_try()
        await world.restart()
    assert sorted(row.tries for row in await world.rows(people)) == [1, 1, 2]
    await world.runner.settle()
    assert {event.state for event in await world.events()} == {"done"}
    assert {row.tries for row in await world.rows(people)} == {0}


async def test_a_clean_stop_clears_the_count_of_starts(world: World):
    await world.runner.stop()
    assert (await world.database.fetch(notes.find("unclean_starts")))[0].value == "0"


async def test_the_loops_run_and_stop(world: World):
    await world.runner.stop()
    world.runner = world.made()
    world.tg.news = asyncio.Event()
    await world.runner.start()
    for _ in range(2):
        world.tg.made.clear()
        world.tg.puts(text="урок")
        world.tg.news.set()
        await asyncio.wait_for(world.tg.made.wait(), 30)
    await world.runner.stop()
    assert not [row for row in await world.calls() if row.state == "sending"]
    assert world.alarms == []


async def test_two_processes_share_postgresql_without_sending_twice(new_postgres):
    url = new_postgres()
    first = World(await open_database(url, exclusive=False))
    second = World(await open_database(url, exclusive=False))
    for world in (first, second):
        world.runner.alone = False
        world.runner._tenure.owner = str(id(world))
        await world.open()
    assert first.runner.senders["tg"].lease.held
    assert not second.runner.senders["tg"].lease.held
    for n in range(30):
        first.tg.puts(who=str(n % 10), text=["урок", "С нуля", "Два"][n // 10])
    await first.fetch()
    await asyncio.gather(first.runner.settle(), second.runner.settle())
    await first.runner.settle()
    for n in range(10):
        assert len(first.tg.texts(str(n))) == 3
    assert second.tg.calls == []
    assert first.runner.player.played + second.runner.player.played == 30
    await first.runner.stop()
    await second.runner._tenure.renew()
    assert second.runner.senders["tg"].lease.held
    await first.database.close()
    await second.database.close()


async def test_timers_pause_while_too_many_are_unread(world: World):
    await world.does(start="")
    world.clock.move(timedelta(minutes=46))
    world.tg.puts(text="яд", poison=True)
    await world.fetch()
    await world.runner.ticker.tick()
    kinds = [row.kind for row in await world.events(inbox.c.state == "new")]
    assert kinds == ["person", "timer"]
    assert not await world.runner.idle()


async def test_a_joint_batch_stores_everything_of_everybody(world: World):
    for raw in ({"start": "promo"}, {"text": "С нуля"}, {"text": "Два"}, {"text": "Согласен"}):
        for who in ("1", "2", "3"):
            world.tg.puts(who=who, **raw)
    for who in ("1", "2", "3"):
        world.tg.puts(who=who, text=f"8916123456{who}")
    await world.fetch()
    await world.runner.settle()
    assert len(await world.rows(leads)) == 3
    assert len(world.tg.texts("-100")) == 3
    assert {row.state for row in await world.rows(outbox)} == {"sent"}

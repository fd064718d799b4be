"""Testers: the accounts of the project file begin anew and see letters; nobody else does."""

from collections.abc import AsyncIterator

import pytest

from storage.database import open_database
from storage.tables import consents, facts
from tests.bots import runtime
from tests.bots.runtime import World, leads, outbox, runs, timers

RESET = "Готово: вы для бота снова новый человек. Начните заново: /start"
TESTED = f"{runtime.PROJECT}testers: {{telegram: [7]}}\n"


@pytest.fixture
async def world(new_sqlite) -> AsyncIterator[World]:
    """A runtime whose account 7 is a tester's."""
    async for made in _opened(new_sqlite()):
        yield made


@pytest.fixture
async def on_each(database_url: str) -> AsyncIterator[World]:
    """The same on SQLite and on PostgreSQL."""
    async for made in _opened(database_url):
        yield made


async def _opened(url: str) -> AsyncIterator[World]:
    database = await open_database(url, exclusive=True)
    made = World(database)
    made.project = runtime.loaded(project=TESTED)
    made.runner = made.made()
    yield await made.open()
    await database.close()


async def test_a_tester_begins_anew_and_leads_and_consents_stay_on_record(world):
    await world.reach_lead()
    assert await world.rows(timers)
    await world.does(text="/reset")
    assert world.tg.texts()[-1] == RESET
    assert await world.rows(timers) == []
    assert await world.database.fetch(facts.select()) == []
    assert len(await world.rows(leads)) == 1
    record = [row.action for row in await world.rows(consents)]
    assert record == ["given", "withdrawn"]
    await world.does(start="")
    assert world.tg.texts()[-1] == "Какой у вас уровень?"
    assert [(run.status, run.source) for run in await world.rows(runs)] == [
        ("reset", ""),
        ("asked", ""),
    ]
    await world.restart()
    await world.presses("С нуля")
    assert world.tg.texts()[-1] == "Сколько занятий в неделю?"


async def test_queued_letters_of_a_tester_are_withdrawn_by_a_reset(world):
    await world.reach_lead()
    world.clock.move(runtime.timedelta(days=2))
    await world.runner.ticker.tick()
    await world.runner.player.drain()
    (letter,) = await world.calls(outbox.c.lane == 2, outbox.c.state == "queued")
    await world.does(text="/reset")
    (same,) = await world.calls(outbox.c.id == letter.id)
    assert same.state == "withdrawn"
    await world.passes(days=9)
    assert world.tg.texts()[-1] == RESET


async def test_a_second_reset_forgets_the_runs_of_before_the_first(on_each):
    world = on_each
    for _ in range(2):
        await world.does(start="promo")
        await world.does(text="стоп")
    await world.does(text="/reset")
    await world.does(text="просто слова")
    (last,) = await world.rows(runs, runs.c.ended_us.is_(None))
    assert last.source == ""
    assert {run.status for run in await world.rows(runs, runs.c.id != last.id)} == {"reset"}


async def test_a_preview_is_sent_with_its_media_text_and_a_link_that_opens(world):
    await world.does(text="/preview letters.first")
    mark, letter = world.tg.texts()[-2:]
    assert mark == "Предпросмотр: letters.first, +1d. Кнопки здесь не действуют."
    assert letter == "Письмо первое"
    assert await world.rows(runs) == []
    await world.presses("Уточнить")
    assert await world.rows(runs) == []
    assert await world.runner.idle()


async def test_a_strangers_words_get_the_usual_answer(world):
    await world.does(who="8", start="")
    for text in ("/reset", "/preview", "/preview letters.first"):
        await world.does(who="8", text=text)
        assert world.tg.texts("8")[-1].startswith("Не понял ответ")

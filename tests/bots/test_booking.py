"""Times booked through the runtime: two people, one time, both databases, a death in the middle."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bots.requesting import _opened
from storage.database import open_database
from storage.tables import bookings
from tests.bots.runtime import World

SALON = """
funnel: school
entry: [start, {words: [отмена], flow: cancel}]
fields: {visit: {type: datetime}}
flows:
  main:
    - ask: Когда?
      save: visit
      answer: {type: slot, team: sales, length: 30m, notice: 3h, days: 2}
      silence: [{after: 1d, then: []}]
    - Ждём вас в {{ visit | time }}
  cancel: [{set: {visit: }}, Отменили]
"""


@pytest.fixture
async def salon(database_url: str) -> AsyncIterator[World]:
    """A runtime with a bot of the salon, on SQLite and on PostgreSQL."""
    database = await open_database(database_url, exclusive=True)
    yield await World(database, funnel=SALON).open()
    await database.close()


async def chooses(world: World, who: str, index: int = 0) -> str:
    """Press one of the offered times; its words come back."""
    label = times(world, who)[index]
    await world.presses(label, who)
    return label


def times(world: World, who: str) -> list[str]:
    """The buttons of the last message to somebody."""
    said = [call for call in world.tg.calls if call.op == "send" and call.chat == who]
    return [button.text for button in said[-1].message.buttons]


async def test_a_booked_time_is_nobody_elses(salon: World):
    await salon.does(who="7", start="")
    await salon.does(who="8", start="")
    taken = await chooses(salon, "7")
    assert salon.tg.texts("7")[-1].startswith("Ждём вас")
    await salon.presses(taken, "8")
    assert salon.tg.texts("8")[-1].startswith("Это время только что заняли")
    assert taken not in times(salon, "8")
    await chooses(salon, "8")
    rows = await salon.rows(bookings)
    assert len({row.from_us for row in rows}) == len(rows) == 2


async def test_a_new_person_is_offered_what_is_left(salon: World):
    await salon.does(who="7", start="")
    first = times(salon, "7")[0]
    await chooses(salon, "7")
    await salon.does(who="8", start="")
    assert first not in times(salon, "8")


async def test_an_emptied_field_frees_the_time(salon: World):
    await salon.does(who="7", start="")
    await chooses(salon, "7")
    await salon.does(who="7", text="отмена")
    assert await salon.rows(bookings) == []
    assert salon.tg.texts("7")[-1] == "Отменили"


async def test_another_time_takes_the_place_of_the_first(salon: World):
    await salon.does(who="7", start="")
    await chooses(salon, "7")
    await salon.does(who="7", start="")
    await chooses(salon, "7", 2)
    (row,) = await salon.rows(bookings)
    assert row.field == "visit"


async def test_r36_a_death_after_the_booking_books_once(salon: World):
    await salon.does(who="7", start="")
    label = times(salon, "7")[0]
    salon.tg.puts(who="7", press=salon.tg.button(label, "7"))
    await salon.fetch()
    await salon.runner.player.drain()
    requester = salon.runner.requester
    (row,) = await requester._claim("team:sales", 8)
    assert (await requester.answer(_opened(salon.runner.house, row))).result["booked"]
    await salon.restart()  # the answer was never stored
    await salon.runner.settle()
    assert len(await salon.rows(bookings)) == 1
    said = [text for text in salon.tg.texts("7") if text.startswith("Ждём вас")]
    assert len(said) == 1

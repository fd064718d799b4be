"""A project whose people can be written to, and broadcasts put into its database as commands do."""

from sqlalchemy import select

from bots.broadcast_figures import figures_of
from bots.broadcast_lists import row_of
from flows.broadcasts.file import broadcast_of
from storage import broadcasts
from storage.tables import broadcasts as broadcasts_table
from storage.tables import recipients
from tests.bots.runtime import SEAL, World

SHOP = """
funnel: school
entry:
  - start
  - {link: sale, flow: sale, set: {source: Распродажа}}
  - {link: news, set: {source: news}}
  - words: [уровень]
fields:
  level: {value: a1}
flows:
  main:
    - consent: advertising
      refused: [Хорошо., end]
    - Договорились!
  sale:
    - ask: Какой курс?
      save: course
      options: [Базовый, Полный]
"""
SALE = """
broadcast: sale
say: "{{ name | suffix(', ') }}скидка!"
"""


async def joins(world, who="7", name="Мария", agrees=True, bot="tg", start="") -> None:
    """Somebody comes and says whether adverts may be sent."""
    await world.does(bot, who=who, start=start, name=name)
    await world.presses("Согласен" if agrees else "Нет", who, bot)


async def join_together(world: World, people: list[str]) -> None:
    """Many people agree to adverts, on every messenger, in two steps."""
    for step in ("start", "press"):
        for channel in world.channels.values():
            for who in people:
                given = channel.button("Согласен", who) if step == "press" else ""
                channel.puts(who=who, name="Мария", **{step: given})
        await world.fetch()
        await world.runner.settle()


async def sends(world: World, text: str = SALE, bots=None) -> int:
    """Put the broadcast into the database, as the command does; its row's number comes back."""
    made, reading = broadcast_of(text, "sale.yaml")
    assert made is not None, reading.problems
    zone = world.project.project.timezone
    row = row_of(SEAL, made, text, bots or list(world.channels), zone=zone, now=world.clock.now())
    await world.database.commit(broadcasts.add(row))
    found = await world.database.fetch(broadcasts.named(made.broadcast))
    return found[0].id


async def goes_on(world: World) -> None:
    """Let the broadcasts go as far as they can at this moment."""
    while True:
        busy = await world.runner.broadcaster.step()
        await world.runner.settle()
        if not busy:
            await world.runner.broadcaster.step()
            return


async def figures(world: World, broadcast_id: int):
    """How everybody stands."""
    return figures_of(await world.database.fetch(broadcasts.figures(broadcast_id)))


async def state(world: World, broadcast_id: int) -> str:
    """The state of the broadcast."""
    rows = await world.database.fetch(
        select(broadcasts_table).where(broadcasts_table.c.id == broadcast_id)
    )
    return rows[0].state


async def reasons(world: World) -> list[tuple[str, str]]:
    """State and reason of every recipient."""
    order = (recipients.c.broadcast_id, recipients.c.identity_id)
    rows = await world.database.fetch(select(recipients).order_by(*order))
    return [(row.state, row.reason) for row in rows]

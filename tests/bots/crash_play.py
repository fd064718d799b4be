"""A program to kill: one person's whole way with a lead, a manager and letters; goes on where it died.

Run as `python -m tests.bots.crash_play FOLDER`: the database and the messengers' papers lie there.
"""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

from bots.bodies import opened_message
from bots.clocks import SetClock
from storage import crash
from storage.database import open_database
from tests.bots.runtime import (
    SEAL,
    START,
    World,
    inbox,
    journal,
    lead_cards,
    leads,
    messages,
    outbox,
    people,
    runs,
    timers,
)

STEPS = (
    {"start": "promo"},
    {"text": "С нуля"},
    {"text": "Два"},
    {"text": "Согласен"},
    {"text": "8 916 123-45-67"},
    {"text": "/human"},
    {"text": "Вы тут?"},
    {"card": "Взять разговор"},
    {"reply": "Да, спрашивайте"},
    {"card": "Вернуть боту"},
    {"days": 1},
    {"card": "Взять в работу"},
    {"press": "Уточнить"},
    {"card": "Продано"},
    {"days": 1},
    {"text": "стоп"},
)


async def play(folder: Path, url: str = "") -> dict:
    """The steps from the one that was begun last; then the points passed and what the tables hold."""
    database = await open_database(url or f"sqlite:///{folder / 'voronka.db'}", exclusive=True)
    mark = folder / "step"
    begun = int(mark.read_text()) if mark.exists() else 0
    world = World(database, SetClock(START), folder, ("tg", "vk"))
    for number, step in enumerate(STEPS):
        world.clock.move(timedelta(days=step.get("days", 0)))
        if number < begun:
            continue
        mark.write_text(str(number))
        if number == begun:
            await world.open()
        act(world, number)
        await world.fetch()
        await world.runner.settle()
    assert await world.runner.idle()
    told = {"hits": crash.hits(), "state": await held(world)}
    await world.runner.stop()
    await database.close()
    return told


def act(world: World, number: int) -> None:
    """The step's update, unless it was put on paper before the process died."""
    step = STEPS[number]
    tg, vk = world.channels["tg"], world.channels["vk"]
    channel = tg if step.keys() & {"card", "reply"} else vk
    if "days" in step or any(one.get("step") == number for one in channel._updates()):
        return
    if "card" in step:
        token = tg.button(step["card"], "-100")
        channel.puts(step=number, kind="card", who="111", chat="-100", press=token)
    elif "reply" in step:
        answered = tg.number("Вы тут?")
        channel.puts(step=number, who="111", chat="-100", answers=answered, text=step["reply"])
    elif "press" in step:
        channel.puts(step=number, press=vk.button(step["press"]))
    else:
        channel.puts(step=number, **step)


async def held(world: World) -> dict:
    """What must be the same however often the process died."""
    said = await world.rows(messages)
    return {
        "events": [[row.source_key, row.state] for row in await world.rows(inbox)],
        "messages": [[row.direction, row.place, row.number, _text(row)] for row in said],
        "calls": sorted([row.op, row.lane, row.state] for row in await world.rows(outbox)),
        "runs": [
            [row.funnel, row.place, row.status, row.ended_us, row.score, row.source]
            for row in await world.rows(runs)
        ],
        "leads": [
            [row.title, row.manager, row.taken_us, row.status, row.revision]
            for row in await world.rows(leads)
        ],
        "cards": len(await world.rows(lead_cards)),
        "timers": len(await world.rows(timers)),
        "people": [[row.visit, row.tries, row.tags] for row in await world.rows(people)],
        "journal": [
            [row.kind, row.place, row.option]
            for row in await world.rows(journal)
            if row.kind != "doubtful"
        ],
    }


def _text(row) -> str:
    return opened_message(SEAL, row.body_sealed, row.buttons_sealed).text.plain


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(play(Path(sys.argv[1]))), ensure_ascii=False))

"""How many messages a second become stored, played and answered, beside plain aiogram's dispatcher.

    .venv/bin/python benchmarks/turns.py [PEOPLE] [DATABASE_URL]

Voronka: an update is committed to the inbox, the engine plays it, state, timers and the reply are
committed, the reply is claimed, sent to a paper messenger and finished — all on disk. aiogram: the
dispatcher parses the same update and calls one handler that only sets a state in memory.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message

from bots import inbox
from bots.channel import Batch
from bots.clocks import SetClock
from bots.paper import PaperChannel
from bots.runner import Runner
from bots.telegram import updates
from flows.loading import bundle_of, load
from storage import migration
from storage.database import open_database
from storage.seal import Seal

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANSWERS = ("/start", "С нуля", "Два", "привет")
PROJECT = "project: bench\nbots:\n  tg: {channel: telegram, token: $TG, funnels: [school]}\n"
FUNNEL = """
funnel: school
entry: [start, any]
flows:
  main:
    - ask: Какой у вас уровень?
      save: level
      options: [С нуля, Говорю]
      silence: [{after: 24h, then: [end]}]
    - ask: Сколько занятий в неделю?
      save: lessons
      options: [Одно, Два]
      silence: [{after: 24h, then: [end]}]
    - Спасибо!
"""


def update(number: int, person: int, text: str) -> dict:
    """One Telegram update."""
    user = {"id": person, "is_bot": False, "first_name": "Анна"}
    chat = {"id": person, "type": "private", "first_name": "Анна"}
    message = {"message_id": number, "date": 1772442000, "chat": chat, "from": user, "text": text}
    return {"update_id": number, "message": message}


def crowd(people: int) -> list[list[dict]]:
    """Rounds of updates: everybody says one thing a round."""
    return [
        [update(turn * people + n + 1, 1000 + n, text) for n in range(people)]
        for turn, text in enumerate(ANSWERS)
    ]


class Messenger(PaperChannel):
    """A paper messenger that hears as Telegram does."""

    hear = staticmethod(updates.hear)  # type: ignore[assignment]


async def voronka(people: int, url: str) -> float:
    """Messages a second, stored, played and answered."""
    loaded = load(
        {"voronka.yaml": PROJECT.encode(), "funnels/school.yaml": FUNNEL.encode()},
        {},
        "2026-01-01",
    )
    assert loaded.project is not None
    await migration.upgrade(url)
    database = await open_database(url, exclusive=True)
    clock = SetClock(START)
    bots = {"tg": (Messenger(lambda: 0), bundle_of(loaded, loaded.project.bots["tg"]))}
    runner = Runner(database, Seal({"k": bytes(32)}), clock, clock, bots, alone=True)
    await runner.open()
    station = next(iter(runner.house.stations.values()))
    began = time.perf_counter()
    for updates_of_round in crowd(people):
        for page in range(0, people, 100):
            raws = updates_of_round[page : page + 100]
            batch = Batch(tuple(updates.arrival("tg", raw) for raw in raws))
            await inbox.store(runner.house, station, batch)
        await runner.settle()
    seconds = time.perf_counter() - began
    await runner.stop()
    await database.close()
    return people * len(ANSWERS) / seconds


async def plain_aiogram(people: int) -> float:
    """Messages a second through a dispatcher that remembers in memory only."""
    dispatcher = Dispatcher(storage=MemoryStorage())
    bot = Bot("42:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi")

    @dispatcher.message()
    async def answer(message: Message, state: FSMContext) -> None:
        await state.update_data(last=message.text)

    began = time.perf_counter()
    for updates_of_round in crowd(people):
        for raw in updates_of_round:
            await dispatcher.feed_raw_update(bot, raw)
    seconds = time.perf_counter() - began
    await bot.session.close()
    return people * len(ANSWERS) / seconds


async def main() -> None:
    """Race them."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder)}/bench.db"
        ours = await voronka(people, url)
    theirs = await plain_aiogram(people)
    print(f"Voronka, durable: {ours:.0f} messages/s ({ours / 30:.0f}× Telegram's 30 a second)")
    print(f"plain aiogram, in memory, no reply sent: {theirs:.0f} messages/s")
    print(f"ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    asyncio.run(main())

"""The mini funnel on aiogram by a careful hand: states on disk, one update at a time."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from apscheduler.schedulers.asyncio import AsyncIOScheduler

API, TOKEN, TEAM = os.environ["API"], os.environ["TOKEN"], int(os.environ["TEAM"])
LETTER_SECONDS = 20
LETTERS = ("Урок 1. Алфавит", "Урок 2. Приветствие", "Урок 3. Прощание")
LEVELS = ("Начинаю", "Продолжаю")


class OnDisk(BaseStorage):
    """States and data in SQLite, where others put Redis."""

    def __init__(self, path: str) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("CREATE TABLE IF NOT EXISTS talks (chat PRIMARY KEY, state, data)")

    def _read(self, key: StorageKey) -> tuple[str | None, str]:
        found = self._base.execute("SELECT state, data FROM talks WHERE chat = ?", (key.chat_id,))
        return found.fetchone() or (None, "{}")

    def _write(self, key: StorageKey, state: str | None, data: str) -> None:
        values = (key.chat_id, state, data)
        self._base.execute("INSERT OR REPLACE INTO talks VALUES (?, ?, ?)", values)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        name = state.state if isinstance(state, State) else state
        self._write(key, name, self._read(key)[1])

    async def get_state(self, key: StorageKey) -> str | None:
        return self._read(key)[0]

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        self._write(key, self._read(key)[0], json.dumps(dict(data)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return json.loads(self._read(key)[1])

    async def close(self) -> None:
        self._base.close()


bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(API)))
dispatcher = Dispatcher(storage=OnDisk("talks.db"))
scheduler = AsyncIOScheduler(job_defaults={"misfire_grace_time": None})
scheduler.add_jobstore("sqlalchemy", url="sqlite:///jobs.db")


class Talk(StatesGroup):
    level = State()
    wish = State()


@dispatcher.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    buttons = [[InlineKeyboardButton(text=each, callback_data=each)] for each in LEVELS]
    board = InlineKeyboardMarkup(inline_keyboard=buttons)
    await message.answer("Здравствуйте! Какой у вас уровень?", reply_markup=board)
    await state.set_state(Talk.level)


@dispatcher.callback_query(Talk.level)
async def level(query: CallbackQuery, state: FSMContext) -> None:
    await bot.send_message(query.from_user.id, "Зачем вам язык? Напишите одним словом.")
    await state.update_data(level=query.data)
    await state.set_state(Talk.wish)
    await query.answer()


@dispatcher.message(Talk.wish, F.text)
async def wish(message: Message, state: FSMContext) -> None:
    data = await state.get_data()
    lead = f"Новая заявка: {message.from_user.first_name}, {data['level']}, {message.text}"
    await bot.send_message(TEAM, lead)
    await message.answer("Спасибо! Три урока придут сами.")
    for number, text in enumerate(LETTERS, 1):
        due = datetime.now(UTC) + timedelta(seconds=LETTER_SECONDS * number)
        name = f"{message.chat.id}:{number}"
        scheduler.add_job(
            letter,
            "date",
            run_date=due,
            args=(message.chat.id, text),
            id=name,
            replace_existing=True,
        )
    await state.clear()


async def letter(chat: int, text: str) -> None:
    await bot.send_message(chat, text)


async def main() -> None:
    scheduler.start()
    await dispatcher.start_polling(bot, handle_as_tasks=False)


if __name__ == "__main__":
    asyncio.run(main())

"""The mini funnel on plain aiogram, as its documentation teaches: polling, memory, APScheduler."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from apscheduler.schedulers.asyncio import AsyncIOScheduler

API, TOKEN, TEAM = os.environ["API"], os.environ["TOKEN"], int(os.environ["TEAM"])
LETTER_SECONDS = 20
LETTERS = ("Урок 1. Алфавит", "Урок 2. Приветствие", "Урок 3. Прощание")
LEVELS = ("Начинаю", "Продолжаю")

bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(API)))
dispatcher = Dispatcher()
scheduler = AsyncIOScheduler()
scheduler.add_jobstore("sqlalchemy", url="sqlite:///jobs.db")


class Talk(StatesGroup):
    level = State()
    wish = State()


@dispatcher.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.set_state(Talk.level)
    buttons = [[InlineKeyboardButton(text=each, callback_data=each)] for each in LEVELS]
    board = InlineKeyboardMarkup(inline_keyboard=buttons)
    await message.answer("Здравствуйте! Какой у вас уровень?", reply_markup=board)


@dispatcher.callback_query(Talk.level)
async def level(query: CallbackQuery, state: FSMContext) -> None:
    await query.answer()
    await state.update_data(level=query.data)
    await state.set_state(Talk.wish)
    await bot.send_message(query.from_user.id, "Зачем вам язык? Напишите одним словом.")


@dispatcher.message(Talk.wish, F.text)
async def wish(message: Message, state: FSMContext) -> None:
    data = await state.get_data()
    await state.clear()
    lead = f"Новая заявка: {message.from_user.first_name}, {data['level']}, {message.text}"
    await bot.send_message(TEAM, lead)
    await message.answer("Спасибо! Три урока придут сами.")
    for number, text in enumerate(LETTERS, 1):
        due = datetime.now(UTC) + timedelta(seconds=LETTER_SECONDS * number)
        scheduler.add_job(letter, "date", run_date=due, args=(message.chat.id, text))


async def letter(chat: int, text: str) -> None:
    await bot.send_message(chat, text)


async def main() -> None:
    scheduler.start()
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())

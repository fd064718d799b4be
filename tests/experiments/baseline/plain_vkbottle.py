"""The mini funnel on plain vkbottle, as its documentation teaches: long poll, memory, APScheduler."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from vkbottle import API, BaseStateGroup, Keyboard, Text
from vkbottle.bot import Bot, Message

TEAM = int(os.environ["TEAM"])
LETTER_SECONDS = 20
LETTERS = ("Урок 1. Алфавит", "Урок 2. Приветствие", "Урок 3. Прощание")
LEVELS = ("Начинаю", "Продолжаю")

api = API(os.environ["TOKEN"])
api.API_URL = f"{os.environ['API']}/method/"
bot = Bot(api=api)
scheduler = AsyncIOScheduler()
scheduler.add_jobstore("sqlalchemy", url="sqlite:///jobs.db")


class Talk(BaseStateGroup):
    LEVEL = "level"
    WISH = "wish"


@bot.on.message(text=["Начать", "Привет"])
async def start(message: Message) -> None:
    board = Keyboard(one_time=True)
    for each in LEVELS:
        board.add(Text(each))
    await bot.state_dispenser.set(message.peer_id, Talk.LEVEL)
    await message.answer("Здравствуйте! Какой у вас уровень?", keyboard=board.get_json())


@bot.on.message(state=Talk.LEVEL, text=list(LEVELS))
async def level(message: Message) -> None:
    await bot.state_dispenser.set(message.peer_id, Talk.WISH, level=message.text)
    await message.answer("Зачем вам язык? Напишите одним словом.")


@bot.on.message(state=Talk.WISH)
async def wish(message: Message) -> None:
    chosen = message.state_peer.payload["level"]
    await bot.state_dispenser.delete(message.peer_id)
    (user,) = await api.users.get(user_ids=[message.from_id])
    lead = f"Новая заявка: {user.first_name}, {chosen}, {message.text}"
    await api.messages.send(peer_id=TEAM, message=lead, random_id=0)
    await message.answer("Спасибо! Три урока придут сами.")
    for number, text in enumerate(LETTERS, 1):
        due = datetime.now(UTC) + timedelta(seconds=LETTER_SECONDS * number)
        scheduler.add_job(letter, "date", run_date=due, args=(message.peer_id, text))


async def letter(peer: int, text: str) -> None:
    await api.messages.send(peer_id=peer, message=text, random_id=0)


async def schedule() -> None:
    scheduler.start()


if __name__ == "__main__":
    bot.on_startup.append(schedule())
    bot.run()

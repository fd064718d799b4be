"""A life that talks to emulated messengers over HTTP, step by step as it is told over a socket."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    GetMe,
    GetWebhookInfo,
    SendMessage,
)
from aiogram.types import Message

from bots.channel import Channel
from bots.clocks import SetClock, moment_of
from bots.runner import Runner
from bots.telegram.channel import TelegramChannel
from bots.uploads import RememberedUploads
from bots.vk.channel import VkChannel
from flows.loading import bundle_of, read_program
from flows.secrecy import Secret
from storage.database import open_database
from storage.seal import Seal, read_keys
from storage.timers import next_due
from tests.crash.messengers import TG_TOKEN, VK_GROUP, VK_TOKEN
from tests.crash.story import SCHOOL
from voronka.clocks import SystemClock

PROJECT = SCHOOL.loaded()  # before the forks, once for all of them
for _model in (GetMe, GetWebhookInfo, SendMessage, EditMessageText, AnswerCallbackQuery, Message):
    _model.model_rebuild()  # aiogram makes its models when they are first used


async def live(url: str, tg_url: str, vk_url: str, keys: str, socket: str, bug: str = "") -> None:
    """Each line of the socket is a moment: do all that is to do then, and tell the next due one."""
    if bug:
        from tests.crash.planted import plant

        plant(bug)
    reader, writer = await asyncio.open_unix_connection(socket)
    database = await open_database(url, exclusive=True)
    clock = SetClock(SCHOOL.start)
    channels: dict[str, Channel] = {
        "tg": TelegramChannel(
            TG_TOKEN,
            bot="tg",
            media=Path(),
            uploads=RememberedUploads(),
            api_url=tg_url,
            poll_seconds=0,
        ),
        "vk": VkChannel(
            VK_TOKEN,
            bot="vk",
            media=Path(),
            uploads=RememberedUploads(),
            group=VK_GROUP,
            api_url=vk_url,
            poll_seconds=0,
        ),
    }
    assert PROJECT.project is not None
    bots = {n: (one, bundle_of(PROJECT, PROJECT.project.bots[n])) for n, one in channels.items()}
    texts = {one.hash: PROJECT.texts[name] for name, one in PROJECT.programs.items()}
    runner = Runner(
        database,
        Seal(read_keys(Secret(keys))),
        clock,
        SystemClock(),
        bots,
        texts=texts,
        read=lambda name, text: read_program(text, f"{name}.yaml"),
        alone=True,
    )
    opened = False
    while line := await reader.readline():
        clock.set(moment_of(int(line)))
        if not opened:
            await runner.open()
            opened = True
        await _rest(runner)
        due = (await database.fetch(next_due()))[0].due_us
        writer.write(json.dumps(due).encode() + b"\n")
    await runner.stop()
    await database.close()


async def _rest(runner: Runner) -> None:
    """Fetch, play and send until two looks round bring nothing more."""
    quiet = 0
    while quiet < 2:
        played = runner.player.played
        for fetcher in runner.fetchers.values():
            await fetcher.once()
        await runner.settle()
        done = await runner.idle() and runner.player.played == played
        quiet = quiet + 1 if done else 0
        if not done:
            await asyncio.sleep(0.05)

"""A file that a person sent, passed on to a team: by its id, or uploaded when it lies with us."""

from __future__ import annotations

import asyncio
from typing import Any

from aiogram import methods
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile

from bots.channel import Call, Passed
from flows.channels import TELEGRAM

_WAYS: dict[str, tuple[type[TelegramMethod[Any]], str]] = {
    "photo": (methods.SendPhoto, "photo"),
    "file": (methods.SendDocument, "document"),
    "video": (methods.SendVideo, "video"),
    "video_note": (methods.SendVideoNote, "video_note"),
    "animation": (methods.SendAnimation, "animation"),
    "voice": (methods.SendVoice, "voice"),
    "audio": (methods.SendAudio, "audio"),
}


async def forwarded(call: Call, passed: Passed) -> TelegramMethod[Any]:
    """The request that sends the file with the call's words under it."""
    words = call.message.text.plain[: TELEGRAM.caption // 2] if call.message is not None else ""
    # what was uploaded to us may be no photo or voice to Telegram: a document always goes
    kind = passed.kind if passed.open is None else "file"
    method, field = _WAYS[kind]
    file: str | BufferedInputFile = passed.ref
    if passed.open is not None:
        data = await asyncio.to_thread(passed.open)
        file = BufferedInputFile(data, passed.name or f"{passed.kind}.bin")
    caption = {} if kind == "video_note" else {"caption": words}
    return method(chat_id=call.chat, **{field: file}, **caption)

"""Calls to Telegram as its requests, one after another, with the files they need."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any, Protocol

from aiogram import methods
from aiogram.methods import TelegramMethod
from aiogram.types import FSInputFile

from bots.channel import Call, CallFailed, Delivery, MessageRejected
from bots.connections import UPLOAD_SECONDS
from bots.telegram import rendering
from bots.telegram.failures import Expired, FileRefused, MarkupRefused, Unchanged
from bots.telegram.forwarding import forwarded
from bots.telegram.rendering import Part
from bots.uploads import Digests, Uploads
from flows.channels import TELEGRAM
from flows.messages import Media

_METHODS: dict[str, type[TelegramMethod[Any]]] = {
    method.__api_method__: method
    for method in (
        methods.SendMessage,
        methods.SendPhoto,
        methods.SendVideo,
        methods.SendAudio,
        methods.SendVoice,
        methods.SendVideoNote,
        methods.SendDocument,
        methods.SendMediaGroup,
        methods.EditMessageText,
        methods.EditMessageCaption,
        methods.EditMessageReplyMarkup,
    )
}
_FIELDS = {"sendPhoto": "photo", "sendVideo": "video", "sendAudio": "audio"} | {
    "sendVoice": "voice",
    "sendVideoNote": "video_note",
    "sendDocument": "document",
}
File = str | FSInputFile


class Make(Protocol):
    """One request to Telegram: its result, or a :class:`CallFailed`."""

    def __call__(self, method: TelegramMethod[Any], *, seconds: float = 0) -> Awaitable[Any]: ...


class Outgoing:
    """Makes calls through ``make``, taking files from ``media`` and remembering their ids."""

    def __init__(self, make: Make, media: Path, uploads: Uploads) -> None:
        self._make = make
        self._media = media
        self._uploads = uploads
        self._digests = Digests()

    async def make(self, call: Call) -> Delivery:
        """What was delivered; raises a :class:`CallFailed`."""
        if call.op == "send":
            return await self._send(call)
        if call.op == "edit":
            return await self._edit(call)
        if call.op == "answer":
            return await self._answer(call)
        if call.op == "comment":
            return await self._comment(call)
        await self._make(methods.SendChatAction(chat_id=call.chat, action="typing"))
        return Delivery()

    async def _send(self, call: Call) -> Delivery:
        if call.message is None:
            raise MessageRejected("there is no message to send")
        if call.passed is not None:
            seconds = UPLOAD_SECONDS if call.passed.open is not None else 0
            method = await forwarded(call, call.passed)
            return Delivery(_message_id(await self._make(method, seconds=seconds)))
        private = not call.chat.startswith("-")
        pieces = rendering.parts(call.message, call.tokens, call.links, private=private)
        delivery = Delivery()
        for index, part in enumerate(pieces[call.done :], start=call.done):
            try:
                delivery = await self._deliver({"chat_id": call.chat}, part)
            except CallFailed as failed:
                failed.done = index
                raise
            if index + 1 < len(pieces):
                await call.arrived(index + 1)
        return delivery

    async def _edit(self, call: Call) -> Delivery:
        where = {"chat_id": call.chat, "message_id": int(call.external_id)}
        part: Part | None = Part("editMessageReplyMarkup")
        if call.message is not None:
            part = rendering.edited(call.message, call.tokens, call.links, call.chosen)
        if part is None:
            return Delivery(call.external_id, "Telegram edits no message with such a keyboard")
        try:
            delivery = await self._deliver(where, part)
        except Unchanged:
            return Delivery(call.external_id, "unchanged")
        return Delivery(call.external_id, delivery.note)

    async def _answer(self, call: Call) -> Delivery:
        text = call.text[: TELEGRAM.popup] or None
        method = methods.AnswerCallbackQuery(callback_query_id=call.press["id"], text=text)
        try:
            await self._make(method)
        except Expired:  # the step counts all the same (R15)
            return Delivery(note="the press was too old to be answered")
        return Delivery()

    async def _comment(self, call: Call) -> Delivery:
        under = {"message_id": call.comment["message"], "allow_sending_without_reply": True}
        method = methods.SendMessage(
            chat_id=call.comment["chat"],
            text=call.text,
            reply_parameters=under,  # type: ignore[arg-type]  # pydantic reads the mapping
        )
        return Delivery(_message_id(await self._make(method)))

    async def _deliver(self, where: dict[str, Any], part: Part) -> Delivery:
        """The part sent; once more as plain text (R41) or with a new upload (R45) if need be."""
        note, formatted, fresh = "", True, False
        while True:
            try:
                result = await self._request(where, part, formatted=formatted, fresh=fresh)
                return Delivery(_message_id(result), note)
            except MarkupRefused as refused:
                if not formatted:
                    raise
                formatted, note = False, f"sent as plain text: {refused}"
            except FileRefused:
                if fresh:
                    raise
                fresh = True

    async def _request(
        self, where: dict[str, Any], part: Part, *, formatted: bool, fresh: bool
    ) -> Any:
        words = part.words(formatted=formatted)
        fields = {**where, **({} if part.method == "sendMediaGroup" else words)}
        if part.markup:
            fields["reply_markup"] = part.markup
        editing = part.method.startswith("edit")
        files = [] if editing else [await self._file(item, fresh=fresh) for item in part.media]
        if part.method == "sendMediaGroup":
            fields["media"] = [
                {"type": item.kind, "media": file, **({} if index else words)}
                for index, (item, file) in enumerate(zip(part.media, files, strict=True))
            ]
        elif files:
            fields[_FIELDS[part.method]] = files[0]
        uploading = any(isinstance(file, FSInputFile) for file in files)
        method = _METHODS[part.method](**fields)
        result = await self._make(method, seconds=UPLOAD_SECONDS if uploading else 0)
        if uploading:
            await self._remember(part.media, result)
        return result

    async def _file(self, item: Media, *, fresh: bool) -> File:
        path = self._media / item.path
        try:
            digest = await self._digests.of(path)
        except OSError:
            raise MessageRejected(f"the file {item.path} cannot be read") from None
        known = None if fresh else await self._uploads.get(digest, item.kind)
        return known or FSInputFile(path)

    async def _remember(self, media: Sequence[Media], result: Any) -> None:
        sent = result if isinstance(result, list) else [result]
        for item, message in zip(media, sent, strict=False):
            file_id = _file_id(item, message)
            if file_id:
                digest = await self._digests.of(self._media / item.path)
                await self._uploads.put(digest, item.kind, file_id)


def _message_id(result: Any) -> str:
    last = result[-1] if isinstance(result, list) and result else result
    number = last.get("message_id") if isinstance(last, dict) else getattr(last, "message_id", "")
    return str(number or "")


def _file_id(item: Media, message: Any) -> str:
    held = getattr(message, item.kind, None)
    file = held[-1] if isinstance(held, list) and held else held
    return str(getattr(file, "file_id", ""))

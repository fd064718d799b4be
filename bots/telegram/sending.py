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
from bots.uploads import Digests, Flights, Uploads
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
        self._flights = Flights()

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
        markup = ""
        refused: set[str] | None = None
        while True:
            unknown = refused or set()
            try:
                words = part.words(formatted=not markup)
                result = await self._sent(where, part, words, unknown)
                return Delivery(_message_id(result), markup=markup)
            except MarkupRefused as cause:
                if markup:
                    raise
                markup = str(cause)
            except FileRefused:
                if refused is not None or not part.media:
                    raise
                refused = {known for _, known in await self._known(part, unknown) if known}

    async def _sent(
        self, where: dict[str, Any], part: Part, words: dict[str, Any], refused: set[str]
    ) -> Any:
        """The result; files that are new to Telegram are uploaded by one request at a time."""
        if part.method.startswith("edit") or not part.media:
            return await self._request(where, part, words, [])
        found = await self._known(part, refused)
        if all(known for _, known in found):
            return await self._request(where, part, words, [known or "" for _, known in found])
        async with self._flights.alone(key for key, known in found if not known):
            found = await self._known(part, refused)
            pairs = zip(found, part.media, strict=True)
            files: list[File] = [
                known or FSInputFile(self._media / item.path) for (_, known), item in pairs
            ]
            result = await self._request(where, part, words, files)
            if not all(known for _, known in found):
                await self._remember([key for key, _ in found], part.media, result)
        return result

    async def _request(
        self, where: dict[str, Any], part: Part, words: dict[str, Any], files: Sequence[File]
    ) -> Any:
        fields = {**where, **({} if part.method == "sendMediaGroup" else words)}
        if part.markup:
            fields["reply_markup"] = part.markup
        if part.method == "sendMediaGroup":
            fields["media"] = [
                {"type": item.kind, "media": file, **({} if index else words)}
                for index, (item, file) in enumerate(zip(part.media, files, strict=True))
            ]
        elif files:
            fields[_FIELDS[part.method]] = files[0]
        uploading = any(isinstance(file, FSInputFile) for file in files)
        method = _METHODS[part.method](**fields)
        return await self._make(method, seconds=UPLOAD_SECONDS if uploading else 0)

    async def _known(
        self, part: Part, refused: set[str]
    ) -> list[tuple[tuple[str, str], str | None]]:
        """The part's files by digest and kind, each with Telegram's id unless it was refused."""
        found: list[tuple[tuple[str, str], str | None]] = []
        for item in part.media:
            try:
                digest = await self._digests.of(self._media / item.path)
            except OSError:
                raise MessageRejected(f"the file {item.path} cannot be read") from None
            known = await self._uploads.get(digest, item.kind)
            found.append(((digest, item.kind), None if known in refused else known))
        return found

    async def _remember(
        self, keys: Sequence[tuple[str, str]], media: Sequence[Media], result: Any
    ) -> None:
        sent = result if isinstance(result, list) else [result]
        for (digest, kind), item, message in zip(keys, media, sent, strict=False):
            file_id = _file_id(item, message)
            if file_id:
                await self._uploads.put(digest, kind, file_id)


def _message_id(result: Any) -> str:
    last = result[-1] if isinstance(result, list) and result else result
    number = last.get("message_id") if isinstance(last, dict) else getattr(last, "message_id", "")
    return str(number or "")


def _file_id(item: Media, message: Any) -> str:
    held = getattr(message, item.kind, None)
    file = held[-1] if isinstance(held, list) and held else held
    return str(getattr(file, "file_id", ""))

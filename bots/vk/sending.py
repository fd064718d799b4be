"""Calls to VK as its methods, one after another, with the files they need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bots.channel import Call, CallFailed, Delivery, Doubtful, MessageRejected, TryLater
from bots.uploads import Digests, Uploads
from bots.vk import rendering
from bots.vk.client import Client
from bots.vk.failures import failure
from bots.vk.rendering import Part, random_id_of
from flows.channels import VK
from flows.messages import Media

_HISTORY = 200
"""How many messages of a dialog VK shows at once, at most."""


class Outgoing:
    """Makes calls through ``client``, taking files from ``media`` and remembering their ids."""

    def __init__(self, client: Client, media: Path, uploads: Uploads) -> None:
        self._client = client
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
        await self._client.method("messages.setActivity", peer_id=call.chat, type="typing")
        return Delivery()

    async def _send(self, call: Call) -> Delivery:
        if call.message is None:
            raise MessageRejected("there is no message to send")
        pieces = rendering.parts(call.message, call.tokens, call.links)
        delivery = Delivery()
        for index, part in enumerate(pieces[call.done :], start=call.done):
            try:
                random_id = random_id_of(call.random_id, index)
                delivery = await self._deliver(call.chat, part, random_id)
            except CallFailed as failed:
                failed.done = index
                raise
        return delivery

    async def find(self, call: Call) -> Delivery | None:
        """The parts of the message that the dialog holds already; None when it holds none.

        Parts leave one after another, so those that arrived are the first ones.
        """
        if call.message is None or not call.random_id:
            return None
        answer = await self._client.method(
            "messages.getHistory", peer_id=call.chat, count=_HISTORY
        )
        written = {item["random_id"]: item for item in answer["items"] if item.get("out")}
        total = len(rendering.parts(call.message, call.tokens, call.links))
        found: Delivery | None = None
        for index in range(call.done, total):
            item = written.get(random_id_of(call.random_id, index))
            if item is None:
                break
            number = str(item["conversation_message_id"])
            found = Delivery(number, done=0 if index + 1 == total else index + 1)
        return found

    async def _deliver(self, peer: str, part: Part, random_id: int) -> Delivery:
        sent = await self._client.method(
            "messages.send",
            peer_ids=peer,  # only so the answer holds the id that an edit needs
            random_id=random_id,
            disable_mentions=1,
            **await self._content(part),
        )
        return _delivery(sent)

    async def _edit(self, call: Call) -> Delivery:
        if call.message is None:
            return Delivery(call.external_id, "VK changes a keyboard only together with the words")
        part = rendering.edited(call.message, call.tokens, call.links, call.chosen)
        await self._client.method(
            "messages.edit",
            peer_id=call.chat,
            conversation_message_id=call.external_id,
            disable_mentions=1,
            **await self._content(part),
        )
        return Delivery(call.external_id)

    async def _content(self, part: Part) -> dict[str, Any]:
        content: dict[str, Any] = {"message": part.text}
        if part.media:
            content["attachment"] = ",".join(await self._attachments(part.media))
        if part.board:
            content["keyboard"] = json.dumps(part.board, ensure_ascii=False)
        return content

    async def _answer(self, call: Call) -> Delivery:
        if not call.press:  # a button under the input field sent a message: nothing waits
            return Delivery()
        data = {"type": "show_snackbar", "text": call.text[: VK.popup]}
        shown = {"event_data": json.dumps(data, ensure_ascii=False)} if call.text else {}
        try:
            await self._client.method("messages.sendMessageEventAnswer", **call.press, **shown)
        except MessageRejected:  # answered or older than a minute; the step counts (R15)
            return Delivery(note="the press was too old to be answered")
        return Delivery()

    async def _comment(self, call: Call) -> Delivery:
        owner = int(call.comment["owner"])
        sent = await self._client.method(
            "wall.createComment",
            owner_id=owner,
            post_id=call.comment["post"],
            reply_to_comment=call.comment["reply"],
            from_group=abs(owner),
            message=call.text,
            guid=str(call.random_id or ""),
        )
        return Delivery(str(sent.get("comment_id", "")))

    async def _attachments(self, media: Sequence[Media]) -> list[str]:
        return [await self._attachment(item) for item in media]

    async def _attachment(self, item: Media) -> str:
        path = self._media / item.path
        try:
            digest = await self._digests.of(path)
            known = await self._uploads.get(digest, item.kind)
            if known:
                return known
            name = await self._upload(item, path)
        except OSError:
            raise MessageRejected(f"the file {item.path} cannot be read") from None
        except Doubtful as lost:  # an upload may be repeated whatever became of it
            raise TryLater(str(lost)) from None
        await self._uploads.put(digest, item.kind, name)
        return name

    async def _upload(self, item: Media, path: Path) -> str:
        if item.kind == "photo":
            return await self._upload_photo(path)
        kind = "audio_message" if item.kind == "voice" else "doc"
        place = await self._client.method("docs.getMessagesUploadServer", type=kind)
        held = await self._client.upload(place["upload_url"], "file", path)
        if "file" not in held:
            raise MessageRejected(f"VK does not take the file {item.path}")
        saved = await self._client.method("docs.save", file=held["file"], title=path.name)
        return _name(saved["type"], saved[saved["type"]])

    async def _upload_photo(self, path: Path) -> str:
        # without a peer: the photo lies in a hidden album and goes to any dialog
        place = await self._client.method("photos.getMessagesUploadServer")
        held = await self._client.upload(place["upload_url"], "photo", path)
        wanted = {name: held[name] for name in ("photo", "server", "hash") if name in held}
        (saved,) = await self._client.method("photos.saveMessagesPhoto", **wanted)
        return _name("photo", saved)


def _delivery(sent: Any) -> Delivery:
    """The message's id in its conversation; a refused peer stands in the answer, not above it."""
    item = sent[0] if isinstance(sent, list) and sent else {}
    error = item.get("error")
    if error:
        raise failure(int(error.get("code") or error.get("error_code") or 0))
    return Delivery(str(item.get("conversation_message_id") or ""))


def _name(kind: str, saved: dict[str, Any]) -> str:
    key = f"_{saved['access_key']}" if saved.get("access_key") else ""
    return f"{kind}{saved['owner_id']}_{saved['id']}{key}"

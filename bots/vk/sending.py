"""Calls to VK as its methods, one after another, with the files they need."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from bots.channel import Call, CallFailed, Delivery, MessageRejected
from bots.uploads import Uploads
from bots.vk import rendering
from bots.vk.client import Client
from bots.vk.failures import FileRefused
from bots.vk.forwarding import pass_on
from bots.vk.rendering import Part, random_id_of
from bots.vk.together import all_sent, ended
from bots.vk.uploading import Files
from flows.channels import VK

_HISTORY = 200
"""How many messages of a dialog VK shows at once, at most."""


class Outgoing:
    """Makes calls through ``client``, taking files from ``media`` and remembering their ids."""

    def __init__(self, client: Client, media: Path, uploads: Uploads) -> None:
        self._client = client
        self.files = Files(client, media, uploads)

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
        if call.passed is not None:
            return _delivery(await pass_on(self._client, self.files, call, call.passed))
        pieces = rendering.parts(call.message, call.tokens, call.links)
        delivery = Delivery()
        for index, part in enumerate(pieces[call.done :], start=call.done):
            try:
                random_id = random_id_of(call.random_id, index)
                delivery = await self._deliver(call.chat, part, random_id)
            except CallFailed as failed:
                failed.done = index
                raise
            if index + 1 < len(pieces):
                await call.arrived(index + 1)
        return delivery

    async def make_all(self, calls: Sequence[Call]) -> list[Delivery | CallFailed]:
        """How each of the one-part messages ended; raises the :class:`CallFailed` of them all."""
        contents: list[dict[str, Any] | CallFailed] = []
        for call in calls:
            assert call.message is not None
            (part,) = rendering.parts(call.message, call.tokens, call.links)
            try:
                contents.append(await self._content(call.chat, part))
            except CallFailed as failed:
                contents.append(failed)
        return await all_sent(self._client, calls, contents)

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
        refused: set[str] = set()
        while True:
            content = await self._content(peer, part, refused)
            try:
                sent = await self._client.method(
                    "messages.send",
                    peer_ids=peer,  # only so the answer holds the id that an edit needs
                    random_id=random_id,
                    disable_mentions=1,
                    **content,
                )
            except FileRefused:  # VK has lost what was uploaded: once more from our disk (R45)
                if refused or not part.media:
                    raise
                refused = set(content["attachment"].split(","))
            else:
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
            **await self._content(call.chat, part),
        )
        return Delivery(call.external_id)

    async def _content(
        self, peer: str, part: Part, refused: Collection[str] = ()
    ) -> dict[str, Any]:
        content: dict[str, Any] = {"message": part.text}
        if part.media:
            names = await self.files.attachments(part.media, peer, refused)
            content["attachment"] = ",".join(names)
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


def _delivery(sent: Any) -> Delivery:
    """The message's id in its conversation; a refused peer stands in the answer, not above it."""
    result = ended(sent[0] if isinstance(sent, list) and sent else {})
    if isinstance(result, CallFailed):
        raise result
    return result

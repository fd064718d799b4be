"""People at their screens: what a user can do, and nothing a user cannot."""

import itertools
import re
from dataclasses import dataclass
from mimetypes import guess_type
from typing import Any

from tests.emulators.clock import timestamp
from tests.emulators.telegram import places
from tests.emulators.telegram.entities import detect_entities
from tests.emulators.telegram.media import FileStore, media_content, sample_png
from tests.emulators.telegram.members import tell_bot_status
from tests.emulators.telegram.requests import Upload
from tests.emulators.telegram.world import Bot, Chat, Message, Press, User, World

# features#deep-linking: "A-Z, a-z, 0-9, _ and - ... up to 64 characters"
DEEP_LINK = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_query_ids = itertools.count(4_000_000_000_000_001)


@dataclass
class Person:
    """One user; where nothing else is said, it all happens in the chat with the only bot."""

    world: World
    files: FileStore
    user: User

    @property
    def id(self) -> int:
        """Return the account id."""
        return self.user.id

    def _bot(self, bot: Bot | None) -> Bot:
        if bot is not None:
            return bot
        (only,) = self.world.bots.values()
        return only

    def chat(self, bot: Bot | None = None) -> Chat:
        """Return the chat with the bot; it comes into being with the first message."""
        return self.world.private_chat(self._bot(bot), self.user)

    def _speak(self, chat: Chat | None, bot: Bot | None, **content: Any) -> Message:
        reply_to = content.pop("reply_to", None)
        chat = chat or self.chat(bot)
        if self.user.deactivated or chat.blocked:
            raise ValueError(f"{self.user.first_name} cannot write: blocked or deleted")
        if not chat.private:
            chat.members.setdefault(self.user.id, "member")
        message = chat.add(self.user.json(), **content)
        message.reply_to = reply_to
        if reply_to is not None and not chat.private:
            thread = reply_to.content.get("message_thread_id", reply_to.id)
            message.content["message_thread_id"] = thread
        places.hear(self.world, message)
        return message

    def write(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        bot: Bot | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a text to the bot or into a group."""
        content: dict[str, Any] = {"text": text, "reply_to": reply_to}
        if entities := detect_entities(text):
            content["entities"] = entities
        return self._speak(chat, bot, **content)

    def start(self, payload: str = "", *, bot: Bot | None = None) -> Message:
        """Press START, or open a deep link with the payload; a blocked bot is unblocked."""
        if payload and not DEEP_LINK.match(payload):
            raise ValueError(f"Telegram does not open a deep link with {payload!r}")
        if self.chat(bot).blocked:
            self.unblock(bot)
        return self.write(f"/start {payload}".strip(), bot=bot)

    def comment(self, channel_post: Message, text: str) -> Message:
        """Write a comment under a post of a channel."""
        copy = places.discussed(channel_post)
        return self.write(text, chat=copy.chat, reply_to=copy)

    def share_contact(
        self,
        phone: str,
        *,
        owner: int | None = None,
        foreign: bool = False,
        chat: Chat | None = None,
        bot: Bot | None = None,
    ) -> Message:
        """Share a contact: one's own, or (foreign) another's, of `owner` or of no account."""
        contact: dict[str, Any] = {"phone_number": phone, "first_name": self.user.first_name}
        user_id = owner if foreign else self.user.id
        if user_id is not None:
            contact["user_id"] = user_id
        return self._speak(chat, bot, contact=contact)

    def send_file(
        self,
        kind: str = "photo",
        *,
        caption: str = "",
        data: bytes | None = None,
        name: str = "file",
        album: str = "",
        chat: Chat | None = None,
        bot: Bot | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a photo, video, voice, document...; the file is known to one bot.

        Files of one `album` come one by one, each with its id.
        """
        mime = guess_type(name)[0] or ""
        upload = Upload(name, mime, data or (sample_png() if kind == "photo" else b"file"))
        content = media_content(self.files.add(self._bot(bot), kind, upload), {})
        content |= {"caption": caption} if caption else {}
        content |= {"media_group_id": album} if album else {}
        return self._speak(chat, bot, **content, reply_to=reply_to)

    def send_location(
        self,
        latitude: float,
        longitude: float,
        *,
        title: str = "",
        address: str = "",
        chat: Chat | None = None,
        bot: Bot | None = None,
    ) -> Message:
        """Share a place, or (with a title) a venue: the message then holds both."""
        point = {"latitude": latitude, "longitude": longitude}
        venue = {"location": point, "title": title, "address": address}
        return self._speak(chat, bot, location=point, **({"venue": venue} if title else {}))

    def press(
        self,
        label: str,
        *,
        chat: Chat | None = None,
        bot: Bot | None = None,
        message: Message | None = None,
    ) -> Press | Message | str:
        """Press a button by its text: the newest message that has it, or the reply keyboard.

        Returns the Press of an inline button, the address of a URL button (the text of a copying
        one), or the Message that a reply button sent.
        """
        where = chat or self.chat(bot)
        candidates = [message] if message is not None else reversed(where.shown())
        for shown in candidates:
            if not shown.markup or "inline_keyboard" not in shown.markup:
                continue
            for button in itertools.chain.from_iterable(shown.buttons):
                if button["text"] == label:
                    return self._push(shown, button)
        return self._press_reply(label, where, bot)

    def _push(self, message: Message, button: dict[str, str]) -> Press | str:
        if button["kind"] != "callback":
            return button["value"]
        return self.press_data(message, button["value"])

    def press_data(self, message: Message, data: str) -> Press:
        """Send a callback query with any data: an old screen's button, a forged one."""
        owner = self.world.bot_by_id(message.by_bot or 0)
        if owner is None:
            raise LookupError("only a bot's message has inline buttons")
        chat = message.chat
        press = Press(str(next(_query_ids)), chat, message, self.user, data, timestamp())
        owner.presses[press.id] = press
        body = {
            "id": press.id,
            "from": self.user.json(),
            "message": message.json(),
            "chat_instance": str(7_000_000_000 + abs(chat.id)),
            "data": data,
        }
        self.world.tell(owner, "callback_query", body)
        return press

    def _press_reply(self, label: str, chat: Chat, bot: Bot | None) -> Message:
        rows = (chat.keyboard or {}).get("keyboard", [])
        for button in itertools.chain.from_iterable(rows):
            if button["text"] != label:
                continue
            if (chat.keyboard or {}).get("one_time_keyboard"):
                chat.keyboard = None
            if button.get("request_contact"):
                return self.share_contact(f"+7900{self.user.id:07d}", chat=chat, bot=bot)
            if button.get("request_location"):
                return self.send_location(55.75, 37.62, chat=chat, bot=bot)
            return self.write(label, chat=chat, bot=bot)
        raise LookupError(f"there is no button {label!r} on the screen:\n" + _screen(chat))

    def block(self, bot: Bot | None = None) -> None:
        """Stop the bot."""
        self._set_blocked(bot, blocked=True)

    def unblock(self, bot: Bot | None = None) -> None:
        """Let the bot write again, without starting it."""
        self._set_blocked(bot, blocked=False)

    def _set_blocked(self, bot: Bot | None, *, blocked: bool) -> None:
        chat = self.chat(bot)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        tell_bot_status(self.world, self._bot(bot), chat, self.user.json(), old, new)

    def delete_account(self) -> None:
        """Remove the account: every message to it is refused from now on."""
        self.user.deactivated = True


def _screen(chat: Chat) -> str:
    return "\n".join(chat.transcript()[-10:])

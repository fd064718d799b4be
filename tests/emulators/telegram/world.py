"""Who and what exists in the emulated Telegram: users, bots, chats and their messages."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.clock import timestamp
from tests.emulators.telegram.entities import FormattedText
from tests.emulators.telegram.errors import CHAT_NOT_FOUND, forbid, migrated, refuse
from tests.emulators.telegram.keyboards import button_rows
from tests.emulators.telegram.updates import Update, UpdateQueue

TELEGRAM_ID = 777000  # the account that forwards channel posts into the discussion group


@dataclass
class User:
    """A person with an account."""

    id: int
    first_name: str
    username: str | None = None
    language: str | None = None
    last_name: str | None = None
    deactivated: bool = False

    def json(self) -> dict[str, Any]:
        """Return the User object."""
        data: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        pairs = (
            ("last_name", self.last_name),
            ("username", self.username),
            ("language_code", self.language),
        )
        return data | {name: value for name, value in pairs if value}


@dataclass
class Message:
    """One message of a chat, from anybody."""

    chat: "Chat"
    id: int
    author: dict[str, Any] | None  # the User object of the sender, None in channels
    date: int
    content: dict[str, Any] = field(default_factory=dict)  # text, caption, photo, contact...
    by_bot: int | None = None
    markup: dict[str, Any] | None = None
    html: str = ""
    edited: int | None = None
    deleted: bool = False
    reply_to: "Message | None" = None

    @property
    def text(self) -> str:
        """Return its text or caption without mark-up."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def media(self) -> list[str]:
        """Return the kinds of files in it."""
        kinds = ("photo", "video", "audio", "voice", "video_note", "document")
        return [kind for kind in kinds if kind in self.content]

    @property
    def buttons(self) -> list[list[dict[str, str]]]:
        """Return rows of its buttons."""
        return button_rows(self.markup)

    def json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """Return the Message object."""
        data: dict[str, Any] = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        if self.author:
            data["from"] = self.author
        data |= self.content
        if self.edited:
            data["edit_date"] = self.edited
        if self.markup and "inline_keyboard" in self.markup:
            data["reply_markup"] = self.markup
        if self.reply_to and with_reply:
            data["reply_to_message"] = self.reply_to.json(with_reply=False)
        return data

    def set_text(self, name: str, parsed: FormattedText) -> None:
        """Put a text or a caption into it."""
        for old in (name, "entities", "caption_entities"):
            self.content.pop(old, None)
        if parsed.text:
            self.content[name] = parsed.text
        if parsed.entities:
            self.content["entities" if name == "text" else "caption_entities"] = parsed.entities
        self.html = parsed.html


@dataclass
class Chat:
    """A private chat of one bot, a group, a supergroup or a channel."""

    id: int
    type: str
    counter: "itertools.count[int]"
    title: str = ""
    username: str | None = None
    user: User | None = None  # the other side of a private chat
    messages: dict[int, Message] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)  # account id -> status
    blocked: bool = False  # the user stopped the bot
    linked: "Chat | None" = None  # channel <-> discussion group
    moved_to: int | None = None
    keyboard: dict[str, Any] | None = None  # the reply keyboard on the screen

    @property
    def private(self) -> bool:
        """Tell whether it is a conversation with one user."""
        return self.type == "private"

    def json(self) -> dict[str, Any]:
        """Return the Chat object."""
        data: dict[str, Any] = {"id": self.id, "type": self.type}
        if self.user is not None:
            person = self.user.json()
            for name in ("first_name", "last_name", "username"):
                if name in person:
                    data[name] = person[name]
            return data
        data["title"] = self.title
        if self.username:
            data["username"] = self.username
        return data

    def add(self, author: dict[str, Any] | None, **content: Any) -> Message:
        """Return a new message at the end of the chat."""
        message = Message(self, next(self.counter), author, timestamp(), content)
        self.messages[message.id] = message
        return message

    def shown(self) -> list[Message]:
        """Return the messages a person sees, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]

    def transcript(self) -> list[str]:
        """Return the chat as lines: `bot: Text [Button | Button] [Button]`, `Anna: Text`."""
        return [_line(message) for message in self.shown()]


def _line(message: Message) -> str:
    author = "bot" if message.by_bot else (message.author or {}).get("first_name", "channel")
    media = "".join(f"<{kind}> " for kind in message.media)
    rows = ["[" + " | ".join(b["text"] for b in row) + "]" for row in message.buttons]
    text = message.text or ("" if message.media else _service(message))
    return " ".join(part for part in (f"{author}: {media}{text}".rstrip(), *rows) if part)


def _service(message: Message) -> str:
    return next((f"<{name}>" for name in message.content), "")


@dataclass
class Press:
    """A pressed inline button: the query the bot got and what it answered."""

    id: str
    chat: Chat
    message: Message
    user: User
    data: str
    date: int
    answered: bool = False
    expired: bool = False
    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass
class Bot:
    """A bot with its token, its queue of updates and what it has set."""

    token: str
    username: str
    first_name: str
    reads_all: bool = False  # privacy mode is switched off
    queue: UpdateQueue = field(default_factory=UpdateQueue)
    chats: dict[int, Chat] = field(default_factory=dict)  # private chats
    counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    commands: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Return the account id, the token's first part."""
        return int(self.token.split(":", 1)[0])

    def json(self) -> dict[str, Any]:
        """Return the User object."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }


class World:
    """Everything that exists, and the rules of who may write where."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.bots: dict[str, Bot] = {}
        self.chats: dict[int, Chat] = {}  # groups, supergroups and channels
        self.numbers = itertools.count(1)

    def bot_by_id(self, bot_id: int) -> Bot | None:
        """Return the bot with this account id."""
        return next((bot for bot in self.bots.values() if bot.id == bot_id), None)

    def private_chat(self, bot: Bot, user: User) -> Chat:
        """Return the user's chat with the bot; a new one when there was none."""
        if user.id not in bot.chats:
            chat = Chat(user.id, "private", bot.counter, user=user)
            bot.chats[user.id] = chat
        return bot.chats[user.id]

    def find(self, bot: Bot, chat_id: int | str) -> Chat:
        """Return a chat the bot knows, or refuse."""
        chat: Chat | None = None
        if isinstance(chat_id, str):
            name = chat_id.removeprefix("@").lower()
            named = (c for c in self.chats.values() if (c.username or "").lower() == name)
            chat = next(named, None) if chat_id.startswith("@") else None
        else:
            chat = bot.chats.get(chat_id) or self.chats.get(chat_id)
        if chat is None:
            refuse(CHAT_NOT_FOUND)
        if not chat.private and bot.id not in chat.members and not chat.username:
            refuse(CHAT_NOT_FOUND)
        return chat

    def writable(self, bot: Bot, chat_id: int | str) -> Chat:
        """Return a chat the bot may write to, or refuse."""
        if isinstance(chat_id, int) and chat_id not in bot.chats and self._met(bot, chat_id):
            forbid("bot can't initiate conversation with a user")
        chat = self.find(bot, chat_id)
        if chat.moved_to is not None:
            raise migrated(chat.moved_to)
        if chat.user is not None:
            if chat.user.deactivated:
                forbid("user is deactivated")
            if chat.blocked:
                forbid("bot was blocked by the user")
            return chat
        status = chat.members.get(bot.id, "left")
        if status == "kicked":
            forbid(f"bot was kicked from the {chat.type} chat")
        if status == "left":
            forbid(f"bot is not a member of the {chat.type} chat")
        if chat.type == "channel" and status != "administrator":
            refuse("need administrator rights in the channel chat")
        return chat

    def _met(self, bot: Bot, user_id: int) -> bool:
        """Tell whether the bot has seen the user in a group: known, yet never started."""
        if user_id not in self.users:
            return False
        return any({bot.id, user_id} <= chat.members.keys() for chat in self.chats.values())

    def tell(self, bot: Bot, kind: str, body: dict[str, Any]) -> Update | None:
        """Put an update into the bot's queue, if the bot asked for its kind."""
        return bot.queue.push(kind, body)

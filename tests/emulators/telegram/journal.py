"""The journal: what was truly delivered, in order, and every call with its outcome."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.emulators.clock import now
from tests.emulators.telegram.world import Bot, Message

T = TypeVar("T")


@dataclass
class Delivered:
    """Something that reached a person's screen: a message, an edit, a removal, a notice."""

    seq: int
    at: str  # the emulator's clock; the order is told by `seq`
    bot: int
    chat: int
    message_id: int
    method: str
    text: str = ""
    html: str = ""
    buttons: list[list[dict[str, str]]] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)  # of this message, later on
    deleted: bool = False
    reply_to: int | None = None

    @property
    def labels(self) -> list[list[str]]:
        """Return the texts of its buttons by rows."""
        return [[button["text"] for button in row] for row in self.buttons]


@dataclass
class Called:
    """One call of a method and how it ended."""

    seq: int
    at: str
    bot: int
    method: str
    chat: int | str | None
    status: int  # 0: the connection was cut
    description: str = ""
    fault: str = ""


class Journal:
    """Deliveries and calls of all bots, numbered by one counter."""

    def __init__(self, path: Path | None = None) -> None:
        self.delivered: list[Delivered] = []
        self.calls: list[Called] = []
        self.path = path
        self._seq = 0
        self._news = asyncio.Event()
        self._messages: dict[tuple[int, int, int], Delivered] = {}

    def _number(self) -> int:
        self._seq += 1
        return self._seq

    def message(self, bot: Bot, method: str, message: Message) -> Delivered:
        """Write down a message or an edit of one; return the row."""
        row = Delivered(
            self._number(),
            now().isoformat(),
            bot.id,
            message.chat.id,
            message.id,
            method,
            message.text,
            message.html,
            message.buttons,
            message.media,
            reply_to=message.reply_to.id if message.reply_to else None,
        )
        first = self._messages.setdefault((bot.id, message.chat.id, message.id), row)
        if first is not row:
            names = ("seq", "at", "method", "text", "html", "buttons")
            first.edits.append({name: getattr(row, name) for name in names})
        return self._add(row)

    def removal(self, bot: Bot, message: Message) -> Delivered:
        """Write down that a message disappeared."""
        first = self._messages.get((bot.id, message.chat.id, message.id))
        if first is not None:
            first.deleted = True
        row = Delivered(
            self._number(),
            now().isoformat(),
            bot.id,
            message.chat.id,
            message.id,
            "deleteMessage",
            deleted=True,
        )
        return self._add(row)

    def notice(self, bot: Bot, chat: int, message_id: int, method: str, text: str) -> Delivered:
        """Write down something without a message: an answer to a press, "typing"."""
        row = Delivered(self._number(), now().isoformat(), bot.id, chat, message_id, method, text)
        return self._add(row)

    def call(self, row: Called) -> None:
        """Write down a call; its number and time are given here."""
        row.seq, row.at = self._number(), now().isoformat()
        self.calls.append(row)
        self._write("call", asdict(row))
        self._announce()

    def _add(self, row: Delivered) -> Delivered:
        self.delivered.append(row)
        self._write("delivered", asdict(row))
        self._announce()
        return row

    def _write(self, kind: str, row: dict[str, Any]) -> None:
        if self.path is not None:
            line = json.dumps({"kind": kind, **row}, ensure_ascii=False)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def _announce(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def after(self, seq: int = 0, chat: int | None = None) -> list[Delivered]:
        """Return the deliveries after a number, of one chat when asked."""
        return [row for row in self.delivered if row.seq > seq and chat in (None, row.chat)]

    def messages(self, chat: int | None = None, bot: int | None = None) -> list[Delivered]:
        """Return the first deliveries of messages only: no edits, removals or notices."""
        return [
            row
            for row in self._messages.values()
            if chat in (None, row.chat) and bot in (None, row.bot)
        ]

    async def wait_for(self, ask: Callable[[], T], seconds: float = 30.0) -> T:
        """Return the answer of `ask` as soon as it is true; it is asked after every entry."""
        async with asyncio.timeout(seconds):
            while True:
                news = self._news
                answer = ask()
                if answer:
                    return answer
                await news.wait()

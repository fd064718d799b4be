"""The web chat as a channel: what visitors post becomes events, messages are there at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

from bots.channel import Arrival, Batch, Call, Delivery, Heard
from flows.events import Event, FileSent, Opened, Pressed, Profile, Typed
from flows.sent import SentFile

Raw = dict[str, Any]

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def arrival(visitor: str, client_id: str, raw: Raw) -> Arrival:
    """What a visitor posted; ``client_id`` is the page's own, so that a repeat is known as one.

    ``visitor`` names the cookie's owner without telling the cookie.
    """
    token = raw.get("token", "") if raw.get("kind") == "press" else ""
    return Arrival(
        source_key=f"web:{visitor}:{client_id}",
        kind="person",
        raw=raw,
        sender=visitor,
        chat=visitor,
        token=token if isinstance(token, str) else "",
    )


def hear(raw: Raw) -> Heard | None:
    """What the visitor did; None when it means nothing to a funnel.

    Raises ``KeyError`` or ``TypeError`` on what the page never posts.
    """
    kind = raw["kind"]
    if kind == "press":
        pressed = Pressed(None, text=_text(raw.get("text", "")))
        return Heard(pressed, token=_text(raw["token"]), press={"visitor": True})
    event = _event(kind, raw)
    return Heard(event) if event else None


def _event(kind: str, raw: Raw) -> Event | None:
    if kind == "open":
        return _opened(_text(raw.get("code", "")))
    if kind == "text":
        return _typed(_text(raw["text"]))
    if kind == "file":
        return FileSent((SentFile(**raw["file"]),))
    return None


def _typed(text: str) -> Event:
    command, _, rest = text.partition(" ")
    return _opened(rest.strip()) if command == "/start" else Typed(text)


def _opened(code: str) -> Opened:
    return Opened(code if _CODE.fullmatch(code) else "")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("the page posts a text here")
    return value


class WebChannel:
    """A :class:`bots.channel.Channel` whose messages are delivered by being stored.

    ``bot`` is the bot's name in addresses, ``base_url`` where the pages are seen. ``show`` is told
    of every call, so that open pages hear of it at once (:meth:`bots.web.bells.Bells.show`).
    """

    def __init__(
        self, bot: str, base_url: str, show: Callable[[Call], None] = lambda _: None
    ) -> None:
        self._bot = bot
        self._base_url = base_url.rstrip("/")
        self._show = show

    async def prepare(self, *, consent: bool) -> str:  # noqa: ARG002  # nobody else can hold it
        """The bot's name: the chat is ours and needs nothing set."""
        return self._bot

    async def fetch(self, cursor: str) -> Batch:  # noqa: ARG002  # nothing ever comes
        """Waits for ever: visitors post to the server themselves."""
        await asyncio.Event().wait()
        raise AssertionError

    def hear(self, raw: Raw) -> Heard | None:
        """What was posted, as in :func:`hear`."""
        return hear(raw)

    async def call(self, call: Call) -> Delivery:
        """Delivered at once: the page reads the transcript."""
        self._show(call)
        return Delivery(external_id="web" if call.op == "send" else "")

    async def find(self, call: Call) -> Delivery | None:  # noqa: ARG002  # a repeat is never shown twice
        """Never asked: the transcript knows repeats however late."""
        return None

    async def profile(self, sender: str) -> Profile:  # noqa: ARG002  # visitors are nameless
        """Nothing: a visitor says their name or keeps it."""
        return Profile()

    async def member(self, channel: str, sender: str) -> bool | None:  # noqa: ARG002
        """Nobody can tell: a visitor has no account anywhere."""
        return None

    def deep_link(self, code: str) -> str:
        """``<base url>/chat/<bot>?start=CODE``."""
        return f"{self._base_url}/chat/{self._bot}" + (f"?start={code}" if code else "")

    async def close(self) -> None:
        """Nothing to let go."""

"""A channel whose messages are delivered by being in the tables: the web page reads them there."""

from __future__ import annotations

import asyncio
from typing import Any

from bots.channel import Batch, Call, Delivery, Heard
from flows.events import BotAllowed, Event, Opened, Pressed, Profile, Typed


class LocalChannel:
    """A :class:`bots.channel.Channel` without a messenger.

    Nothing is fetched: pages put rows into the inbox. Their raw form is ``{"open": code}``,
    ``{"type": text}`` or ``{"press": token}``, with ``"name"`` where the person gave one.
    """

    def __init__(self, name: str, address: str = "") -> None:
        self._name = name
        self._address = address

    async def prepare(self, *, consent: bool) -> str:  # noqa: ARG002 - nobody to ask
        """The bot's own name: there is no other account."""
        return self._name

    async def fetch(self, cursor: str) -> Batch:  # noqa: ARG002 - nothing ever comes
        """Waits for ever."""
        await asyncio.Event().wait()
        raise AssertionError

    def hear(self, raw: dict[str, Any]) -> Heard | None:
        """What the page stored; None for a form that is unknown."""
        name = str(raw.get("name", ""))
        if "press" in raw:
            token = str(raw["press"])
            return Heard(Pressed(None), token=token, press={"token": token}, sender_name=name)
        event = _event(raw)
        return None if event is None else Heard(event, sender_name=name)

    async def call(self, call: Call) -> Delivery:
        """Delivered: the page shows what was sent."""
        return Delivery(call.external_id)

    async def profile(self, sender: str) -> Profile:  # noqa: ARG002 - visitors have no names
        """Nothing is known of a visitor."""
        return Profile()

    def deep_link(self, code: str) -> str:
        """The page's address with the code."""
        return f"{self._address}?start={code}"

    async def close(self) -> None:
        """Nothing to let go."""


def _event(raw: dict[str, Any]) -> Event | None:
    if "open" in raw:
        return Opened(str(raw["open"]))
    if "type" in raw:
        return Typed(str(raw["type"]))
    return BotAllowed() if raw.get("allow") else None

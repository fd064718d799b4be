"""A channel on paper: what would go to a messenger is written down, what would come is told it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bots.channel import Batch, Call, Delivery, Heard
from flows import events
from flows.events import Event, Profile
from flows.messages import Button
from flows.rehearsal import sent_event
from storage.outbox import MODULUS, MULTIPLIER

_ROW: Final = pow(MULTIPLIER, -1, MODULUS)
"""Turns a call's ``random_id`` back into its row, the order in which calls were asked for."""


@dataclass(frozen=True, slots=True)
class Written:
    """A call that was made, and when by the people's clock."""

    call: Call
    at_us: int

    @property
    def row(self) -> int:
        """The call's row in the outbox."""
        return self.call.random_id * _ROW % MODULUS


@dataclass(slots=True)
class PaperChannel:
    """Implements :class:`bots.channel.Channel` for tests of funnels; nothing leaves the process.

    ``about`` is who the person is; ``taken`` counts what a reader has read of ``written``.
    """

    now_us: Callable[[], int]
    about: Profile = field(default_factory=Profile)
    written: list[Written] = field(default_factory=list)
    taken: int = 0

    async def prepare(self, *, consent: bool) -> str:  # noqa: ARG002  # nobody else can hold it
        """An id of its own."""
        return f"paper{id(self)}"

    async def fetch(self, cursor: str) -> Batch:  # noqa: ARG002  # nothing comes by itself
        """Waits for ever."""
        await asyncio.Event().wait()
        raise AssertionError

    def hear(self, raw: dict[str, Any]) -> Heard | None:
        """The event that the raw update names, with the token of a press."""
        pressed = {"paper": raw["token"]} if "token" in raw else {}
        return Heard(_event(raw), self.about, raw.get("token", ""), pressed)

    async def call(self, call: Call) -> Delivery:
        """Write it down."""
        self.written.append(Written(call, self.now_us()))
        return Delivery(str(len(self.written)))

    async def find(self, call: Call) -> Delivery | None:  # noqa: ARG002  # no call is doubtful
        """Never asked."""
        return None

    async def profile(self, sender: str) -> Profile:  # noqa: ARG002  # there is one person
        """What the test says of its person."""
        return self.about

    async def member(self, channel: str, sender: str) -> bool | None:  # noqa: ARG002  # a stage's world tells
        """Never asked."""
        return None

    def deep_link(self, code: str) -> str:
        """An address that opens nothing."""
        return f"https://paper.example/?start={code}"

    async def close(self) -> None:
        """Nothing to let go."""

    def newest(
        self, fits: Callable[[Button], bool], *, acting: bool = False
    ) -> tuple[Call, int] | None:
        """The newest message with such a button (``acting``: that can be pressed), and its place."""
        for each in reversed(self.written):
            message = each.call.message if each.call.op == "send" else None
            for index, button in enumerate(message.buttons if message else ()):
                if fits(button) and (button.action is not None or not acting):
                    return each.call, index
        return None


def _event(raw: dict[str, Any]) -> Event:
    value = str(raw.get("value", ""))
    match raw["kind"]:
        case "open":
            event: Event = events.Opened(value)
        case "press":
            event = events.Pressed(None)
        case "contact":
            event = events.ContactShared(value, verified=True)
        case "send":
            event = sent_event(raw["sent"])
        case "comment":
            event = events.Commented(value)
        case "blocked":
            event = events.BotBlocked()
        case "allowed":
            event = events.BotAllowed()
        case _:
            event = events.Typed(value)
    return event

"""How fast calls leave: a bucket for letters that narrows when told so, ceilings that nobody passes."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

RATES = {"telegram": 25.0, "vk": 15.0}
_OTHER = 1_000.0
_LEAST = 1.0
_RISE = 1.02
"""A second without complaints: back at full speed from a half in about half a minute."""
_WINDOW = 1.1
"""A late call and a quick one must not meet in one second of the messenger's."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a messenger takes of one bot.

    ``calls`` are those of any second in all lanes. A chat takes ``burst`` messages at once (0: chats
    are not told apart), then one each ``chat_seconds``, in a group one each ``group_seconds``.
    """

    calls: int
    burst: int = 0
    chat_seconds: float = 0.0
    group_seconds: float = 0.0


LIMITS = {
    # 20 a minute in a group: four at once and sixteen within the minute
    "telegram": Limits(30, burst=4, chat_seconds=1.0, group_seconds=60 / 16),
    "vk": Limits(20),
}


class Bucket:
    """Calls that may be made now; monotonic time fills it up to one second's worth."""

    def __init__(self, channel: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._full = RATES.get(channel, _OTHER)
        self._rate = self._full
        self._monotonic = monotonic
        self._at = monotonic()
        self._calls = 1.0

    @property
    def rate(self) -> float:
        """Calls a second now."""
        return self._rate

    def begin_at(self, rate: float) -> None:
        """Go on at the speed of an earlier life."""
        self._rate = min(self._full, max(_LEAST, rate))

    def room(self) -> int:
        """How many calls may be made now."""
        now = self._monotonic()
        passed = max(0.0, now - self._at)
        self._at = now
        self._calls = min(self._rate, self._calls + passed * self._rate)
        self._rate = min(self._full, self._rate * _RISE ** min(passed, 60.0))
        return int(self._calls)

    def spend(self, calls: int) -> None:
        """So many calls were made."""
        self._calls -= calls

    def narrow(self, share: float = 0.5) -> None:
        """The messenger asked to slow down: this share of the speed is left."""
        self._rate = max(_LEAST, self._rate * share)
        self._calls = min(0.0, self._calls)


class Ceiling:
    """At most so many calls in any second, whoever makes them: each waits for its turn."""

    def __init__(
        self,
        calls: int,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._made: deque[float] = deque(maxlen=calls)
        self._monotonic = monotonic
        self._pause = pause

    async def turn(self) -> None:
        """Wait until one more call may be made, and count it."""
        while (wait := self._wait()) > 0:
            await self._pause(wait)
        self._made.append(self._monotonic())

    def _wait(self) -> float:
        if len(self._made) < (self._made.maxlen or 0):
            return 0.0
        return self._made[0] + _WINDOW - self._monotonic()


class Chats:
    """Which chats must wait: they had their messages (by monotonic time), or it was asked for.

    What was asked for goes by the wall's clock, as queued calls do.
    """

    def __init__(self, limits: Limits | None) -> None:
        self._limits = limits
        self._paid: dict[str, float] = {}
        self._held: dict[str, float] = {}

    def spend(self, chat: str, now: float, messages: int = 1) -> None:
        """So many messages go to the chat."""
        seconds = self._seconds(chat)
        if seconds:
            self._paid[chat] = max(self._paid.get(chat, now), now) + seconds * messages

    def hold(self, chat: str, until: float) -> None:
        """The messenger wants nothing for the chat till that second of the wall's clock."""
        self._held[chat] = max(self._held.get(chat, until), until)

    def full(self, now: float, wall: float) -> dict[str, float]:
        """The chats that must wait, with the seconds that each must."""
        self._paid = {chat: paid for chat, paid in self._paid.items() if paid > now}
        self._held = {chat: until for chat, until in self._held.items() if until > wall}
        found = {chat: until - wall for chat, until in self._held.items()}
        for chat, paid in self._paid.items():
            seconds = paid - self._allowance(chat) - now
            if seconds > 0:
                found[chat] = max(found.get(chat, 0.0), seconds)
        return found

    def _seconds(self, chat: str) -> float:
        if self._limits is None or not self._limits.burst:
            return 0.0
        return self._limits.group_seconds if chat.startswith("-") else self._limits.chat_seconds

    def _allowance(self, chat: str) -> float:
        assert self._limits is not None
        return self._seconds(chat) * (self._limits.burst - 1)

"""What tells open pages of a chat that there is something new, within one process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bots.channel import Call

MOST_PAGES = 12
_MOST_SIGNALS = 20


class Ear:
    """One open page: ``signals`` are what is shown once and stored nowhere (pop-ups, typing)."""

    def __init__(self) -> None:
        self.signals: deque[dict[str, Any]] = deque(maxlen=_MOST_SIGNALS)
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the page."""
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for a ring at most so long; whether it came."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bells:
    """The open pages by chat; a lost ring is harmless, as pages look by themselves each second."""

    def __init__(self) -> None:
        self._ears: dict[str, set[Ear]] = {}
        self.closed = False

    def ring(self, chat: str) -> None:
        """Something of the chat was stored: let its pages look."""
        for ear in self._ears.get(chat, ()):
            ear.ring()

    def show(self, call: Call) -> None:
        """A call is being made: pop-ups and typing are shown at once, the rest will be stored."""
        signal: dict[str, Any] = {}
        if call.op == "answer" and call.text:
            signal = {"notice": call.text}
        elif call.op == "typing":
            signal = {"typing": True}
        for ear in self._ears.get(call.chat, ()):
            if signal:
                ear.signals.append(signal)
            ear.ring()

    def is_full(self, chat: str) -> bool:
        """Whether the chat is open in as many pages as may be."""
        return len(self._ears.get(chat, ())) >= MOST_PAGES

    @contextmanager
    def listening(self, chat: str) -> Iterator[Ear]:
        """An ear for one page while it is open."""
        ear = Ear()
        ears = self._ears.setdefault(chat, set())
        ears.add(ear)
        try:
            yield ear
        finally:
            ears.discard(ear)
            if not ears:
                self._ears.pop(chat, None)

    def close(self) -> None:
        """Let all pages go: the server stops, and they will come back to the next one."""
        self.closed = True
        for ears in self._ears.values():
            for ear in ears:
                ear.ring()

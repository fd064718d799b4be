"""Bells: who waits for work sleeps until it is rung for, or a second has passed."""

from __future__ import annotations

import asyncio

GLANCE_SECONDS = 1.0
"""Other processes write too: everybody looks for work by themselves that often."""


class Bell:
    """Wakes one waiter; a ring while nobody waits is kept."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter."""
        self._rung.set()

    async def wait(self, seconds: float = GLANCE_SECONDS) -> None:
        """Wait for a ring, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until everything stops."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        pass

"""The play: the crowd talks, the clock jumps from timer to timer, the process dies and returns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from storage.work import Row, StorageFailed
from tests.crash.crowd import Crowd
from tests.crash.house import House
from tests.crash.kills import Executioner
from tests.crash.messengers import Messengers

GLANCE_SECONDS = 0.03


@dataclass
class Play:
    """`crashes` gives the named point to die at to each new life, "" to live."""

    house: House
    messengers: Messengers
    crowd: Crowd
    executioner: Executioner
    crashes: Callable[[], str] = str
    sending: list[list[Row]] = field(default_factory=list)
    rose: list[float] = field(default_factory=list)
    moves: int = 0

    async def perform(self, seconds: float) -> None:
        """Play to the end of everybody's way; when it takes longer than that, tell who waits."""
        self.messengers.now_us = lambda: self.house.now_us
        limits = aiohttp.ClientTimeout(total=10)
        try:
            async with asyncio.timeout(seconds), aiohttp.ClientSession(timeout=limits) as session:
                await self._rise(session)
                await self._placed(session)
                self.crowd.come()
                while not await self._finished(session):
                    pass
                await self.house.stop()
        except TimeoutError:
            waiting = ", ".join(self.crowd.waiting[:20])
            raise AssertionError(f"stuck; waiting: {waiting}\n{self.house.told()}") from None
        finally:
            await self.house.clear()

    async def _placed(self, session: aiohttp.ClientSession) -> None:
        """A community's bot is at work from its first stored place on; VK keeps nothing before it."""
        while self.house.crashed or not (await self.house.stand())[0]:
            if self.house.crashed:
                await self._return(session)
            await asyncio.sleep(GLANCE_SECONDS)

    async def _finished(self, session: aiohttp.ClientSession) -> bool:
        """One look round; true when nothing will ever happen any more."""
        if self.house.crashed:
            await self._return(session)
            return False
        if self.crowd.answer():
            return False
        if not await self.house.idle(session):
            await asyncio.sleep(GLANCE_SECONDS)
            return False
        try:
            cursor, due_us = await self.house.stand()
        except StorageFailed:
            return False
        if not self.messengers.taken(cursor) or self.crowd.answer() or self.house.crashed:
            await asyncio.sleep(GLANCE_SECONDS)
            return False
        if not await self.house.idle(session):
            return False
        if due_us is not None:
            self.moves += 1
            self.house.set_clock(max(due_us, self.house.now_us))
        return due_us is None

    async def _return(self, session: aiohttp.ClientSession) -> None:
        """Bury the dead process, count what it held, and start another."""
        self.house.killed = True
        await self.house.buried()
        self.sending.append(await self.house.sending())
        await self._rise(session)

    async def _rise(self, session: aiohttp.ClientSession) -> None:
        """Start the process and wait until it answers, or is killed again."""
        begun = time.perf_counter()
        self.executioner.reborn()
        await self.house.start(self.crashes())
        self.executioner.begun()
        while not self.house.crashed and not await self._up(session):
            await asyncio.sleep(GLANCE_SECONDS)
        if not self.house.crashed:
            self.rose.append(time.perf_counter() - begun)

    async def _up(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(self.house.idle_url) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

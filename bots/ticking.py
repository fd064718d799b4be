"""The clock's work: due timers become events; one job of APScheduler calls ``tick`` each second."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bots import nights
from bots.house import House
from bots.leases import Lease
from bots.turnstile import Turnstile
from storage import crash, delivery, notes, timers
from storage.work import StorageFailed

_PAGES = 10
_KEEP_TIME_US = 60_000_000
QUEUE_TIME = "queue_time"
"""The note that tells how far the time of queues has come."""


@dataclass(slots=True)
class Ticker:
    """Moves due timers to the inbox and does the chores; only the holder of the lease ticks."""

    house: House
    lease: Lease
    turnstile: Turnstile = field(init=False)
    moved: int = 0
    _kept_us: int = 0

    def __post_init__(self) -> None:
        self.turnstile = Turnstile(self.house)

    async def tick(self) -> None:
        """One look at the clock; no failure leaves it, the next tick comes anyway."""
        try:
            await self.turnstile.look_at_pauses()
            if not self.lease.held or self.house.held:
                return
            await nights.hold(self.house)
            await self.move_due()
            await self._expire()
            await self._keep_time()
        except StorageFailed as failed:
            self.house.alarm("database", {"part": "clock", "reason": str(failed)})

    async def move_due(self) -> None:
        """Due timers become unread events, a page at a time; it pauses when too much is waiting."""
        now_us = self.house.now_us
        left = await self._due(now_us)
        for _ in range(_PAGES):
            bots = await self.turnstile.open()
            if not left:
                return
            crash.point("clock.before")
            await self.house.database.commit(timers.move_due(now_us, bots=bots))
            crash.point("clock.moved")
            self.house.play.ring()
            before, left = left, await self._due(now_us)
            if left >= before:  # people's own events come first, and senders that lag behind
                return
            self.moved += before - left

    async def _due(self, now_us: int) -> int:
        row = (await self.house.database.fetch(timers.overdue(now_us)))[0]
        return int(row.n)

    async def _expire(self) -> None:
        await self.house.database.returning(delivery.expire(self.house.wall_us))

    async def _keep_time(self) -> None:
        """Let no later life of the program live before this one: its queues would wait (R31)."""
        wall_us = self.house.wall_us
        if wall_us - self._kept_us >= _KEEP_TIME_US:
            await self.house.database.commit(notes.put(QUEUE_TIME, str(wall_us)))
            self._kept_us = wall_us


def scheduler_of(ticker: Ticker) -> Any:
    """The scheduler with its one job; a tick that is late or long is not made up for."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        ticker.tick, "interval", seconds=1, coalesce=True, max_instances=1, misfire_grace_time=None
    )
    return scheduler

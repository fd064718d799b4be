"""The clock's work: due timers become events; one job of APScheduler calls ``tick`` each second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bots.house import House
from bots.leases import Lease
from storage import crash, delivery, leases, timers
from storage.work import StorageFailed

_PAGES = 10
_DAY_US = 24 * 3_600 * 1_000_000
_KEPT_US = 30 * _DAY_US
_FORGET = 5_000


@dataclass(slots=True)
class Ticker:
    """Moves due timers to the inbox and does the chores; only the holder of the lease ticks."""

    house: House
    lease: Lease

    async def tick(self) -> None:
        """One look at the clock; no failure leaves it, the next tick comes anyway."""
        if not self.lease.held or self.house.held:
            return
        try:
            await self.move_due()
            await self._expire()
            await self._forget_old_calls()
        except StorageFailed as failed:
            self.house.alarm("database", {"part": "clock", "reason": str(failed)})

    async def move_due(self) -> None:
        """Due timers become unread events, a page at a time; it pauses when too many are unread."""
        now_us = self.house.now_us
        left = await self._due(now_us)
        for _ in range(_PAGES):
            if not left:
                return
            crash.point("clock.before")
            await self.house.database.commit(timers.move_due(now_us))
            crash.point("clock.moved")
            self.house.play.ring()
            before, left = left, await self._due(now_us)
            if left >= before:  # paused: people's own events come first
                return

    async def _due(self, now_us: int) -> int:
        row = (await self.house.database.fetch(timers.overdue(now_us)))[0]
        return int(row.n)

    async def _expire(self) -> None:
        await self.house.database.returning(delivery.expire(self.house.wall_us))

    async def _forget_old_calls(self) -> None:
        now_us = self.house.now_us
        chore = leases.claim_chore("forget_calls", now_us, now_us + _DAY_US)
        if await self.house.database.returning(chore):
            work = delivery.forget_final(now_us - _KEPT_US, _FORGET)
            await self.house.database.commit(work)


def scheduler_of(ticker: Ticker) -> Any:
    """The scheduler with its one job; a tick that is late or long is not made up for."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        ticker.tick, "interval", seconds=1, coalesce=True, max_instances=1, misfire_grace_time=None
    )
    return scheduler

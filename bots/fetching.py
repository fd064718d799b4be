"""The fetching loop of a bot: wait for updates, store them, confirm them with the next fetch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

from bots import inbox
from bots.bells import pause
from bots.channel import Batch, BotHalted, Conflict, TryLater
from bots.hooks import Webhook
from bots.house import House, Station
from bots.leases import Lease
from storage import bots as bot_rows
from storage import crash
from storage.work import StorageFailed

_Found = TypeVar("_Found")
_LONGEST_SECONDS = 60.0
_DATABASE_SECONDS = 2.0
"""Our own database is looked for often: when it is back, people have waited long enough."""
_PATIENCE = 5
"""Conflicts in a row before the bot halts: a killed process's last poll ends by itself."""


@dataclass(slots=True)
class Fetching:
    """One bot's fetching; ``repeats`` counts updates that came again (R2).

    ``consent`` allows to remove a foreign webhook, ``hook`` is the bot's own, if it may have one.
    """

    house: House
    station: Station
    lease: Lease
    consent: bool = False
    repeats: int = 0
    failures: int = 0
    busy: bool = False
    hook: Webhook | None = None
    _conflicts: int = field(default=0, repr=False)

    async def run(self) -> None:
        """Fetch until everything stops or the bot halts; no other exception leaves the loop."""
        while not self.house.stopping.is_set() and not self.station.halted:
            if not self.lease.held:
                await pause(self.house.stopping, 1)
                continue
            await self.once()

    async def once(self) -> None:
        """One fetch and its commit, or a rest after a failure."""
        try:
            if not self.station.prepared:
                await self.prepare()
            await self._work()
            self.failures = self._conflicts = 0
        except TryLater as later:
            await self._rest(later.retry_after.total_seconds() if later.retry_after else 0)
        except Conflict as conflict:
            self._conflicts += 1
            if self._conflicts >= _PATIENCE:
                await halt(self.house, self.station, str(conflict))
            await self._rest(0)
        except BotHalted as halted:
            await halt(self.house, self.station, str(halted))
        except StorageFailed as failed:
            self.house.alarm("database", {"bot": self.station.name, "reason": str(failed)})
            await pause(self.house.stopping, _DATABASE_SECONDS)
        except Exception as bug:  # noqa: BLE001 - one bot's trouble must not stop the others
            facts = {"bot": self.station.name, "reason": type(bug).__name__}
            self.house.alarm("fetch_failed", facts)
            await self._rest(0)

    async def prepare(self) -> None:
        """Ask the messenger for the bot's account and remember it; raises what goes wrong."""
        station = self.station
        if self.hook is not None and not self.hook.hook.on:
            await self.hook.fall()  # updates come by polling again; what waits is kept
        account = await station.channel.prepare(consent=self.consent)
        row = {"name": station.name, "channel": station.kind, "external_id": account}
        await self.house.database.commit(bot_rows.register([row]))
        station.prepared = True

    async def take(self, batch: Batch) -> None:
        """Store a batch; an alarm when the messenger has dropped events (R8)."""
        crash.point("fetch.got")
        if batch.lost:
            self.house.alarm("lost", {"bot": self.station.name, "reason": batch.lost})
        self.busy = bool(batch.arrivals)
        try:
            stored = await inbox.store(self.house, self.station, batch)
        finally:
            self.busy = False
        self.repeats += stored.repeats

    async def _work(self) -> None:
        """Fetch, and store what came; nothing when everything stops first."""
        batch = await self._before_the_end(self.station.channel.fetch(self.station.cursor))
        if batch is not None:
            await self.take(batch)

    async def _before_the_end(self, asked: Awaitable[_Found]) -> _Found | None:
        """The answer; None when everything stops first."""
        answer = asyncio.ensure_future(asked)
        stop = asyncio.ensure_future(self.house.stopping.wait())
        try:
            await asyncio.wait({answer, stop}, return_when=asyncio.FIRST_COMPLETED)
            return await answer if answer.done() else None
        finally:
            for task in (answer, stop):
                task.cancel()
            await asyncio.gather(answer, stop, return_exceptions=True)

    async def _rest(self, asked: float) -> None:
        self.failures += 1
        backoff = min(_LONGEST_SECONDS, 0.5 * 2**self.failures)
        await pause(self.house.stopping, max(asked, backoff if not asked else 0))


async def halt(house: House, station: Station, reason: str) -> None:
    """Mark the bot as halted by the world, and tell."""
    station.halted = reason or "halted"
    house.alarm("halted", {"bot": station.name, "reason": station.halted})
    try:
        await house.database.commit(bot_rows.set_state(station.id, "halted", station.halted))
    except StorageFailed as failed:
        house.alarm("database", {"bot": station.name, "reason": str(failed)})

"""Retention: once a day what has been kept long enough goes, a page at a time, in nobody's way."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bots.bells import pause
from bots.house import House
from bots.leases import Lease
from flows.project import Keep
from storage import leases, retention
from storage.retention import EVENTS, JOURNAL, MESSAGES, REQUESTS, VISITORS, Shelf
from storage.work import StorageFailed, Work

DAY_US = 24 * 3_600 * 1_000_000
SHORTEST_US = 2 * DAY_US
"""Messengers bring an event again for a day: till then its key must be known."""
SPARED_SECONDS = 7 * 24 * 3_600
"""A file may lie a while before the database knows its visitor."""
_CHORE = "retention"
_LOOK_SECONDS = 60.0
_BREATH_SECONDS = 0.05
"""Between two pages, so that people's own turns come first."""
_OWNERS = 500

Drop = Callable[[Sequence[int]], Work]


@dataclass(slots=True)
class Retention:
    """Forgets what is older than ``keep`` says; only the holder of the clock's lease does."""

    house: House
    lease: Lease
    keep: Keep = field(default_factory=Keep)

    async def run(self) -> None:
        """Look every minute whether a day is over, until everything stops."""
        while not self.house.stopping.is_set():
            await pause(self.house.stopping, _LOOK_SECONDS)
            if not self.lease.held or self.house.held:
                continue
            try:
                if await self._is_due():
                    await self.sweep()
            except StorageFailed as failed:
                self.house.alarm("database", {"part": "retention", "reason": str(failed)})

    async def sweep(self) -> int:
        """Forget everything that is old enough; how many rows went."""
        now_us, keep = self.house.now_us, self.keep
        events_us = now_us - max(keep.events, SHORTEST_US)
        calls_us = now_us - max(keep.calls, SHORTEST_US)
        talks_us = now_us - max(keep.talks, keep.events, keep.calls, SHORTEST_US)
        gone = await self._sweep_calls(calls_us)
        gone += await self._sweep(EVENTS, events_us, EVENTS.drop)
        gone += await self._sweep(REQUESTS, events_us, REQUESTS.drop)
        gone += await self._sweep(VISITORS, events_us, VISITORS.drop)
        gone += await self._sweep(MESSAGES, talks_us, retention.drop_messages)
        gone += await self._sweep(JOURNAL, talks_us, JOURNAL.drop)
        await self._sweep_files()
        return gone

    async def _is_due(self) -> bool:
        now_us = self.house.now_us
        chore = leases.claim_chore(_CHORE, now_us, now_us + DAY_US)
        return bool(await self.house.database.returning(chore))

    async def _sweep(self, shelf: Shelf, before_us: int, drop: Drop) -> int:
        """Delete old rows of a shelf, page by page, up to the first page that ends young."""
        after_id, gone = 0, 0
        while not self.house.stopping.is_set():
            rows = await self.house.database.fetch(shelf.page(after_id))
            ids = [row.id for row in rows if row.at_us < before_us and row.may_go]
            if ids:
                await self.house.database.commit(drop(ids))
                gone += len(ids)
            if len(rows) < retention.PAGE or rows[-1].at_us >= before_us:
                break
            after_id = rows[-1].id
            await pause(self.house.stopping, _BREATH_SECONDS)
        return gone

    async def _sweep_calls(self, before_us: int) -> int:
        gone = 0
        while not self.house.stopping.is_set():
            rows = await self.house.database.fetch(retention.final_calls(before_us))
            if rows:
                await self.house.database.commit(retention.drop_calls([row.id for row in rows]))
                gone += len(rows)
            if len(rows) < retention.PAGE:
                break
            await pause(self.house.stopping, _BREATH_SECONDS)
        return gone

    async def _sweep_files(self) -> None:
        """Files of visitors whom nobody knows, or who were erased, go with their folders."""
        vault = self.house.vault
        if vault is None:
            return
        names = await asyncio.to_thread(_folders, vault.folder, self.house.wall_us)
        for start in range(0, len(names), _OWNERS):
            page = names[start : start + _OWNERS]
            rows = await self.house.database.fetch(retention.owners(page))
            for name in set(page) - {row.external_id for row in rows}:
                await asyncio.to_thread(shutil.rmtree, vault.folder / name, ignore_errors=True)


def _folders(folder: Path, wall_us: int) -> list[str]:
    """The visitors' folders that were not touched for a while."""
    if not folder.is_dir():
        return []
    spared = wall_us / 1_000_000 - SPARED_SECONDS
    found = (each for each in folder.iterdir() if each.is_dir())
    return sorted(each.name for each in found if each.stat().st_mtime < spared)

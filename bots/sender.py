"""The sender of a bot: takes calls by their lanes, makes them, stores how each of them ended."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from bots import endings
from bots.batches import ALIKE, BULK, MIXED, gathered
from bots.bells import GLANCE_SECONDS, pause
from bots.calling import Caller
from bots.channel import Together
from bots.endings import Ending
from bots.fetching import halt
from bots.house import House, Station
from bots.leases import Lease
from bots.moving import tell_moved
from bots.outgoing import Outgoing, opened
from bots.pace import Pace
from storage import bots as bot_rows
from storage import crash, delivery, outbox
from storage.outbox import Lane
from storage.work import DatabaseUnavailable, Do, Row, StorageFailed

CONCURRENCY = 8
_KEPT_FREE = 2
"""Calls that letters leave to replies."""
_STOP_SECONDS = 4.0
_STOPPED = "the process stopped during the call"


@dataclass(slots=True)
class Sender:
    """One bot's sending.

    ``flying`` holds the requests being made by the ids of their rows: a request may carry several
    letters, and as many rows are claimed for one as ``fold`` says. ``lost`` says that a step broke
    off, ``unstored`` are calls whose end could not be stored.
    """

    house: House
    station: Station
    lease: Lease
    pace: Pace
    concurrency: int = CONCURRENCY
    flying: dict[tuple[int, ...], asyncio.Task[None]] = field(default_factory=dict)
    bulk: set[tuple[int, ...]] = field(default_factory=set)
    landed: int = 0
    recovered: int = 0
    width: int = CONCURRENCY
    fold: int = MIXED
    lost: bool = False
    unstored: set[int] = field(default_factory=set)
    caller: Caller = field(init=False)

    def __post_init__(self) -> None:
        self.caller = Caller(self.house, self.station, self.lease, self.pace, self._committed)

    async def run(self) -> None:
        """Send until everything stops; then wait for the calls in hand (R47)."""
        while not self.house.stopping.is_set():
            try:
                if not await self.step():
                    await self._wait()
            except StorageFailed as failed:
                self.lost = True
                facts = {"part": f"sender {self.station.name}", "reason": str(failed)}
                self.house.alarm("database", facts)
                await pause(self.house.stopping, GLANCE_SECONDS)
            except Exception as bug:  # noqa: BLE001 - told, and tried again: people wait
                self.lost = True
                facts = {"bot": self.station.name, "reason": type(bug).__name__}
                self.house.alarm("sender_failed", facts)
                await pause(self.house.stopping, GLANCE_SECONDS)
        await self.stop()

    async def step(self) -> bool:
        """Start the calls for which there is room; whether any was started."""
        if not self.lease.held or self.station.halted or self.house.held:
            return False
        if self.recovered != self.lease.fence:
            await self.recover()
        if self.lost:
            await self._give_back()
        if self.pace.resting() > 0:
            return False
        claimed = await self._claim()
        if not claimed:
            return False
        crash.point("sender.claimed")
        found = await opened(self.house, claimed)
        batches = await gathered(self.house, self.station, found)
        crash.point("sender.gathered")
        for batch in batches:
            self._start(batch)
        return True

    async def drain(self) -> None:
        """Send until nothing can be sent now."""
        while True:
            landed = self.landed
            started = await self.step()
            if self.flying:
                await asyncio.wait(self.flying.values(), return_when=asyncio.FIRST_COMPLETED)
            elif not started and landed == self.landed:
                # A call that landed while the claim looked has freed its chat: look again.
                return

    async def recover(self) -> None:
        """Decide on calls that an earlier holder left in ``sending``: perhaps they were made (R36)."""
        left = await self.house.database.returning(
            delivery.doubtful(self.station.id, self.lease.fence)
        )
        open_rows = await self.house.database.fetch(delivery.undecided(self.station.id))
        rows = {row.id: row for row in (*left, *open_rows)}
        for outgoing in await opened(self.house, list(rows.values())):
            reason = "the process ended during the call"
            ending = endings.doubtful(self.house, self.station, outgoing, reason, wait_us=0)
            await self._store([outgoing], [ending])
            crash.point("sender.recovered")
        for row in await self.house.database.fetch(bot_rows.named(self.station.name)):
            await self.pace.restore(self.house.database, row)
        # Slowly from one call on: deaths in a row must not put the same calls in doubt each time.
        self.width = 1 if rows else self.concurrency
        self.recovered = self.lease.fence

    async def stop(self) -> None:
        """Finish the calls in hand; what takes too long becomes doubtful, nothing is left sending."""
        if self.flying:
            await asyncio.wait(self.flying.values(), timeout=_STOP_SECONDS)
        late = dict(self.flying)
        for task in late.values():
            task.cancel()
        await asyncio.gather(*late.values(), return_exceptions=True)

    async def _give_back(self) -> None:
        """Queue again what was claimed when the database failed: those calls were never made."""
        ours = [*self.unstored, *(row_id for rows in self.flying for row_id in rows)]
        back = outbox.give_back(self.station.id, self.lease.fence, ours)
        await self.house.database.commit(back)
        self.lost = False

    async def _claim(self) -> list[Row]:
        """Calls by lane: answers and replies first, the team's beside them, letters by the bucket."""
        full = list(self.pace.full())
        found: list[Row] = []
        for first, last in ((Lane.ACK, Lane.REPLY), (Lane.TEAM, Lane.TEAM)):
            found += await self._take(first, last, self._free(found), full)
        letters = min(self._letters(self._free(found)), self.pace.bucket.room())
        fold = self.fold if isinstance(self.station.channel, Together) else 1
        found += await self._take(Lane.LETTER, Lane.BROADCAST, letters * fold, full)
        for row in found:
            if row.op != "answer":
                self.pace.spend(row.chat)
        return found

    def _free(self, found: list[Row]) -> int:
        return min(self.width, self.concurrency) - len(self.flying) - len(found)

    def _letters(self, free: int) -> int:
        """How many of the free calls letters may take; a paused bot says nothing of its own (R32)."""
        if self.station.paused:
            return 0
        most = max(1, min(self.width, self.concurrency) - _KEPT_FREE)
        return max(0, min(free, most - len(self.bulk)))

    async def _take(self, first: Lane, last: Lane, limit: int, full: list[str]) -> list[Row]:
        if limit <= 0:
            return []
        claim = outbox.claim(
            self.station.id,
            self.house.wall_us,
            fence=self.lease.fence,
            limit=limit,
            first=first,
            last=last,
            full=full,
        )
        return await self.house.database.returning(*claim)

    def _start(self, batch: list[Outgoing]) -> None:
        rows = tuple(outgoing.row.id for outgoing in batch)
        task = asyncio.create_task(self._send(batch))
        self.flying[rows] = task
        if batch[0].row.lane in BULK:
            self.bulk.add(rows)
            self.pace.bucket.spend(1)
            # people who are told the same fit into fewer requests: claim more at once
            self.fold = min(ALIKE, 2 * len(rows)) if len(rows) >= MIXED else MIXED
        task.add_done_callback(partial(self._landed, rows))

    async def _send(self, batch: list[Outgoing]) -> None:
        """Make one request and store how its calls ended; a cancelled one is doubtful."""
        try:
            ended = await self.caller.ended(batch)
        except asyncio.CancelledError:
            lost = [endings.doubtful(self.house, self.station, one, _STOPPED) for one in batch]
            await self._store(batch, lost)
            raise
        crash.point("sender.called")
        for outgoing, ending in zip(batch, ended, strict=True):
            if self.lease.fence != outgoing.row.fence:
                ending.work += endings.noted(
                    self.house, outgoing, "late_answer", reason="another process holds the bot"
                )
        await self._store(batch, ended)
        self.width = min(self.concurrency, self.width * 2)
        crash.point("sender.stored")

    async def _store(self, batch: Sequence[Outgoing], ended: Sequence[Ending]) -> None:
        """Store the ends, however long the database is away: a forgotten end would be sent again."""
        for outgoing, ending in zip(batch, ended, strict=True):
            endings.paced(self.pace, outgoing, ending)
        work = [do for ending in ended for do in ending.work]
        await self._committed([*work, *self.pace.to_keep(self.station.id)])
        for ending in ended:
            for kind, facts in ending.alarms:
                self.house.alarm(kind, facts)
            if ending.moved is not None:
                tell_moved(self.house, self.station, *ending.moved)
            if ending.blocked:
                self.house.play.ring()
        halted = next((ending.halted for ending in ended if ending.halted), "")
        if halted:
            await halt(self.house, self.station, halted)

    async def _committed(self, work: list[Do]) -> None:
        seconds = 0.1
        while True:
            try:
                await self.house.database.commit(work)
            except DatabaseUnavailable as failed:
                self.house.alarm("database", {"part": "sender", "reason": str(failed)})
                await asyncio.sleep(seconds)
                seconds = min(5.0, seconds * 2)
            else:
                return

    def _landed(self, rows: tuple[int, ...], task: asyncio.Task[None]) -> None:
        self.flying.pop(rows, None)
        self.bulk.discard(rows)
        self.landed += 1
        self.station.bell.ring()
        bug = None if task.cancelled() else task.exception()
        if bug is not None:  # made and not stored: in doubt until the next start
            self.unstored.update(rows)
            facts = {"bot": self.station.name, "reason": type(bug).__name__}
            self.house.alarm("sender_failed", facts)

    async def _wait(self) -> None:
        waits = [GLANCE_SECONDS, self.pace.resting() or GLANCE_SECONDS, *self.pace.full().values()]
        await self.station.bell.wait(max(0.05, min(waits)))

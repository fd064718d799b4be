"""Broadcasts at work: lists are made page by page, people get their turn as fast as bots can send."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bots.bells import GLANCE_SECONDS, pause
from bots.broadcast_figures import figures_of
from bots.broadcast_lists import page_of
from bots.clocks import microseconds, moment_of
from bots.house import House, Station
from bots.leases import Lease
from bots.loading import BROADCAST
from flows.broadcasts.file import Broadcast, broadcast_of
from flows.broadcasts.times import planned_in
from flows.program import Bundle
from storage import broadcasts, crash, recipients
from storage.work import Conflict, Row, StorageFailed

WINDOW: Final = 200
"""How many people of a bot may have their turn at once: the queue stays short, so that a stop is
felt at once, and consents and limits are looked at shortly before sending."""
_PAUSE_SECONDS: Final = 0.25
_BURST_US: Final = 2_000_000
_LATEST_US: Final = 48 * 3_600_000_000
"""The end of the next day is no later than that."""


@dataclass(slots=True)
class Broadcaster:
    """Moves broadcasts on; only the holder of the lease does.

    A page of the list and the cursor are one transaction; so are people's turns and their events.
    What becomes of a person's turn is decided by the player, under the person's lock.
    """

    house: House
    lease: Lease
    _read: dict[int, Broadcast] = field(default_factory=dict)

    async def run(self) -> None:
        """Work until everything stops."""
        while not self.house.stopping.is_set():
            busy = False
            try:
                busy = await self.step()
            except StorageFailed as failed:
                facts = {"part": "broadcasts", "reason": str(failed)}
                self.house.alarm("database", facts)
            except Exception as bug:  # noqa: BLE001 - told, and tried again: people wait
                self.house.alarm("broadcasts_failed", {"reason": type(bug).__name__})
            await pause(self.house.stopping, 0.0 if busy else self._rest)

    @property
    def _rest(self) -> float:
        return _PAUSE_SECONDS if self._read else GLANCE_SECONDS

    async def step(self) -> bool:
        """One page or one window of every broadcast; whether there is more to do at once."""
        if not self.lease.held or self.house.held:
            return False
        rows = await self.house.database.fetch(broadcasts.unfinished())
        if any(row.state == "stopped" for row in rows):
            await self.withdraw_stopped()
        going = [row for row in rows if row.state != "stopped"]
        self._read = {key: one for key, one in self._read.items() if key in {r.id for r in going}}
        busy = False
        for row in going:
            try:
                await self._withdraw_late(row)
                busy = await self._move_on(row) or busy
            except Conflict:  # it was stopped meanwhile
                continue
        return busy

    async def begin(self) -> None:
        """Before anything is sent: take back what must not go any more."""
        await self.withdraw_stopped()
        for row in await self.house.database.fetch(broadcasts.unfinished()):
            await self._withdraw_late(row)

    async def _withdraw_late(self, row: Row) -> None:
        """What an outage left in the queue goes by `late` too."""
        broadcast = self._made(row) if row.state == "running" else None
        if broadcast is not None:
            now_us = self.house.now_us
            before_us = now_us - (broadcast.late or _LATEST_US)
            work = recipients.withdraw_late(row.id, before_us, now_us)
            await self.house.database.commit(work)

    def _made(self, row: Row) -> Broadcast | None:
        """The broadcast of the row; None when this version cannot read it."""
        text = self.house.seal.open_text(BROADCAST, row.body_sealed)
        return broadcast_of(text, row.name)[0]

    async def withdraw_stopped(self) -> None:
        """Take back what stopped broadcasts have queued."""
        await self.house.database.commit(recipients.withdraw_stopped(self.house.now_us))

    async def _move_on(self, row: Row) -> bool:
        now_us = self.house.now_us
        if row.planned_us > now_us:
            return False
        if row.id not in self._read:
            made = self._made(row)
            if made is None:  # an older program cannot read a newer one's file
                await self.house.database.commit(broadcasts.halt(row.id))
                facts = {"broadcast": row.name, "reason": "it cannot be read"}
                self.house.alarm("broadcast_stopped", facts)
                return False
            self._read[row.id] = made
        broadcast = self._read[row.id]
        if row.begun_us is None:
            await self.house.database.commit(broadcasts.begin(row.id, now_us))
            return True
        if not row.listed:
            await self._list_page(row, broadcast)
            return True
        taken = await self._give_turns(row, broadcast)
        if not taken:
            await self._look_whether_done(row)
        return taken

    async def _list_page(self, row: Row, broadcast: Broadcast) -> None:
        """The next page of recipients with the cursor behind it."""
        begun = moment_of(row.begun_us)
        bundles = self._bundles(row)
        page = await page_of(
            self.house.database, self.house.seal, broadcast, bundles, after=row.cursor, now=begun
        )
        listed = [
            {
                "identity_id": one.identity_id,
                "bot_id": one.bot_id,
                "planned_us": self._planned_us(
                    broadcast, one.person.zone, bundles[one.bot_id], begun
                ),
            }
            for one in page.people
        ]
        crash.point("broadcast.page.before")
        work = recipients.list_page(row.id, row.cursor, page.after, listed, last=page.last)
        await self.house.database.commit(work)
        crash.point("broadcast.page.listed")

    @staticmethod
    def _planned_us(broadcast: Broadcast, zone: str, bundle: Bundle, begun: datetime) -> int:
        return microseconds(planned_in(broadcast, zone, bundle.timezone, begun))

    def _bundles(self, row: Row) -> dict[int, Bundle]:
        """What the broadcast's bots play; people of bots that are not at work are not listed."""
        names = set(json.loads(row.bots))
        stations = self.house.stations.items()
        return {key: station.bundle for key, station in stations if station.name in names}

    async def _give_turns(self, row: Row, broadcast: Broadcast) -> bool:
        """People whose moment has come get their turn while their bot's window has room."""
        next_us, taken = row.next_us, False
        names = set(json.loads(row.bots))
        for station in self.house.stations.values():
            if station.name not in names or station.halted:
                continue
            count = await self._room(row, broadcast, station, next_us)
            if not count:
                continue
            next_us = self._paced(broadcast, next_us) + count * broadcast.rate
            crash.point("broadcast.take.before")
            now_us = self.house.now_us
            work = recipients.take_due(row.id, station.id, now_us, count, next_us)
            await self.house.database.commit(work)
            crash.point("broadcast.taken")
            self.house.play.ring()
            taken = True
        return taken

    async def _room(self, row: Row, broadcast: Broadcast, station: Station, next_us: int) -> int:
        """How many people of the bot may have their turn now."""
        fetch, now_us = self.house.database.fetch, self.house.now_us
        free = WINDOW - int((await fetch(recipients.in_hand(station.id, WINDOW)))[0].n)
        if broadcast.rate:
            free = min(free, (now_us - self._paced(broadcast, next_us)) // broadcast.rate + 1)
        if free <= 0:
            return 0
        return int((await fetch(recipients.due(row.id, station.id, now_us, free)))[0].n)

    def _paced(self, broadcast: Broadcast, next_us: int) -> int:
        """From when the rate counts: what was not used up long ago is lost."""
        return max(next_us, self.house.now_us - _BURST_US) if broadcast.rate else next_us

    async def _look_whether_done(self, row: Row) -> None:
        """Every recipient's end is final: then so are the figures (R46)."""
        database = self.house.database
        await database.commit(recipients.give_up_dead(row.id))
        if await database.fetch(broadcasts.is_under_way(row.id)):
            return
        figures = figures_of(await database.fetch(broadcasts.figures(row.id)))
        counts = json.dumps(figures.as_object(), ensure_ascii=False)
        await database.commit(broadcasts.finish(row.id, self.house.now_us, counts))
        self.house.alarm("broadcast_done", {"broadcast": row.name, **figures.as_facts()})

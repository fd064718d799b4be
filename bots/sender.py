"""The sender of a bot: takes calls by their lanes, makes them, stores how each of them ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

from bots import endings
from bots.bells import GLANCE_SECONDS, pause
from bots.channel import (
    BotHalted,
    Call,
    CallFailed,
    Delivery,
    Doubtful,
    MessageRejected,
    PersonUnreachable,
    TryLater,
)
from bots.endings import Ending
from bots.fetching import halt
from bots.house import House, Station
from bots.leases import Lease
from bots.outgoing import Outgoing, call_of, opened
from bots.rates import Bucket
from storage import crash, delivery, outbox
from storage.outbox import Lane
from storage.work import DatabaseUnavailable, Do, Row, StorageFailed

CONCURRENCY = 8
_STOP_SECONDS = 10.0
_TYPING_SECONDS = 5.0


@dataclass(slots=True)
class Sender:
    """One bot's sending; ``pause_for`` waits while a message is shown as being typed."""

    house: House
    station: Station
    lease: Lease
    bucket: Bucket
    concurrency: int = CONCURRENCY
    monotonic: Callable[[], float] = time.monotonic
    pause_for: Callable[[float], Awaitable[None]] = asyncio.sleep
    flying: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    landed: int = 0
    rests_until: float = 0.0
    recovered: int = 0
    width: int = CONCURRENCY

    async def run(self) -> None:
        """Send until everything stops; then wait for the calls in hand (R47)."""
        while not self.house.stopping.is_set():
            try:
                if not await self.step():
                    await self._wait()
            except StorageFailed as failed:
                facts = {"part": f"sender {self.station.name}", "reason": str(failed)}
                self.house.alarm("database", facts)
                await pause(self.house.stopping, GLANCE_SECONDS)
            except Exception as bug:  # noqa: BLE001 - told, and tried again: people wait
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
        if self.monotonic() < self.rests_until:
            return False
        claimed = await self._claim()
        if not claimed:
            return False
        crash.point("sender.claimed")
        for outgoing in await opened(self.house, claimed):
            task = asyncio.create_task(self._send(outgoing))
            self.flying[outgoing.row.id] = task
            task.add_done_callback(lambda _, row=outgoing.row.id: self._landed(row))  # type: ignore[misc]
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
            await self._store(ending)
            crash.point("sender.recovered")
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

    async def _claim(self) -> list[Row]:
        """Calls by lane: answers and replies first, the team's beside them, letters by the bucket."""
        found: list[Row] = []
        for first, last in ((Lane.ACK, Lane.REPLY), (Lane.TEAM, Lane.TEAM)):
            found += await self._take(first, last, self._free(found))
        letters = min(self._free(found), self.bucket.room())
        taken = await self._take(Lane.LETTER, Lane.BROADCAST, letters)
        self.bucket.spend(len(taken))
        return [*found, *taken]

    def _free(self, found: list[Row]) -> int:
        return min(self.width, self.concurrency) - len(self.flying) - len(found)

    async def _take(self, first: Lane, last: Lane, limit: int) -> list[Row]:
        if limit <= 0:
            return []
        claim = outbox.claim(
            self.station.id,
            self.house.wall_us,
            fence=self.lease.fence,
            limit=limit,
            first=first,
            last=last,
        )
        return await self.house.database.returning(*claim)

    async def _send(self, outgoing: Outgoing) -> None:
        """Make one call and store its end; a cancelled one is doubtful."""
        try:
            ending = await self._ended(outgoing)
        except asyncio.CancelledError:
            lost = endings.doubtful(
                self.house, self.station, outgoing, "the process stopped during the call"
            )
            await self._store(lost)
            raise
        crash.point("sender.called")
        if self.lease.fence != outgoing.row.fence:
            ending.work += endings.noted(
                self.house, outgoing, "late_answer", reason="another process holds the bot"
            )
        await self._store(ending)
        self.width = min(self.concurrency, self.width * 2)
        crash.point("sender.stored")

    async def _ended(self, outgoing: Outgoing) -> Ending:
        try:
            call = call_of(self.house, outgoing)
        except Exception as bug:  # noqa: BLE001 - a row that cannot be read never leaves
            unfit = MessageRejected(f"the call cannot be made: {type(bug).__name__}")
            return endings.failed(self.house, self.station, outgoing, unfit, [])
        try:
            if endings.to_seek(self.house, self.station, outgoing):
                return await self._found_or_made(outgoing, call)
            return endings.sent(self.house, outgoing, await self._made(outgoing, call))
        except CallFailed as failure:
            busy = await self._busy(outgoing, failure)
            return endings.failed(self.house, self.station, outgoing, failure, busy)
        except Exception as bug:  # noqa: BLE001 - nobody knows whether it left
            broken = Doubtful(f"the channel broke: {type(bug).__name__}")
            return endings.failed(self.house, self.station, outgoing, broken, [])

    async def _found_or_made(self, outgoing: Outgoing, call: Call) -> Ending:
        """Make the doubtful call unless the dialog shows that it was made."""
        try:
            there = await self.station.channel.find(call)
        except (TryLater, BotHalted):
            raise
        except Exception as refused:  # noqa: BLE001 - it will not be told another time either
            reason = str(refused) if isinstance(refused, CallFailed) else type(refused).__name__
            return endings.unknown(self.house, outgoing, f"the dialog cannot be read: {reason}")
        if there is not None and not there.done:
            return endings.found(self.house, outgoing, there)
        if there is not None:
            outgoing.told["done"] = there.done
            call = replace(call, done=there.done)
        return endings.sent(self.house, outgoing, await self._made(outgoing, call))

    async def _made(self, outgoing: Outgoing, call: Call) -> Delivery:
        typing = call.message.typing_us if call.message and call.op == "send" else 0
        if typing and not call.done:
            await self._show_typing(call.chat, min(typing / 1_000_000, _TYPING_SECONDS))
        counted = replace(call, arrived=partial(self._arrived, outgoing))
        return await self.station.channel.call(counted)

    async def _arrived(self, outgoing: Outgoing, parts: int) -> None:
        """Remember how many parts of the message are there: a repeat begins after them."""
        outgoing.told["done"] = parts
        if self.lease.fence == outgoing.row.fence:
            await self._committed(endings.kept(self.house, outgoing))
        crash.point("sender.part")

    async def _show_typing(self, chat: str, seconds: float) -> None:
        try:
            await self.station.channel.call(Call("typing", chat))
        except CallFailed:
            return  # an ornament: the message itself will tell what is wrong
        await self.pause_for(seconds)

    async def _busy(self, outgoing: Outgoing, failure: CallFailed) -> list[Row]:
        person_id = outgoing.row.person_id
        if person_id is None or not isinstance(failure, PersonUnreachable):
            return []
        return await self.house.database.fetch(delivery.queued([person_id]))

    async def _store(self, ending: Ending) -> None:
        """Store the end, however long the database is away: a forgotten end would be sent again."""
        await self._committed(ending.work)
        for kind, facts in ending.alarms:
            self.house.alarm(kind, facts)
        if ending.rest is not None:
            self.rests_until = self.monotonic() + ending.rest.total_seconds()
        if ending.slower:
            self.bucket.narrow()
        if ending.blocked:
            self.house.play.ring()
        if ending.halted:
            await halt(self.house, self.station, ending.halted)

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

    def _landed(self, row_id: int) -> None:
        self.flying.pop(row_id, None)
        self.landed += 1
        self.station.bell.ring()

    async def _wait(self) -> None:
        resting = self.rests_until - self.monotonic()
        await self.station.bell.wait(max(0.05, min(GLANCE_SECONDS, resting or GLANCE_SECONDS)))

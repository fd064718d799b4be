"""Requests to the world outside: taken by their targets, made, their answers put into the inbox."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from bots.bells import GLANCE_SECONDS, Bell, pause
from bots.channel import TryLater
from bots.house import House
from bots.leases import Lease
from bots.outside.asked import ANSWER, REQUEST, Answer, Answered, Asked, refused
from storage import crash, inbox, requests
from storage.work import Conflict, DatabaseUnavailable, Row, StorageFailed, Work

EACH_TARGET = 8
"""Requests in flight to one server, one action, one messenger."""
RETRIES = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5))
MOST_TRIES = 10
"""Tries that the program's own deaths may use up: whoever kills it must not do so for ever."""
_STOP_SECONDS = 4.0
_AWAY = timedelta(seconds=30)


@dataclass(slots=True)
class Requester:
    """Makes the requests of all bots; only the holder of the lease does."""

    house: House
    lease: Lease
    answer: Answer
    flying: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    recovered: int = 0
    landed: int = 0
    lost: bool = False

    @property
    def bell(self) -> Bell:
        """What is rung when a request was queued, or one has landed."""
        return self.house.outside

    async def run(self) -> None:
        """Make requests until everything stops; then wait for those in flight (R47)."""
        while not self.house.stopping.is_set():
            try:
                if not await self.step():
                    await self.bell.wait()
            except StorageFailed as failed:
                self.lost = True
                self.house.alarm("database", {"part": "requests", "reason": str(failed)})
                await pause(self.house.stopping, GLANCE_SECONDS)
            except Exception as bug:  # noqa: BLE001 - told, and tried again: people wait
                self.lost = True
                self.house.alarm("requests_failed", {"reason": type(bug).__name__})
                await pause(self.house.stopping, GLANCE_SECONDS)
        await self.stop()

    async def step(self) -> bool:
        """Start what there is room for, target by target; whether anything was started."""
        if not self.lease.held or self.house.held:
            return False
        if self.recovered != self.lease.fence:
            await self.recover()
        if self.lost:
            await self._give_back()
        started = False
        for row in await self.house.database.fetch(requests.targets(self.house.wall_us)):
            room = EACH_TARGET - self.busy[row.target]
            for taken in await self._claim(row.target, room) if room > 0 else ():
                self._start(taken)
                started = True
        return started

    async def drain(self) -> None:
        """Make requests until none is due now."""
        while True:
            landed = self.landed
            started = await self.step()
            if self.flying:
                await asyncio.wait(self.flying.values(), return_when=asyncio.FIRST_COMPLETED)
            elif not started and landed == self.landed:
                return

    async def recover(self) -> None:
        """Queue again what an earlier holder left in the middle: servers know repeats by the key."""
        fence = self.lease.fence
        await self.house.database.returning(
            requests.release(fence, self.house.wall_us, list(self.flying))
        )
        crash.point("requests.recovered")
        self.recovered = fence

    async def stop(self) -> None:
        """Wait for the requests in flight; those that take too long are made again another time."""
        if not self.flying:
            return
        _, late = await asyncio.wait(self.flying.values(), timeout=_STOP_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _give_back(self) -> None:
        """Queue again what was claimed when the database failed: that was never asked."""
        await self.house.database.commit(requests.give_back(self.lease.fence, list(self.flying)))
        self.lost = False

    async def _claim(self, target: str, room: int) -> list[Row]:
        claim = requests.claim(target, self.house.wall_us, fence=self.lease.fence, limit=room)
        found = await self.house.database.returning(*claim)
        crash.point("requests.claimed")
        return found

    def _start(self, row: Row) -> None:
        task = asyncio.create_task(self._make(row))
        self.flying[row.id] = task
        self.busy[row.target] += 1
        task.add_done_callback(lambda _: self._landed(row))

    def _landed(self, row: Row) -> None:
        self.flying.pop(row.id, None)
        self.busy[row.target] -= 1
        self.landed += 1
        self.bell.ring()

    async def _make(self, row: Row) -> None:
        """Make one request and store what came of it."""
        work: Work
        try:
            asked = _opened(self.house, row)
        except Exception as bug:  # noqa: BLE001 - a row that cannot be read is asked of nobody
            reason = f"the request cannot be read: {type(bug).__name__}"
            await self._store(requests.finish(row.id, row.fence, None, reason))
            return
        if asked.bot_id not in self.house.stations:
            due_us = self.house.wall_us + _AWAY // timedelta(microseconds=1)
            work = requests.postpone(
                row.id, row.fence, due_us, "its bot is not at work", spent=False
            )
        else:
            work = await self._tried(row, asked)
        await self._store(work)
        crash.point("requests.stored")
        self.house.play.ring()

    async def _tried(self, row: Row, asked: Asked) -> Work:
        if asked.tries > MOST_TRIES:
            return self._ended(row, asked, refused("the program ended too often in the middle"))
        try:
            answered = await self.answer(asked)
        except TryLater as later:
            if asked.tries <= len(RETRIES):
                wait = max(later.retry_after or timedelta(0), RETRIES[asked.tries - 1])
                due_us = self.house.wall_us + wait // timedelta(microseconds=1)
                return requests.postpone(row.id, row.fence, due_us, str(later), spent=True)
            answered = refused(str(later))
        except Exception as bug:  # noqa: BLE001 - the person goes on by `otherwise`
            answered = refused(f"the request broke: {type(bug).__name__}")
        crash.point("requests.called")
        return self._ended(row, asked, answered)

    def _ended(self, row: Row, asked: Asked, answered: Answered) -> Work:
        result = answered.result
        error = "" if result.get("ok") else str(result.get("error") or "failed")
        if error:
            facts = {"target": row.target, "place": asked.place, "reason": error}
            self.house.alarm("request_dead", facts)
        sealed = self.house.seal.seal_json(ANSWER, result)
        told = {"run": asked.run, "number": asked.number, "result": result}
        event = {
            "source_key": f"request:{row.id}",
            "kind": "request",
            "bot_id": asked.bot_id,
            "identity_id": asked.identity_id,
            "person_id": asked.person_id,
            "raw_sealed": self.house.seal.seal_json("inbox.raw_sealed", told),
            "received_us": self.house.now_us,
        }
        finish = requests.finish(row.id, row.fence, sealed, error)
        return [*finish, *answered.work, *inbox.add([event])]

    async def _store(self, work: Work) -> None:
        """Store it, however long the database is away; what another holder decided stands."""
        seconds = 0.1
        while True:
            try:
                await self.house.database.commit(work)
            except Conflict:
                return
            except DatabaseUnavailable as failed:
                self.house.alarm("database", {"part": "requests", "reason": str(failed)})
                await asyncio.sleep(seconds)
                seconds = min(5.0, seconds * 2)
            else:
                return


def _opened(house: House, row: Row) -> Asked:
    told = house.seal.open_json(REQUEST, row.request_sealed)
    return Asked(row.id, row.key, row.tries, person_id=row.person_id, **told)

"""A bot whose updates come by webhook: the door they enter by, and the watch over the webhook."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bots.bells import pause
from bots.channel import Arrival, Batch, CallFailed
from bots.fetching import Fetching
from bots.hooks import HookState, Reply
from storage.work import DatabaseUnavailable, StorageFailed

LOOK_SECONDS = 60.0
_DOOR_SECONDS = 5.0
_TOGETHER = 100
_REMEMBERED = 20_000
_RETRY_HEADER = "x-retry-counter"
_LATER = Reply(503, outcome="later")
Waiting = tuple[Arrival, asyncio.Future[None]]


@dataclass(slots=True)
class Receiving(Fetching):
    """One bot's webhook; ``outcomes`` counts requests, ``retries`` those that VK calls repeats.

    ``stands`` tells that the messenger has agreed to bring updates here.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    _open: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    stands: bool = False
    _waiting: list[Waiting] = field(default_factory=list, repr=False)
    _storing: asyncio.Task[None] | None = field(default=None, repr=False)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    _seen: OrderedDict[str, str] = field(default_factory=OrderedDict, repr=False)
    _told_at: int = field(default=0, repr=False)

    async def run(self) -> None:
        """Look after the webhook until everything stops; whoever waits at the door goes in then."""
        try:
            await Fetching.run(self)
        finally:
            self._open.set()

    async def once(self) -> None:
        """One look after the webhook; whatever comes of it, the door is open from now on."""
        try:
            await Fetching.once(self)
        finally:
            self._open.set()

    async def _work(self) -> None:
        """Fetch what was missed, see that the webhook stands, and rest until the next look."""
        await self._sweep()
        self._open.set()
        assert self.hook is not None
        first = not self.stands
        state = await self._before_the_end(self.hook.stand(consent=self.consent and first))
        if state is not None:
            self.stands = True
            self._tell(state)
        if first:  # what happened before the messenger agreed
            await self._sweep()
        self.failures = self._conflicts = 0
        await pause(self.house.stopping, LOOK_SECONDS)

    async def _sweep(self) -> None:
        """Store what the messenger keeps beside the webhook: it may have given up repeating."""
        assert self.hook is not None
        while self.hook.sweeps:
            batch = await self._before_the_end(self.station.channel.fetch(self.station.cursor))
            if batch is None:
                return
            await self.take(batch)
            if not batch.arrivals:
                return

    def _tell(self, state: HookState) -> None:
        """An alarm when the messenger failed to deliver since the last look."""
        since = self._told_at or self.house.wall_us // 1_000_000 - int(LOOK_SECONDS)
        if state.trouble_at > since:
            facts = {"bot": self.station.name, "reason": state.trouble, "n": str(state.pending)}
            self.house.alarm("webhook", facts)
        self._told_at = max(since, state.trouble_at)

    # --- the door -----------------------------------------------------------------------------

    async def answer(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """What the messenger is answered: 503 asks it to repeat, for nothing was stored (R11)."""
        if self.house.stopping.is_set() or self.station.halted:
            return self._counted(_LATER)
        self.retries += headers.get(_RETRY_HEADER, "0") not in {"", "0"}
        assert self.hook is not None
        try:
            reply = await self.hook.answer(headers, body, self._take_one)
        except StorageFailed as failed:
            self.house.alarm("database", {"bot": self.station.name, "reason": str(failed)})
            reply = _LATER
        except CallFailed:  # the messenger itself is away: it will ask again
            reply = _LATER
        except Exception as bug:  # noqa: BLE001 - what is not stored is not acknowledged
            facts = {"bot": self.station.name, "reason": type(bug).__name__}
            self.house.alarm("fetch_failed", facts)
            reply = _LATER
        if reply.outcome == "unreadable":
            self.house.alarm("unreadable", {"bot": self.station.name})
        return self._counted(reply)

    def _counted(self, reply: Reply) -> Reply:
        self.outcomes[reply.outcome] += 1
        return reply

    async def _take_one(self, arrival: Arrival) -> None:
        """Store an arrival together with those that came meanwhile, in the order of their coming."""
        if not self._open.is_set():  # what was missed while we were away comes first
            try:
                await asyncio.wait_for(self._open.wait(), _DOOR_SECONDS)
            except TimeoutError:
                self._open.set()
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        await stored

    async def _store(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            failed = await self._failure(group)
            alone = failed is not None and not isinstance(failed, DatabaseUnavailable)
            for one in group:  # one of them may be what the database refuses: the others go on
                told = await self._failure([one]) if alone and len(group) > 1 else failed
                _tell(one[1], told)

    async def _failure(self, group: list[Waiting]) -> Exception | None:
        try:
            await self.take(Batch(tuple(arrival for arrival, _ in group)))
        except Exception as failed:  # noqa: BLE001 - each request gets its answer, whatever it is
            return failed
        return None

    async def take(self, batch: Batch) -> None:
        """Store one batch at a time: what comes twice at once is met once."""
        async with self._one:
            assert self.hook is not None
            fresh = []
            for one in batch.arrivals:
                twin = self.hook.twin(one.raw)
                if self._seen.get(twin, one.source_key) == one.source_key:
                    fresh.append((twin, one))
                else:  # the other way brought it under another number
                    self.repeats += 1
            await Fetching.take(self, replace(batch, arrivals=tuple(one for _, one in fresh)))
            for twin, one in fresh:
                if twin:
                    self._seen[twin] = one.source_key
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)


def _tell(stored: asyncio.Future[None], failed: Exception | None) -> None:
    if stored.done():  # whoever asked has gone
        return
    if failed is None:
        stored.set_result(None)
    else:
        stored.set_exception(failed)

"""The runner: everything that keeps a project's bots going inside one process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bots import ticking
from bots.alerting.alerts import Alerts
from bots.broadcasting import Broadcaster
from bots.channel import CallFailed, Channel, TryLater
from bots.clocks import Clock, moment_of
from bots.fetching import Fetching, halt
from bots.holding import Holding
from bots.hooks import Webhook
from bots.house import Alarm, House, Station
from bots.leases import Tenure
from bots.outside.answering import Outside
from bots.outside.http import Settings
from bots.pace import Pace
from bots.player import Player
from bots.programs import Read, Shelf
from bots.rates import Limits
from bots.receiving import Receiving
from bots.requesting import Requester
from bots.retention import Retention
from bots.sender import Sender
from bots.ticking import Ticker
from bots.witness import Witness
from flows.program import Bundle, Program
from flows.secrecy import Secret
from storage import bots as bot_rows
from storage import delivery, idle, notes, requests
from storage.seal import Seal
from storage.work import Database, Do, Row, StorageFailed

_UNCLEAN = "unclean_starts"
_UNCLEAN_STARTS = 2
_FOREVER_US = 2**62
_MOVED = "moved:"
_STOP_SECONDS = 8.5
"""Of the ten that a stop may take: the server and the database's threads want some too."""
_FINISH_SECONDS = 6.5


def _silent(_kind: str, _facts: Mapping[str, str]) -> None:
    pass


def _unset(_name: str) -> Secret:
    return Secret("")


def _unreadable(_funnel: str, _text: str) -> Program | None:
    return None


@dataclass(slots=True)
class Runner:
    """Plays bots (name to channel and bundle) on one database.

    ``clock`` is the people's time, ``wall`` the real one. ``texts`` are sources of programs by hash
    and of documents by SHA-256, ``read`` makes a program of a stored text again. ``alone`` says
    that no other process can be at work (SQLite's lock is ours), so that the dead ones' leases end
    at once. ``consent`` allows to remove a foreign webhook, ``hooks`` are the bots' own.
    ``settings`` tells what a ``$NAME`` stands for. ``limits`` are what each messenger bears; one
    that is not named has none. ``witness`` is the file that tells an older copy of the database
    (R61), if any.
    """

    database: Database
    seal: Seal
    clock: Clock
    wall: Clock
    bots: Mapping[str, tuple[Channel, Bundle]]
    public_url: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    read: Read = _unreadable
    alarm: Alarm = _silent
    alone: bool = False
    consent: bool = False
    settings: Settings = _unset
    hooks: Mapping[str, Webhook] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    witness: Path | None = None
    house: House = field(init=False)
    shelf: Shelf = field(init=False)
    player: Player = field(init=False)
    ticker: Ticker = field(init=False)
    alerts: Alerts = field(init=False)
    broadcaster: Broadcaster = field(init=False)
    outside: Outside = field(init=False)
    requester: Requester = field(init=False)
    retention: Retention = field(init=False)
    senders: dict[str, Sender] = field(init=False, default_factory=dict)
    fetchers: dict[str, Fetching] = field(init=False, default_factory=dict)
    _tenure: Tenure = field(init=False)
    _holding: Holding = field(init=False)
    _witness: Witness | None = field(init=False, default=None)
    _tasks: list[asyncio.Task[None]] = field(init=False, default_factory=list)
    _scheduler: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.house = House(
            self.database, self.seal, self.clock, self.wall, self.alarm, self.public_url
        )
        self.shelf = Shelf(self.database, self.read)
        self.player = Player(self.house, self.shelf)
        self._tenure = Tenure(self.house)
        self._holding = Holding(self.house)
        self.alerts = Alerts(self.house, self._tenure.lease("alerts"))
        self.house.alarm = self.alerts.hearing(self.alarm)
        self.ticker = Ticker(self.house, self._tenure.lease("clock"))
        self.broadcaster = Broadcaster(self.house, self._tenure.lease("broadcasts"))
        self.retention = Retention(self.house, self.ticker.lease)
        self.outside = Outside(self.house, self.settings)
        lease = self._tenure.lease("requests")
        self.requester = Requester(self.house, lease, self.outside.answer)

    async def open(self) -> None:
        """Make everything ready without starting it; tests then drive the parts themselves."""
        if self.witness is not None:
            self._witness = Witness(self.house, self.witness)
            await self.database.attend(self._tenure.owner)
            await self._witness.meet(alone=self.alone)
        await self._go_on_in_time()
        await self._holding.look()
        unclean = await self._count_start()
        self.player.careful = unclean >= _UNCLEAN_STARTS
        for name, (channel, bundle) in self.bots.items():
            await self.shelf.stock(bundle, self.texts, self.house.now_us)
            await self._open_bot(name, channel, bundle)
        if self.alone:
            await self._tenure.evict()
        await self._tenure.renew()
        await self.broadcaster.begin()
        if self.house.held:
            return
        for sender in self.senders.values():
            if sender.lease.held:
                await sender.recover()
        if self.requester.lease.held:
            await self.requester.recover()

    async def start(self) -> None:
        """Open and run everything until :meth:`stop`."""
        await self.open()
        loops = [self.player.run(), self.requester.run(), self._tenure.run(), self._holding.run()]
        if self._witness is not None:
            loops.append(self._witness.run(self._done))
        loops.append(self.retention.run())
        loops += [self.broadcaster.run(), self.alerts.run()]
        loops += [sender.run() for sender in self.senders.values()]
        loops += [fetcher.run() for fetcher in self.fetchers.values()]
        self._tasks = [asyncio.create_task(loop) for loop in loops]
        self._scheduler = ticking.scheduler_of(self.ticker)
        self._scheduler.start()

    async def stop(self) -> None:
        """Take nothing more, finish what is in hand, give the leases back, within ten seconds (R47).

        What a silent messenger or database keeps for longer is left in doubt, and told.
        """
        self.house.stopping.set()
        self.house.play.ring()
        self.house.ring_senders()
        if self._scheduler is not None:
            self._scheduler.pause()  # the tick that goes on ends by itself
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._finish()
        except (TimeoutError, StorageFailed) as late:
            self.alarm("stopped_late", {"reason": str(late) or "no answer"})

    async def _finish(self) -> None:
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_FINISH_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        stops = [sender.stop() for sender in self.senders.values()]
        await asyncio.gather(*stops, self.requester.stop())
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        closing = [station.channel.close() for station in self.house.stations.values()]
        await asyncio.gather(self.outside.close(), *closing, return_exceptions=True)
        await self.database.commit([*self._left_in_hand(), *notes.put(_UNCLEAN, "0")])
        if self._witness is not None:
            await self._witness.advance()
        await self._tenure.give_back()

    def _left_in_hand(self) -> list[Do]:
        """Nothing stays in hand: calls become doubtful, requests wait again."""
        held = [each for each in self.senders.values() if each.lease.held]
        left = [Do(delivery.doubtful(each.station.id, each.lease.fence + 1)) for each in held]
        if self.requester.lease.held:
            mine = self.requester.lease.fence + 1
            left.append(Do(requests.release(mine, self.house.wall_us)))
        return left

    def _done(self) -> int:
        """How much was played and sent: it grows whenever an older copy would differ."""
        calls = sum(sender.landed for sender in self.senders.values())
        return self.player.played + self.requester.landed + calls

    def receiver(self, bot: str) -> Receiving | None:
        """The door of a bot whose updates come by webhook."""
        found = self.fetchers.get(bot)
        return found if isinstance(found, Receiving) else None

    async def idle(self) -> bool:
        """Whether nothing is unread, due, queued or being sent; calls in back-off are queued."""
        left = (await self.database.fetch(idle.work_left(self.house.now_us)))[0]
        calls = (await self.database.fetch(idle.work_left(_FOREVER_US)))[0]
        fetching = any(fetcher.busy for fetcher in self.fetchers.values())
        waiting = left.unread + left.timers + calls.requests + calls.queued + calls.sending
        return not waiting and not fetching

    async def settle(self) -> None:
        """Play and send until nothing more can be done at this moment (for tests)."""
        while True:
            before = self._progress()
            await self.ticker.tick()
            await self.player.drain()
            for sender in self.senders.values():
                await sender.drain()
            await self.requester.drain()
            if self._progress() == before:
                return

    def _progress(self) -> tuple[int, int, int]:
        return self.player.played, self.requester.landed, self.ticker.moved

    async def replace_bundle(
        self, name: str, bundle: Bundle, texts: Mapping[str, str] | None = None
    ) -> None:
        """Let the bot play another bundle; living runs go on by the program they began with."""
        await self.shelf.stock(bundle, texts or {}, self.house.now_us)
        station = next(each for each in self.house.stations.values() if each.name == name)
        gone = station.bundle.programs.values()
        bundle.older.update({**station.bundle.older, **{old.hash: old for old in gone}})
        station.bundle = bundle

    async def _go_on_in_time(self) -> None:
        """The time of queues goes on from where an earlier life left it, whatever the clock says."""
        for row in await self.database.fetch(notes.find(ticking.QUEUE_TIME)):
            self.house.onward.reach(moment_of(int(row.value)))

    async def _count_start(self) -> int:
        """How many starts before this one were not followed by a clean stop."""
        rows = await self.database.fetch(notes.find(_UNCLEAN))
        unclean = int(rows[0].value) if rows else 0
        await self.database.commit(notes.put(_UNCLEAN, str(unclean + 1)))
        return unclean

    async def _open_bot(self, name: str, channel: Channel, bundle: Bundle) -> None:
        """A bot with its parts; one that the messenger refuses is halted and the others go on."""
        rows = await self.database.fetch(bot_rows.named(name))
        if not rows:
            unknown = {"name": name, "channel": bundle.channel, "external_id": f"?{name}"}
            await self.database.commit(bot_rows.register([unknown]))
            rows = await self.database.fetch(bot_rows.named(name))
        station = await self._station(rows[0], channel, bundle)
        try:
            await self.fetchers[name].prepare()
        except TryLater as later:  # the messenger is away: the fetching loop asks again
            self.alarm("unprepared", {"bot": name, "reason": str(later)})
        except CallFailed as failed:
            await halt(self.house, station, str(failed))
        else:
            if rows[0].state == "halted":
                await self.database.commit(bot_rows.set_state(station.id, "run"))

    async def _station(self, row: Row, channel: Channel, bundle: Bundle) -> Station:
        paused = row.state == "paused"
        station = Station(row.id, row.name, channel, bundle, row.cursor, paused=paused)
        self.house.stations[station.id] = station
        for moved in await self.database.fetch(notes.beginning(f"{_MOVED}{row.name}:")):
            station.moved[moved.key.rsplit(":", 1)[1]] = moved.value
        polls = self._tenure.lease(f"poll:{station.name}")
        sends = self._tenure.lease(f"send:{station.name}")
        hook = self.hooks.get(row.name)
        made = Receiving if hook is not None and hook.hook.on else Fetching
        self.fetchers[row.name] = made(self.house, station, polls, self.consent, hook=hook)
        limits = self.limits.get(bundle.channel)
        pace = Pace(bundle.channel, limits, lambda: self.house.wall_us)
        self.senders[row.name] = Sender(self.house, station, sends, pace)
        return station

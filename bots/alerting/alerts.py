"""The owner's alerts: what needs a person is written to the chats that the project names."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bots.alerting import looking, telling
from bots.alerting.standing import Key, Seen, Standing, Told, changes, judged
from bots.alerting.telling import Teller
from bots.bells import pause
from bots.house import Alarm, House
from bots.leases import Lease
from storage.work import StorageFailed

ROUND_SECONDS = 5.0
AWAY_SECONDS = 60.0
"""How long the database may be away before the owner is told."""
_AWAY: Key = ("database", "", "")
_DEAD: Key = ("dead", "", "")
_SIGNALS: dict[str, tuple[str, str]] = {
    "rejected": ("rejected", ""),
    "markup": ("markup", ""),
    "lost": ("lost", ""),
    "unreachable": ("unreachable", "chat"),
    "webhook": ("webhook", ""),
    "broadcast_stopped": ("broadcast", "broadcast"),
    "player_failed": ("stumbled", "player"),
    "sender_failed": ("stumbled", "sender"),
    "requests_failed": ("stumbled", "requests"),
    "broadcasts_failed": ("stumbled", "broadcasts"),
}
"""Alarms that the owner hears of: the kind of alert, and the fact that is its place."""
_DIRECT = frozenset({"database", "hold"})
"""What stops the queue itself is told past it."""


@dataclass(slots=True)
class Alerts:
    """Looks every few seconds, and tells what is new through the queue: it survives a crash.

    ``place`` lies on the database's disk. ``monotonic`` tells how long the database is away.
    """

    house: House
    lease: Lease
    place: Path | None = None
    monotonic: Callable[[], float] = time.monotonic
    _seen: Seen = field(default_factory=Seen)
    _known: dict[Key, Standing] | None = None
    _dead: int | None = None
    _leads: bool = False
    _away_since: float | None = None
    _told_away: bool = False

    def hearing(self, alarm: Alarm) -> Alarm:
        """The alarm, heard by the alerts too."""

        def heard(kind: str, facts: Mapping[str, str]) -> None:
            alarm(kind, facts)
            self._hear(kind, facts)

        return heard

    def _hear(self, kind: str, facts: Mapping[str, str]) -> None:
        if kind not in _SIGNALS:
            return
        name, fact = _SIGNALS[kind]
        place = facts.get(fact, fact) if fact else facts.get("place", "")
        self._seen.add((name, facts.get("bot", ""), place), dict(facts))

    async def run(self) -> None:
        """Look until everything stops; no failure of an alert is one of the program's."""
        while not self.house.stopping.is_set():
            await self.once()
            await pause(self.house.stopping, ROUND_SECONDS)

    async def once(self) -> None:
        """One look, and what it leads to."""
        tellers = telling.tellers(self.house)
        if not tellers:
            self._seen = Seen()
            return
        try:
            await self._look(tellers)
            self._away_since = None
        except StorageFailed as failed:
            await self._wait_for_database(tellers, str(failed))
        except Exception as bug:  # noqa: BLE001 - who tells of trouble must not make any
            self.house.alarm("alerts_failed", {"reason": type(bug).__name__})

    async def _look(self, tellers: list[Teller]) -> None:
        if self._known is None:
            self._known = await telling.standings(self.house.database)
        known = dict(self._known)
        if self._told_away:
            known[_AWAY] = Standing(on=True, told_us=self.house.wall_us)
        seen = Seen(await looking.going(self.house, self.place), dict(self._seen.happened))
        dead = await looking.dead(self.house.database)
        if not self.lease.held:
            return  # another process looks too, or this one will in a moment
        self._leads = True
        self._count_dead(seen, dead)
        heard, self._seen = self._seen, Seen()
        after, told = judged(known, seen, self.house.wall_us)
        try:
            await self._tell(tellers, told, dict(changes(self._known, after)))
        except StorageFailed:
            for key, (facts, count) in heard.happened.items():
                self._seen.add(key, facts, count)
            raise
        self._known, self._told_away, self._dead = after, False, sum(dead.values())

    def _count_dead(self, seen: Seen, dead: Mapping[str, int]) -> None:
        """Dead letters go on as long as there are any; new ones are told of besides."""
        total = sum(dead.values())
        if not total:
            return
        facts = {kind: str(dead.get(kind, 0)) for kind in ("event", "request", "message")}
        seen.going[_DEAD] = facts
        if self._dead is not None and total > self._dead > 0:
            seen.add(_DEAD, facts, total - self._dead)

    async def _tell(
        self, tellers: list[Teller], told: list[Told], noted: dict[Key, Standing | None]
    ) -> None:
        """Queue what is told, in one commit with what is remembered of it."""
        queued = [one for one in told if one.over or one.key[0] not in _DIRECT]
        direct = [one for one in told if one not in queued]
        work = telling.noted(noted)
        if queued:
            work += await telling.queued(self.house, tellers, queued)
        if work:
            await self.house.database.commit(work)
        for teller in tellers if queued else []:
            teller.station.bell.ring()
        if direct:
            await telling.told_directly(self.house, tellers, direct)

    async def _wait_for_database(self, tellers: list[Teller], reason: str) -> None:
        """Nothing can be queued: after a minute the owner is told past the queue, once."""
        now = self.monotonic()
        self._away_since = now if self._away_since is None else self._away_since
        if self._told_away or not self._leads or now - self._away_since < AWAY_SECONDS:
            return
        self._told_away = True
        await telling.told_directly(self.house, tellers, [Told(_AWAY, {"reason": reason})])

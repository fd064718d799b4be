"""Whose timers may move now: the clock keeps so near to the senders that what it decides is still true.

A letter that is decided long before it leaves may come in quiet hours, or after it was called off. So
timers stay where they are while their bot has enough to send, and while it does not send at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bots.house import House
from storage import bots, timers

AHEAD = 1_000
"""Letters and events of the clock that a bot may have before it: less than a minute's on Telegram."""
AWAY_US = 60_000_000
"""A clock that looked longer ago was away: it stood still, or jumped."""
STUCK_US = 300_000_000
"""A bot whose letters do not get fewer for so long is not slow: its messenger is away."""


@dataclass(slots=True)
class Turnstile:
    """Remembers since when the clock has seen to each bot.

    What comes due from then on is not late, however long it takes to be sent.
    """

    house: House
    _since_us: dict[int, int] = field(default_factory=dict)
    _full_us: dict[int, int] = field(default_factory=dict)
    _looked_us: int = 0

    async def open(self) -> dict[int, int]:
        """The bots whose timers may move now, each with the moment since when it is seen to."""
        now_us, wall_us = self.house.now_us, self.house.wall_us
        ahead = await self._ahead(wall_us)
        if not 0 <= now_us - self._looked_us <= AWAY_US:
            self._since_us.clear()
        self._looked_us = now_us
        found: dict[int, int] = {}
        for station in self.house.stations.values():
            if station.halted or station.paused:
                self._since_us.pop(station.id, None)
                continue
            self._since_us.setdefault(station.id, now_us)
            if ahead.get(station.id, 0) >= AHEAD:
                self._full_us.setdefault(station.id, wall_us)
                continue
            if wall_us - self._full_us.pop(station.id, wall_us) > STUCK_US:
                self._since_us[station.id] = now_us
            found[station.id] = self._since_us[station.id]
        return found

    async def look_at_pauses(self) -> None:
        """People pause bots from outside, by their rows (R32)."""
        for row in await self.house.database.fetch(bots.states()):
            station = self.house.stations.get(row.id)
            if station is not None and station.paused != (row.state == "paused"):
                station.paused = row.state == "paused"
                station.bell.ring()

    async def _ahead(self, wall_us: int) -> dict[int, int]:
        statement = timers.ahead(sorted(self.house.stations), wall_us)
        return {row.bot_id: int(row.n) for row in await self.house.database.fetch(statement)}

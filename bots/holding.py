"""The hold as the running program sees it: looked up every second, obeyed by all that sends."""

from __future__ import annotations

from dataclasses import dataclass

from bots.bells import pause
from bots.house import House
from storage import hold, notes
from storage.hold import LOST
from storage.migration import HOLD
from storage.work import StorageFailed

LOOK_SECONDS = 1.0


@dataclass(slots=True)
class Holding:
    """Keeps ``house.hold`` true to the database; commands change it there."""

    house: House
    looked: bool = False

    async def look(self) -> None:
        """Read the hold; tell when it begins or ends."""
        house = self.house
        before, now = house.hold, hold.read(await house.database.fetch(notes.find(HOLD)))
        if before is not None or not self.looked:
            house.lost = hold.read_lost(await house.database.fetch(notes.find(LOST)))
        self.looked = True
        house.hold = now
        if now is not None and before is None:
            house.alarm(f"hold_{now.why}", {"reason": now.reason})
        elif now is None and before is not None:
            house.alarm("resumed", {})
            house.play.ring()
            house.ring_senders()

    async def run(self) -> None:
        """Look until everything stops; while the database is away what was known stays."""
        while not self.house.stopping.is_set():
            await pause(self.house.stopping, LOOK_SECONDS)
            try:
                await self.look()
            except StorageFailed:
                continue

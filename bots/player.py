"""The player: takes people with unread events, plays them, stores all that came of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bots import loading
from bots.bells import GLANCE_SECONDS, pause
from bots.clocks import microseconds
from bots.house import House
from bots.loading import Loaded
from bots.programs import Shelf
from bots.saving import written
from bots.stock import stock_of
from bots.turns import RETRY_US, TRIES, play
from storage import crash, inbox, people
from storage.work import Conflict, DatabaseUnavailable, Row, Turn

BATCH = 50
PER_PERSON = 20


@dataclass(slots=True)
class Player:
    """Plays unread events until none is left.

    ``limit`` is how many people one transaction takes: halved when one fails, so that the guilty
    person comes to stand alone, and doubled again when it goes well. ``careful`` plays one person
    at a time and counts the try before it begins, because something kills the process.
    """

    house: House
    shelf: Shelf
    limit: int = BATCH
    careful: bool = False
    played: int = 0

    async def run(self) -> None:
        """Play until everything stops; a database that is away is waited for."""
        while not self.house.stopping.is_set():
            try:
                if not await self.step():
                    await self.house.play.wait()
            except DatabaseUnavailable as failed:
                self.house.alarm("database", {"part": "player", "reason": str(failed)})
                await pause(self.house.stopping, GLANCE_SECONDS)
            except Exception as bug:  # noqa: BLE001 - told, and tried again: people wait
                self.house.alarm("player_failed", {"reason": type(bug).__name__})
                await pause(self.house.stopping, GLANCE_SECONDS)

    async def drain(self) -> None:
        """Play until nobody has anything that may be played now."""
        while await self.step():
            pass

    async def step(self) -> bool:
        """One batch; whether there was anybody to play."""
        if self.house.held:
            return False
        tried: list[Row] = []
        try:
            counted = await self._count_try() if self.careful else None
            async with self.house.database.turn() as turn:
                limit = 1 if self.careful else self.limit
                # the counted one and nobody who came in between: else a try counts for nothing
                unread = inbox.unread_people(limit, self.house.wall_us, only=counted)
                tried = await turn.fetch(unread)
                if not tried:
                    self.careful = counted is not None  # nobody is left of those who waited
                    return self.careful
                crash.point("player.claimed")
                await self._play(turn, tried)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one person's trouble must not stop the others
            await self._narrow(tried, error)
        else:
            self.limit = min(BATCH, self.limit * 2)
            self.house.ring_senders()
        return True

    async def _play(self, turn: Turn, heads: Sequence[Row]) -> None:
        batch = await loading.load(self.house, turn, heads, PER_PERSON)
        await self._supply_programs(batch)
        now = self.house.clock.now()
        outcomes = [play(self.house, one, now) for one in batch]
        stock = await stock_of(self.house, self.shelf, turn, outcomes)
        ledger = written(self.house, stock, outcomes, now)
        crash.point("player.commit.before")
        await turn.commit(ledger.work(microseconds(now)))
        crash.point("player.committed")
        self.played += len(ledger.done)
        for event_id, error in ledger.dead:
            reason = error.rsplit("\n", 1)[-1]
            self.house.alarm("dead", {"event": str(event_id), "reason": reason})

    async def _supply_programs(self, batch: Sequence[Loaded]) -> None:
        for loaded in batch:
            for identity_id, stored in loaded.runs.items():
                identity = loaded.identities.get(identity_id)
                station = self.house.stations.get(identity.bot_id) if identity else None
                if station is not None:
                    wanted = [(one.run.funnel, one.run.program) for one in stored]
                    await self.shelf.supply(station.bundle, wanted)

    async def _count_try(self) -> int | None:
        """Count the try of the next person before it begins: what follows may kill the process.

        Those who were in play at an earlier death come last. Whoever is to blame is then alone at
        the next one; kills from outside meet somebody else each time and make nobody's row die.
        """
        next_one = inbox.unread_people(1, self.house.wall_us, untried_first=True)
        async with self.house.database.turn() as turn:
            for head in await turn.fetch(next_one):
                if head.tries >= TRIES:
                    await turn.commit(_dead_head(head, "the process died of it"))
                else:
                    await turn.commit(people.put_off(head.id, None, head.tries + 1))
                return int(head.id)
        return None

    async def _narrow(self, tried: Sequence[Row], error: Exception) -> None:
        """Halve the batch; a person who stands alone waits for another try, then loses the row."""
        if not tried:
            raise error
        if len(tried) > 1:
            self.limit = max(1, len(tried) // 2)
            return
        head = tried[0]
        tries = head.tries + 1
        reason = type(error).__name__
        self.house.alarm("not_stored", {"person": str(head.id), "reason": reason})
        if tries < TRIES or isinstance(error, Conflict):
            wait = RETRY_US[min(tries, len(RETRY_US)) - 1]
            retry_us = self.house.wall_us + (0 if isinstance(error, Conflict) else wait)
            await self.house.database.commit(
                people.put_off(head.id, retry_us, min(tries, TRIES - 1))
            )
        else:
            await self.house.database.commit(_dead_head(head, reason))
            self.house.alarm("dead", {"event": str(head.first_id), "reason": reason})


def _dead_head(head: Row, reason: str) -> list[Any]:
    return [*inbox.dead(head.first_id, reason), *people.put_off(head.id, None, 0)]

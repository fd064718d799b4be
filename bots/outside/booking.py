"""A team's times: what is free of them, booked for one person, let go again."""

from __future__ import annotations

import asyncio

from bots.house import House
from bots.outside.asked import Answered, Asked
from storage import bookings, crash

KINDS = frozenset({"slots", "book", "free"})


class Bookings:
    """Answers from the database; one booking at a time, so that nobody gets a part of another's."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._one = asyncio.Lock()

    async def answer(self, asked: Asked) -> Answered:
        """The free times of those asked for, or how the booking ended."""
        if asked.kind == "slots":
            return Answered({"ok": True, "free": await self._free(asked)})
        if asked.kind == "free":
            return Answered({"ok": True}, tuple(bookings.let_go(_whose(asked))))
        async with self._one:
            return await self._book(asked)

    async def _book(self, asked: Asked) -> Answered:
        body = asked.body
        at_us = int(body["at_us"])
        till_us = at_us + int(body["length_us"])
        now_us = self._house.now_us
        booked = await self._house.database.returning(
            bookings.book(str(body["team"]), _whose(asked), at_us, till_us, now_us)
        )
        crash.point("bookings.booked")
        if booked:
            return Answered({"ok": True, "booked": True, "at_us": at_us})
        free = await self._free(asked)
        return Answered({"ok": True, "booked": False, "at_us": at_us, "free": free})

    async def _free(self, asked: Asked) -> list[int]:
        """The times of the request over which nobody else has booked."""
        times, length = [int(us) for us in asked.body["times"]], int(asked.body["length_us"])
        if not times:
            return []
        span = (min(times), max(times) + length)
        team = str(asked.body["team"])
        rows = await self._house.database.fetch(bookings.taken(team, *span, but=_whose(asked)))
        taken = [(row.from_us, row.till_us) for row in rows]
        return [
            us for us in times if not any(us < till and at < us + length for at, till in taken)
        ]


def _whose(asked: Asked) -> tuple[int, str, str]:
    """The person, the funnel and the field that a booking is for."""
    return asked.person_id, str(asked.body.get("funnel", "")), str(asked.body.get("field", ""))

"""``code``: a promo code of a pool or of a pattern, given to one person; and its end, redeemed."""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import Any

from bots.house import House
from bots.outside.asked import Answered, Asked, refused
from storage import codes, crash

TRIES = 50
"""How often a code is made anew when somebody has it; then the pattern has hardly any left."""


class Codes:
    """Gives codes, one at a time, so that nobody gets two for one question."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._one = asyncio.Lock()

    async def answer(self, asked: Asked) -> Answered:
        """The person's code: the one that they have, as long as it is valid and not used."""
        async with self._one:
            row = await self._kept(asked) or await self._new(asked)
        crash.point("codes.given")
        if row is None:
            return refused("no codes are left")
        return Answered({"ok": True, "code": row.code, "until_us": row.valid_us})

    async def _kept(self, asked: Asked) -> Any:
        pool, now_us = str(asked.body["pool"]), self._house.now_us
        mine = codes.of_person(pool, asked.person_id, now_us)
        return next(iter(await self._house.database.fetch(mine)), None)

    async def _new(self, asked: Asked) -> Any:
        pool, pattern = str(asked.body["pool"]), str(asked.body.get("pattern", ""))
        now_us = self._house.now_us
        lasts = asked.body.get("valid_us")
        valid_us = now_us + int(lasts) if lasts else None
        for _ in range(TRIES if pattern else 1):
            if pattern:
                statement = codes.make(pool, made(pattern), asked.person_id, now_us, valid_us)
            else:
                statement = codes.take(pool, asked.person_id, now_us, valid_us)
            found = await self._house.database.returning(statement)
            if found:
                return found[0]
        return None


def made(pattern: str) -> str:
    """A code of the pattern: chance chooses the digits, so that none can be guessed from another."""
    return re.sub("#", lambda _: str(secrets.randbelow(10)), pattern)

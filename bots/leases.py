"""Leases kept alive: who fetches, sends and ticks, with the fence that rows are marked by."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from bots.bells import pause
from bots.house import House
from storage import leases
from storage.work import StorageFailed

SECONDS = 15.0
_RENEW_SECONDS = SECONDS / 3


@dataclass(slots=True)
class Lease:
    """One name's lease; ``fence`` is 0 while somebody else has it."""

    name: str
    fence: int = 0

    @property
    def held(self) -> bool:
        """Whether it is ours."""
        return self.fence > 0


@dataclass(slots=True)
class Tenure:
    """All leases of a process, renewed together."""

    house: House
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    held: dict[str, Lease] = field(default_factory=dict)

    def lease(self, name: str) -> Lease:
        """The lease of that name, ours from the next renewal on."""
        return self.held.setdefault(name, Lease(name))

    async def renew(self) -> None:
        """Take or renew every lease; one that another holder has is 0."""
        await self.house.database.attend(self.owner)
        for lease in self.held.values():
            rows = await self.house.database.returning(
                leases.take(lease.name, self.owner, SECONDS)
            )
            lease.fence = rows[0].fence if rows else 0

    async def evict(self) -> None:
        """End everybody's leases: the database is locked for us, so that they are of the dead."""
        for row in await self.house.database.fetch(leases.holders()):
            if row.owner:
                await self.house.database.commit(leases.give_back(row.owner))

    async def run(self) -> None:
        """Renew until everything stops; while the database is away nothing is held for long."""
        while not self.house.stopping.is_set():
            await pause(self.house.stopping, _RENEW_SECONDS)
            try:
                await self.renew()
            except StorageFailed:
                for lease in self.held.values():
                    lease.fence = 0

    async def give_back(self) -> None:
        """End all leases, so that the next holder need not wait."""
        await self.house.database.commit(leases.give_back(self.owner))
        for lease in self.held.values():
            lease.fence = 0

"""A look at what may go wrong and stay so: halted bots, the disk, events that wait, the hold."""

from __future__ import annotations

import shutil
from pathlib import Path

from bots.alerting.standing import Facts, Key
from bots.house import House
from storage import dead as dead_rows
from storage import health
from storage.work import Database

SCARCE_BYTES = 500 * 1024**2
SCARCE_SHARE = 0.05
"""The disk is nearly full when less than either is left."""
WAITING_US = 300 * 1_000_000
_MINUTE_US = 60 * 1_000_000


async def going(house: House, place: Path | None) -> dict[Key, Facts]:
    """The troubles that go on now, with what is known of them."""
    found: dict[Key, Facts] = {
        ("halted", station.name, ""): {"reason": station.halted}
        for station in house.stations.values()
        if station.halted
    }
    if house.held:
        found["hold", "", ""] = {}
    elif waits := await _waits(house):
        found["unread", "", ""] = {"minutes": str(waits // _MINUTE_US)}
    if (room := _room(place)) is not None:
        found["disk", "", ""] = room
    return found


async def _waits(house: House) -> int:
    """For how long the oldest event has waited for the player, if that is long."""
    row = (await house.database.fetch(health.oldest_unread()))[0]
    waits = 0 if row.since_us is None else int(house.now_us - row.since_us)
    return waits if waits > WAITING_US else 0


def _room(place: Path | None) -> Facts | None:
    """What is left of the disk, if that is little."""
    if place is None:
        return None
    try:
        disk = shutil.disk_usage(place)
    except OSError:
        return None
    if disk.free >= SCARCE_BYTES and disk.free >= disk.total * SCARCE_SHARE:
        return None
    percent = 100 * disk.free // max(1, disk.total)
    return {"free": str(disk.free // 1024**2), "percent": str(percent)}


async def dead(database: Database) -> dict[str, int]:
    """How many dead letters there are, by kind."""
    return {row.kind: int(row.n) for row in await database.fetch(dead_rows.counts())}

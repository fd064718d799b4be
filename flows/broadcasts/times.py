"""When a broadcast is meant for people of each zone, and until when it makes sense."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from flows.calendar import time_of, wall
from flows.when import Now

if TYPE_CHECKING:
    from flows.broadcasts.file import Broadcast

FIRST_ZONE: Final = ZoneInfo("Pacific/Kiritimati")
"""Where every day begins: nobody's clock is ahead of it."""


def planned_in(broadcast: Broadcast, zone: str, project_zone: str, begun: datetime) -> datetime:
    """The moment that the file means for people of the zone (``begun`` for ``when: now``)."""
    when = broadcast.when
    if isinstance(when, Now):
        return begun
    mine = broadcast.zone == "person" and zone
    where = ZoneInfo(zone if mine else project_zone)
    return wall(date.fromisoformat(when.day), time_of(when.minute), where)


def first_of_all(broadcast: Broadcast, project_zone: str, now: datetime) -> datetime:
    """When the first of all people may get it: then the list is made."""
    if broadcast.zone == "person":
        return planned_in(broadcast, FIRST_ZONE.key, project_zone, now)
    return planned_in(broadcast, "", project_zone, now)


def deadline(broadcast: Broadcast, planned: datetime, zone: ZoneInfo) -> datetime:
    """The last moment to send it: ``late`` after its own, else the end of the next day there."""
    if broadcast.late:
        return planned + timedelta(microseconds=broadcast.late)
    day = planned.astimezone(zone).date() + timedelta(days=2)
    return wall(day, time(0), zone)

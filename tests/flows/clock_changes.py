"""When clocks are put on and back, zone by zone, and what they show around it by arithmetic alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flows.calendar import time_of

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Change:
    """Clocks in the zone are put on or back at the moment, from one offset to another."""

    zone: ZoneInfo
    moment: datetime
    before: timedelta
    after: timedelta

    def shown(self, moment: datetime) -> datetime:
        """What clocks show, without a zone."""
        return (moment + (self.before if moment < self.moment else self.after)).replace(
            tzinfo=None
        )

    def wall(self, day: date, minute: int) -> datetime:
        """When clocks show it for the first time; where they never do, the moment of the change."""
        wanted = datetime.combine(day, time_of(minute), UTC)
        early, late = wanted - self.before, wanted - self.after
        if early < self.moment:
            return early
        return max(late, self.moment)

    def minutes(self) -> set[int]:
        """Minutes of the day in and around what is missing or doubled."""
        first = self.shown(self.moment - MINUTE)
        around = [first + MINUTE * ahead for ahead in (-61, -30, 0, 1, 30, 31, 60, 61, 91, 121)]
        return {each.hour * 60 + each.minute for each in around} | {0, 9 * 60, 23 * 60 + 59}

    def days(self) -> list[date]:
        """The day of the change with those beside it."""
        middle = self.shown(self.moment).date()
        return [middle + DAY * ahead for ahead in (-2, -1, 0, 1, 2)]


@cache
def offset_changes(name: str) -> tuple[tuple[datetime, timedelta, timedelta], ...]:
    where, found = ZoneInfo(name), []
    step, stamp = 5 * DAY, datetime(2020, 1, 1, tzinfo=UTC)
    while stamp < datetime(2031, 1, 1, tzinfo=UTC):
        before, after = (each.astimezone(where).utcoffset() for each in (stamp, stamp + step))
        if before is not None and after is not None and before != after:
            found.append((_between(stamp, stamp + step, where), before, after))
        stamp += step
    return tuple(found)


def _between(low: datetime, high: datetime, where: ZoneInfo) -> datetime:
    before = low.astimezone(where).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        same = middle.astimezone(where).utcoffset() == before
        low, high = (middle, high) if same else (low, middle)
    return high


def changes(names: tuple[str, ...] = ()) -> Iterator[Change]:
    """Every change once: zones that have all of them in common count as one."""
    seen = set()
    for name in names or sorted(available_timezones()):
        found = offset_changes(name)
        if found not in seen:
            seen.add(found)
            yield from (Change(ZoneInfo(name), *each) for each in found)

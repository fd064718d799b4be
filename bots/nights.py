"""Letters that wait in the queue: none goes in quiet hours, in the gap, or long after ``late`` allows.

The engine decides when a letter goes, and the queue is seldom longer than a minute. But a process may
die, or a messenger be away, while letters are queued: what was decided then is looked at again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bots.clocks import microseconds, moment_of
from bots.house import House
from flows.late import SEND, Late
from flows.program import Bundle
from flows.windows import QuietHours, end_of_quiet, start_of_quiet
from storage import delivery, inbox, journal
from storage.work import Do, Row

Said = tuple[str, str, str, datetime]
"""Funnel, place, kind and moment of what was said."""
_PAGE = 500
LAGGING = timedelta(minutes=10)
"""Who waited so long is looked at again: the engine must hear that it goes later than was decided."""
PATIENCE = timedelta(hours=1)
"""So long a letter may wait for its turn whatever its rule: the messenger is slow, not the letter."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A letter in the queue: quiet hours, the person's zone, the rule, when it was decided.

    ``quiet`` is None for a service letter: it comes at any hour and makes no gap.
    """

    quiet: QuietHours | None
    zone: ZoneInfo
    late: Late
    decided: datetime

    @property
    def stale(self) -> datetime | None:
        """When its rule forbids to send it; None: never."""
        if self.late.kind == "send":
            return None
        return self.decided + max(PATIENCE, timedelta(seconds=self.late.within))

    def good_until(self, moment: datetime) -> datetime | None:
        """Until when it may be sent from the moment on without another look; None: for ever."""
        if self.quiet is None:
            return self.stale
        night = start_of_quiet(moment, self.quiet, self.zone)
        ends = (night, self.stale, moment + LAGGING)
        return min(each for each in ends if each is not None)


def queued(bundle: Bundle, zone: str, said: Said) -> Queued:
    """The letter that was said; ``zone`` is the person's, empty while it is unknown."""
    funnel, place, kind, decided = said
    program = bundle.programs.get(funnel)
    home = (program.funnel.timezone if program else "") or bundle.timezone
    name, _, rest = place.partition(".")
    series = program.funnel.series.get(name) if program else None
    letter = series.letter(rest.partition(".")[0]) if series else None
    quiet = None if kind == "service" else bundle.limits.quiet
    return Queued(quiet, ZoneInfo(zone or home), letter.late_rule if letter else SEND, decided)


def expires_us(house: House, letter: Queued) -> int | None:
    """The column ``outbox.expires_us`` of what is said now; None when it may be sent at any time."""
    until = letter.good_until(letter.decided)
    return None if until is None else house.wall_us + _us(until - letter.decided)


async def hold(house: House) -> None:
    """Look again at letters that may not be sent any more: to the morning with them, or away."""
    while rows := await house.database.fetch(delivery.overdue(house.wall_us, _PAGE)):
        now = house.clock.now()
        decided = [(row, _letter(house, row), now) for row in rows]
        await house.database.commit([do for each in decided for do in _decide(house, *each)])
        if len(rows) < _PAGE:
            return


def _letter(house: House, row: Row) -> Queued | None:
    station = house.stations.get(row.bot_id)
    if station is None:
        return None
    said = row.funnel or "", row.place or "", row.kind or "", moment_of(row.at_us or 0)
    return queued(station.bundle, row.zone or "", said)


def _decide(house: House, row: Row, letter: Queued | None, now: datetime) -> list[Do]:
    if letter is None:  # its bot is not at work: whoever starts it looks again
        return list(delivery.put_off(row.id, row.due_us, house.wall_us + _us(PATIENCE)))
    if letter.stale is not None and letter.stale <= now:
        work = list(delivery.withdraw([row.id], microseconds(now), "late"))
        return [*work, *_noted(row, now, "skipped", "late")]
    morning = end_of_quiet(now, letter.quiet, letter.zone)
    until = letter.good_until(morning)
    expires = None if until is None else house.wall_us + _us(until - now)
    due_us = max(row.due_us, house.wall_us + _us(morning - now))
    work = [*delivery.put_off(row.id, due_us, expires), *_told(row, now, morning)]
    return work if morning <= now else [*work, *_noted(row, now, "held", "quiet", morning)]


def _told(row: Row, now: datetime, morning: datetime) -> Sequence[Do]:
    """The engine hears of it: gap and limits count from when the letter really goes."""
    told = {"decided_us": row.at_us, "until_us": microseconds(morning)}
    event = {
        "source_key": f"held:{row.id}:{microseconds(morning)}",
        "kind": "held",
        "bot_id": row.bot_id,
        "identity_id": row.identity_id,
        "person_id": row.person_id,
        "payload": json.dumps(told),
        "received_us": microseconds(now),
    }
    return inbox.add([event]) if row.person_id is not None else []


def _noted(
    row: Row, now: datetime, kind: str, reason: str, until: datetime | None = None
) -> Sequence[Do]:
    line: dict[str, Any] = {
        "person_id": row.person_id,
        "run_id": row.run_id,
        "place": row.place or "",
        "at_us": microseconds(now),
        "kind": kind,
        "reason": reason,
        "until_us": None if until is None else microseconds(until),
    }
    return journal.add([line])


def _us(length: timedelta) -> int:
    return length // timedelta(microseconds=1)

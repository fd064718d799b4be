"""Where a planned letter really falls: moved, never dropped silently."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flows.calendar import Calendar, wall
from flows.messages import MessageKind
from flows.windows import (
    Days,
    QuietHours,
    Window,
    end_of_quiet,
    next_allowed_day,
    next_opening,
)

Reason = Literal["previous", "day", "window", "quiet", "gap", "limit"]

_SETTLING_ROUNDS = 50  # a fit is found in a few rounds or, where rules exclude each other, never
_LIMIT_DAYS = 60


@dataclass(frozen=True)
class Placed:
    """The moment (UTC) at which the letter goes and what moved it there, each once, in order."""

    moment: datetime
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Nowhere:
    """No moment suits the letter: the rules named exclude each other."""

    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Hours:
    """What a moment must fit: days and a window where they are written, quiet hours, the zone.

    Quiet hours are the person's, so ``quiet_zone`` may be another than that of days and window.
    """

    days: Days | None
    window: Window | None
    quiet: QuietHours | None
    zone: ZoneInfo
    calendar: Calendar
    quiet_zone: ZoneInfo | None = None


def placed(
    planned: datetime,
    *,
    kind: MessageKind,
    now: datetime,
    hours: Hours,
    after: datetime | None = None,
    gap: timedelta = timedelta(0),
    limits: Mapping[str, int] | None = None,
    last_sent: Sequence[tuple[datetime, str]] = (),
) -> Placed | Nowhere:
    """Return where the letter falls, never before `planned` nor `now`.

    `after` is the previous letter's actual moment, `limits` letters a day by kind (a kind left
    out has none), `last_sent` the moments and kinds of the letters of any funnel already sent.
    A service letter is exact: only days and a window written on it move it.
    """
    start = max(planned, now).astimezone(UTC)
    if kind == "service":
        return _settled(start, Hours(hours.days, hours.window, None, hours.zone, hours.calendar))
    reasons: list[Reason] = []
    if after is not None and after > start:
        start = after.astimezone(UTC)
        reasons.append("previous")
    place = _continued(_settled(start, hours), reasons)
    if isinstance(place, Nowhere):
        return place
    sent = [(moment.astimezone(UTC), sort) for moment, sort in last_sent if sort != "service"]
    earliest = max((moment + gap for moment, _ in sent), default=start)
    if earliest > place.moment:
        reasons = [*place.reasons, "gap"]
        place = _continued(_settled(earliest, hours), reasons)
    limit = (limits or {}).get(kind)
    if isinstance(place, Nowhere) or limit is None:
        return place
    return _within_limit(
        place, hours, limit, [moment for moment, sent in last_sent if sent == kind]
    )


def released(moment: datetime, quiet: QuietHours | None, zone: ZoneInfo) -> datetime:
    """Return when a reminder or a play set off by the clock may speak: outside quiet hours."""
    return end_of_quiet(moment, quiet, zone)


def _settled(start: datetime, hours: Hours) -> Placed | Nowhere:
    moment, reasons = start, list[Reason]()
    for _ in range(_SETTLING_ROUNDS):
        day = next_allowed_day(moment, hours.days, hours.zone, hours.calendar)
        if day is None:
            return Nowhere(("day",))
        opening = next_opening(day, hours.window, hours.zone)
        loud = end_of_quiet(opening, hours.quiet, hours.quiet_zone or hours.zone)
        if day != moment:
            reasons.append("day")
        if opening != day:
            reasons.append("window")
        if loud != opening:
            reasons.append("quiet")
        if loud == moment:
            return Placed(moment, _once(reasons))
        moment = loud
    return Nowhere(_once(reasons))


def _within_limit(
    place: Placed, hours: Hours, limit: int, sent: Sequence[datetime]
) -> Placed | Nowhere:
    found: Placed | Nowhere = place
    days = [moment.astimezone(hours.zone).date() for moment in sent]
    for _ in range(_LIMIT_DAYS):
        if isinstance(found, Nowhere):
            return found
        local = found.moment.astimezone(hours.zone)
        if days.count(local.date()) < limit:
            return found
        # Without a window or quiet hours nothing opens: the letter keeps its clock time.
        at = time(0) if hours.window or hours.quiet else local.time()
        next_day = wall(local.date() + timedelta(days=1), at, hours.zone)
        found = _continued(_settled(next_day, hours), [*found.reasons, "limit"])
    return Nowhere(("limit",))


def _continued(place: Placed | Nowhere, earlier: Sequence[Reason]) -> Placed | Nowhere:
    reasons = _once([*earlier, *place.reasons])
    if isinstance(place, Nowhere):
        return Nowhere(reasons)
    return Placed(place.moment, reasons)


def _once(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))

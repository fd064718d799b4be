"""Lengths of time as marketers write them: `45m`, `1d 6h`, `45 мин`."""

import re
from datetime import timedelta

from flows.timing_messages import TimingProblem

LONGEST = timedelta(days=3650)

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_UNITS = {
    **dict.fromkeys(("s", "sec", "с", "сек"), "s"),
    **dict.fromkeys(("m", "min", "м", "мин"), "m"),
    **dict.fromkeys(("h", "ч", "час", "часа", "часов"), "h"),
    **dict.fromkeys(("d", "д", "дн", "день", "дня", "дней"), "d"),
}
_PART = re.compile(r"\s*(?P<count>\d{1,9})\s*(?P<unit>[^\W\d_]+)\.?(?=\s|\d|$)")


def read_duration(text: str) -> timedelta | TimingProblem:
    """Return the length of time written in `text`, a day being 24 hours."""
    written = text.rstrip()
    position, seconds, smallest = 0, 0, LONGEST.days * 86_400
    while position < len(written):
        part = _PART.match(written, position)
        if part is None:
            break
        unit = _UNITS.get(part["unit"].lower())
        if unit is None:
            return TimingProblem("duration_unit", {"unit": part["unit"]}, part.start("unit"))
        if _SECONDS[unit] >= smallest:
            return TimingProblem("duration_order", {"unit": part["unit"]}, part.start("unit"))
        smallest = _SECONDS[unit]
        seconds += int(part["count"]) * smallest
        position = part.end()
    if not written or position < len(written):
        return TimingProblem("duration_form", {"text": text.strip()}, position)
    if seconds > LONGEST.total_seconds():
        return TimingProblem("duration_long", {"text": text.strip()})
    return timedelta(seconds=seconds)


def written(duration: timedelta) -> str:
    """Return the shortest text that reads as this duration, whole seconds: `1d 6h`."""
    return " ".join(f"{count}{unit}" for count, unit in _parts(duration)) or "0m"


def _parts(duration: timedelta) -> list[tuple[int, str]]:
    rest, parts = int(duration.total_seconds()), []
    for unit in "dhms":
        count, rest = divmod(rest, _SECONDS[unit])
        if count:
            parts.append((count, unit))
    return parts

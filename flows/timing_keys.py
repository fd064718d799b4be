"""Keys that hold times: durations, moments, windows, days, lateness."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flows.calendar import zone as find_zone
from flows.durations import read_duration
from flows.hours import WorkHours, read_hours
from flows.late import Late, read_late
from flows.reading import Read, Reading, as_items, as_scalar
from flows.shapes import TEXT, Schema, one_or_more, shaped, written_as
from flows.source import Node
from flows.timing_messages import TimingProblem
from flows.when import When, read_when
from flows.windows import Days, QuietHours, Window, read_days, read_quiet_hours, read_window

_LENGTH = r"([0-9]{1,9}\s*[^0-9\s.]+\.?\s*)+"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}"
_SPAN = rf"^\s*{_CLOCK}\s*[-–—]\s*{_CLOCK}\s*$"
_OFF = r"^\s*[Oo][Ff][Ff]\s*$"
_LATE = rf"^\s*(skip|send(\s+within\s+{_LENGTH})?)\s*$"
_OFFSET = rf"[+−-]\s*([0-9]+\s*(wd|d)\s+{_CLOCK}|{_LENGTH})"
WHEN = (
    rf"^\s*([Nn][Oo][Ww]|{_OFFSET}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[\sT]+{_CLOCK}"
    rf"|[A-Za-zА-Яа-яЁё]{{2,3}}\s+{_CLOCK}|[a-z][a-z0-9_]*\s*({_OFFSET})?)\s*$"
)
"""Every form of `when`, a little wider than the reader: an editor must not mark what is right."""
LENGTH = written_as(rf"^\s*{_LENGTH}\s*$", "45m", "24h", "3d", "1d 6h")
_DAY: Schema = {
    **TEXT,
    "examples": ["workdays", "mon-fri", "mon", "tue", "wed", "thu", "fri", "sat", "sun"],
}


def timing(read_text: Callable[[str], Any], shape: Schema | None = None) -> Read:
    """A reader of a scalar by a function that gives a value or a :class:`TimingProblem`."""

    def read(node: Node, reading: Reading) -> Any:
        scalar = as_scalar(node, reading)
        found = read_text(scalar.text)
        if isinstance(found, TimingProblem):
            raise reading.refuse(found.code, scalar.at(found.offset), **dict(found.params))
        return found

    return read if shape is None else shaped(shape)(read)


def _microseconds(text: str) -> int | TimingProblem:
    found = read_duration(text)
    return found if isinstance(found, TimingProblem) else found // timedelta(microseconds=1)


duration: Callable[[Node, Reading], int] = timing(_microseconds, LENGTH)
"""A duration in microseconds."""
when: Callable[[Node, Reading], When] = timing(
    read_when,
    written_as(WHEN, "+1d 11:00", "+2h", "+3wd 11:00", "fri 18:30", "now", "2026-12-10 19:00"),
)
window: Callable[[Node, Reading], Window] = timing(read_window, written_as(_SPAN, "10:00-20:00"))
quiet: Callable[[Node, Reading], QuietHours] = timing(
    read_quiet_hours,
    {"anyOf": [written_as(_SPAN, "22:00-09:00"), {"enum": ["off", False]}, written_as(_OFF)]},
)
late: Callable[[Node, Reading], Late] = timing(
    read_late,
    {"anyOf": [{"enum": ["skip", "send"]}, written_as(_LATE, "send within 20m")]},
)

hours: Callable[[Node, Reading], WorkHours] = timing(
    read_hours,
    written_as(r"\d{1,2}:\d\d", "mon-fri 10:00-19:00", "mon-fri 10:00-19:00, sat 11:00-16:00"),
)
"""A team's working hours."""


@shaped(one_or_more(_DAY))
def days(node: Node, reading: Reading) -> Days:
    """``workdays`` or a list of days of the week."""
    names = [as_scalar(item, reading) for item in as_items(node)]
    found = read_days([scalar.text for scalar in names])
    if isinstance(found, TimingProblem):
        raise reading.refuse(found.code, node.mark, **dict(found.params))
    return found


@shaped({**TEXT, "examples": ["Europe/Moscow", "Asia/Vladivostok", "МСК+4"]})
def zone(node: Node, reading: Reading) -> str:
    """An IANA name of a time zone, or «МСК+4» turned into one."""
    scalar = as_scalar(node, reading)
    found = find_zone(scalar.text)
    if found is None:
        raise reading.refuse("unknown-zone", scalar.mark, zone=scalar.text)
    return found.key

"""Keys that hold times: durations, moments, windows, days, lateness."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flows.calendar import zone as find_zone
from flows.durations import read_duration
from flows.late import Late, read_late
from flows.reading import Read, Reading, as_items, as_scalar
from flows.source import Node
from flows.timing_messages import TimingProblem
from flows.when import When, read_when
from flows.windows import Days, QuietHours, Window, read_days, read_quiet_hours, read_window


def timing(read_text: Callable[[str], Any]) -> Read:
    """A reader of a scalar by a function that gives a value or a :class:`TimingProblem`."""

    def read(node: Node, reading: Reading) -> Any:
        scalar = as_scalar(node, reading)
        found = read_text(scalar.text)
        if isinstance(found, TimingProblem):
            raise reading.refuse(found.code, scalar.at(found.offset), **dict(found.params))
        return found

    return read


def _microseconds(text: str) -> int | TimingProblem:
    found = read_duration(text)
    return found if isinstance(found, TimingProblem) else found // timedelta(microseconds=1)


duration: Callable[[Node, Reading], int] = timing(_microseconds)
"""A duration in microseconds."""
when: Callable[[Node, Reading], When] = timing(read_when)
window: Callable[[Node, Reading], Window] = timing(read_window)
quiet: Callable[[Node, Reading], QuietHours] = timing(read_quiet_hours)
late: Callable[[Node, Reading], Late] = timing(read_late)


def days(node: Node, reading: Reading) -> Days:
    """``workdays`` or a list of days of the week."""
    names = [as_scalar(item, reading) for item in as_items(node)]
    found = read_days([scalar.text for scalar in names])
    if isinstance(found, TimingProblem):
        raise reading.refuse(found.code, node.mark, **dict(found.params))
    return found


def zone(node: Node, reading: Reading) -> str:
    """An IANA name of a time zone, or «МСК+4» turned into one."""
    scalar = as_scalar(node, reading)
    found = find_zone(scalar.text)
    if found is None:
        raise reading.refuse("unknown-zone", scalar.mark, zone=scalar.text)
    return found.key

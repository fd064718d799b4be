"""What becomes of a letter whose moment is past: the `late` rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from flows.durations import read_duration
from flows.durations import written as written_duration
from flows.timing_messages import TimingProblem
from flows.when import DayAt, FieldDayAt, FieldOffset, Moment, When, WorkingDayAt

PUNCTUAL_SECONDS = 60  # moments are told to the minute: a minute that is not over is not past


@dataclass(frozen=True)
class Late:
    """Skip, send, or send `within` so many seconds; `skip_at_entry` makes entering stricter."""

    kind: Literal["skip", "send", "within"]
    within: int = 0
    skip_at_entry: bool = False

    def __str__(self) -> str:
        if self.kind != "within":
            return self.kind
        return f"send within {written_duration(timedelta(seconds=self.within))}"


SEND = Late("send")
SKIP = Late("skip")
TWENTY_MINUTES = Late("within", 20 * 60, skip_at_entry=True)


def read_late(text: str) -> Late | TimingProblem:
    """Return the rule written as `skip`, `send` or `send within 20m`."""
    words = text.split()
    if words == ["skip"]:
        return SKIP
    if words == ["send"]:
        return SEND
    if words[:2] != ["send", "within"] or len(words) == 2:
        return TimingProblem("late_form", {"text": text.strip()})
    offset = text.index("within") + len("within")
    duration = read_duration(text[offset:])
    if isinstance(duration, TimingProblem):
        return duration.moved(offset)
    return Late("within", int(duration.total_seconds()))


def default_late(when: When) -> Late:
    """Return the rule of a letter that writes none."""
    match when:
        case Moment() | FieldOffset() | FieldDayAt() | DayAt(days=0) | WorkingDayAt(days=0):
            return TWENTY_MINUTES
        case _:
            return SEND


def verdict(
    late: Late, *, due: datetime, now: datetime, at_entry: bool
) -> Literal["send", "skip"]:
    """Return whether a letter due at that moment is still sent, `within` inclusive."""
    past = (now - due).total_seconds()
    if past < PUNCTUAL_SECONDS or late.kind == "send":
        return "send"
    if late.kind == "skip" or (at_entry and late.skip_at_entry):
        return "skip"
    return "send" if past <= late.within else "skip"

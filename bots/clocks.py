"""The time of people: everything that is decided about them asks this clock and no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """What tells the moment."""

    def now(self) -> datetime:
        """The moment, UTC."""
        ...


class SetClock:
    """A clock that stands until it is moved, for tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The moment that was set."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Go to a moment."""
        self._moment = moment.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Go forward, or back."""
        self._moment += by


def microseconds(moment: datetime) -> int:
    """The moment as the tables keep it: microseconds UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(us: int) -> datetime:
    """The moment that the tables keep."""
    return _EPOCH + timedelta(microseconds=us)


def now_us(clock: Clock) -> int:
    """The clock's moment in microseconds UTC."""
    return microseconds(clock.now())

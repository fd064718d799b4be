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


class OnwardClock:
    """The time of queues: another clock's, but it never goes back.

    When that clock is set back this one goes on from where it was. What was queued before stays due
    (R31); only differences mean anything.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = timedelta(0)
        self._last = clock.now()

    def now(self) -> datetime:
        """The moment, UTC; never before an earlier one."""
        moment = self._clock.now() + self._ahead
        if moment < self._last:
            self._ahead += self._last - moment
        self._last = max(self._last, moment)
        return self._last

    def reach(self, moment: datetime) -> None:
        """Be no earlier than an earlier life of the program was."""
        self._ahead += max(timedelta(0), moment - self.now())


def microseconds(moment: datetime) -> int:
    """The moment as the tables keep it: microseconds UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(us: int) -> datetime:
    """The moment that the tables keep."""
    return _EPOCH + timedelta(microseconds=us)


def now_us(clock: Clock) -> int:
    """The clock's moment in microseconds UTC."""
    return microseconds(clock.now())

"""Where the time comes from: the machine's clock, or in tests a file that they write."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from bots.clocks import Clock

CLOCK_FILE = "VORONKA_TEST_CLOCK"


class ClockRefused(Exception):
    """A test's clock was asked for outside of a test."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The moment, UTC."""
        return datetime.now(UTC)


class FileClock:
    """The moment that a test wrote in a file, ISO 8601; UTC where it names no zone.

    While the test is writing the file the moment read last counts.
    """

    def __init__(self, path: Path) -> None:
        if os.environ.get("VORONKA_ENV") != "test":
            raise ClockRefused(f"{CLOCK_FILE} is for tests: it needs VORONKA_ENV=test.")
        self._path = path
        self._last: datetime | None = None

    def now(self) -> datetime:
        """The moment, UTC."""
        try:
            read = datetime.fromisoformat(self._path.read_text(encoding="utf-8").strip())
        except (OSError, ValueError):
            return self._last or datetime.now(UTC)
        self._last = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
        return self._last


def time_flies() -> bool:
    """Whether people's time is a test's: days pass in seconds, and what a second bears says nothing."""
    return bool(os.environ.get(CLOCK_FILE))


def people_clock() -> Clock:
    """The clock for everything that is decided about people; ``ClockRefused`` outside of tests."""
    path = os.environ.get(CLOCK_FILE)
    return FileClock(Path(path)) if path else SystemClock()

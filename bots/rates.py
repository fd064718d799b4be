"""How fast letters leave: a bucket of calls a second that narrows when the messenger complains."""

from __future__ import annotations

import time
from collections.abc import Callable

RATES = {"telegram": 25.0, "vk": 15.0}
_OTHER = 1_000.0
_LEAST = 1.0
_RISE = 1.02
"""A second without complaints: back at full speed from a half in about half a minute."""


class Bucket:
    """Calls that may be made now; monotonic time fills it up to one second's worth."""

    def __init__(self, channel: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._full = RATES.get(channel, _OTHER)
        self._rate = self._full
        self._monotonic = monotonic
        self._at = monotonic()
        self._calls = 1.0

    @property
    def rate(self) -> float:
        """Calls a second now."""
        return self._rate

    def room(self) -> int:
        """How many calls may be made now."""
        now = self._monotonic()
        passed = max(0.0, now - self._at)
        self._at = now
        self._calls = min(self._rate, self._calls + passed * self._rate)
        self._rate = min(self._full, self._rate * _RISE ** min(passed, 60.0))
        return int(self._calls)

    def spend(self, calls: int) -> None:
        """So many calls were made."""
        self._calls -= calls

    def narrow(self) -> None:
        """The messenger asked to slow down."""
        self._rate = max(_LEAST, self._rate / 2)
        self._calls = 0.0

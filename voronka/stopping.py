"""How the process ends: a signal asks it to, a second one makes it, and ten seconds are the most."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from dataclasses import dataclass, field

LATEST_SECONDS = 9.5
"""A database that never answers holds its threads: the process goes without them."""
LATE = 1
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Stop:
    """``asked`` is set by the first signal; the second ends the process at once (R47)."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def listen(self) -> None:
        """Take the signals from now on."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._hear, number)

    def _hear(self, number: signal.Signals) -> None:
        if self.asked.is_set():
            leave(128 + number)
        self.asked.set()
        last = threading.Timer(LATEST_SECONDS, leave, (LATE,))
        last.daemon = True
        last.start()


def leave(code: int) -> None:
    """End the process without asking anybody: what is committed stays, the rest is decided anew."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)

"""Named points at which a test may kill the process as a power cut would."""

import os
import signal
from collections import Counter

_hits: Counter[str] = Counter()


def point(name: str) -> None:
    """Count a passage; kill the process when `VORONKA_ENV=test` and `VORONKA_CRASH=name:count`."""
    _hits[name] += 1
    if os.environ.get("VORONKA_ENV") != "test":
        return
    wanted, _, count = os.environ.get("VORONKA_CRASH", "").rpartition(":")
    if wanted == name and count == str(_hits[name]):
        os.kill(os.getpid(), signal.SIGKILL)


def hits() -> dict[str, int]:
    """How often each point was passed since the process started."""
    return dict(_hits)

"""The time an emulated messenger shows: the test's own clock when there is one."""

import os
from datetime import UTC, datetime
from pathlib import Path


def now() -> datetime:
    """Return the moment written in the file that VORONKA_TEST_CLOCK names, else the real one."""
    path = os.environ.get("VORONKA_TEST_CLOCK")
    if path:
        try:
            moment = datetime.fromisoformat(Path(path).read_text(encoding="utf-8").strip())
        except (OSError, ValueError):  # the test is writing it right now, or has not begun
            return datetime.now(UTC)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.now(UTC)


def timestamp() -> int:
    """Return the same moment in Unix seconds."""
    return int(now().timestamp())

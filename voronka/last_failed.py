"""Which tests failed the last time they were played: kept in the project's ``var/``."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

Named = tuple[str, str]
"""The funnel and the test's name."""


def failed_before(folder: Path) -> set[Named]:
    """The tests that failed; none when nothing is remembered."""
    try:
        told = json.loads(_file(folder).read_text(encoding="utf-8"))
        return {(str(funnel), str(test)) for funnel, test in told["failed"]}
    except (OSError, ValueError, TypeError, KeyError):
        return set()


def remember(folder: Path, passed: Iterable[Named], failed: Iterable[Named]) -> None:
    """What was played changes, the rest stays; a folder that cannot be written is left alone."""
    before = failed_before(folder)
    now = (before - set(passed)) | set(failed)
    if now == before:
        return
    with contextlib.suppress(OSError):
        _file(folder).parent.mkdir(exist_ok=True)
        text = json.dumps({"failed": sorted(now)}, ensure_ascii=False, indent=1)
        _file(folder).write_text(text + "\n", encoding="utf-8")


def _file(folder: Path) -> Path:
    return folder / "var" / "last_failed.json"

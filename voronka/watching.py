"""Notices that a project's files changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

SECONDS = 0.5
Stamp = dict[str, tuple[int, int]]


def stamp(folder: Path) -> Stamp:
    """Size and time of every file that makes the project."""
    return {str(path): _mark(path) for path in _files(folder)}


async def changes(
    folder: Path, seen: Stamp, stopping: asyncio.Event, act: Callable[[], None]
) -> None:
    """Call ``act`` after every change, once the files have rested for a glance.

    ``seen`` is the stamp from before the files were read: what changed since counts.
    """
    settling = seen
    while not stopping.is_set():
        try:
            async with asyncio.timeout(SECONDS):
                await stopping.wait()
        except TimeoutError:
            pass
        now = await asyncio.to_thread(stamp, folder)
        # An editor may write a file in pieces: wait until two glances agree.
        if now != seen and now == settling:
            seen = now
            act()
        settling = now


def wait_for_change(seen: Mapping[Path, Stamp]) -> None:
    """Return when a folder's stamp differs from the one given and the files have rested."""
    settling = dict(seen)
    while True:
        time.sleep(SECONDS)
        now = {folder: stamp(folder) for folder in seen}
        if now != seen and now == settling:
            return
        settling = now


def _files(folder: Path) -> Iterator[Path]:
    yield folder / "voronka.yaml"
    yield folder / "actions.py"
    funnels = folder / "funnels"
    yield from sorted(funnels.glob("*.y*ml"))
    yield from sorted(funnels.glob("documents/*"))


def _mark(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (-1, -1)
    return (found.st_size, found.st_mtime_ns)

"""The witness beside the data: finds at the start that the database is an older copy of itself."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bots.bells import pause
from bots.house import House
from storage import crash, health, hold, leases, notes, witness
from storage.hold import COPY, Hold
from storage.migration import HOLD
from storage.witness import Kept, Mark
from storage.work import StorageFailed, Work

EVERY_SECONDS = 1.0
"""How much of the last life an older copy may lack without its being seen, after a `kill -9`."""
_BYTES = 8


@dataclass(slots=True)
class Witness:
    """Keeps a mark in the database and in ``path``; the database's comes first.

    A death between the two leaves the file with the mark before, which the database remembers: no
    false alarm. A file ahead of the database, or of another past, means an older copy.
    """

    house: House
    path: Path
    kept: Kept | None = None
    trouble: str = ""

    async def meet(self, *, alone: bool) -> None:
        """Compare database and file, hold everything when they differ, and mark both.

        Not ``alone``, another process may be at work on the database: then it is no older copy.
        """
        self.kept = await self._stored()
        file = read_file(self.path)
        if not alone and await self._is_alive():
            await self._show()
            return
        why = await self._judged(file)
        if file is None and self.kept is None:
            file = fresh_mark(self.house.now_us)
            if not await self._written(file):
                return
            crash.point("witness.begun")
        await self._mark(file, await self._hold(why, file) if why else [])

    async def advance(self) -> None:
        """A new mark: an older copy made before this moment will be seen."""
        if self.kept is not None and await self._show():
            await self._mark(self.kept.mark, [])

    async def run(self, done: Callable[[], int]) -> None:
        """Mark anew while things happen (``done`` counts them), until everything stops."""
        marked = done()
        while not self.house.stopping.is_set():
            await pause(self.house.stopping, EVERY_SECONDS)
            before, now = marked, done()
            if now == before:
                continue
            try:
                await self.advance()
                marked = now
            except StorageFailed:
                continue  # the parts at work tell of it

    async def _mark(self, file: Mark | None, more: Work) -> None:
        following = witness.next_mark(self.kept, file, fresh_mark(self.house.now_us))
        await self.house.database.commit([*more, *witness.put(following)])
        crash.point("witness.stored")
        self.kept = following
        await self._show()
        crash.point("witness.shown")

    async def _stored(self) -> Kept | None:
        rows = await self.house.database.fetch(notes.find(witness.KEY))
        return witness.read_kept(rows[0].value) if rows else None

    async def _is_alive(self) -> bool:
        """Whether another process holds a lease, by the database's own clock."""
        now_us = (await self.house.database.fetch(health.clock()))[0].now_us
        rows = await self.house.database.fetch(leases.holders())
        return any(row.owner and row.until_us > now_us for row in rows)

    async def _judged(self, file: Mark | None) -> str:
        if await self.house.database.fetch(notes.find(COPY)):
            return hold.RESTORED
        used = bool((await self.house.database.fetch(hold.is_used()))[0].used)
        return witness.judged(self.kept, file, used=used)

    async def _hold(self, why: str, file: Mark | None) -> Work:
        """The work that begins the hold; one that there is already stays."""
        if hold.read(await self.house.database.fetch(notes.find(HOLD))) is not None:
            return hold.forget(COPY)
        copies = await self.house.database.fetch(notes.find(COPY))
        copied_us = int(copies[0].value) if copies else self.kept.mark.at_us if self.kept else 0
        return hold.begin(hold_of(why, self.house.now_us, copied_us, file))

    # --- the file -----------------------------------------------------------------------------

    async def _show(self) -> bool:
        """Whether the file has the database's mark now."""
        if self.kept is None:
            return False
        return read_file(self.path) == self.kept.mark or await self._written(self.kept.mark)

    async def _written(self, mark: Mark) -> bool:
        before, self.trouble = self.trouble, ""
        try:
            await asyncio.to_thread(replace_file, self.path, witness.written(mark))
        except OSError as error:
            self.trouble = error.strerror or "?"
            if not before:
                facts = {"path": str(self.path), "reason": self.trouble}
                self.house.alarm("witness", facts)
            return False
        return True


def hold_of(why: str, now_us: int, copied_us: int, file: Mark | None) -> Hold:
    """The hold of an older copy: the life after it was last seen when the file was written."""
    last_us = now_us if file is None else file.at_us + round(EVERY_SECONDS * 1_000_000)
    return Hold(why, now_us, copied_us, min(now_us, max(last_us, copied_us)))


def fresh_mark(now_us: int) -> Mark:
    """A mark of no line that is known."""
    return Mark(secrets.token_hex(_BYTES), 0, secrets.token_hex(_BYTES), now_us)


def read_file(path: Path) -> Mark | None:
    """The mark in the file, None when there is none."""
    try:
        return witness.read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def replace_file(path: Path, text: str) -> None:
    """Put the text into the file for good: after a power cut it is the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    settle_folder(path.parent)


def settle_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Files that a messenger already holds: one upload per bot, file and kind (R45)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

from storage import bots, uploads
from storage.work import Database


class Uploads(Protocol):
    """Where a bot's uploaded files are remembered."""

    async def get(self, sha256: str, kind: str) -> str | None:
        """The messenger's reference to the file, None if it was never uploaded."""

    async def put(self, sha256: str, kind: str, reference: str) -> None:
        """Remember the reference; a later one replaces it."""


class RememberedUploads:
    """Uploads in memory, for tests and for a bot without a database."""

    def __init__(self) -> None:
        self._references: dict[tuple[str, str], str] = {}

    async def get(self, sha256: str, kind: str) -> str | None:
        """The reference, None if there is none."""
        return self._references.get((sha256, kind))

    async def put(self, sha256: str, kind: str, reference: str) -> None:
        """Remember the reference."""
        self._references[sha256, kind] = reference


class Digests:
    """SHA-256 of files in hex, read again only when size or time of change differ."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[int, int, str]] = {}

    async def of(self, path: Path) -> str:
        """The digest of the file as it is now; raises ``OSError`` when it cannot be read."""
        stat = await asyncio.to_thread(path.stat)
        known = self._known.get(path)
        if known and known[:2] == (stat.st_size, stat.st_mtime_ns):
            return known[2]
        digest = await asyncio.to_thread(_digest, path)
        self._known[path] = (stat.st_size, stat.st_mtime_ns, digest)
        return digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Flights:
    """Lets one upload of a file happen at a time: who comes second finds what the first brought."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone(self, files: Iterable[tuple[str, str]]) -> AsyncIterator[None]:
        """Be the only one with these files (digest and kind) until the end of the block."""
        async with AsyncExitStack() as held:
            for file in sorted(set(files)):  # in one order, or two could wait for each other
                lock = self._locks.setdefault(file, asyncio.Lock())
                await held.enter_async_context(lock)
            yield


class StoredUploads:
    """Uploads of one bot in the database."""

    def __init__(self, database: Database, bot: str) -> None:
        self._database = database
        self._bot = bot
        self._id: int | None = None

    async def get(self, sha256: str, kind: str) -> str | None:
        """The reference, None if the bot never uploaded the file."""
        found = await self._database.fetch(uploads.find(await self._row(), sha256, kind))
        return str(found[0].file_ref) if found else None

    async def put(self, sha256: str, kind: str, reference: str) -> None:
        """Remember the reference."""
        row = {"bot_id": await self._row(), "sha256": sha256, "kind": kind, "file_ref": reference}
        await self._database.commit(uploads.put([row]))

    async def _row(self) -> int:
        if self._id is None:
            self._id = int((await self._database.fetch(bots.named(self._bot)))[0].id)
        return self._id

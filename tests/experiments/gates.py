"""A gate before PostgreSQL: connections pass through it, freeze, or are cut at a chosen answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


class Gate:
    """Listens in ``folder``; ``url`` leads through it to the database of ``target``.

    ``cut_at`` counts the server's answers down: the one that makes it 0 is swallowed, though the
    server did what it was asked, and every connection is cut.
    """

    def __init__(self, folder: Path, target: str) -> None:
        base, _, server = target.partition("?host=")
        self.url = f"{base}?host={folder}"
        self._server_socket = f"{server}/{SOCKET}"
        self._path = folder / SOCKET
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._listening: asyncio.Server | None = None
        self.answers = 0
        self.cut_at = 0
        self.cuts = 0

    async def open(self) -> None:
        """Let connections in."""
        self._path.unlink(missing_ok=True)
        self._listening = await asyncio.start_unix_server(self._enter, str(self._path))

    async def shut(self) -> None:
        """Cut every connection and let none in."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        self._path.unlink(missing_ok=True)
        self.cut()
        await asyncio.sleep(0)

    def freeze(self) -> None:
        """Let nothing through any more; nobody is told."""
        self._flows.clear()

    def thaw(self) -> None:
        """Let everything go on from where it stopped."""
        self._flows.set()

    def cut(self) -> None:
        """Break every connection."""
        self.cuts += 1
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def close(self) -> None:
        """Shut it for good."""
        await self.shut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        inner, outer = await asyncio.open_unix_connection(self._server_socket)
        self._writers |= {writer, outer}
        both = (self._pump(reader, outer, counted=False), self._pump(inner, writer, counted=True))
        try:
            await asyncio.gather(*both)
        finally:
            for one in (writer, outer):
                self._writers.discard(one)
                one.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        try:
            while data := await reader.read(65536):
                await self._flows.wait()
                if counted and self._swallows():
                    self.cut()
                    return
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.transport.abort()

    def _swallows(self) -> bool:
        self.answers += 1
        if self.cut_at:
            self.cut_at -= 1
            return not self.cut_at
        return False

"""Ways for a database to be away, each a context: PostgreSQL behind a gate, SQLite on a bad disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from storage.sqlite import SqliteDatabase
from tests.experiments.gates import Gate

Outage = Callable[[], AbstractAsyncContextManager[Any]]
_MOST_PAGES = 1_073_741_823


@asynccontextmanager
async def gone(gate: Gate) -> AsyncIterator[None]:
    """The server is not there: connections break, new ones are refused."""
    await gate.shut()
    yield
    await gate.open()


@asynccontextmanager
async def frozen(gate: Gate) -> AsyncIterator[None]:
    """The server answers nothing and breaks nothing."""
    gate.freeze()
    yield
    gate.thaw()


@asynccontextmanager
async def cut(gate: Gate, every: int) -> AsyncIterator[None]:
    """Every so many answers one is lost, with all connections: what was asked is done all the same."""
    at_work = asyncio.create_task(_cutting(gate, every))
    yield
    at_work.cancel()
    gate.cut_at = 0


async def _cutting(gate: Gate, every: int) -> None:
    while True:
        if not gate.cut_at:
            gate.cut_at = every
        await asyncio.sleep(0.01)


@asynccontextmanager
async def killed(server: Any) -> AsyncIterator[None]:
    """The server's processes die at once; somebody starts it again."""
    process = server._postmaster_info.process
    for each in (*process.children(recursive=True), process):
        each.kill()
    yield
    await asyncio.to_thread(server.ensure_postgres_running)


@asynccontextmanager
async def stopped(server: Any) -> AsyncIterator[None]:
    """The server's processes stand still (SIGSTOP)."""
    process = server._postmaster_info.process
    standing = [process, *process.children(recursive=True)]
    for each in standing:
        each.suspend()
    yield
    for each in standing:
        each.resume()


@asynccontextmanager
async def no_room(folder: Path) -> AsyncIterator[None]:
    """The disk that the folder is on has no room left, not even for a byte."""
    filler = folder / "filler"
    with filler.open("wb") as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
            file.flush()
    yield
    filler.unlink()


@asynccontextmanager
async def full(database: SqliteDatabase) -> AsyncIterator[None]:
    """The file may not grow: SQLite says that the disk is full."""
    await _set(database, "max_page_count=1")
    yield
    await _set(database, f"max_page_count={_MOST_PAGES}")


@asynccontextmanager
async def read_only(database: SqliteDatabase) -> AsyncIterator[None]:
    """The file may not be written."""
    await _set(database, "query_only=ON")
    yield
    await _set(database, "query_only=OFF")


@asynccontextmanager
async def torn(database: SqliteDatabase) -> AsyncIterator[None]:
    """The disk fails at every third commit, before or after it is done."""
    count = 0

    def fail(connection: Connection) -> None:
        nonlocal count
        count += 1
        if count % 3 == 0:
            if count % 6 == 0:
                connection.connection.commit()
            broken = sqlite3.OperationalError("disk I/O error")
            broken.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise OperationalError("COMMIT", {}, broken)

    event.listen(database._engine, "commit", fail)
    yield
    event.remove(database._engine, "commit", fail)


async def _set(database: SqliteDatabase, pragma: str) -> None:
    """Said to the writer's own connection, between two of its groups: a bad disk lets none begin."""
    connection = database._engine.raw_connection().driver_connection
    assert connection is not None
    await asyncio.to_thread(lambda: connection.execute(f"PRAGMA {pragma}").close())

"""The database as one SQLite file: a writer thread, a few readers, and a lock for the runner."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.sql import Executable

from storage.work import AlreadyRunning, DatabaseUnavailable, Params, Row, Turn, Work
from storage.writer import Writer, do_all, sentence

READERS: Final = 4
BUSY_MS: Final = 30_000
BLOCK: Final = 1000
"""Ids taken from the database at once."""

PRAGMAS: Final = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA journal_size_limit=67108864",
)


def writing_engine(path: Path | None) -> Engine:
    """An engine whose transactions are `BEGIN IMMEDIATE`; without a path it lives in memory."""
    engine = create_engine(
        f"sqlite:///{path}" if path else "sqlite://",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up(*PRAGMAS))
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(path: Path) -> Engine:
    """An engine whose connections refuse to write."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up(*PRAGMAS, "PRAGMA query_only=ON"))
    return engine


def _set_up(*pragmas: str) -> Callable[[Any, Any], None]:
    def run(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in pragmas:
            connection.execute(pragma).close()

    return run


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class SqliteDatabase:
    """Implements `Database` on a file, or in memory without a path."""

    def __init__(self, path: Path | None, *, exclusive: bool) -> None:
        """Open the file; `exclusive` takes the runner's lock or raises `AlreadyRunning`."""
        self._lock = _RunnerLock(path) if path and exclusive else None
        self._name = f"The database {path}" if path else "The database in memory"
        self._engine = writing_engine(path)
        self._writer = Writer(self._engine, self._name)
        self._readers = reading_engine(path) if path else None
        self._threads = ThreadPoolExecutor(READERS, "voronka-reader") if path else None
        self._spare: dict[str, range] = {}
        self._version = 0

    async def fetch(self, statement: Executable, params: Params | None = None) -> list[Row]:
        """The rows of a select; in memory the writer's connection answers."""
        if self._readers is None or self._threads is None:
            return await self.returning(statement, params)
        readers = self._readers
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, _read, readers, statement, params)
        except DBAPIError as error:
            raise sentence(error, self._name) from None

    async def commit(self, work: Work) -> None:
        """Store the work in the writer's next group."""
        await self._writer.run(lambda connection: do_all(connection, work))

    async def returning(self, statement: Executable, params: Params | None = None) -> list[Row]:
        """The rows that a changing statement returns, after the commit of its group."""
        rows: list[Row] = await self._writer.run(
            lambda connection: list(connection.execute(statement, params).all())
        )
        return rows

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Reads go to the readers, the work to the writer: only one process plays a file."""
        yield self

    async def ids(self, table: Table, count: int) -> list[int]:
        """New ids, from a block that no other process will get."""
        spare = self._spare.get(table.name, range(0))
        if len(spare) < count:
            size = max(BLOCK, count)
            last = await self._writer.run(lambda connection: _advance(connection, table, size))
            spare = range(last - size + 1, last + 1)
        self._spare[table.name] = spare[count:]
        return list(spare[:count])

    async def changed_elsewhere(self) -> bool:
        """Whether another process committed since the last call."""
        version = await self._writer.run(
            lambda connection: connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        )
        changed, self._version = version != self._version, version
        return bool(changed)

    async def run(self, call: Callable[[Connection], Any]) -> Any:
        """What `call` returns, run by the writer in a transaction (for the migrations)."""
        return await self._writer.run(call)

    async def attend(self, owner: str) -> None:
        """Nothing to do: the runner's lock ends with its process."""

    async def close(self) -> None:
        """Commit what was submitted, close the connections, give the lock back."""
        await self._writer.close()
        if self._threads is not None:
            await asyncio.to_thread(self._threads.shutdown)
        for engine in filter(None, (self._engine, self._readers)):
            engine.dispose()
        if self._lock is not None:
            self._lock.release()


def _read(readers: Engine, statement: Executable, params: Params | None) -> list[Row]:
    with readers.connect() as connection:
        return list(connection.execute(statement, params).all())


def _advance(connection: Connection, table: Table, size: int) -> int:
    found = {"table": table.name, "size": size}
    move = "UPDATE sqlite_sequence SET seq = seq + :size WHERE name = :table RETURNING seq"
    last = connection.execute(sql(move), found).scalar()
    if last is None:
        start = "INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :size) RETURNING seq"
        last = connection.execute(sql(start), found).scalar_one()
    return int(last)


class _RunnerLock:
    def __init__(self, path: Path) -> None:
        self.path = path.with_name(path.name + ".lock")
        self._file = self._open()
        if not _try_lock(self._file):
            os.close(self._file)
            raise AlreadyRunning(
                f"Another Voronka runs this project: it holds {self.path}. Stop it first."
            )

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DatabaseUnavailable(f"{self.path} cannot be opened: {error.strerror}.") from None

    def release(self) -> None:
        os.close(self._file)


def _try_lock(file: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def runner_lock(path: Path) -> Iterator[None]:
    """Holds the runner's lock of a file, there or not yet; `AlreadyRunning` if another has it."""
    lock = _RunnerLock(path)
    try:
        yield
    finally:
        lock.release()

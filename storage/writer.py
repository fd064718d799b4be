"""The one thread that writes to SQLite: it gathers work and commits it in groups."""

import asyncio
import queue
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage import crash
from storage.failures import of_sqlite
from storage.work import Conflict, DatabaseUnavailable, Do, RowRefused, StorageFailed, Work

GROUP: Final = 200
YIELD_SECONDS: Final = 0.001
"""Between groups, so that other processes get the lock of the database."""

Call = Callable[[Connection], Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A call to be made inside the writer's transaction, and who waits for its result."""

    call: Call
    loop: asyncio.AbstractEventLoop
    waiter: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to tell the waiter of a job."""

    job: Job
    result: Any = None
    error: Exception | None = None


class Writer:
    """A thread with the only connection that writes; jobs are atomic, each on its own."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Start the thread; `name` is what sentences call the database."""
        self._engine = engine
        self._name = name
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._open = True
        self._thread = threading.Thread(target=self._serve, name="voronka-writer", daemon=True)
        self._thread.start()

    async def run(self, call: Call) -> Any:
        """What the call returns, once it is committed."""
        if not self._open:
            raise DatabaseUnavailable(f"{self._name} is closed.")
        loop = asyncio.get_running_loop()
        job = Job(call, loop, loop.create_future())
        self._jobs.put(job)
        return await job.waiter

    async def close(self) -> None:
        """Wait until all submitted jobs are committed and the thread is gone."""
        if self._open:
            self._open = False
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        last = False
        while not last:
            group, last = self._gather()
            if group:
                _settle(self._commit(group))
            if not self._jobs.empty():
                time.sleep(YIELD_SECONDS)

    def _gather(self) -> tuple[list[Job], bool]:
        group: list[Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == GROUP or self._jobs.empty():
                return group, False
            job = self._jobs.get()
        return group, True

    def _commit(self, group: list[Job]) -> list[Outcome]:
        try:
            with self._engine.connect() as connection, connection.begin():
                outcomes = [_attempt(connection, job, alone=len(group) == 1) for job in group]
                crash.point("commit.before")
            crash.point("commit.after")
        except Exception as error:  # noqa: BLE001 - the waiters get it; the thread must live
            told = sentence(error, self._name)
            return [Outcome(job, error=told) for job in group]
        return outcomes


def _attempt(connection: Connection, job: Job, *, alone: bool) -> Outcome:
    if alone:
        return Outcome(job, job.call(connection))
    savepoint = connection.begin_nested()
    try:
        result = job.call(connection)
    except Exception as error:
        if not _in_transaction(connection):
            raise
        savepoint.rollback()
        return Outcome(job, error=sentence(error, "The database"))
    savepoint.commit()
    return Outcome(job, result)


def _in_transaction(connection: Connection) -> bool:
    # disk full and input/output errors roll the whole transaction back
    driver = connection.connection.driver_connection
    return isinstance(driver, sqlite3.Connection) and driver.in_transaction


def _settle(outcomes: list[Outcome]) -> None:
    loops: dict[asyncio.AbstractEventLoop, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        loops[outcome.job.loop].append(outcome)
    for loop, told in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_tell, told)


def _tell(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        waiter = outcome.job.waiter
        if waiter.done():
            continue
        if outcome.error is None:
            waiter.set_result(outcome.result)
        else:
            waiter.set_exception(outcome.error)


def do_all(connection: Connection, work: Work) -> None:
    """Run the work inside the transaction; `Conflict` at the first `expect` that is not met."""
    for do in work:
        if do.rows is not None and not do.rows:
            continue
        _do(connection, do)


def _do(connection: Connection, do: Do) -> None:
    rows = None if do.rows is None else list(do.rows)
    result = connection.execute(do.statement, rows)
    if do.expect is not None and result.rowcount != do.expect:
        raise Conflict(f"{result.rowcount} rows were changed, {do.expect} should be.")


def sentence(error: Exception, name: str) -> Exception:
    """The same failure as one of ours, without the statement's parameters."""
    if isinstance(error, StorageFailed) or not isinstance(error, DBAPIError):
        return error
    told: type[StorageFailed] = RowRefused
    if isinstance(error.orig, sqlite3.DatabaseError) and _is_of_the_world(error.orig):
        told = of_sqlite(error.orig)
    elif not isinstance(error.orig, sqlite3.IntegrityError):
        return error
    failure = told(f"{name}: {error.orig}.")
    failure.__suppress_context__ = True
    return failure


def _is_of_the_world(error: sqlite3.DatabaseError) -> bool:
    if type(error) is sqlite3.DatabaseError:  # broken pages, or no database at all
        return True
    # "no such table", "near SELECT: syntax error" are SQLITE_ERROR, a mistake of ours
    is_ours = error.sqlite_errorcode == sqlite3.SQLITE_ERROR
    return isinstance(error, sqlite3.OperationalError) and not is_ours

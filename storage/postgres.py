"""The database as PostgreSQL 15 or later, through asyncpg."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import asyncpg
from sqlalchemy import URL, Table, literal_column, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql import Executable
from sqlalchemy.sql.dml import UpdateBase

from storage import crash, leases
from storage.work import (
    Conflict,
    DatabaseUnavailable,
    Do,
    Params,
    Row,
    RowRefused,
    StorageFailed,
    Turn,
    Work,
)

POOL: Final = 10
CONNECT_SECONDS: Final = 10
SETTINGS: Final = {
    "application_name": "voronka",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "15s",  # fences a stopped worker
    "jit": "off",
}
NEXT_IDS: Final = sql(
    "SELECT nextval(pg_get_serial_sequence(:table, 'id')) AS id FROM generate_series(1, :count)"
)


def postgres_engine(url: URL) -> AsyncEngine:
    """An engine for the URL; nothing is connected yet."""
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=POOL,
        max_overflow=POOL,
        hide_parameters=True,
        connect_args={"server_settings": SETTINGS, "timeout": CONNECT_SECONDS},
    )


class PostgresDatabase:
    """Implements `Database`; several processes may open it."""

    def __init__(self, url: URL) -> None:
        """Take the URL; the first statement connects."""
        self._engine = postgres_engine(url)
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._presence: AsyncConnection | None = None

    async def fetch(self, statement: Executable, params: Params | None = None) -> list[Row]:
        """The rows of a select."""
        with told():
            async with self._single.connect() as connection:
                return list((await connection.execute(statement, params)).all())

    async def commit(self, work: Work) -> None:
        """Store the work in one transaction."""
        async with self.turn() as turn:
            await turn.commit(work)

    async def returning(self, statement: Executable, params: Params | None = None) -> list[Row]:
        """The rows that a changing statement returns; it commits itself."""
        crash.point("commit.before")
        rows = await self.fetch(statement, params)
        crash.point("commit.after")
        return rows

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """One transaction: what it locked is unlocked by its commit or at the end."""
        with told():
            connection = await self._engine.connect()
        try:
            yield PostgresTurn(connection)
        finally:
            with told():
                await connection.close()

    async def ids(self, table: Table, count: int) -> list[int]:
        """New ids from the sequence of the table.

        They are not kept in blocks: ids taken under a person's lock follow those taken before.
        """
        return [row.id for row in await self.fetch(NEXT_IDS, _many(table, count))]

    async def changed_elsewhere(self) -> bool:
        """Always true: another host may have committed."""
        return True

    async def attend(self, owner: str) -> None:
        """Hold a connection with the owner's lock: the server frees it when our process ends."""
        with told():
            if self._presence is not None:
                try:
                    await self._presence.execute(select(1))
                except DBAPIError:
                    await self._leave()
                else:
                    return
            connection = await self._single.connect()
            if (await connection.execute(leases.seen(owner))).scalar_one():
                await connection.execute(leases.end_unseen(owner))
                self._presence = connection
            else:  # the server still believes in our lost connection: the next call tries again
                await connection.close()

    async def _leave(self) -> None:
        presence, self._presence = self._presence, None
        if presence is not None:
            await presence.invalidate()
            await presence.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._leave()
        await self._engine.dispose()


class PostgresTurn:
    """Implements `Turn` on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Take a connection that nobody else uses."""
        self._connection = connection

    async def fetch(self, statement: Executable, params: Params | None = None) -> list[Row]:
        """The rows of a select, which may lock them."""
        with told():
            return list((await self._connection.execute(statement, params)).all())

    async def ids(self, table: Table, count: int) -> list[int]:
        """New ids, taken on the turn's own connection."""
        return [row.id for row in await self.fetch(NEXT_IDS, _many(table, count))]

    async def commit(self, work: Work) -> None:
        """Store the work and end the transaction."""
        with told():
            for do in work:
                await _do(self._connection, do)
            crash.point("commit.before")
            await self._connection.commit()
            crash.point("commit.after")


def _many(table: Table, count: int) -> Params:
    return {"table": table.name, "count": count}


async def _do(connection: AsyncConnection, do: Do) -> None:
    if do.rows is not None and not do.rows:
        return
    if do.expect is None:
        await connection.execute(do.statement, None if do.rows is None else list(do.rows))
        return
    changed = await _changed(connection, do)
    if changed != do.expect:
        raise Conflict(f"{changed} rows were changed, {do.expect} should be.")


async def _changed(connection: AsyncConnection, do: Do) -> int:
    if do.rows is None or len(do.rows) == 1:
        result = await connection.execute(do.statement, do.rows[0] if do.rows else None)
        return int(result.rowcount)
    return await _changed_of_many(connection, do.statement, list(do.rows))


async def _changed_of_many(
    connection: AsyncConnection, statement: Executable, rows: list[Params]
) -> int:
    # asyncpg's executemany counts nothing: its fetchmany returns a row for each changed one
    assert isinstance(statement, UpdateBase)
    compiled: Any = statement.returning(literal_column("1")).compile(
        dialect=connection.dialect, column_keys=list(rows[0])
    )
    filled = [compiled.construct_params(row) for row in rows]
    values = [[one[name] for name in compiled.positiontup] for one in filled]
    await connection.exec_driver_sql("SELECT 1")  # the wrapper begins its transaction late
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None
    try:
        return len(await raw.fetchmany(compiled.string, values))
    except asyncpg.PostgresError as error:
        raise _plain(error) from None


@contextmanager
def told() -> Iterator[None]:
    """Turns the failures of driver and wrapper into ours, without addresses and parameters."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig.__cause__ if error.orig is not None else None
        lost = error.connection_invalidated or isinstance(error, InterfaceError)
        raise _plain(cause or error, lost=lost) from None
    except (OSError, PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _plain(error, lost=isinstance(error, asyncpg.InterfaceError)) from None


def _plain(error: BaseException, *, lost: bool = False) -> BaseException:
    if isinstance(error, StorageFailed):
        return error
    state = str(getattr(error, "sqlstate", None) or "")
    if state in {"40001", "40P01"}:
        return Conflict("PostgreSQL gave way to another transaction.")
    if state.startswith("23") or state == "P0001":
        named = getattr(error, "constraint_name", None) or getattr(error, "message", "")
        return RowRefused(f"PostgreSQL refused a row: {named}.")
    if lost or _is_of_the_world(error, state):
        return DatabaseUnavailable(f"PostgreSQL does not answer ({type(error).__name__}).")
    return error


def _is_of_the_world(error: BaseException, state: str) -> bool:
    # 08 connection, 25P03 idle too long, 28 and 3D cannot enter, 53 no room, 55P03 locked, 57 stopped
    if isinstance(error, OSError | PoolTimeout) or state in {"25P03", "55P03", "25006"}:
        return True
    return state[:2] in {"08", "28", "3D", "53", "57", "58"}

"""Opening a database by its URL."""

from pathlib import Path

from sqlalchemy import URL, make_url, select
from sqlalchemy.exc import ArgumentError

from storage.failures import BackendForeign, DatabaseMissing, ServerSilent, UrlUnreadable
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.work import Database, DatabaseUnavailable


def read_url(text: str) -> URL:
    """The parts of a database URL; `DatabaseUnavailable` if it is not one of ours."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise UrlUnreadable from None
    if url.get_backend_name() not in {"sqlite", "postgresql", "postgres"}:
        raise BackendForeign(url.get_backend_name())
    return url


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite URL, None for one in memory."""
    return None if url.database in {None, "", ":memory:"} else Path(str(url.database))


async def open_database(text: str, *, exclusive: bool) -> Database:
    """The database of the URL, its schema already made (`sqlite:///:memory:` makes its own).

    `exclusive` takes the runner's lock of a SQLite file (`AlreadyRunning` if another process has
    it); on PostgreSQL leases decide instead. `DatabaseUnavailable` if it cannot be reached.
    """
    url = read_url(text)
    if url.get_backend_name() != "sqlite":
        postgres = PostgresDatabase(url)
        await _knock(postgres)
        return postgres
    path = sqlite_path(url)
    if path is not None and not path.exists():
        raise DatabaseMissing(path)
    sqlite = SqliteDatabase(path, exclusive=exclusive)
    if path is None:
        from storage.migration import build

        await sqlite.run(build)
    return sqlite


async def _knock(database: PostgresDatabase) -> None:
    try:
        await database.fetch(select(1))
    except DatabaseUnavailable as silent:
        await database.close()
        raise ServerSilent(str(silent)) from None

"""Bringing a database to the schema of this program: one transaction, or nothing."""

import asyncio
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, insert, inspect, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from storage import crash
from storage.database import read_url, sqlite_path
from storage.failures import FileRefused, SchemaNewer, SchemaOlder, ServerSilent
from storage.postgres import postgres_engine, told
from storage.sqlite import writing_engine
from storage.tables import meta
from storage.work import DatabaseUnavailable
from storage.writer import sentence

FOLDER: Final = Path(__file__).parent / "migrations"
ADVISORY_LOCK: Final = 7_306_086_950_321  # any number, the same in every release
SCHEMA, COMPATIBLE_FROM, HOLD = "schema", "compatible_from", "hold"


def head() -> str:
    """The schema that this program works with, like `0001`."""
    return str(_scripts().get_current_head())


async def current(url: str) -> str | None:
    """The schema of the database, None before its first migration."""
    schema: str | None = await _run(url, _schema)
    return schema


async def upgrade(url: str) -> str:
    """The schema after bringing the database to `head()`, made if there is none yet.

    `DatabaseFromTheFuture` if a newer program made it and this one may not touch it;
    `DatabaseUnavailable` if it cannot be reached. Killed half way it leaves the old schema.
    """
    path = sqlite_path(read_url(url)) if read_url(url).get_backend_name() == "sqlite" else None
    if path is not None:
        _make_file(path)
    await _run(url, build)
    return head()


async def check(url: str) -> None:
    """Nothing if this program may work with the database; else a sentence is raised."""
    schema = await _run(url, _schema_for_us)
    if schema is None or schema < head():
        raise SchemaOlder(schema, head())


def build(connection: Connection) -> None:
    """Upgrade through a connection that is inside a transaction; the caller commits."""
    if connection.dialect.name == "postgresql":
        connection.execute(sql("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
    schema = _schema_for_us(connection)
    if schema is not None and schema >= head():
        return
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    command.upgrade(config, "head")
    _check_foreign_keys(connection)
    _set(connection, SCHEMA, head())
    _set(connection, COMPATIBLE_FROM, str(_module(head()).COMPATIBLE_FROM))
    crash.point("migration.commit")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))


def _module(revision: str) -> ModuleType:
    script = _scripts().get_revision(revision)
    assert script is not None
    return script.module


def _schema(connection: Connection) -> str | None:
    if not inspect(connection).has_table(meta.name):
        return None
    return _get(connection, SCHEMA)


def _schema_for_us(connection: Connection) -> str | None:
    schema = _schema(connection)
    if schema is None or schema <= head():
        return schema
    if (_get(connection, COMPATIBLE_FROM) or schema) > head():
        raise SchemaNewer(schema, head())
    return schema


def _get(connection: Connection, key: str) -> str | None:
    value: str | None = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    return value


def _set(connection: Connection, key: str, value: str) -> None:
    changed = connection.execute(update(meta).where(meta.c.key == key).values(value=value))
    if changed.rowcount == 0:
        connection.execute(insert(meta).values(key=key, value=value))


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            tables = ", ".join(sorted({row[0] for row in broken}))
            raise DatabaseUnavailable(f"The upgrade would break references in {tables}: undone.")


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise FileRefused(path, str(error.strerror)) from None


async def _run(url: str, call: Any) -> Any:
    parsed = read_url(url)
    if parsed.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_run_sqlite, sqlite_path(parsed), call)
    engine = postgres_engine(parsed)
    try:
        with told():
            async with engine.begin() as connection:
                return await connection.run_sync(call)
    except DatabaseUnavailable as trouble:
        if type(trouble) is not DatabaseUnavailable:
            raise
        raise ServerSilent(str(trouble)) from None
    finally:
        await engine.dispose()


def _run_sqlite(path: Path | None, call: Any) -> Any:
    if path is not None and not path.exists():
        return None
    engine = writing_engine(path)
    event.listen(engine, "connect", _free_foreign_keys)
    try:
        return _in_transaction(engine, call)
    except DBAPIError as error:
        raise sentence(error, f"The database {path}") from None
    finally:
        engine.dispose()


def _in_transaction(engine: Engine, call: Any) -> Any:
    with engine.begin() as connection:
        return call(connection)


def _free_foreign_keys(connection: Any, _record: Any) -> None:
    # a batch migration drops and renames tables that others refer to; checked before the commit
    connection.execute("PRAGMA foreign_keys=OFF").close()

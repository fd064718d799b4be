"""Databases are made and upgraded whole or not at all (R58, F18)."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, update
from sqlalchemy import text as sql

from storage import migration
from storage.database import open_database
from storage.postgres import postgres_engine
from storage.tables import METADATA, meta
from storage.work import Database, DatabaseFromTheFuture, DatabaseUnavailable, Do

DESCRIBE = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "options": """
        SELECT relname, reloptions::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'""",
}


def described(connection: Connection) -> dict[str, list]:
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            sql("SELECT type, name, sql FROM sqlite_master WHERE name != 'alembic_version'")
        )
        rows = [(kind, name, " ".join((text or "").split())) for kind, name, text in found]
        return {"all": sorted(row for row in rows if "alembic" not in row[1])}
    return {
        what: sorted(
            str(tuple(row)) for row in connection.execute(sql(query)) if "alembic" not in str(row)
        )
        for what, query in DESCRIBE.items()
    }


def made_and_described(connection: Connection) -> dict[str, list]:
    METADATA.create_all(connection)
    return described(connection)


def test_the_migrated_sqlite_has_the_tables_of_the_metadata(new_sqlite):
    migrated = create_engine(new_sqlite())
    fresh = create_engine("sqlite://")
    with migrated.connect() as one, fresh.connect() as other:
        assert described(one) == made_and_described(other)
    migrated.dispose()
    fresh.dispose()


async def test_the_migrated_postgresql_has_the_tables_of_the_metadata(
    new_postgres, postgres_server
):
    from sqlalchemy import make_url

    schemas = []
    for url, call in (
        (new_postgres(), described),
        (postgres_server.new_database(), made_and_described),
    ):
        engine = postgres_engine(make_url(url))
        async with engine.begin() as connection:
            schemas.append(await connection.run_sync(call))
        await engine.dispose()
    assert schemas[0] == schemas[1]


async def test_an_upgrade_twice_changes_nothing(database_url: str):
    assert await migration.current(database_url) == migration.head()
    assert await migration.upgrade(database_url) == migration.head()
    await migration.check(database_url)


async def test_r58_a_database_from_the_future_is_refused(database: Database, database_url: str):
    await database.commit(
        [Do(update(meta).where(meta.c.key != "hold").values(value="9000"), expect=2)]
    )
    for refuse in (migration.upgrade, migration.check):
        with pytest.raises(DatabaseFromTheFuture, match="schema 9000") as refused:
            await refuse(database_url)
    assert migration.head() in str(refused.value)


async def test_a_newer_database_that_says_it_is_compatible_is_accepted(
    database: Database, database_url: str
):
    newer = update(meta).where(meta.c.key == "schema").values(value="9000")
    await database.commit([Do(newer, expect=1)])
    await migration.check(database_url)
    assert await migration.upgrade(database_url) == migration.head()


async def test_a_database_without_a_schema_is_not_worked_with(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'none.db'}"
    assert await migration.current(url) is None
    with pytest.raises(DatabaseUnavailable, match="voronka run"):
        await migration.check(url)
    with pytest.raises(DatabaseUnavailable, match="no database"):
        await open_database(url, exclusive=True)


def upgrade_in_a_process(url: str, crash: str = "") -> int:
    code = (
        f"import asyncio; from storage import migration; asyncio.run(migration.upgrade({url!r}))"
    )
    told = {
        **os.environ,
        "VORONKA_ENV": "test",
        "VORONKA_CRASH": crash,
        "PYTHONPATH": str(Path.cwd()),
    }
    return subprocess.run([sys.executable, "-c", code], env=told, check=False).returncode


@pytest.mark.parametrize(
    "crash", ["migration.statement:1", "migration.statement:40", "migration.commit:1"]
)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_f18_an_upgrade_killed_half_way_leaves_nothing_and_succeeds_when_rerun(
    crash: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
):
    url = f"sqlite:///{tmp_path / 'voronka.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_server").new_database()
    assert upgrade_in_a_process(url, crash) == -signal.SIGKILL
    assert asyncio.run(migration.current(url)) is None
    assert upgrade_in_a_process(url) == 0
    assert asyncio.run(migration.current(url)) == migration.head()


def test_two_processes_upgrade_at_once(tmp_path: Path, postgres_server):
    for url in (f"sqlite:///{tmp_path / 'voronka.db'}", postgres_server.new_database()):

        async def both(url: str = url) -> None:
            await asyncio.gather(*(asyncio.to_thread(upgrade_in_a_process, url) for _ in range(2)))

        asyncio.run(both())
        assert asyncio.run(migration.current(url)) == migration.head()


async def test_the_database_file_is_for_its_owner_only(tmp_path: Path):
    path = tmp_path / "var" / "voronka.db"
    await migration.upgrade(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o077 == 0

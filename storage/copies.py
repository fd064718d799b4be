"""Copies of a SQLite database: made beside the running program, and looked through."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.failures import DatabaseDamaged, of_sqlite
from storage.hold import COPY
from storage.migration import SCHEMA

STEP: Final = 2_000
"""Pages copied between two looks at the progress."""
LONG_BYTES: Final = 1 << 30
"""Above this a copy is checked quickly: without its indexes."""

Progress = Callable[[float], None]
"""Told which part of the pages is copied, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy says of itself: its schema, and how many people and runs it knows."""

    schema: str
    people: int
    runs: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A sealed value and the place that it was sealed for."""

    place: str
    sealed: bytes


def copy(source: Path, target: Path, progress: Progress) -> None:
    """Copies the database as it is at one moment, whoever writes meanwhile; the file is ours alone."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    def tell(_status: int, left: int, total: int) -> None:
        progress(1 - left / total if total else 1.0)

    with _told(source), closing(_opened(source)) as old, closing(_opened(target)) as new:
        # an open reading transaction pins the moment: a copy in steps would begin anew at each write
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        old.backup(new, pages=STEP, progress=tell)
        old.execute("COMMIT")
        new.execute("PRAGMA journal_mode=DELETE").fetchone()


def mark(path: Path, at_us: int) -> None:
    """Writes into a copy that it is one: a program that starts on it will hold everything."""
    with _told(path), closing(_opened(path)) as file:
        file.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (COPY, str(at_us)),
        )


def check(path: Path) -> None:
    """Nothing when the file is whole; else `DatabaseDamaged`."""
    long = path.stat().st_size > LONG_BYTES
    with _told(path), closing(_opened(path)) as file:
        (told,) = file.execute(f"PRAGMA {'quick' if long else 'integrity'}_check(1)").fetchone()
        broken = file.execute("PRAGMA foreign_key_check").fetchone()
    if told != "ok" or broken:
        raise DatabaseDamaged(f"{path} is damaged: {told}.")


def contents(path: Path) -> Contents:
    """What the copy holds; `DatabaseDamaged` when it is no database of ours."""
    with _told(path), closing(_opened(path)) as file:
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
        if not {"meta", "people", "runs"} <= tables:
            raise DatabaseDamaged(f"{path} is no database of Voronka.")
        found = file.execute("SELECT value FROM meta WHERE key = ?", (SCHEMA,)).fetchone()
        (people,) = file.execute("SELECT count(*) FROM people").fetchone()
        (runs,) = file.execute("SELECT count(*) FROM runs").fetchone()
    return Contents(str(found[0]) if found else "", people, runs)


def samples(path: Path) -> list[Sample]:
    """The oldest and the newest value of every sealed column, to try the keys on."""
    found = []
    with _told(path), closing(_opened(path)) as file:
        for table, column in _sealed_columns(file):
            for order in ("ASC", "DESC"):
                row = file.execute(
                    f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'  # noqa: S608 - names of our own tables
                    f" ORDER BY rowid {order} LIMIT 1"
                ).fetchone()
                if row is not None:
                    found.append(Sample(f"{table}.{column}", bytes(row[0])))
    return found


def settle(path: Path) -> None:
    """Brings what stands in the write-ahead log into the file; a broken file stays as it is."""
    try:
        with closing(_opened(path)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError:
        return


def _sealed_columns(file: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [
        (table, column)
        for (table,) in tables
        for (column,) in file.execute("SELECT name FROM pragma_table_info(?)", (table,))
        if column.endswith("_sealed")
    ]


def _opened(path: Path) -> sqlite3.Connection:
    # the URI's mode keeps SQLite from making a file where there is none
    uri = f"{path.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise of_sqlite(error)(f"The database {path}: {error}.") from None

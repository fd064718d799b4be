"""Troubles with a database that a person can mend: a class each, with what a sentence needs."""

import sqlite3
from typing import Final

from storage.work import DatabaseFromTheFuture, DatabaseUnavailable


class UrlUnreadable(DatabaseUnavailable):
    """The URL of the database is none."""

    def __init__(self) -> None:
        super().__init__(
            "The database URL cannot be read: write sqlite:///var/voronka.db or postgresql://…"
        )


class BackendForeign(DatabaseUnavailable):
    """A database of a kind that is not ours."""

    def __init__(self, backend: str) -> None:
        super().__init__(f"Voronka keeps its data in SQLite or PostgreSQL, not in {backend}.")
        self.backend = backend


class DatabaseMissing(DatabaseUnavailable):
    """There is no SQLite file."""

    def __init__(self, path: object) -> None:
        super().__init__(f"There is no database {path} yet: `voronka run` makes it.")
        self.path = path


class FileRefused(DatabaseUnavailable):
    """The SQLite file cannot be made."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path} cannot be made: {reason}.")
        self.path = path


class ServerSilent(DatabaseUnavailable):
    """PostgreSQL does not answer or does not let us in."""


class SchemaOlder(DatabaseUnavailable):
    """The database waits for its upgrade."""

    def __init__(self, schema: str | None, needed: str) -> None:
        super().__init__(
            f"The database has schema {schema or 'none'}, this program needs {needed}:"
            " `voronka run` upgrades it."
        )
        self.schema, self.needed = schema or "-", needed


class SchemaNewer(DatabaseFromTheFuture):
    """The database was made by a newer program and this one may not touch it."""

    def __init__(self, schema: str, known: str) -> None:
        super().__init__(
            f"A newer Voronka made this database (schema {schema}); this one knows {known}."
            " Start the newer one, or restore the copy made before the upgrade."
        )
        self.schema, self.known = schema, known


class DatabaseLocked(DatabaseUnavailable):
    """Another program holds the SQLite file."""


class DatabaseFull(DatabaseUnavailable):
    """The disk has no room."""


class DatabaseReadOnly(DatabaseUnavailable):
    """The SQLite file may not be written."""


class DatabaseDamaged(DatabaseUnavailable):
    """The SQLite file is broken, or is no database at all."""


class DatabaseShut(DatabaseUnavailable):
    """The SQLite file cannot be opened."""


BY_CODE: Final[dict[int, type[DatabaseUnavailable]]] = {
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_CANTOPEN: DatabaseShut,
    sqlite3.SQLITE_CORRUPT: DatabaseDamaged,
    sqlite3.SQLITE_NOTADB: DatabaseDamaged,
}
"""What SQLite's primary result codes mean."""


def of_sqlite(error: sqlite3.DatabaseError) -> type[DatabaseUnavailable]:
    """The class of the failure."""
    return BY_CODE.get(error.sqlite_errorcode & 0xFF, DatabaseUnavailable)

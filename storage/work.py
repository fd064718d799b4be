"""Work is data: statements with their rows, gathered by the stores and run by one of two executors."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Row as SqlRow
from sqlalchemy import Table
from sqlalchemy.sql import Executable

Row: TypeAlias = SqlRow[Any]
Params: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Do:
    """One statement: run once as it is, or once for each of `rows` (no rows: nothing to do).

    `expect` is the number of database rows it must touch in all; another number is a `Conflict`.
    """

    statement: Executable
    rows: Sequence[Params] | None = None
    expect: int | None = None


Work: TypeAlias = Sequence[Do]


class StorageFailed(Exception):
    """Something the database did not do; the message is a sentence without personal data."""


class DatabaseUnavailable(StorageFailed):
    """The database cannot be reached, is locked or has no room: try later, the same work again.

    When a connection breaks in mid-commit nobody knows whether the work was stored; unique keys and
    `rev` make doing it again harmless.
    """


class Conflict(StorageFailed):
    """Somebody else changed the rows first: nothing of this work was stored, load them again."""


class RowRefused(StorageFailed):
    """A constraint refused a row: nothing of this work was stored."""


class AlreadyRunning(StorageFailed):
    """Another process runs this project."""


class DatabaseFromTheFuture(StorageFailed):
    """A newer Voronka made this database."""


class Turn(Protocol):
    """One look and one commit; on PostgreSQL the rows it locked stay locked between them."""

    async def fetch(self, statement: Executable, params: Params | None = None) -> list[Row]:
        """The rows of a select."""
        ...

    async def ids(self, table: Table, count: int) -> list[int]:
        """`count` new ids, growing."""
        ...

    async def commit(self, work: Work) -> None:
        """Store all of the work and end the turn; `Conflict` and nothing stored, else."""
        ...


class Database(Protocol):
    """What the rest of the program knows of a database."""

    async def fetch(self, statement: Executable, params: Params | None = None) -> list[Row]:
        """The rows of a select, as of now."""
        ...

    async def commit(self, work: Work) -> None:
        """Store all of the work or nothing; `Conflict` if an `expect` is not met."""
        ...

    async def returning(self, statement: Executable, params: Params | None = None) -> list[Row]:
        """The rows that a changing statement returns, after its own commit."""
        ...

    def turn(self) -> AbstractAsyncContextManager[Turn]:
        """A player's turn; what it did not commit is forgotten and unlocked."""
        ...

    async def ids(self, table: Table, count: int) -> list[int]:
        """`count` new ids of the table, growing, never given twice.

        A table is numbered either by this or by the database itself (`inbox`, `journal`, `audit`),
        never by both, or its ids would not follow the order of time.
        """
        ...

    async def changed_elsewhere(self) -> bool:
        """Whether another process may have committed since the last call."""
        ...

    async def attend(self, owner: str) -> None:
        """Be seen by other processes from now on; at first, end the leases of those who are gone.

        Called again it looks whether we are still seen. On SQLite the runner's lock tells the same.
        """
        ...

    async def close(self) -> None:
        """Finish what was submitted and let go of files and connections."""
        ...

"""The metadata of the database and the few kinds of columns that its tables are made of."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
)
from sqlalchemy import text as sql

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# rows of these tables are rewritten within seconds: room for HOT updates, dead rows swept early
BUSY: Final = {
    "fillfactor": "80",
    "autovacuum_vacuum_scale_factor": "0.02",
    "autovacuum_vacuum_threshold": "500",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
}


def own_id() -> Column[int]:
    """The primary key `id`: growing, never used again (AUTOINCREMENT, or an identity)."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True)


def ref(
    name: str, table: str, *, null: bool = False, cascade: bool = False, key: bool = False
) -> Column[Any]:
    """A column that names a row of another table by its id."""
    foreign = ForeignKey(f"{table}.id", ondelete="CASCADE" if cascade else None)
    return Column(name, BigInteger, foreign, nullable=null, primary_key=key, autoincrement=False)


def big(
    name: str, default: int | None = None, *, null: bool = False, key: bool = False
) -> Column[Any]:
    """A 64-bit number; moments are microseconds UTC and end in `_us`."""
    return Column(
        name, BigInteger, nullable=null, default=default, primary_key=key, autoincrement=False
    )


def amount(name: str, default: float | None = None, *, null: bool = False) -> Column[Any]:
    """A number with a fraction: a score, a sum of money."""
    return Column(name, Double, nullable=null, default=default)


def small(
    name: str, default: int | None = None, *, null: bool = False, key: bool = False
) -> Column[Any]:
    """A 16-bit number, or a yes and no as 1 and 0."""
    return Column(
        name, SmallInteger, nullable=null, default=default, primary_key=key, autoincrement=False
    )


def text(
    name: str, default: str | None = None, *, null: bool = False, key: bool = False
) -> Column[Any]:
    """A text; `key=True` makes it a part of the primary key."""
    return Column(name, Text, nullable=null, default=default, primary_key=key)


def sealed(name: str, *, null: bool = True) -> Column[Any]:
    """Bytes made by `storage.seal` for this table and column; the name ends in `_sealed`."""
    return Column(f"{name}_sealed", LargeBinary, nullable=null)


def octets(name: str, *, null: bool = False, key: bool = False) -> Column[Any]:
    """Plain bytes: digests and hashes."""
    return Column(name, LargeBinary, nullable=null, primary_key=key)


def words(column: str, *allowed: str) -> CheckConstraint:
    """A CHECK that the column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def where(condition: str, name: str, *columns: str, unique: bool = False) -> Index:
    """A partial index: only the rows that fulfil the condition are in it."""
    rows = sql(condition)
    return Index(name, *columns, unique=unique, sqlite_where=rows, postgresql_where=rows)

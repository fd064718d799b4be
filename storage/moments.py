"""The database's own clock, for leases: hosts do not agree on the time, their database does."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class database_us(FunctionElement[int]):  # noqa: N801 - named as in SQL
    """The database's moment, microseconds UTC."""

    type = BigInteger()
    inherit_cache = True


@compiles(database_us, "sqlite")
def _on_sqlite(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000"


@compiles(database_us, "postgresql")
def _on_postgresql(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"

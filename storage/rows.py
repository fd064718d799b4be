"""Statements that stores make of plain rows, the same for both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, literal_column, update

# the SQLite dialect renders PostgreSQL's ON CONFLICT as its own
from sqlalchemy.dialects.postgresql import Insert, insert

from storage.work import Do

Rows = Sequence[Mapping[str, Any]]


def add(table: Table, rows: Rows) -> Do:
    """Inserts the rows; columns left out get their defaults, an unknown one is a `KeyError`."""
    return Do(insert(table), filled(table, rows))


def add_new(table: Table, rows: Rows, *unique: str) -> Do:
    """Inserts the rows whose `unique` columns are not there yet."""
    statement = insert(table).on_conflict_do_nothing(index_elements=unique)
    return Do(statement, filled(table, rows))


def put(table: Table, rows: Rows, unique: Sequence[str], change: Sequence[str]) -> Do:
    """Inserts the rows, or where `unique` is there already sets the columns of `change`."""
    statement = insert(table)
    new = {name: statement.excluded[name] for name in change}
    upsert: Insert = statement.on_conflict_do_update(index_elements=unique, set_=new)
    return Do(upsert, filled(table, rows))


def change(table: Table, rows: Rows) -> Do:
    """Sets the columns in the rows by their `id`; all rows name the same columns and exist."""
    statement = update(table).where(table.c.id == bindparam("row_id"))
    named = [{("row_id" if k == "id" else k): v for k, v in row.items()} for row in rows]
    return Do(statement, named, expect=len(named))


def drop(table: Table, rows: Rows) -> Do:
    """Deletes the rows that equal all the columns given; all rows name the same columns."""
    names = list(rows[0]) if rows else []
    same = [table.c[name] == bindparam(f"old_{name}") for name in names]
    named = [{f"old_{name}": value for name, value in row.items()} for row in rows]
    return Do(delete(table).where(*same), named)


def word(state: str) -> ColumnElement[str]:
    """A word as a part of the statement: a parameter would hide the partial index from planners."""
    return literal_column(f"'{state}'")


def filled(table: Table, rows: Rows) -> list[dict[str, Any]]:
    """The rows with every column of the table; `id` only where the first row has one."""
    own_id = bool(rows) and "id" in rows[0]
    columns = {c.name: _default(c) for c in table.columns if c.name != "id" or own_id}
    for row in rows:
        if unknown := row.keys() - columns.keys():
            raise KeyError(f"{table.name} has no {', '.join(sorted(unknown))}")
    return [{**columns, **row} for row in rows]


def _default(column: Any) -> Any:
    return None if column.default is None else column.default.arg

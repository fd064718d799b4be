"""Single facts about the database as a whole: the hold after a restore, the witness of restarts."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.sql import Executable

from storage import rows
from storage.tables import meta
from storage.work import Do, Work


def put(key: str, value: str) -> Work:
    """Stores a value over an older one."""
    return [rows.put(meta, [{"key": key, "value": value}], ("key",), ("value",))]


def drop(keys: Sequence[str]) -> Work:
    """Forgets what the keys hold."""
    return [Do(delete(meta).where(meta.c.key.in_(keys)))]


def find(key: str) -> Executable:
    """One row with `value`, or none."""
    return select(meta.c.value).where(meta.c.key == key)


def beginning(start: str) -> Executable:
    """The facts whose keys begin so. Columns: key, value."""
    return select(meta).where(meta.c.key.startswith(start, autoescape=True)).order_by(meta.c.key)

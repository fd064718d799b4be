"""How the whole is doing: counts that tell an operator whether something stands still."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import Executable
from sqlalchemy.sql.functions import FunctionElement

from storage.moments import database_us
from storage.rows import word
from storage.tables import bots, inbox, outbox, people, requests, runs, timers


class database_bytes(FunctionElement[int]):  # noqa: N801 - named as in SQL
    """How large the database is."""

    type = BigInteger()
    inherit_cache = True


@compiles(database_bytes, "sqlite")
def _on_sqlite(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "((SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size()))"


@compiles(database_bytes, "postgresql")
def _on_postgresql(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "pg_database_size(current_database())"


def clock() -> Executable:
    """One row: now_us, the moment by the database's own clock."""
    return select(database_us().label("now_us"))


def counts(now_us: int, late_us: int) -> Executable:
    """One row of what waits, and since when.

    Columns: unread, unread_since_us (None when nothing is unread), dead, timers, timers_due,
    timers_late (due before `late_us`), timers_since_us (the oldest due one, else None), runs,
    people, bytes.
    """
    unread = inbox.c.state == word("new")
    due = timers.c.due_us <= now_us
    alive = runs.c.ended_us.is_(None)
    return select(
        _one(select(func.count()).where(unread), "unread"),
        _one(select(func.min(inbox.c.received_us)).where(unread), "unread_since_us"),
        _one(select(func.count()).where(inbox.c.state == word("dead")), "dead"),
        _one(select(func.count()).select_from(timers), "timers"),
        _one(select(func.count()).where(due), "timers_due"),
        _one(select(func.count()).where(timers.c.due_us <= late_us), "timers_late"),
        _one(select(func.min(timers.c.due_us)).where(due), "timers_since_us"),
        _one(select(func.count()).where(alive), "runs"),
        _one(select(func.count()).select_from(people), "people"),
        database_bytes().label("bytes"),
    )


def oldest_unread() -> Executable:
    """One row with `since_us`: when the oldest unread event came, None when nothing is unread."""
    unread = inbox.c.state == word("new")
    return select(func.min(inbox.c.received_us).label("since_us")).where(unread)


def queue() -> Executable:
    """Calls that have not ended, and doubtful ones. Columns: bot, lane, state, decided, n, due_us.

    `decided` is 1 for doubtful calls that are left as they are; `due_us` is the earliest.
    """
    decided = _decided()
    # two conditions, an index each
    waiting: ColumnElement[bool] = literal_column("outbox.state IN ('queued', 'sending')")
    doubtful: ColumnElement[bool] = literal_column("outbox.state IN ('sending', 'doubtful')")
    return (
        select(
            bots.c.name.label("bot"),
            outbox.c.lane,
            outbox.c.state,
            decided.label("decided"),
            func.count().label("n"),
            func.min(outbox.c.due_us).label("due_us"),
        )
        .join(bots, bots.c.id == outbox.c.bot_id)
        .where(or_(waiting, doubtful))
        .group_by(bots.c.name, outbox.c.lane, outbox.c.state, decided)
        .order_by(bots.c.name, outbox.c.lane, outbox.c.state)
    )


def _decided() -> Any:
    return literal_column("CASE WHEN outbox.final_us IS NULL THEN 0 ELSE 1 END", BigInteger)


def ended(since_us: int) -> Executable:
    """How calls ended since a moment. Columns: bot, state, n."""
    return (
        select(bots.c.name.label("bot"), outbox.c.state, func.count().label("n"))
        .join(bots, bots.c.id == outbox.c.bot_id)
        .where(outbox.c.final_us.is_not(None), outbox.c.final_us >= since_us)
        .group_by(bots.c.name, outbox.c.state)
        .order_by(bots.c.name, outbox.c.state)
    )


def outside() -> Executable:
    """Requests that wait, are being made or failed for good. Columns: state, n, due_us."""
    # a condition for each index; those that are done are too many to be counted all day long
    waiting, calling = requests.c.state == word("queued"), requests.c.state == word("calling")
    return (
        select(
            requests.c.state, func.count().label("n"), func.min(requests.c.due_us).label("due_us")
        )
        .where(or_(waiting, calling, requests.c.state == word("dead")))
        .group_by(requests.c.state)
        .order_by(requests.c.state)
    )


def stations() -> Executable:
    """The bots that ever ran here. Columns: name, channel, state, reason."""
    return select(bots.c.name, bots.c.channel, bots.c.state, bots.c.reason).order_by(bots.c.name)


def _one(counted: Select[Any], name: str) -> Any:
    return counted.scalar_subquery().label(name)

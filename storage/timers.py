"""Timers: moments at which a run or a lead is woken; due ones become events of the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import Executable
from sqlalchemy.sql.functions import FunctionElement

from storage import inbox as events
from storage import rows
from storage.outbox import Lane
from storage.rows import Rows, word
from storage.tables import identities, inbox, outbox, runs, timers
from storage.work import Do, Work

PAGE: Final = 1000
UNREAD_LIMIT: Final = 10_000
"""With more unread events than this the clock pauses, so that people's own come through."""


_KIND = func.substr(timers.c.name, 1, 2)


class json_text(FunctionElement[str]):  # noqa: N801 - named as in SQL
    """A JSON object as text, of names and values in turn."""

    type = Text()
    inherit_cache = True


@compiles(json_text, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **kw)})"


@compiles(json_text, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **kw)})::text"


def replace(new: Rows) -> Work:
    """Stores timers in place of those with the same run (or lead, or person) and name.

    Keys: person_id, name, due_us and run_id, lead_id or neither; may have id, visit, rule, zone,
    after_message_id (the message whose delivery it counts from).
    """
    return [*drop(new), rows.add(timers, new)]


def drop(names: Rows) -> Work:
    """Deletes timers by `name` and `run_id`, `lead_id` or, for neither, `person_id`."""
    owned: dict[str, list[dict[str, Any]]] = {"run_id": [], "lead_id": [], "person_id": []}
    for row in names:
        owner = next(key for key in owned if row.get(key) is not None)
        owned[owner].append({owner: row[owner], "name": row["name"]})
    work = [rows.drop(timers, found) for found in (owned["run_id"], owned["lead_id"]) if found]
    if owned["person_id"]:
        mine = rows.drop(timers, owned["person_id"])
        alone = mine.statement.where(timers.c.run_id.is_(None), timers.c.lead_id.is_(None))  # type: ignore[attr-defined]
        work.append(Do(alone, mine.rows))
    return work


def next_due() -> Executable:
    """One row: due_us of the next timer, or None."""
    return select(func.min(timers.c.due_us).label("due_us"))


def overdue(now_us: int) -> Executable:
    """One row: n of the timers that are due."""
    return select(func.count().label("n")).select_from(timers).where(timers.c.due_us <= now_us)


def ahead(bot_ids: Sequence[int], now_us: int) -> Executable:
    """How far the clock has run ahead of the bots' senders. Columns: bot_id, n.

    That is events of the clock that wait to be played, and letters that may be sent now.
    """
    letters = select(outbox.c.bot_id, func.count().label("n")).where(
        outbox.c.state == word("queued"),
        outbox.c.bot_id.in_(bot_ids),
        outbox.c.lane == literal_column(str(int(Lane.LETTER))),
        outbox.c.due_us <= now_us,
    )
    unread = select(inbox.c.bot_id, func.count().label("n")).where(
        inbox.c.state == word("new"),
        inbox.c["class"] == literal_column(str(events.TIMERS)),
        inbox.c.bot_id.in_(bot_ids),
    )
    both = union_all(letters.group_by(outbox.c.bot_id), unread.group_by(inbox.c.bot_id)).subquery()
    return select(both.c.bot_id, func.sum(both.c.n).label("n")).group_by(both.c.bot_id)


def move_due(
    now_us: int,
    limit: int = PAGE,
    unread_limit: int = UNREAD_LIMIT,
    bots: Mapping[int, int] | None = None,
) -> Work:
    """Turns the first `limit` due timers into unread events `timer:<id>` and deletes them.

    Does nothing while more than `unread_limit` events are unread. `bots` are those whose timers may
    be moved (None: everybody's), each with the moment since which the clock has seen to them. The
    event's payload is JSON: run, lead, name, visit, due_us, rule, zone, after, seen (that moment).
    """
    due = _Due(now_us, limit, None if bots is None else dict(bots))
    return [Do(_insert_due(due, unread_limit)), Do(_delete_moved(due))]


@dataclass(frozen=True, slots=True)
class _Due:
    """Which timers are moved."""

    now_us: int
    limit: int
    bots: dict[int, int] | None

    def page(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """The first of them with the columns of timers, runs and identities."""
        found = (
            select(*columns)
            .select_from(timers)
            .outerjoin(runs, runs.c.id == timers.c.run_id)
            .outerjoin(identities, identities.c.id == runs.c.identity_id)
            .where(timers.c.due_us <= self.now_us)
            # At one moment `wait:…` goes before `silence:…`, and that before `series:…` (letters);
            # of one kind the one that was set first, as everywhere that the engine is played.
            .order_by(timers.c.due_us, _KIND.desc(), timers.c.visit, timers.c.id)
            .limit(self.limit)
        )
        if self.bots is None:
            return found
        mine = identities.c.bot_id.in_(list(self.bots))
        return found.where(or_(mine, identities.c.bot_id.is_(None)))

    @property
    def seen(self) -> ColumnElement[Any]:
        """Since when the clock has seen to the timer's bot."""
        if not self.bots:
            return null()
        return case(dict(self.bots), value=identities.c.bot_id)


def _delete_moved(due: _Due) -> Executable:
    moved = exists().where(inbox.c.source_key == _source_key())
    first = due.page(timers.c.id).correlate(None).subquery("first")
    # a timer that another clock holds is that clock's to delete: waiting for it may deadlock
    mine = select(timers.c.id).where(timers.c.id.in_(select(first.c.id)), moved)
    mine = mine.with_for_update(of=timers, skip_locked=True).correlate(None)
    return delete(timers).where(timers.c.id.in_(mine.scalar_subquery()))


def _insert_due(due: _Due, unread_limit: int) -> Executable:
    unread = (
        select(literal_column("1").label("one"))
        .select_from(inbox)
        .where(inbox.c.state == word("new"))
        .limit(unread_limit + 1)
        .subquery()
    )
    quiet = select(func.count()).select_from(unread).scalar_subquery() <= unread_limit
    page = due.page(
        _source_key(),
        identities.c.bot_id,
        runs.c.identity_id,
        timers.c.person_id,
        literal_column(str(events.TIMERS)),
        literal("timer"),
        null(),
        _payload(due),
        literal(due.now_us, inbox.c.received_us.type),
        literal("new"),
        literal(""),
    ).where(quiet)
    page = page.with_for_update(of=timers, skip_locked=True)
    columns = [column.name for column in inbox.columns if column.name != "id"]
    return insert(inbox).from_select(columns, page).on_conflict_do_nothing()


def _source_key() -> Any:
    return literal_column("'timer:'", Text) + cast(timers.c.id, Text)


def _payload(due: _Due) -> Any:
    named = {
        "run": timers.c.run_id,
        "lead": timers.c.lead_id,
        "name": timers.c.name,
        "visit": timers.c.visit,
        "due_us": timers.c.due_us,
        "rule": timers.c.rule,
        "zone": timers.c.zone,
        "after": timers.c.after_message_id,
        "seen": due.seen,
    }
    pairs: list[Any] = []
    for name, column in named.items():
        pairs += [literal_column(f"'{name}'"), column]
    return json_text(*pairs)

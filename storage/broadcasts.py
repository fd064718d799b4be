"""Broadcasts: their rows from the plan to the end."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql import Executable

from storage import rows
from storage.outbox import Lane
from storage.rows import word
from storage.tables import broadcasts, identities, messages, outbox, recipients
from storage.work import Do, Work

KIND: Final = "broadcast"
"""What the inbox calls the moment when a person's turn comes."""
LIVE: Final = ("planned", "running")


def add(row: dict[str, Any]) -> Work:
    """A new broadcast; `RowRefused` when its name was given before.

    Keys: name, bots, body_sealed, planned_us.
    """
    return [rows.add(broadcasts, [row])]


def all_of_them() -> Executable:
    """All broadcasts, the newest first."""
    return select(broadcasts).order_by(broadcasts.c.id.desc())


def named(name: str) -> Executable:
    """The broadcast of that name."""
    return select(broadcasts).where(broadcasts.c.name == name)


def left() -> Executable:
    """Broadcasts that are not done, by id. Columns: name, state, n (people still to come)."""
    waits = or_(recipients.c.state == word("planned"), recipients.c.state == word("taken"))
    mine = and_(recipients.c.broadcast_id == broadcasts.c.id, waits)
    return (
        select(
            broadcasts.c.name, broadcasts.c.state, func.count(recipients.c.identity_id).label("n")
        )
        .select_from(broadcasts.outerjoin(recipients, mine))
        .where(broadcasts.c.state != "done")
        .group_by(broadcasts.c.id, broadcasts.c.name, broadcasts.c.state)
        .order_by(broadcasts.c.id)
    )


def load(ids: Sequence[int]) -> Executable:
    """The broadcasts, by id."""
    return select(broadcasts).where(broadcasts.c.id.in_(ids)).order_by(broadcasts.c.id)


def unfinished() -> Executable:
    """The broadcasts that are not done, by id."""
    return select(broadcasts).where(broadcasts.c.state != "done").order_by(broadcasts.c.id)


def halt(broadcast_id: int) -> Work:
    """Stop it; `Conflict` when it is not planned or running."""
    return [move(broadcast_id, LIVE, state="stopped")]


def resume(broadcast_id: int) -> Work:
    """Let a stopped one go on; `Conflict` when it is not stopped."""
    return [move(broadcast_id, ("stopped",), state="running")]


def finish(broadcast_id: int, now_us: int, counts: str) -> Work:
    """It is done: the figures are what they were then."""
    return [move(broadcast_id, LIVE, state="done", done_us=now_us, counts=counts)]


def move(broadcast_id: int, states: Sequence[str], **values: Any) -> Do:
    """Changes a broadcast that is in one of the states; `Conflict` when it is in another."""
    mine = update(broadcasts).where(broadcasts.c.id == broadcast_id)
    return Do(mine.where(broadcasts.c.state.in_(states)).values(**values), expect=1)


def begin(broadcast_id: int, now_us: int) -> Work:
    """Its list begins to be made."""
    return [move(broadcast_id, LIVE, state="running", begun_us=now_us)]


def is_under_way(broadcast_id: int) -> Executable:
    """A row when anything of it may still happen."""
    mine = recipients.c.broadcast_id == broadcast_id
    planned = exists().where(mine, recipients.c.state == word("planned"))
    taken = exists().where(mine, recipients.c.state == word("taken"))
    # two conditions, an index each
    waiting: ColumnElement[bool] = literal_column("outbox.state IN ('queued', 'sending')")
    unsure: ColumnElement[bool] = literal_column("outbox.state IN ('sending', 'doubtful')")
    call = and_(
        messages.c.broadcast_id == broadcast_id,
        outbox.c.message_id == messages.c.id,
        outbox.c.lane == Lane.BROADCAST,
    )
    calls = or_(
        exists().where(call, waiting), exists().where(call, unsure, outbox.c.final_us.is_(None))
    )
    return select(literal_column("1").label("one")).where(or_(planned, taken, calls))


def figures(broadcast_id: int) -> Select[Any]:
    """How its recipients stand. Columns: bot, state, reason, call, error, blocked, n.

    `call` is how the message's call stands (empty: none, or forgotten since), `blocked` whether
    the person blocks the bot now.
    """
    sent = and_(outbox.c.message_id == messages.c.id, outbox.c.op == "send")
    mine = and_(
        messages.c.broadcast_id == recipients.c.broadcast_id,
        messages.c.identity_id == recipients.c.identity_id,
    )
    is_withdrawn = outbox.c.state == word("withdrawn")
    error = case((is_withdrawn, outbox.c.error), else_="")
    undecided = and_(outbox.c.state == word("doubtful"), outbox.c.final_us.is_(None))
    call = case((undecided, "queued"), else_=func.coalesce(outbox.c.state, ""))
    blocked = case((identities.c.blocked_us.is_(None), 0), else_=1)
    columns = (
        identities.c.bot_id.label("bot"),
        recipients.c.state,
        recipients.c.reason,
        call.label("call"),
        error.label("error"),
        blocked.label("blocked"),
    )
    found = (
        select(*columns, func.count().label("n"))
        .select_from(recipients)
        .join(identities, identities.c.id == recipients.c.identity_id)
        .outerjoin(messages, mine)
        .outerjoin(outbox, sent)
        .where(recipients.c.broadcast_id == broadcast_id)
    )
    return found.group_by(*columns)

"""How the calls of the outbox end: sent, put off, doubtful, withdrawn, expired."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Update,
    and_,
    bindparam,
    case,
    or_,
    select,
    update,
)
from sqlalchemy.sql import Executable

from storage.outbox import Lane
from storage.rows import Rows, word
from storage.tables import messages, outbox, people, runs
from storage.work import Do, Work

# no IN: its list is rendered at every execution, which executemany cannot do
UNDECIDED: Final = or_(outbox.c.state == word("sending"), outbox.c.state == word("doubtful"))

_LETTERS: Final = (int(Lane.LETTER), int(Lane.BROADCAST))


def bodies(ids: Sequence[int]) -> Executable:
    """The calls with what to send, in the order to make them.

    Columns: the call's own, body_sealed, buttons_sealed, identity_id, run_id, kind, number and
    first_external_id (the id of the message's first part on the channel, for edits).
    """
    said = messages.c
    return (
        select(
            outbox,
            said.body_sealed,
            said.buttons_sealed,
            said.identity_id,
            said.run_id,
            said.kind,
            said.number,
            said.external_id.label("first_external_id"),
        )
        .outerjoin(messages, messages.c.id == outbox.c.message_id)
        .where(outbox.c.id.in_(ids))
        .order_by(outbox.c.lane, outbox.c.due_us, outbox.c.id)
    )


def finish(ended: Rows) -> Work:
    """Stores how calls ended. Keys: id, state, external_id, final_us, error.

    A late answer ends a doubtful call too; a call that is final already stays as it is.
    """
    undecided = update(outbox).where(outbox.c.id == bindparam("row_id"), UNDECIDED)
    named = [{("row_id" if k == "id" else k): v for k, v in row.items()} for row in ended]
    first = [
        {"row_id": row["id"], "external_id": row["external_id"]}
        for row in ended
        if row.get("external_id") and row["state"] == "sent"
    ]
    return [Do(undecided, named), Do(_name_message(), first)]


def _name_message() -> Update:
    # the transcript keeps the id on the channel when old calls are deleted
    of_call = select(outbox.c.message_id).where(
        outbox.c.id == bindparam("row_id"), outbox.c.op == "send", outbox.c.part == 0
    )
    return update(messages).where(messages.c.id == of_call.scalar_subquery())


def postpone(call_id: int, due_us: int, error: str = "", *, spent: bool) -> Work:
    """Queues a call again for `due_us` and holds back its followers in chat and lane till then.

    `spent` tells whether the try counts: waiting for the channel's limit does not.
    """
    again = update(outbox).where(outbox.c.id == call_id, UNDECIDED)
    tries = outbox.c.tries if spent else _one_less()
    queued = again.values(state="queued", due_us=due_us, fence=None, tries=tries, error=error)
    return [Do(queued), Do(_push(call_id, due_us))]


def _push(call_id: int, due_us: int) -> Update:
    head = outbox.alias("head")
    same = select(head.c.id).where(
        head.c.id == call_id,
        head.c.bot_id == outbox.c.bot_id,
        head.c.chat == outbox.c.chat,
        head.c.lane == outbox.c.lane,
    )
    later = and_(outbox.c.state == word("queued"), outbox.c.id > call_id, outbox.c.due_us < due_us)
    return update(outbox).where(later, same.exists()).values(due_us=due_us)


def hold_chat(bot_id: int, chat: str, due_us: int) -> Work:
    """Holds back everything queued for a chat until `due_us`: the channel asked to wait there."""
    queued = update(outbox).where(outbox.c.bot_id == bot_id, outbox.c.chat == chat)
    waiting = queued.where(outbox.c.state == word("queued"), outbox.c.due_us < due_us)
    return [Do(waiting.values(due_us=due_us))]


def doubtful(bot_id: int, fence: int) -> Executable:
    """Marks calls that holders of smaller fences left in `sending`; for `returning`.

    Returns the rows: `rule` says what to do with each. Rows already doubtful are given by
    `undecided`.
    """
    left = update(outbox).where(outbox.c.bot_id == bot_id, outbox.c.state == word("sending"))
    return left.where(outbox.c.fence < fence).values(state="doubtful").returning(outbox)


def undecided(bot_id: int) -> Executable:
    """Doubtful calls of a bot that nobody has decided on."""
    rows = select(outbox).where(outbox.c.bot_id == bot_id, outbox.c.state == word("doubtful"))
    return rows.where(outbox.c.final_us.is_(None)).order_by(outbox.c.id)


def queued(person_ids: Sequence[int]) -> Executable:
    """The queued calls of people with run_id, place and kind of their messages, by id."""
    said = (messages.c.run_id, messages.c.place, messages.c.kind, messages.c.broadcast_id)
    mine = select(outbox, *said).outerjoin(messages, messages.c.id == outbox.c.message_id)
    wanted = outbox.c.person_id.in_(person_ids)
    return mine.where(wanted, outbox.c.state == word("queued")).order_by(outbox.c.id)


def withdraw(ids: Sequence[int], final_us: int, reason: str) -> Work:
    """Takes back queued calls; one that is being sent already is not touched."""
    back = update(outbox).where(
        outbox.c.id == bindparam("row_id"), outbox.c.state == word("queued")
    )
    values = back.values(state="withdrawn", final_us=final_us, error=reason)
    return [Do(values, [{"row_id": one} for one in ids])]


def expire(now_us: int) -> Executable:
    """Ends queued calls whose time is past (acks after 10 s); for `returning`: the rows.

    Letters and broadcasts are not among them: they are looked at again (`overdue`).
    """
    late = update(outbox).where(outbox.c.state == word("queued"), outbox.c.expires_us <= now_us)
    late = late.where(outbox.c.lane.not_in(_LETTERS))
    return late.values(state="expired", final_us=now_us).returning(outbox)


def overdue(now_us: int, limit: int) -> Executable:
    """Queued letters and broadcasts that may not be sent any more without another look.

    Columns: id, bot_id, person_id, identity_id, run_id, place, kind, at_us (when it was decided),
    due_us, funnel, zone (the person's).
    """
    names = ("identity_id", "run_id", "place", "kind", "at_us")
    said = [messages.c[name] for name in names]
    call = (outbox.c.id, outbox.c.bot_id, outbox.c.person_id, outbox.c.due_us)
    return (
        select(*call, *said, runs.c.funnel, people.c.zone)
        .outerjoin(messages, messages.c.id == outbox.c.message_id)
        .outerjoin(runs, runs.c.id == messages.c.run_id)
        .outerjoin(people, people.c.id == outbox.c.person_id)
        .where(outbox.c.state == word("queued"), outbox.c.expires_us <= now_us)
        .where(outbox.c.lane.in_(_LETTERS))
        .order_by(outbox.c.id)
        .limit(limit)
    )


def put_off(call_id: int, due_us: int, expires_us: int | None) -> Work:
    """A queued letter goes later, and no later than another moment."""
    queued = update(outbox).where(outbox.c.id == call_id, outbox.c.state == word("queued"))
    return [Do(queued.values(due_us=due_us, expires_us=expires_us))]


def _one_less() -> ColumnElement[int]:
    return case((outbox.c.tries > 0, outbox.c.tries - 1), else_=outbox.c.tries)

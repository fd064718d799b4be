"""Recipients of broadcasts: the list made page by page, everybody's turn, what became of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import Executable

from storage import inbox as events
from storage import rows
from storage.broadcasts import KIND, LIVE, move
from storage.outbox import Lane
from storage.rows import Rows, word
from storage.tables import (
    broadcasts,
    identities,
    inbox,
    messages,
    outbox,
    people,
    recipients,
    runs,
)
from storage.timers import json_text
from storage.work import Do, Work


def page(
    bot_ids: Sequence[int], after_id: int, limit: int, *, funnel: str = "", heard: bool = False
) -> Executable:
    """The next people that may be written to, by identity, one identity a person.

    Columns: id, person_id, bot_id, zone, heard_us (when they wrote last, if asked), and
    person_sealed and blocked_us. With `funnel` only those who were ever in it.
    """
    other = identities.alias("other")
    reachable = (identities.c.can_write == 1, identities.c.bot_id.in_(bot_ids))
    elder = exists().where(
        other.c.person_id == identities.c.person_id,
        other.c.bot_id.in_(bot_ids),
        other.c.can_write == 1,
        other.c.id < identities.c.id,
    )
    alive = (people.c.merged_into.is_(None), people.c.erased_us.is_(None))
    found = (
        select(
            identities.c.id,
            identities.c.person_id,
            identities.c.bot_id,
            people.c.zone,
            people.c.person_sealed,
            (_heard() if heard else null()).label("heard_us"),
        )
        .join(people, people.c.id == identities.c.person_id)
        .where(identities.c.id > after_id, *reachable, *alive, ~elder)
        .order_by(identities.c.id)
        .limit(limit)
    )
    if funnel:
        found = found.where(
            exists().where(runs.c.identity_id == identities.c.id, runs.c.funnel == funnel)
        )
    return found


def _heard() -> Any:
    mine = select(func.max(messages.c.at_us)).where(
        messages.c.identity_id == identities.c.id, messages.c.direction == "in"
    )
    return mine.correlate(identities).scalar_subquery()


def list_page(
    broadcast_id: int, before: int, after: int, people_listed: Rows, *, last: bool
) -> Work:
    """The page's recipients and the cursor, which must stand at `before`: all or nothing.

    Keys of a recipient: identity_id, bot_id, planned_us.
    """
    new = [
        {**row, "broadcast_id": broadcast_id, "due_us": row["planned_us"]} for row in people_listed
    ]
    moved = update(broadcasts).where(
        broadcasts.c.id == broadcast_id,
        broadcasts.c.cursor == before,
        broadcasts.c.state.in_(LIVE),
    )
    values = moved.values(cursor=after, listed=int(last), state="running")
    added = [rows.add_new(recipients, new, "broadcast_id", "identity_id")] if new else []
    return [Do(values, expect=1), *added]


def in_hand(bot_id: int, most: int) -> Executable:
    """One row: n people of a bot whose turn has come and who are not written to yet, about `most`
    at most.
    """
    taken = (
        select(literal_column("1").label("one"))
        .where(recipients.c.bot_id == bot_id, recipients.c.state == word("taken"))
        .limit(most)
        .subquery()
    )
    queued = (
        select(literal_column("1").label("one"))
        .select_from(outbox)
        .where(outbox.c.bot_id == bot_id, _waits())
        .limit(most)
        .subquery()
    )
    total = _number(taken) + _number(queued)
    return select(total.label("n"))


def due(broadcast_id: int, bot_id: int, now_us: int, most: int) -> Executable:
    """One row: n recipients of a bot whose moment has come, `most` at most."""
    return select(func.count().label("n")).select_from(
        _due(broadcast_id, bot_id, now_us, most).subquery()
    )


def _due(broadcast_id: int, bot_id: int, now_us: int, limit: int) -> Select[Any]:
    return (
        select(recipients.c.identity_id)
        .where(
            recipients.c.broadcast_id == broadcast_id,
            recipients.c.bot_id == bot_id,
            recipients.c.state == word("planned"),
            recipients.c.due_us <= now_us,
        )
        .order_by(recipients.c.due_us, recipients.c.identity_id)
        .limit(limit)
    )


def _waits() -> ColumnElement[bool]:
    return and_(outbox.c.state == word("queued"), outbox.c.lane == Lane.BROADCAST)


def _number(found: Any) -> Any:
    return select(func.count()).select_from(found).scalar_subquery()


def take_due(broadcast_id: int, bot_id: int, now_us: int, limit: int, next_us: int) -> Work:
    """Gives their turn to the first `limit` recipients that are due: unread events, in one commit.

    `next_us` is when the rate allows the next one. `Conflict` when it was stopped meanwhile.
    """
    paced = move(broadcast_id, ("running",), next_us=next_us)
    page_ = _due(broadcast_id, bot_id, now_us, limit).subquery()
    return [
        paced,
        Do(_insert_due(broadcast_id, now_us, page_)),
        Do(_mark_taken(broadcast_id, page_)),
    ]


def _source_key() -> Any:
    parts = (recipients.c.broadcast_id, recipients.c.identity_id, recipients.c.tries)
    key: Any = literal("bc")
    for part in parts:
        key = key + ":" + cast(part, Text)
    return key


def _insert_due(broadcast_id: int, now_us: int, page_: Any) -> Executable:
    found = (
        select(
            _source_key(),
            identities.c.bot_id,
            identities.c.id,
            identities.c.person_id,
            literal_column(str(events.TIMERS)),
            literal(KIND),
            null(),
            _payload(),
            literal(now_us, inbox.c.received_us.type),
            literal("new"),
            literal(""),
        )
        .select_from(recipients)
        .join(identities, identities.c.id == recipients.c.identity_id)
        .join(page_, page_.c.identity_id == recipients.c.identity_id)
        .where(recipients.c.broadcast_id == broadcast_id)
        .order_by(recipients.c.due_us, recipients.c.identity_id)
    )
    columns = [column.name for column in inbox.columns if column.name != "id"]
    return insert(inbox).from_select(columns, found).on_conflict_do_nothing()


def _payload() -> Any:
    told = {"broadcast": recipients.c.broadcast_id, "planned_us": recipients.c.planned_us}
    return json_text(*(part for name, value in told.items() for part in (literal(name), value)))


def _mark_taken(broadcast_id: int, page_: Any) -> Executable:
    mine = update(recipients).where(recipients.c.broadcast_id == broadcast_id)
    mine = mine.where(recipients.c.identity_id.in_(select(page_.c.identity_id)))
    return mine.values(state="taken")


def decide(decided: Rows) -> Work:
    """What became of recipients; `Conflict` when one was decided before.

    Keys: broadcast_id, identity_id, state (`queued`, `skipped`, `planned`), reason, due_us.
    """
    if not decided:
        return []
    mine = update(recipients).where(
        recipients.c.broadcast_id == bindparam("of_broadcast"),
        recipients.c.identity_id == bindparam("of_identity"),
        or_(recipients.c.state == word("taken"), recipients.c.state == word("failed")),
    )
    again = case((bindparam("new_state", type_=Text) == word("planned"), 1), else_=0)
    due = func.coalesce(bindparam("new_due", type_=recipients.c.due_us.type), recipients.c.due_us)
    values = mine.values(
        state=bindparam("new_state", type_=Text),
        reason=bindparam("why", type_=Text),
        due_us=due,
        tries=recipients.c.tries + again,
    )
    named_ = [
        {
            "of_broadcast": row["broadcast_id"],
            "of_identity": row["identity_id"],
            "new_state": row["state"],
            "why": row["reason"],
            "new_due": row["due_us"] or None,
        }
        for row in decided
    ]
    return [Do(values, named_, expect=len(named_))]


def give_up_dead(broadcast_id: int) -> Work:
    """Recipients whose event is a dead letter, or was ignored, or is gone, have failed."""
    alive = exists().where(inbox.c.source_key == _source_key(), inbox.c.state == word("new"))
    mine = update(recipients).where(
        recipients.c.broadcast_id == broadcast_id, recipients.c.state == word("taken")
    )
    return [Do(mine.where(~alive).values(state="failed", reason="failed"))]


def withdraw_late(broadcast_id: int, before_us: int, now_us: int) -> Work:
    """Takes back what is queued for people whose planned moment lies before `before_us`."""
    said = exists().where(
        messages.c.id == outbox.c.message_id,
        messages.c.broadcast_id == broadcast_id,
        recipients.c.broadcast_id == broadcast_id,
        recipients.c.identity_id == messages.c.identity_id,
        recipients.c.planned_us < before_us,
    )
    back = update(outbox).where(_waits(), said)
    return [Do(back.values(state="withdrawn", final_us=now_us, error="late"))]


def withdraw_stopped(now_us: int) -> Work:
    """Takes back what stopped broadcasts have queued; what is being sent is not touched."""
    stopped = select(broadcasts.c.id).where(broadcasts.c.state == "stopped")
    said = exists().where(
        messages.c.id == outbox.c.message_id,
        messages.c.broadcast_id.in_(stopped.scalar_subquery()),
    )
    back = update(outbox).where(_waits(), said)
    return [Do(back.values(state="withdrawn", final_us=now_us, error="stopped"))]

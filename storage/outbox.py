"""Calls to make: what is queued for a chat, who may take it, and how it ended."""

from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    and_,
    bindparam,
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
from storage.rows import Rows, word
from storage.tables import inbox, outbox
from storage.work import Do, Work


class Lane(IntEnum):
    """What goes first; the team's messages stand apart."""

    ACK = 0
    REPLY = 1
    LETTER = 2
    BROADCAST = 3
    TEAM = 4


PROMPT: Final = (Lane.ACK, Lane.REPLY, Lane.TEAM)
"""Lanes that go out though the person has unread events."""

MULTIPLIER: Final = 1_103_515_245
MODULUS: Final = 2**31


def add(calls: Rows) -> Work:
    """Queues calls; `id` comes from `Database.ids`, so that order in a chat is order of ids.

    Keys: id, bot_id, chat, lane, due_us; may have message_id, part, op, revision, person_id,
    expires_us, rule (`resend`, `skip`), payload_sealed (of what has no message).
    """
    return [rows.add_new(outbox, calls, "message_id", "part", "op", "revision")]


def claim(
    bot_id: int,
    now_us: int,
    *,
    fence: int,
    limit: int,
    first: Lane = Lane.ACK,
    last: Lane = Lane.TEAM,
    full: Sequence[str] = (),
) -> tuple[Executable, dict[str, Any]]:
    """Takes up to `limit` calls of the lanes `first` to `last` into `sending`; for `returning`.

    At most one of a chat, its oldest in its first lane, and none while another is being sent
    there; acks know no order. Letters and broadcasts of people with unread events stay, and all
    but acks of the chats that are `full`. The rows come in no order: sort by (lane, due_us, id).
    `random_id` is given at the first claim.
    """
    values = {"of_bot": bot_id, "now_us": now_us, "new_fence": fence, "most": limit}
    lanes = {"first_lane": int(first), "last_lane": int(last)}
    waiting = {"full_chats": list(full)} if full else {}
    return _claim(bool(full)), {**values, **lanes, **waiting}


@cache
def _claim(some_full: bool) -> Executable:
    """The statement, built once: senders ask it several times a second."""
    now_us = bindparam("now_us", type_=BigInteger)
    taken = (
        select(outbox.c.id)
        .where(
            outbox.c.bot_id == bindparam("of_bot"),
            outbox.c.state == word("queued"),
            outbox.c.lane.between(bindparam("first_lane"), bindparam("last_lane")),
            outbox.c.due_us <= now_us,
            or_(outbox.c.expires_us.is_(None), outbox.c.expires_us > now_us),
            or_(outbox.c.lane == Lane.ACK, and_(~_chat_is_busy(), ~_has_elder(now_us))),
            or_(outbox.c.lane.in_(PROMPT), ~_has_unread()),
            *([_has_room()] if some_full else []),
        )
        .order_by(outbox.c.lane, outbox.c.due_us, outbox.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    claimed = update(outbox).where(outbox.c.id.in_(taken.scalar_subquery()))
    known = func.coalesce(outbox.c.random_id, _random_id())
    tries = outbox.c.tries + 1
    values = claimed.values(
        state="sending", fence=bindparam("new_fence"), tries=tries, random_id=known
    )
    return values.returning(outbox)


def _in_chat(other: Any) -> ColumnElement[bool]:
    # words instead of parameters let both databases use the partial index over chats
    alive: ColumnElement[bool] = literal_column(f"{other.name}.state IN ('queued', 'sending')")
    return and_(other.c.bot_id == outbox.c.bot_id, other.c.chat == outbox.c.chat, alive)


def _chat_is_busy() -> ColumnElement[bool]:
    other = outbox.alias("busy")
    sending = and_(other.c.state == word("sending"), other.c.lane != Lane.ACK)
    return exists().where(_in_chat(other), sending)


def _has_elder(now_us: ColumnElement[int]) -> ColumnElement[bool]:
    other = outbox.alias("elder")
    same_lane = and_(other.c.lane == outbox.c.lane, other.c.id < outbox.c.id)
    earlier_lane = and_(
        outbox.c.lane != Lane.TEAM,
        other.c.lane.between(Lane.REPLY, outbox.c.lane - 1),
        other.c.due_us <= now_us,
    )
    return exists().where(_in_chat(other), or_(same_lane, earlier_lane))


def _has_unread() -> ColumnElement[bool]:
    return exists().where(inbox.c.person_id == outbox.c.person_id, inbox.c.state == word("new"))


def _has_room() -> ColumnElement[bool]:
    full: BindParameter[Any] = bindparam("full_chats", expanding=True)
    return or_(outbox.c.lane == Lane.ACK, outbox.c.chat.not_in(full))


def share(call_ids: Sequence[int], random_id: int) -> Work:
    """Gives calls that one request will send the `random_id` of that request.

    Repeats keep it, so only calls of which no earlier try may have arrived can share.
    """
    together = update(outbox).where(outbox.c.id.in_(call_ids), outbox.c.state == word("sending"))
    return [Do(together.values(random_id=random_id))]


def give_back(bot_id: int, fence: int, flying: Sequence[int]) -> Work:
    """Queues again what the holder of `fence` claimed and is not making: those were never sent."""
    ours = (outbox.c.bot_id == bot_id, outbox.c.state == word("sending"), outbox.c.fence == fence)
    left = update(outbox).where(*ours, outbox.c.id.not_in(flying))
    tries = case((outbox.c.tries > 0, outbox.c.tries - 1), else_=outbox.c.tries)
    return [Do(left.values(state="queued", fence=None, tries=tries))]


def put_off(bot_id: int, now_us: int, start: str) -> Executable:
    """The chats that wait because the channel asked for it (`error` begins so), and until when.

    Columns: chat, due_us.
    """
    waiting = (
        outbox.c.bot_id == bot_id,
        outbox.c.state == word("queued"),
        outbox.c.due_us > now_us,
    )
    asked = outbox.c.error.startswith(start, autoescape=True)
    until = func.max(outbox.c.due_us).label("due_us")
    return select(outbox.c.chat, until).where(*waiting, asked).group_by(outbox.c.chat)


def _random_id() -> ColumnElement[int]:
    """VK's key against repeats: positive, 31 bits, another one for each of 2³¹ rows in turn.

    Neighbours are far apart, because VK's client counts up from it for the parts of a text.
    """
    modulus: ColumnElement[int] = literal_column(str(MODULUS))
    factor: ColumnElement[int] = literal_column(str(MULTIPLIER))
    mixed = outbox.c.id % modulus * factor % modulus
    return case((mixed == 0, 1), else_=mixed)

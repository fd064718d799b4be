"""Dead letters: events, requests and team messages that were given up, until a person decides."""

from typing import Any, Final, Literal

from sqlalchemy import and_, func, literal, literal_column, select, update
from sqlalchemy.sql import Executable

from storage.rows import word
from storage.tables import bots, inbox, messages, outbox, requests
from storage.work import Do, Work

Kind = Literal["event", "request", "message"]
EVENT: Final = "event"
REQUEST: Final = "request"
MESSAGE: Final = "message"

# in the words of its index, or the planners would not take it
_LOST: Final = and_(
    literal_column("outbox.lane = 4 AND outbox.state IN ('failed', 'doubtful')"),
    outbox.c.final_us.is_not(None),
)
_DEAD_EVENT: Final = inbox.c.state == word("dead")
_DEAD_REQUEST: Final = requests.c.state == word("dead")


def counts() -> Executable:
    """How many there are. Columns: kind (`event`, `request`, `message`), n."""
    found = (
        select(literal(EVENT).label("kind"), func.count().label("n")).where(_DEAD_EVENT),
        select(literal(REQUEST), func.count()).where(_DEAD_REQUEST),
        select(literal(MESSAGE), func.count()).where(_LOST),
    )
    return found[0].union_all(*found[1:])


def events(only: int | None = None) -> Executable:
    """Events put aside, by id. Columns: the row's own, and bot."""
    name = bots.c.name.label("bot")
    dead = select(inbox, name).outerjoin(bots, bots.c.id == inbox.c.bot_id).where(_DEAD_EVENT)
    return dead.where(*_this(inbox, only)).order_by(inbox.c.id)


def asked(only: int | None = None) -> Executable:
    """Requests that failed for good, by id."""
    dead = select(requests).where(_DEAD_REQUEST)
    return dead.where(*_this(requests, only)).order_by(requests.c.id)


def lost(only: int | None = None) -> Executable:
    """Messages that a team did not get, by id. Columns: the row's own, bot, body_sealed, place."""
    dead = (
        select(outbox, bots.c.name.label("bot"), messages.c.body_sealed, messages.c.place)
        .join(bots, bots.c.id == outbox.c.bot_id)
        .outerjoin(messages, messages.c.id == outbox.c.message_id)
    )
    return dead.where(_LOST, *_this(outbox, only)).order_by(outbox.c.id)


def replay(kind: str, row_id: int, now_us: int) -> Work:
    """Puts it into its queue again; `Conflict` if it is no dead letter any more.

    An event is unread again and is played in its place, before what came after it.
    """
    if kind == EVENT:
        again = (
            update(inbox).where(inbox.c.id == row_id, _DEAD_EVENT).values(state="new", error="")
        )
    elif kind == REQUEST:
        again = update(requests).where(requests.c.id == row_id, _DEAD_REQUEST)
        again = again.values(state="queued", due_us=now_us, tries=0, fence=None)
    else:
        again = update(outbox).where(outbox.c.id == row_id, _LOST)
        again = again.values(
            state="queued", due_us=now_us, tries=0, fence=None, final_us=None, expires_us=None
        )
    return [Do(again, expect=1)]


def drop(kind: str, row_id: int) -> Work:
    """Gives it up for good; the row stays with its error. `Conflict` if it is none any more."""
    if kind == EVENT:
        gone = update(inbox).where(inbox.c.id == row_id, _DEAD_EVENT).values(state="ignored")
    elif kind == REQUEST:
        gone = update(requests).where(requests.c.id == row_id, _DEAD_REQUEST)
        gone = gone.values(state="withdrawn")
    else:
        gone = update(outbox).where(outbox.c.id == row_id, _LOST).values(state="withdrawn")
    return [Do(gone, expect=1)]


def _this(table: Any, only: int | None) -> list[Any]:
    return [] if only is None else [table.c.id == only]

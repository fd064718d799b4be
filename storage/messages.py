"""The transcript: what was said to people and by them."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows, word
from storage.tables import messages, outbox
from storage.work import Work


def add(said: Rows) -> Work:
    """Stores messages; one whose `key` is there already is a repeat and vanishes.

    Keys: key, direction (`in`, `out`), at_us; may have id, identity_id, person_id, run_id,
    broadcast_id, lead_id, author, place, visit, number, kind, external_id, body_sealed,
    buttons_sealed.
    """
    return [rows.add_new(messages, said, "key")]


def save(changed: Rows) -> Work:
    """Sets the columns given (`id` and the same others in all rows): an edit, new buttons."""
    return [rows.change(messages, changed)]


def load(ids: Sequence[int]) -> Executable:
    """The messages, by id."""
    return select(messages).where(messages.c.id.in_(ids)).order_by(messages.c.id)


def in_team_chats(person_ids: Sequence[int], start: str) -> Executable:
    """What teams' chats show of the people, whose keys begin with the word, by id."""
    own = (messages.c.person_id.in_(person_ids), messages.c.identity_id.is_(None))
    named = messages.c.key.startswith(f"{start}:", autoescape=True)
    return select(messages).where(*own, named).order_by(messages.c.id)


def answered(bot_id: int, chats: Sequence[str], external_id: str) -> Executable:
    """The newest message about a person that has the channel's id in one of the team's chats."""
    ours = (messages.c.identity_id.is_(None), messages.c.person_id.is_not(None))
    ends = [messages.c.key.endswith(f":{bot_id}:{chat}", autoescape=True) for chat in chats]
    found = select(messages).where(*ours, messages.c.external_id == external_id, or_(*ends))
    return found.order_by(messages.c.id.desc()).limit(1)


def feed(identity_id: int, after_id: int, limit: int = 100) -> Executable:
    """What the web chat shows after a message: the visitor's own words and what was sent."""
    sent = exists().where(outbox.c.message_id == messages.c.id, outbox.c.state == word("sent"))
    shown = or_(messages.c.direction == "in", sent)
    said = select(messages).where(messages.c.identity_id == identity_id, messages.c.id > after_id)
    return said.where(shown).order_by(messages.c.id).limit(limit)


def changes(identity_id: int, after_us: int, after_id: int, limit: int = 100) -> Executable:
    """What was sent, edited or deleted after a call: calls with their messages, as they ended.

    Columns: call_id, op, part, revision, final_us and the message's own. The next page begins
    after the last row's (final_us, call_id). Within a chat this order never goes back.
    """
    later = or_(
        outbox.c.final_us > after_us,
        and_(outbox.c.final_us == after_us, outbox.c.id > after_id),
    )
    call = (outbox.c.op, outbox.c.part, outbox.c.revision, outbox.c.final_us)
    return (
        select(outbox.c.id.label("call_id"), *call, messages)
        .join(messages, messages.c.id == outbox.c.message_id)
        .where(messages.c.identity_id == identity_id, outbox.c.state == word("sent"), later)
        .order_by(outbox.c.final_us, outbox.c.id)
        .limit(limit)
    )

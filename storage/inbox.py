"""What happened to people and waits to be played: one row an event, known by its source key."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows, word
from storage.tables import identities, inbox, people
from storage.work import Do, Work

PEOPLE, TIMERS = 0, 1
"""Classes: what people did is played before what the clock did."""

OWN = ("source_key", "class", "kind", "raw_sealed", "payload", "received_us", "state", "error")


def add(events: Rows) -> Work:
    """Stores events whose `source_key` is new; the others are repeats and vanish.

    Keys: source_key, kind, received_us; may have bot_id, identity_id, person_id, class,
    raw_sealed, payload, state (`ignored` for what is only recorded), error.
    """
    return [rows.add_new(inbox, events, "source_key")]


def add_from_senders(events: Rows) -> Work:
    """Like `add`, for events with `bot_id` and `external_id` of a sender who has an identity.

    The database finds identity and person, so two processes may create the sender at once. An
    event of an unknown sender is not stored: put `people.create` into the same work.
    """
    given = [bindparam(name, type_=inbox.c[name].type) for name in OWN]
    sender = select(identities.c.bot_id, identities.c.id, identities.c.person_id, *given).where(
        identities.c.bot_id == bindparam("sender_bot"),
        identities.c.external_id == bindparam("sender_id"),
    )
    columns = ["bot_id", "identity_id", "person_id", *OWN]
    statement = insert(inbox).from_select(columns, sender).on_conflict_do_nothing()
    plain = [{k: v for k, v in event.items() if k != "external_id"} for event in events]
    full = [
        {name: row[name] for name in OWN}
        | {"sender_bot": event["bot_id"], "sender_id": event["external_id"]}
        for row, event in zip(rows.filled(inbox, plain), events, strict=True)
    ]
    return [Do(statement, full)]


def known(source_keys: Sequence[str]) -> Select[tuple[str]]:
    """The source keys that are stored already, for counting repeats."""
    return select(inbox.c.source_key).where(inbox.c.source_key.in_(source_keys))


def unread_people(
    limit: int, now_us: int, only: int | None = None, *, untried_first: bool = False
) -> Executable:
    """People with unread events, the longest waiting first; locks them in a PostgreSQL turn.

    Columns: id, tries, first_id (their oldest unread row). People who wait for another try
    (`retry_us` after `now_us`) and those whom another process plays are left out; `only` asks for
    one person, `untried_first` puts those who failed before behind the others.
    """
    one = [] if only is None else [people.c.id == only]
    tried = [people.c.tries] if untried_first else []
    heads = (
        select(
            inbox.c.person_id,
            func.min(inbox.c["class"]).label("first_class"),
            func.min(inbox.c.id).label("first_id"),
        )
        .where(inbox.c.state == word("new"), inbox.c.person_id.is_not(None))
        .group_by(inbox.c.person_id)
        .subquery("heads")
    )
    return (
        select(people.c.id, people.c.tries, heads.c.first_id)
        .join(heads, heads.c.person_id == people.c.id)
        .where(or_(people.c.retry_us.is_(None), people.c.retry_us <= now_us), *one)
        .order_by(*tried, heads.c.first_class, heads.c.first_id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=people)
    )


def unread_rows(person_ids: Sequence[int], per_person: int) -> Executable:
    """The next `per_person` events of each person: by person, then class, then id."""
    place = func.row_number().over(
        partition_by=inbox.c.person_id, order_by=(inbox.c["class"], inbox.c.id)
    )
    numbered = (
        select(inbox, place.label("place"))
        .where(inbox.c.state == word("new"), inbox.c.person_id.in_(person_ids))
        .subquery("numbered")
    )
    return (
        select(numbered)
        .where(numbered.c.place <= per_person)
        .order_by(numbered.c.person_id, numbered.c["class"], numbered.c.id)
    )


def finish(ids: Sequence[int]) -> Work:
    """Marks unread events as done; `Conflict` if one was not unread any more."""
    return [_end("done", [{"row_id": one} for one in ids])]


def ignore(ids: Sequence[int], why: str) -> Work:
    """Marks unread events as ignored."""
    return [_end("ignored", [{"row_id": one, "error": why} for one in ids])]


def dead(event_id: int, error: str) -> Work:
    """Puts an unread event aside with a redacted traceback; the person's next one goes on."""
    return [_end("dead", [{"row_id": event_id, "error": error}])]


def _end(state: str, found: Rows) -> Do:
    statement = update(inbox).where(
        inbox.c.id == bindparam("row_id"), inbox.c.state == word("new")
    )
    return Do(statement.values(state=state), found, expect=len(found))

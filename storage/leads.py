"""Leads: what the sales team works on, who took it, and the cards that show it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import lead_cards, leads
from storage.work import Do, Work

STATUSES = ("new", "taken", "sold", "refused")
_NEXT = {"revision": leads.c.revision + 1}
UPDATED = ("team", "priority", "value", "answers_sealed", "source")


def capture(captured: Rows) -> Work:
    """Stores leads, one per run and title: a repeat updates it and its `revision` grows.

    Keys: id, uid, person_id, run_id, title, team, captured_us; may have priority, value,
    answers_sealed, source. Who took it and its status stay at a repeat.
    """
    statement = insert(leads)
    changed: dict[str, Any] = {name: statement.excluded[name] for name in UPDATED}
    changed["revision"] = leads.c.revision + 1
    upsert = statement.on_conflict_do_update(index_elements=["run_id", "title"], set_=changed)
    return [Do(upsert, rows.filled(leads, captured))]


def of_people(person_ids: Sequence[int]) -> Executable:
    """The leads of the people, by id."""
    return select(leads).where(leads.c.person_id.in_(person_ids)).order_by(leads.c.id)


def take(lead_id: int, manager: str, now_us: int) -> Work:
    """Gives a lead that nobody has to a manager; `Conflict` for everyone but the first."""
    free = update(leads).where(leads.c.id == lead_id, leads.c.manager.is_(None))
    taken = free.values(manager=manager, taken_us=now_us, status="taken", **_NEXT)
    return [Do(taken, expect=1)]


def set_status(lead_id: int, status: str) -> Work:
    """Says what became of a lead that a manager has: `taken`, `sold`, `refused`."""
    here = update(leads).where(leads.c.id == lead_id, leads.c.manager.is_not(None))
    return [Do(here.values(status=status, **_NEXT), expect=1)]


def release(lead_id: int) -> Work:
    """Makes a lead free to be taken again."""
    here = update(leads).where(leads.c.id == lead_id)
    free = here.values(manager=None, taken_us=None, status="new", **_NEXT)
    return [Do(free, expect=1)]


def page(
    *,
    before_id: int | None,
    limit: int,
    team: str | None = None,
    status: str | None = None,
    manager: str | None = None,
) -> Executable:
    """A page of leads, the newest first; `before_id` is the last id of the page before."""
    wanted = {"team": team, "status": status, "manager": manager}
    same = [leads.c[name] == value for name, value in wanted.items() if value is not None]
    found = select(leads).where(*same)
    if before_id is not None:
        found = found.where(leads.c.id < before_id)
    return found.order_by(leads.c.id.desc()).limit(limit)


def export(after_id: int, limit: int, from_us: int, to_us: int) -> Executable:
    """A page of leads captured in [from_us, to_us), by id, for files of any length."""
    captured = leads.c.captured_us.between(from_us, to_us - 1)
    found = select(leads).where(leads.c.id > after_id, captured)
    return found.order_by(leads.c.id).limit(limit)


def put_cards(cards: Rows) -> Work:
    """Stores where a lead is shown. Keys: lead_id, bot_id, chat, message_id, revision."""
    unique = ("lead_id", "bot_id", "chat")
    return [rows.put(lead_cards, cards, unique, ("message_id", "revision"))]


def cards_of(lead_ids: Sequence[int]) -> Executable:
    """The cards of the leads, by lead and id."""
    found = select(lead_cards).where(lead_cards.c.lead_id.in_(lead_ids))
    return found.order_by(lead_cards.c.lead_id, lead_cards.c.id)

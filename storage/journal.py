"""The journal: what happened to people and why, one line a decision."""

from sqlalchemy import delete, select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import journal
from storage.work import Do, Work


def add(lines: Rows) -> Work:
    """Appends lines.

    Keys: at_us, kind; may have person_id, run_id, lead_id, place, option, reason, until_us,
    data_sealed.
    """
    return [rows.add(journal, lines)]


def of_person(person_id: int, before_id: int | None, limit: int) -> Executable:
    """A page of a person's lines, the newest first."""
    found = select(journal).where(journal.c.person_id == person_id)
    if before_id is not None:
        found = found.where(journal.c.id < before_id)
    return found.order_by(journal.c.id.desc()).limit(limit)


def of_run(run_id: int) -> Executable:
    """The lines of a run, the oldest first."""
    return select(journal).where(journal.c.run_id == run_id).order_by(journal.c.id)


def of_lead(lead_id: int) -> Executable:
    """The history of a lead, the oldest first."""
    return select(journal).where(journal.c.lead_id == lead_id).order_by(journal.c.id)


def of_kind(kind: str, from_us: int, to_us: int) -> Executable:
    """The lines of a kind in [from_us, to_us), by time, for reports."""
    same = select(journal).where(journal.c.kind == kind)
    return same.where(journal.c.at_us.between(from_us, to_us - 1)).order_by(journal.c.at_us)


def forget(before_us: int, kind: str, limit: int) -> Work:
    """Deletes lines of a kind older than a moment, `limit` at a time."""
    old = select(journal.c.id).where(journal.c.kind == kind, journal.c.at_us < before_us)
    return [Do(delete(journal).where(journal.c.id.in_(old.limit(limit).scalar_subquery())))]

"""The journal: what happened to people and why, one line a decision."""

from sqlalchemy import select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import journal
from storage.work import Work


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

"""What people did to the house: who, what, to which row; never what stood in it."""

from sqlalchemy import select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import audit
from storage.work import Work


def add(deeds: Rows) -> Work:
    """Stores deeds. Keys: at_us, who, action; may have subject, data."""
    return [rows.add(audit, deeds)]


def of(subject: str) -> Executable:
    """What was done to a subject, by id."""
    return select(audit).where(audit.c.subject == subject).order_by(audit.c.id)

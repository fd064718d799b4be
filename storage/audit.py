"""The audit: what people of the desk and of the command line did."""

from sqlalchemy import select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import audit
from storage.work import Work


def add(deeds: Rows) -> Work:
    """Appends deeds. Keys: at_us, who, action; may have subject, data (JSON, nothing personal)."""
    return [rows.add(audit, deeds)]


def page(before_id: int | None, limit: int) -> Executable:
    """A page of deeds, the newest first."""
    found = select(audit) if before_id is None else select(audit).where(audit.c.id < before_id)
    return found.order_by(audit.c.id.desc()).limit(limit)


def about(subject: str) -> Executable:
    """All deeds about a subject, the oldest first."""
    return select(audit).where(audit.c.subject == subject).order_by(audit.c.id)

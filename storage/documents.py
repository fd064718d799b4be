"""Documents that people agree to: every version ever shown stays."""

from sqlalchemy import select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import documents
from storage.work import Work


def add(shown: Rows) -> Work:
    """Stores versions that are new. Keys: name, version, sha256, text."""
    return [rows.add_new(documents, shown, "name", "version")]


def find(name: str, version: str) -> Executable:
    """One version of a document."""
    return select(documents).where(documents.c.name == name, documents.c.version == version)

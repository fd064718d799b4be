"""Consents: an append-only record of what people agreed to, and the document they saw."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import consents, documents
from storage.work import Work


def add(given: Rows) -> Work:
    """Appends consents; one whose `key` is there is a repeat and vanishes.

    Keys: key, identity_id, person_id, document_id, action (given, refused, withdrawn), at_us; may
    have proof (JSON of chat and message ids), run_id, place.
    """
    return [rows.add_new(consents, given, "key")]


def last_of(person_ids: Sequence[int]) -> Executable:
    """The last word of each person on each document. Columns: the consent's, name, version."""
    newest = (
        select(func.max(consents.c.id))
        .join(documents, documents.c.id == consents.c.document_id)
        .where(consents.c.person_id.in_(person_ids))
        .group_by(consents.c.person_id, documents.c.name)
    )
    named = select(consents, documents.c.name, documents.c.version)
    joined = named.join(documents, documents.c.id == consents.c.document_id)
    return joined.where(consents.c.id.in_(newest)).order_by(consents.c.person_id, consents.c.id)


def history(person_id: int) -> Executable:
    """All consents of a person, the oldest first. Columns: the consent's, name, version, sha256."""
    shown = (documents.c.name, documents.c.version, documents.c.sha256)
    joined = select(consents, *shown).join(documents, documents.c.id == consents.c.document_id)
    return joined.where(consents.c.person_id == person_id).order_by(consents.c.id)

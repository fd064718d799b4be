"""Consents: an append-only record of what people agreed to, and the document they saw."""

from storage import rows
from storage.rows import Rows
from storage.tables import consents
from storage.work import Work


def add(given: Rows) -> Work:
    """Appends consents; one whose `key` is there is a repeat and vanishes.

    Keys: key, identity_id, person_id, document_id, action (given, refused, withdrawn), at_us; may
    have proof (JSON of chat and message ids), run_id, place.
    """
    return [rows.add_new(consents, given, "key")]

"""Every table of the database as SQLAlchemy Core knows it; the migrations make the same ones."""

from storage.tables.bookings import bookings
from storage.tables.broadcasts import broadcasts, recipients
from storage.tables.columns import METADATA
from storage.tables.house import (
    audit,
    bots,
    codes,
    leases,
    meta,
    sessions,
    uploads,
    users,
    web_visitors,
)
from storage.tables.leads import journal, lead_cards, leads
from storage.tables.messages import messages, outbox, requests
from storage.tables.people import consents, contacts, facts, identities, people
from storage.tables.runs import documents, inbox, programs, run_places, runs, timers

__all__ = [
    "METADATA",
    "audit",
    "bookings",
    "bots",
    "broadcasts",
    "codes",
    "consents",
    "contacts",
    "documents",
    "facts",
    "identities",
    "inbox",
    "journal",
    "lead_cards",
    "leads",
    "leases",
    "messages",
    "meta",
    "outbox",
    "people",
    "programs",
    "recipients",
    "requests",
    "run_places",
    "runs",
    "sessions",
    "timers",
    "uploads",
    "users",
    "web_visitors",
]

"""Tables of leads: what the sales team works on, its cards, and the journal of decisions."""

from sqlalchemy import Index, Table, UniqueConstraint

from storage.tables.columns import METADATA, amount, big, own_id, ref, sealed, text, words

leads = Table(
    "leads",
    METADATA,
    own_id(),
    text("uid"),
    ref("person_id", "people"),
    ref("run_id", "runs", null=True),
    text("title"),
    text("team"),
    text("priority", "normal"),
    text("status", "new"),
    text("manager", null=True),
    big("taken_us", null=True),
    amount("value", null=True),
    sealed("answers"),
    text("source", ""),
    big("captured_us"),
    big("revision", 1),
    UniqueConstraint("uid"),
    UniqueConstraint("run_id", "title"),
    words("priority", "urgent", "normal", "low"),
    Index(None, "team", "status", "id"),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)

lead_cards = Table(
    "lead_cards",
    METADATA,
    own_id(),
    ref("lead_id", "leads", cascade=True),
    ref("bot_id", "bots"),
    text("chat"),
    text("message_id", null=True),
    big("revision", 0),
    UniqueConstraint("lead_id", "bot_id", "chat"),
    Index(None, "bot_id", "chat", "message_id"),
    sqlite_autoincrement=True,
)

journal = Table(
    "journal",
    METADATA,
    own_id(),
    big("person_id", null=True),
    big("run_id", null=True),
    big("lead_id", null=True),
    big("at_us"),
    text("kind"),
    text("place", ""),
    text("option", ""),
    text("reason", ""),
    big("until_us", null=True),
    sealed("data"),
    Index(None, "person_id", "id"),
    Index(None, "run_id", "id"),
    Index(None, "lead_id", "id"),
    Index(None, "kind", "at_us"),
    sqlite_autoincrement=True,
)

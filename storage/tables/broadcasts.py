"""Tables of broadcasts: what is sent to many people at once, and what became of each of them."""

from sqlalchemy import Index, Table, UniqueConstraint

from storage.tables.columns import METADATA, big, own_id, ref, sealed, small, text, where, words

broadcasts = Table(
    "broadcasts",
    METADATA,
    own_id(),
    text("name"),
    text("bots"),
    sealed("body", null=False),
    text("state", "planned"),
    big("planned_us"),
    big("cursor", 0),
    small("listed", 0),
    big("next_us", 0),
    big("begun_us", null=True),
    big("done_us", null=True),
    text("counts", ""),
    UniqueConstraint("name"),
    Index(None, "state"),
    words("state", "planned", "running", "stopped", "done"),
    sqlite_autoincrement=True,
)

recipients = Table(
    "recipients",
    METADATA,
    ref("broadcast_id", "broadcasts", key=True),
    ref("identity_id", "identities", key=True),
    ref("bot_id", "bots"),
    text("state", "planned"),
    text("reason", ""),
    big("planned_us"),
    big("due_us"),
    small("tries", 0),
    words("state", "planned", "taken", "queued", "skipped", "failed"),
    Index(None, "identity_id"),
    where(
        "state = 'planned'",
        "ix_recipients_planned",
        "broadcast_id",
        "bot_id",
        "due_us",
        "identity_id",
    ),
    where("state = 'taken'", "ix_recipients_taken", "bot_id", "broadcast_id"),
)

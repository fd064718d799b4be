"""Tables of the house: the schema's own facts, leases, bots, users and what they did."""

from sqlalchemy import Index, Table, UniqueConstraint

from storage.tables.columns import METADATA, big, octets, own_id, ref, text, where, words

meta = Table("meta", METADATA, text("key", key=True), text("value"))

leases = Table(
    "leases",
    METADATA,
    text("name", key=True),
    text("owner", ""),
    big("fence", 0),
    big("until_us", 0),
    big("next_at_us", null=True),
)

bots = Table(
    "bots",
    METADATA,
    own_id(),
    text("name"),
    text("channel"),
    text("external_id"),
    text("state", "run"),
    text("reason", ""),
    text("cursor", ""),
    big("retry_until_us", null=True),
    big("rate", null=True),
    UniqueConstraint("name"),
    UniqueConstraint("channel", "external_id"),
    words("state", "run", "paused", "halted"),
    sqlite_autoincrement=True,
)

users = Table(
    "users",
    METADATA,
    own_id(),
    text("name"),
    text("role"),
    text("hash", null=True),
    ref("identity_id", "identities", null=True),
    UniqueConstraint("name"),
    Index(None, "identity_id"),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    METADATA,
    octets("token_hash", key=True),
    ref("user_id", "users", cascade=True),
    big("seen_us"),
    big("ends_us"),
    Index(None, "user_id"),
)

audit = Table(
    "audit",
    METADATA,
    own_id(),
    big("at_us"),
    text("who"),
    text("action"),
    text("subject", ""),
    text("data", ""),
    Index(None, "at_us"),
    Index(None, "subject"),
    sqlite_autoincrement=True,
)

uploads = Table(
    "uploads",
    METADATA,
    ref("bot_id", "bots", key=True),
    text("sha256", key=True),
    text("kind", key=True),
    text("file_ref"),
)

web_visitors = Table(
    "web_visitors",
    METADATA,
    own_id(),
    octets("key_hash"),
    ref("bot_id", "bots"),
    ref("identity_id", "identities", null=True),
    big("created_us"),
    UniqueConstraint("key_hash"),
    Index(None, "identity_id"),
    Index(None, "created_us"),
    sqlite_autoincrement=True,
)

codes = Table(
    "codes",
    METADATA,
    own_id(),
    text("pool"),
    text("code"),
    ref("person_id", "people", null=True),
    big("issued_us", null=True),
    big("valid_us", null=True),
    big("redeemed_us", null=True),
    UniqueConstraint("pool", "code"),
    where("person_id IS NULL", "ix_codes_free", "pool", "id"),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)

"""Times that people booked with teams."""

from sqlalchemy import Index, Table, UniqueConstraint

from storage.tables.columns import METADATA, big, own_id, ref, text

bookings = Table(
    "bookings",
    METADATA,
    own_id(),
    text("team"),
    ref("person_id", "people"),
    text("funnel"),
    text("field"),
    big("from_us"),
    big("till_us"),
    big("made_us"),
    UniqueConstraint("person_id", "funnel", "field"),
    Index(None, "team", "from_us"),
    sqlite_autoincrement=True,
)

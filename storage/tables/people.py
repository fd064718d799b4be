"""Tables of people: who they are on each channel, their contacts, facts and consents."""

from sqlalchemy import DDL, Index, Table, UniqueConstraint, event

from storage.tables.columns import (
    METADATA,
    big,
    octets,
    own_id,
    ref,
    sealed,
    small,
    text,
    where,
    words,
)

people = Table(
    "people",
    METADATA,
    own_id(),
    text("uid"),
    text("zone", ""),
    text("zone_source", ""),
    text("tags", "[]"),
    big("visit", 0),
    text("sent_us", "[]"),
    big("retry_us", null=True),
    small("tries", 0),
    ref("merged_into", "people", null=True),
    big("erased_us", null=True),
    sealed("person"),
    UniqueConstraint("uid"),
    Index(None, "merged_into"),
    where("retry_us IS NOT NULL", "ix_people_retry", "retry_us"),
    sqlite_autoincrement=True,
)

identities = Table(
    "identities",
    METADATA,
    own_id(),
    ref("person_id", "people"),
    ref("bot_id", "bots"),
    text("external_id"),
    small("can_write", 1),
    big("blocked_us", null=True),
    sealed("name"),
    text("migrated_to", null=True),
    UniqueConstraint("bot_id", "external_id"),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)

contacts = Table(
    "contacts",
    METADATA,
    own_id(),
    ref("person_id", "people"),
    text("kind"),
    octets("digest"),
    octets("last4_digest", null=True),
    sealed("value", null=False),
    big("verified_us", null=True),
    UniqueConstraint("person_id", "kind", "digest"),
    words("kind", "phone", "email"),
    where("verified_us IS NOT NULL", "uq_contacts_verified", "kind", "digest", unique=True),
    Index(None, "kind", "digest"),
    Index(None, "last4_digest"),
    sqlite_autoincrement=True,
)

facts = Table(
    "facts",
    METADATA,
    ref("person_id", "people", key=True),
    text("funnel", key=True),
    text("name", key=True),
    text("value", null=True),
    sealed("value"),
    big("at_us"),
    where("value IS NOT NULL", "ix_facts_plain", "funnel", "name", "value"),
)

consents = Table(
    "consents",
    METADATA,
    own_id(),
    text("key"),
    ref("identity_id", "identities"),
    ref("person_id", "people"),
    ref("document_id", "documents"),
    text("action"),
    big("at_us"),
    text("proof", ""),
    big("run_id", null=True),
    text("place", ""),
    UniqueConstraint("key"),
    words("action", "given", "refused", "withdrawn"),
    Index(None, "person_id", "document_id", "id"),
    sqlite_autoincrement=True,
)

APPEND_ONLY = {
    "sqlite": """
CREATE TRIGGER consents_keep_{verb} BEFORE {verb} ON consents
BEGIN SELECT RAISE(ABORT, 'consents are only added'); END""",
    "postgresql": """
CREATE TRIGGER consents_keep_{verb} BEFORE {verb} ON consents
FOR EACH ROW EXECUTE FUNCTION consents_keep()""",
}
KEEP_FUNCTION = """
CREATE FUNCTION consents_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'consents are only added'; END $$"""


def _keep_consents() -> None:
    _after_create(KEEP_FUNCTION, "postgresql")
    for dialect, trigger in APPEND_ONLY.items():
        for verb in ("update", "delete"):
            _after_create(trigger.format(verb=verb), dialect)


def _after_create(statement: str, dialect: str) -> None:
    ddl: DDL = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(consents, "after_create", ddl.execute_if(dialect=dialect))


_keep_consents()

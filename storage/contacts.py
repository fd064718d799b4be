"""Contacts: sealed phones and e-mails, kept with the digests that tell which are the same."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import contacts
from storage.work import Do, Work


def put(known: Rows) -> Work:
    """Stores contacts of people; a proof stays when the same is typed again later.

    Keys: person_id, kind (phone, email), digest, value_sealed; may have last4_digest, verified_us.
    A contact is verified for one person only: the newest proof wins.
    """
    proofs = [
        {"same_kind": row["kind"], "same": row["digest"], "mine": row["person_id"]}
        for row in known
        if row.get("verified_us")
    ]
    statement = insert(contacts)
    new = statement.excluded
    upsert = statement.on_conflict_do_update(
        index_elements=["person_id", "kind", "digest"],
        set_={
            "value_sealed": new.value_sealed,
            "verified_us": func.coalesce(new.verified_us, contacts.c.verified_us),
        },
    )
    return [Do(_unverify_others(), proofs), Do(upsert, rows.filled(contacts, known))]


def owners(kind: str, digests: Sequence[bytes]) -> Executable:
    """Who left the phone or e-mail. Columns: person_id, verified_us."""
    mine = select(contacts.c.person_id, contacts.c.verified_us)
    return mine.where(contacts.c.kind == kind, contacts.c.digest.in_(digests))


def _unverify_others() -> Executable:
    others = update(contacts).where(
        contacts.c.kind == bindparam("same_kind"),
        contacts.c.digest == bindparam("same"),
        contacts.c.person_id != bindparam("mine"),
        contacts.c.verified_us.is_not(None),
    )
    return others.values(verified_us=None)

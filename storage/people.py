"""People, and the identities under which the channels know them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import identities, people
from storage.work import Do, Work


def known(bot_id: int, external_ids: Sequence[str]) -> Executable:
    """The identities of these senders in a bot."""
    return select(identities).where(
        identities.c.bot_id == bot_id, identities.c.external_id.in_(external_ids)
    )


def create(senders: Rows) -> Work:
    """Creates a person and an identity for each sender that has none; harmless to repeat.

    Keys: person_id, identity_id (from `Database.ids`), uid, bot_id, external_id; may have
    name_sealed. Where another process was faster its person stays and ours vanishes.
    """
    persons = [{"id": one["person_id"], "uid": one["uid"]} for one in senders]
    named = [
        {
            "id": one["identity_id"],
            **{k: v for k, v in one.items() if k not in {"identity_id", "uid"}},
        }
        for one in senders
    ]
    nobody = delete(people).where(
        people.c.id == bindparam("row_id"),
        ~exists().where(identities.c.person_id == bindparam("row_id")),
    )
    return [
        rows.add(people, persons),
        rows.add_new(identities, named, "bot_id", "external_id"),
        Do(nobody, [{"row_id": one["person_id"]} for one in senders]),
    ]


def load(person_ids: Sequence[int]) -> Executable:
    """The people's rows, by id."""
    return select(people).where(people.c.id.in_(person_ids)).order_by(people.c.id)


def identities_of(person_ids: Sequence[int]) -> Executable:
    """The identities of the people, by person and id."""
    found = select(identities).where(identities.c.person_id.in_(person_ids))
    return found.order_by(identities.c.person_id, identities.c.id)


def identity(identity_id: int) -> Executable:
    """One identity."""
    return select(identities).where(identities.c.id == identity_id)


def save(changed: Rows) -> Work:
    """Sets the columns given (`id` and the same others in all rows) of people."""
    return [rows.change(people, changed)]


def save_identities(changed: Rows) -> Work:
    """Sets the columns given (`id` and the same others in all rows) of identities."""
    return [rows.change(identities, changed)]


def put_off(person_id: int, retry_us: int | None, tries: int) -> Work:
    """Leaves the person out of the claim until `retry_us` (None: not any longer)."""
    return save([{"id": person_id, "retry_us": retry_us, "tries": tries}])

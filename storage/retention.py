"""What is old enough to go: pages of rows to look at, and their deletion by id."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, Table, delete, exists, or_, select
from sqlalchemy.sql import Executable

from storage.rows import word
from storage.tables import (
    bots,
    identities,
    inbox,
    journal,
    messages,
    outbox,
    people,
    requests,
    web_visitors,
)
from storage.work import Do, Work

PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table that is swept: its moment, and which of its old rows may go.

    Rows are looked at in the order of ids, which is the order of time: a page whose last row is
    young is the last one, and no index over moments is needed.
    """

    table: Table
    moment: Column[Any]
    may_go: ColumnElement[bool]

    def page(self, after_id: int, limit: int = PAGE) -> Executable:
        """The next rows by id. Columns: id, at_us, may_go."""
        moment, may_go = self.moment.label("at_us"), self.may_go.label("may_go")
        found = select(self.table.c.id, moment, may_go).where(self.table.c.id > after_id)
        return found.order_by(self.table.c.id).limit(limit)

    def drop(self, ids: Sequence[int]) -> Work:
        """Deletes the rows."""
        return [Do(delete(self.table).where(self.table.c.id.in_(ids)))]


EVENTS: Final = Shelf(
    inbox,
    inbox.c.received_us,
    or_(inbox.c.state == word("done"), inbox.c.state == word("ignored")),
)
"""What was played; what nobody knows what to do with waits for a person."""

REQUESTS: Final = Shelf(
    requests,
    requests.c.due_us,
    or_(requests.c.state == word("done"), requests.c.state == word("withdrawn")),
)
"""Requests outside that ended well or were taken back."""

JOURNAL: Final = Shelf(journal, journal.c.at_us, journal.c.lead_id.is_(None))
"""Decisions about people; those about leads stay with the leads."""

VISITORS: Final = Shelf(
    web_visitors, web_visitors.c.created_us, web_visitors.c.identity_id.is_(None)
)
"""Browsers that opened a chat and never said a word."""

_WAITING: Final = exists().where(outbox.c.message_id == messages.c.id, outbox.c.final_us.is_(None))
MESSAGES: Final = Shelf(messages, messages.c.at_us, ~_WAITING)
"""What was said, but for what is still to be sent."""


def drop_messages(ids: Sequence[int]) -> Work:
    """Deletes messages, and the ended calls that brought them."""
    calls = delete(outbox).where(outbox.c.message_id.in_(ids), outbox.c.final_us.is_not(None))
    return [Do(calls), *MESSAGES.drop(ids)]


def final_calls(before_us: int, limit: int = PAGE) -> Select[Any]:
    """Ended calls that are old; those of web chats stay, because their pages show them."""
    pages = select(bots.c.id).where(bots.c.channel == "web").scalar_subquery()
    old = select(outbox.c.id).where(outbox.c.final_us < before_us, outbox.c.bot_id.not_in(pages))
    return old.limit(limit)


def drop_calls(ids: Sequence[int]) -> Work:
    """Deletes ended calls."""
    mine = delete(outbox).where(outbox.c.id.in_(ids), outbox.c.final_us.is_not(None))
    return [Do(mine)]


def owners(names: Sequence[str]) -> Executable:
    """Those of the names of visitors who are known and not erased. Column: external_id."""
    found = select(identities.c.external_id).join(people, people.c.id == identities.c.person_id)
    found = found.join(bots, bots.c.id == identities.c.bot_id).where(bots.c.channel == "web")
    return found.where(identities.c.external_id.in_(names), people.c.erased_us.is_(None))

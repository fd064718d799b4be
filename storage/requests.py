"""Requests to the outside: HTTP calls, membership checks and CRM, each done once by its key."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows, word
from storage.tables import requests
from storage.work import Do, Work


def add(new: Rows) -> Work:
    """Queues requests; one whose `key` is there is a repeat and vanishes.

    Keys: key, target, request_sealed, due_us; may have person_id, run_id, visit, lead_id.
    """
    return [rows.add_new(requests, new, "key")]


def claim(target: str, now_us: int, fence: int, limit: int) -> Executable:
    """Takes due requests to a target into `calling`; for `returning`."""
    due = (
        select(requests.c.id)
        .where(requests.c.target == target, requests.c.state == word("queued"))
        .where(requests.c.due_us <= now_us)
        .order_by(requests.c.due_us, requests.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = update(requests).where(requests.c.id.in_(due.scalar_subquery()))
    values = taken.values(state="calling", fence=fence, tries=requests.c.tries + 1)
    return values.returning(requests)


def targets(now_us: int) -> Executable:
    """The targets that have due requests. Columns: target."""
    due = select(requests.c.target).where(requests.c.state == word("queued"))
    return due.where(requests.c.due_us <= now_us).distinct()


def finish(ended: Rows) -> Work:
    """Ends requests that are being made. Keys: id, state (done, dead), answer_sealed, error."""
    calling = update(requests).where(
        requests.c.id == bindparam("row_id"), requests.c.state == word("calling")
    )
    named = [{("row_id" if k == "id" else k): v for k, v in row.items()} for row in ended]
    return [Do(calling, named)]


def retry(request_id: int, due_us: int, error: str) -> Work:
    """Queues a request again."""
    calling = update(requests).where(
        requests.c.id == request_id, requests.c.state == word("calling")
    )
    return [Do(calling.values(state="queued", due_us=due_us, fence=None, error=error))]


def reclaim(fence: int) -> Work:
    """Queues again what holders of smaller fences left; the key keeps it from being done twice."""
    left = update(requests).where(requests.c.state == word("calling"), requests.c.fence < fence)
    return [Do(left.values(state="queued", fence=None))]


def load(ids: Sequence[int]) -> Executable:
    """The requests, by id."""
    return select(requests).where(requests.c.id.in_(ids)).order_by(requests.c.id)


def dead_rows(limit: int) -> Executable:
    """The newest requests that were given up."""
    dead = select(requests).where(requests.c.state == word("dead"))
    return dead.order_by(requests.c.id.desc()).limit(limit)

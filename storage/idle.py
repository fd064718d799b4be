"""Whether anything is left to do: what tests wait for and monitors look at."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.sql import Executable

from storage.rows import word
from storage.tables import inbox, outbox, requests, timers


def work_left(now_us: int) -> Executable:
    """One row of counts: unread, timers (due), queued (due), sending, requests (due or being made).

    Nothing is left when all are 0. Unread events of nobody (person_id is empty) count too.
    """
    queued = outbox.c.state == word("queued")
    due_request = (requests.c.state == word("queued")) & (requests.c.due_us <= now_us)
    return select(
        _count(select(func.count()).where(inbox.c.state == word("new")), "unread"),
        _count(select(func.count()).where(timers.c.due_us <= now_us), "timers"),
        _count(select(func.count()).where(queued, outbox.c.due_us <= now_us), "queued"),
        _count(select(func.count()).where(outbox.c.state == word("sending")), "sending"),
        _count(
            select(func.count()).where(due_request | (requests.c.state == word("calling"))),
            "requests",
        ),
    )


def health() -> Executable:
    """One row for monitors: the oldest of each queue in microseconds, and what waits for a person.

    Columns: oldest_unread_us, oldest_timer_us, oldest_queued_us, doubtful, dead_events,
    dead_requests.
    """
    oldest_unread = select(func.min(inbox.c.received_us)).where(inbox.c.state == word("new"))
    oldest_queued = select(func.min(outbox.c.due_us)).where(outbox.c.state == word("queued"))
    doubtful = select(func.count()).where(outbox.c.state == word("doubtful"))
    return select(
        _count(oldest_unread, "oldest_unread_us"),
        _count(select(func.min(timers.c.due_us)), "oldest_timer_us"),
        _count(oldest_queued, "oldest_queued_us"),
        _count(doubtful, "doubtful"),
        _count(select(func.count()).where(inbox.c.state == word("dead")), "dead_events"),
        _count(select(func.count()).where(requests.c.state == word("dead")), "dead_requests"),
    )


def _count(counted: Select[Any], name: str) -> Any:
    return counted.scalar_subquery().label(name)

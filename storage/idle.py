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


def _count(counted: Select[Any], name: str) -> Any:
    return counted.scalar_subquery().label(name)

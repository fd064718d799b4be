"""Calls to the world outside: who asked, who is making them, how they ended."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows, word
from storage.tables import requests
from storage.work import Do, Work


def add(new: Rows) -> Work:
    """Queues requests whose `key` is new.

    Keys: key, target, due_us, request_sealed; may have person_id, run_id, visit, lead_id.
    """
    return [rows.add_new(requests, new, "key")]


def targets(now_us: int) -> Executable:
    """Whom something is to be asked now. Column: target."""
    due = select(requests.c.target).where(requests.c.state == word("queued"))
    return due.where(requests.c.due_us <= now_us).distinct().order_by(requests.c.target)


def claim(target: str, now_us: int, *, fence: int, limit: int) -> tuple[Executable, Any]:
    """Takes up to `limit` due requests of a target into `calling`; for `returning`: the rows."""
    due = (
        select(requests.c.id)
        .where(
            requests.c.target == bindparam("of_target"),
            requests.c.state == word("queued"),
            requests.c.due_us <= bindparam("now_us", type_=BigInteger),
        )
        .order_by(requests.c.due_us, requests.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    taken = update(requests).where(requests.c.id.in_(due.scalar_subquery()))
    values = taken.values(
        state="calling",
        fence=bindparam("new_fence", type_=BigInteger),
        tries=requests.c.tries + 1,
    )
    given = {"of_target": target, "now_us": now_us, "new_fence": fence, "most": limit}
    return values.returning(requests), given


def finish(request_id: int, fence: int, answer_sealed: bytes | None, error: str = "") -> Work:
    """Ends a request that this holder makes; `Conflict` if it is another's by now."""
    state = "dead" if error else "done"
    ended = _held(request_id, fence).values(state=state, answer_sealed=answer_sealed, error=error)
    return [Do(ended, expect=1)]


def postpone(request_id: int, fence: int, due_us: int, error: str, *, spent: bool) -> Work:
    """Queues a request again for `due_us`; `Conflict` if it is another holder's by now.

    `spent` tells whether the try counts.
    """
    tries = requests.c.tries if spent else requests.c.tries - 1
    later = _held(request_id, fence).values(
        state="queued", due_us=due_us, fence=None, tries=tries, error=error
    )
    return [Do(later, expect=1)]


def release(fence: int, now_us: int, flying: Sequence[int] = ()) -> Executable:
    """Queues again what holders of smaller fences left in the middle; for `returning`: the ids.

    Those that are `flying` are being made by the new holder itself, who lost the lease meanwhile.
    """
    left = update(requests).where(requests.c.state == word("calling"), requests.c.fence < fence)
    theirs = left.where(requests.c.id.not_in(flying)) if flying else left
    return theirs.values(state="queued", due_us=now_us, fence=None).returning(requests.c.id)


def give_back(fence: int, flying: Sequence[int]) -> Work:
    """Queues again what the holder of `fence` claimed and is not making: that was never asked."""
    ours = update(requests).where(requests.c.state == word("calling"), requests.c.fence == fence)
    left = ours.where(requests.c.id.not_in(flying))
    return [Do(left.values(state="queued", fence=None, tries=requests.c.tries - 1))]


def _held(request_id: int, fence: int) -> Any:
    mine = update(requests).where(requests.c.id == request_id, requests.c.fence == fence)
    return mine.where(requests.c.state == word("calling"))

"""Broadcasts: one letter to a segment, its recipients made in pages by a cursor."""

from sqlalchemy import exists, select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows, word
from storage.tables import broadcasts, messages, outbox
from storage.work import Do, Work


def add(new: Rows) -> Work:
    """Stores broadcasts. Keys: title, segment, body_sealed; may have id, state, planned_us."""
    return [rows.add(broadcasts, new)]


def load(broadcast_id: int) -> Executable:
    """One broadcast."""
    return select(broadcasts).where(broadcasts.c.id == broadcast_id)


def every() -> Executable:
    """All broadcasts, the newest first."""
    return select(broadcasts).order_by(broadcasts.c.id.desc())


def due(now_us: int) -> Executable:
    """Broadcasts to work on: running ones, and planned ones whose moment has come."""
    planned = (broadcasts.c.state == word("planned")) & (broadcasts.c.planned_us <= now_us)
    return select(broadcasts).where((broadcasts.c.state == word("running")) | planned)


def set_state(broadcast_id: int, old: str, new: str) -> Work:
    """Changes the state; `Conflict` if it is not `old` any more."""
    same = update(broadcasts).where(broadcasts.c.id == broadcast_id, broadcasts.c.state == old)
    return [Do(same.values(state=new), expect=1)]


def move_cursor(broadcast_id: int, old: int, new: int) -> Work:
    """Moves the cursor; put it into the work that stores the page's messages and calls."""
    same = update(broadcasts).where(broadcasts.c.id == broadcast_id, broadcasts.c.cursor == old)
    return [Do(same.values(cursor=new), expect=1)]


def unfinished(broadcast_id: int) -> Executable:
    """One row if any call of the broadcast is not final yet (R46)."""
    of_it = (outbox.c.message_id == messages.c.id, messages.c.broadcast_id == broadcast_id)
    open_call = exists().where(*of_it, outbox.c.final_us.is_(None))
    return select(broadcasts.c.id).where(broadcasts.c.id == broadcast_id, open_call)

"""Bots: accounts on channels, where their polling stands and whether they run."""

from sqlalchemy import select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import bots
from storage.work import Do, Work


def register(known: Rows) -> Work:
    """Stores bots by name. Keys: name, channel, external_id; a renewed account keeps its row."""
    return [rows.put(bots, known, ("name",), ("channel", "external_id"))]


def named(name: str) -> Executable:
    """The bot of a name."""
    return select(bots).where(bots.c.name == name)


def states() -> Executable:
    """How all bots are. Columns: id, name, channel, state, reason."""
    columns = (bots.c.id, bots.c.name, bots.c.channel, bots.c.state, bots.c.reason)
    return select(*columns).order_by(bots.c.name)


def move_cursor(bot_id: int, cursor: str) -> Work:
    """Remembers where polling stands; put it into the work that stores the rows."""
    return [Do(update(bots).where(bots.c.id == bot_id).values(cursor=cursor), expect=1)]


def set_state(bot_id: int, state: str, reason: str = "") -> Work:
    """Sets `run`, `paused` (by people) or `halted` (by the world), with the reason."""
    changed = update(bots).where(bots.c.id == bot_id).values(state=state, reason=reason)
    return [Do(changed, expect=1)]


def keep_pace(bot_id: int, rate: int, retry_until_us: int | None) -> Work:
    """Remembers how fast letters go (thousandths of a call a second) and till when the bot waits."""
    pace = {"rate": rate, "retry_until_us": retry_until_us}
    return [Do(update(bots).where(bots.c.id == bot_id).values(**pace))]

"""Programs: every form of a funnel that anybody ever played, stored whole."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import programs
from storage.work import Do, Work


def add(new: Rows) -> Work:
    """Stores programs whose (funnel, hash) is new.

    Keys: funnel, hash, text; may have language (its version), files (JSON of name to sha256),
    added_us.
    """
    return [rows.add_new(programs, new, "funnel", "hash")]


def make_live(funnel: str, digest: str) -> Work:
    """Makes the program of this hash the one that newcomers play; `Conflict` if it is not stored."""
    mine = update(programs).where(programs.c.funnel == funnel)
    retired = mine.where(programs.c.live == 1, programs.c.hash != digest).values(live=0)
    return [Do(retired), Do(mine.where(programs.c.hash == digest).values(live=1), expect=1)]


def find(funnel: str, digest: str) -> Executable:
    """The program of a funnel and hash."""
    return select(programs).where(programs.c.funnel == funnel, programs.c.hash == digest)


def texts(ids: Sequence[int]) -> Executable:
    """The stored sources. Columns: id, funnel, text."""
    found = select(programs.c.id, programs.c.funnel, programs.c.text)
    return found.where(programs.c.id.in_(ids))

"""Leases: who polls, sends or ticks now, with a fence that grows at every change of hands."""

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import Executable

from storage.moments import database_us
from storage.tables import leases
from storage.work import Do, Work


def take(name: str, owner: str, seconds: float) -> Executable:
    """Takes or renews a lease by the database's clock; for `returning`.

    One row with `fence` if `owner` (unique to the process) has it now, no row if another one
    does. The fence grows whenever it changes hands: one whose time ran out (or jumped) while nobody
    took it is renewed, or its holder would take its own calls for a dead one's.
    """
    until = database_us() + int(seconds * 1_000_000)
    new = insert(leases).values(name=name, owner=owner, fence=1, until_us=until)
    renewed = leases.c.owner == owner
    free = or_(leases.c.owner == owner, leases.c.until_us < database_us())
    return new.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "owner": owner,
            "fence": case((renewed, leases.c.fence), else_=leases.c.fence + 1),
            "until_us": until,
        },
        where=free,
    ).returning(leases.c.fence)


def give_back(owner: str) -> Work:
    """Ends all leases of the owner, so that the next one need not wait."""
    mine = update(leases).where(leases.c.owner == owner)
    return [Do(mine.values(owner="", until_us=0))]


def seen(owner: str) -> Executable:
    """Takes the owner's lock for as long as the connection lives (PostgreSQL). Column: taken."""
    taken = func.pg_try_advisory_lock(func.hashtextextended(owner, 0))
    return select(taken.label("taken"))


def end_unseen(owner: str) -> Executable:
    """Ends leases of other owners whose lock nobody has: their processes are gone (PostgreSQL)."""
    unseen = func.pg_try_advisory_xact_lock(func.hashtextextended(leases.c.owner, 0))
    others = update(leases).where(leases.c.owner.not_in(["", owner]), unseen)
    return others.values(owner="", until_us=0)


def holders() -> Executable:
    """All leases, by name."""
    return select(leases).order_by(leases.c.name)


def claim_chore(name: str, now_us: int, next_us: int) -> Executable:
    """Claims a chore that is due and plans it for `next_us`; for `returning`: a row if claimed."""
    new = insert(leases).values(name=name, owner="", fence=0, until_us=0, next_at_us=next_us)
    due = or_(leases.c.next_at_us.is_(None), leases.c.next_at_us <= now_us)
    return new.on_conflict_do_update(
        index_elements=["name"], set_={"next_at_us": next_us}, where=due
    ).returning(leases.c.name)

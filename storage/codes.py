"""Promo codes: pools of them, who was given which, which were redeemed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import Executable

from storage import rows
from storage.tables import codes
from storage.work import Do, Work


def load(pool: str, new: Sequence[str]) -> Work:
    """Puts codes that are new to it into a pool."""
    return [rows.add_new(codes, [{"pool": pool, "code": one} for one in new], "pool", "code")]


def of_person(pool: str, person_id: int, now_us: int) -> Executable:
    """The person's codes of the pool that are valid and were not used, the newest first."""
    mine = select(codes).where(codes.c.pool == pool, codes.c.person_id == person_id)
    return mine.where(codes.c.redeemed_us.is_(None), _valid(now_us)).order_by(codes.c.id.desc())


def take(pool: str, person_id: int, now_us: int, valid_us: int | None) -> Executable:
    """Gives the next free code of a pool to the person; for `returning`: no row if none is left."""
    free = select(codes.c.id).where(codes.c.pool == pool, codes.c.person_id.is_(None))
    first = free.order_by(codes.c.id).limit(1).with_for_update(skip_locked=True)
    taken = update(codes).where(codes.c.id == first.scalar_subquery(), codes.c.person_id.is_(None))
    values = taken.values(person_id=person_id, issued_us=now_us, valid_us=valid_us)
    return values.returning(codes)


def make(pool: str, code: str, person_id: int, now_us: int, valid_us: int | None) -> Executable:
    """Gives the person a code of their own; for `returning`: no row if somebody has it."""
    made = insert(codes).values(
        pool=pool, code=code, person_id=person_id, issued_us=now_us, valid_us=valid_us
    )
    return made.on_conflict_do_nothing(index_elements=["pool", "code"]).returning(codes)


def named(code: str) -> Executable:
    """The codes of that text, in whatever pool."""
    return select(codes).where(codes.c.code == code).order_by(codes.c.id)


def redeem(code_id: int, now_us: int) -> Work:
    """Marks a code as redeemed; `Conflict` if it was already."""
    mine = update(codes).where(codes.c.id == code_id, codes.c.redeemed_us.is_(None))
    return [Do(mine.values(redeemed_us=now_us), expect=1)]


def counts(now_us: int) -> Executable:
    """By pool: free, given (valid and not used), used, expired."""
    given = and_(codes.c.person_id.is_not(None), codes.c.redeemed_us.is_(None))
    return (
        select(
            codes.c.pool,
            _many(codes.c.person_id.is_(None)).label("free"),
            _many(and_(given, _valid(now_us))).label("given"),
            _many(codes.c.redeemed_us.is_not(None)).label("used"),
            _many(and_(given, ~_valid(now_us))).label("expired"),
        )
        .group_by(codes.c.pool)
        .order_by(codes.c.pool)
    )


def _valid(now_us: int) -> ColumnElement[bool]:
    return or_(codes.c.valid_us.is_(None), codes.c.valid_us > now_us)


def _many(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))

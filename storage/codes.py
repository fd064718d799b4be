"""Codes: one-use promotion codes in pools, each given to one person."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.tables import codes
from storage.work import Do, Work


def add(pool: str, new: Sequence[str]) -> Work:
    """Stores codes; those that the pool holds already stay."""
    return [rows.add_new(codes, [{"pool": pool, "code": code} for code in new], "pool", "code")]


def issue(pool: str, person_id: int, now_us: int, valid_us: int | None) -> Executable:
    """Gives the next free code of a pool to a person; for `returning`: a row, or none is left."""
    free = (
        select(codes.c.id)
        .where(codes.c.pool == pool, codes.c.person_id.is_(None))
        .order_by(codes.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    given = update(codes).where(codes.c.id == free.scalar_subquery())
    values = given.values(person_id=person_id, issued_us=now_us, valid_us=valid_us)
    return values.returning(codes)


def redeem(pool: str, code: str, now_us: int) -> Work:
    """Marks a code as used; `Conflict` if it was not given, is used or is past its time."""
    same = update(codes).where(codes.c.pool == pool, codes.c.code == code)
    good = same.where(codes.c.person_id.is_not(None), codes.c.redeemed_us.is_(None))
    in_time = good.where(func.coalesce(codes.c.valid_us, now_us) >= now_us)
    return [Do(in_time.values(redeemed_us=now_us), expect=1)]


def left(pool: str) -> Executable:
    """One row: n of the free codes."""
    free = (codes.c.pool == pool, codes.c.person_id.is_(None))
    return select(func.count().label("n")).select_from(codes).where(*free)


def of_person(person_id: int) -> Executable:
    """The codes that a person has, the newest first."""
    return select(codes).where(codes.c.person_id == person_id).order_by(codes.c.id.desc())

"""Times that people booked: one of a person for each field, none over another of the same team."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, delete, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import Executable

from storage.tables import bookings
from storage.work import Do, Work


def taken(team: str, from_us: int, till_us: int, but: tuple[int, str, str]) -> Executable:
    """The spans that are booked in that time. Columns: from_us, till_us.

    ``but`` is the booking (person, funnel, field) that a new one would take the place of.
    """
    found = select(bookings.c.from_us, bookings.c.till_us).where(bookings.c.team == team)
    return found.where(
        bookings.c.from_us < till_us, bookings.c.till_us > from_us, not_(_is(but))
    ).order_by(bookings.c.from_us)


def _is(whose: tuple[int, str, str]) -> ColumnElement[bool]:
    person_id, funnel, field = whose
    return and_(
        bookings.c.person_id == person_id,
        bookings.c.funnel == funnel,
        bookings.c.field == field,
    )


def book(
    team: str, whose: tuple[int, str, str], from_us: int, till_us: int, now_us: int
) -> Executable:
    """Books the time, in place of the person's earlier one for the field; for ``returning``.

    Gives the row's id, and nothing when somebody else has a part of that time. On PostgreSQL only
    the holder of the lease of requests may book, one booking at a time.
    """
    other = bookings.alias("other")
    person_id, funnel, field = whose
    own = and_(other.c.person_id == person_id, other.c.funnel == funnel, other.c.field == field)
    clash = select(other.c.id).where(
        other.c.team == team, other.c.from_us < till_us, other.c.till_us > from_us, not_(own)
    )
    columns: dict[str, Any] = {
        "team": bindparam("of_team", team, type_=Text),
        "person_id": bindparam("of_person", person_id, type_=BigInteger),
        "funnel": bindparam("of_funnel", funnel, type_=Text),
        "field": bindparam("of_field", field, type_=Text),
        "from_us": bindparam("new_from", from_us, type_=BigInteger),
        "till_us": bindparam("new_till", till_us, type_=BigInteger),
        "made_us": bindparam("now_us", now_us, type_=BigInteger),
    }
    values: list[Any] = list(columns.values())
    chosen = select(*values).where(not_(clash.exists()))
    if_free = insert(bookings).from_select(list(columns), chosen)
    new = {name: if_free.excluded[name] for name in ("team", "from_us", "till_us", "made_us")}
    put = if_free.on_conflict_do_update(index_elements=["person_id", "funnel", "field"], set_=new)
    return put.returning(bookings.c.id)


def let_go(whose: tuple[int, str, str]) -> Work:
    """Frees the person's time for the field."""
    return [Do(delete(bookings).where(_is(whose)))]

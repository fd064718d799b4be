"""Runs: people's passes through funnels, and the places where their plays rest."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows, word
from storage.tables import run_places, runs
from storage.work import Do, Work

FORGOTTEN: Final = "reset"
"""The status of a run that never was, as far as the person is concerned."""


def of_people(person_ids: Sequence[int], also: Sequence[int] = ()) -> Executable:
    """All living runs of the people, the last ended one of each funnel, and those of `also`.

    Forgotten ones are never among them.
    """
    is_known = runs.c.status != word(FORGOTTEN)
    ended = (
        select(func.max(runs.c.id))
        .where(runs.c.person_id.in_(person_ids), runs.c.ended_us.is_not(None), is_known)
        .group_by(runs.c.identity_id, runs.c.funnel)
    )
    wanted = or_(runs.c.ended_us.is_(None), runs.c.id.in_(ended))
    mine = runs.c.person_id.in_(person_ids) & wanted
    found = or_(mine, runs.c.id.in_(also)) if also else mine
    return select(runs).where(found, is_known).order_by(runs.c.identity_id, runs.c.number)


def add(new: Rows) -> Work:
    """Stores new runs; `RowRefused` if one of the funnel lives already.

    Keys: id, identity_id, person_id, funnel, program_id, number, entered_us, state_sealed; may
    have place, visit, status, score, ended_us, link, source.
    """
    return [rows.add(runs, new)]


def save(changed: Rows) -> Work:
    """Sets columns of runs by `id`; `rev` is the one that was loaded, it grows by one.

    All rows name the same columns. `Conflict` if somebody saved one of the runs in between.
    """
    statement = update(runs).where(
        runs.c.id == bindparam("row_id"), runs.c.rev == bindparam("old_rev")
    )
    names = {"id": "row_id", "rev": "old_rev"}
    named = [{names.get(k, k): v for k, v in row.items()} for row in changed]
    return [Do(statement.values(rev=runs.c.rev + 1), named, expect=len(named))]


def forget(identity_ids: Sequence[int]) -> Work:
    """What ended of these identities is forgotten: new runs begin as if there had been none."""
    old = (runs.c.identity_id.in_(identity_ids), runs.c.ended_us.is_not(None))
    return [Do(update(runs).where(*old).values(status=FORGOTTEN))]


def replace_places(run_ids: Sequence[int], places: Rows) -> Work:
    """Replaces the places of the runs. Keys: run_id, play, place, visit."""
    gone = delete(run_places).where(run_places.c.run_id == bindparam("row_id"))
    return [
        Do(gone, [{"row_id": one} for one in run_ids]),
        rows.add(run_places, places),
    ]


def living(funnel: str) -> Executable:
    """How many runs of the funnel live. Columns: n."""
    alive = (runs.c.funnel == funnel, runs.c.ended_us.is_(None))
    return select(func.count().label("n")).select_from(runs).where(*alive)

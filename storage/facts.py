"""Facts: the fields of a person, in a funnel or ('') everywhere."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import facts
from storage.work import Work


def put(known: Rows) -> Work:
    """Stores facts over older ones.

    Keys: person_id, funnel, name, at_us and value (an option's code or a number, to be counted)
    or value_sealed (what is personal).
    """
    unique = ("person_id", "funnel", "name")
    return [rows.put(facts, known, unique, ("value", "value_sealed", "at_us"))]


def forget(names: Rows) -> Work:
    """Deletes facts. Keys: person_id, funnel, name."""
    return [rows.drop(facts, names)]


def of_people(person_ids: Sequence[int]) -> Executable:
    """The facts of the people, by person, funnel and name."""
    found = select(facts).where(facts.c.person_id.in_(person_ids))
    return found.order_by(facts.c.person_id, facts.c.funnel, facts.c.name)


def shares(funnel: str, name: str) -> Executable:
    """How many people have which plain value. Columns: value, n."""
    same = select(facts.c.value, func.count().label("n")).where(facts.c.value.is_not(None))
    return same.where(facts.c.funnel == funnel, facts.c.name == name).group_by(facts.c.value)

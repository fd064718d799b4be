"""Facts: the fields of a person, in a funnel or ('') everywhere."""

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

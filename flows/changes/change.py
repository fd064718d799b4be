"""One change: what kind, where, what stood before and what stands after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """A difference as data; the words are made of it elsewhere.

    ``place`` is a place, a letter, a flow or a series by its full name; ``what`` the key, the verb
    or the option that changed; ``near`` the place beside it. ``before`` and ``after`` are None
    where there is nothing. All of it is JSON.
    """

    kind: str
    place: str = ""
    what: str = ""
    before: Any = None
    after: Any = None
    near: str = ""
    funnel: str = ""


def changed(kind: str, place: str, what: str, before: Any, after: Any) -> list[Change]:
    """A change when the two differ, else nothing."""
    return [] if before == after else [Change(kind, place, what, before, after)]

"""The figures of a broadcast: everybody on its list is counted once, whatever became of them (R46)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.work import Row

_WITHDRAWN = {
    "стоп": "unsubscribed",
    "blocked": "blocked",
    "the person blocked the bot": "blocked",
    "stopped": "stopped",
}
"""Why queued calls are taken back, as a reason of a skip."""


@dataclass(slots=True)
class Figures:
    """How many people: ``left`` are those of whom it is not known yet, ``skipped`` by reason.

    ``recipients`` is always the sum of all others.
    """

    sent: int = 0
    blocked: int = 0
    failed: int = 0
    doubtful: int = 0
    left: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def recipients(self) -> int:
        """Everybody on the list."""
        known = self.sent + self.blocked + self.failed + self.doubtful
        return known + self.left + self.skipped.total()

    def add(self, end: str, reason: str, number: int) -> None:
        """Count people with that end; of a skip also why."""
        if end == "skipped" and reason != "blocked":
            self.skipped[reason] += number
        else:
            name = "blocked" if end == "skipped" else end
            setattr(self, name, getattr(self, name) + number)

    def as_object(self) -> dict[str, Any]:
        """As JSON, with the sum."""
        ends = ("recipients", "sent", "blocked", "failed", "doubtful", "left")
        return {**{name: getattr(self, name) for name in ends}, "skipped": dict(self.skipped)}

    def as_facts(self) -> dict[str, str]:
        """What an alarm or a line of a log tells."""
        told = {**self.as_object(), "skipped": self.skipped.total()}
        return {name: str(value) for name, value in told.items()}


def figures_of(rows: Iterable[Row]) -> Figures:
    """The figures of the rows of `storage.broadcasts.figures`."""
    figures = Figures()
    for row in rows:
        figures.add(*_end(row), row.n)
    return figures


def figures_from(told: Mapping[str, Any]) -> Figures:
    """The figures that were kept when it was done."""
    ends = ("sent", "blocked", "failed", "doubtful", "left")
    return Figures(**{name: told[name] for name in ends}, skipped=Counter(told["skipped"]))


_OF_CALL = {"sent": "sent", "": "sent", "doubtful": "doubtful", "expired": "failed"}
"""A call that is forgotten was final long ago."""


def _end(row: Row) -> tuple[str, str]:
    if row.state == "skipped":
        return "skipped", str(row.reason)
    if row.state != "queued":
        return ("failed" if row.state == "failed" else "left"), ""
    if row.call == "withdrawn":
        return "skipped", _WITHDRAWN.get(row.error, str(row.error))
    if row.call == "failed":
        return ("blocked" if row.blocked else "failed"), ""
    return _OF_CALL.get(row.call, "left"), ""

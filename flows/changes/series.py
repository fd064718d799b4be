"""What differs between the series of two versions of a funnel: letters, their times and terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.changes.change import Change, changed
from flows.changes.content import keys_in
from flows.changes.flows import compare_rows
from flows.changes.rows import Row, alike, rows_of
from flows.funnel import Letter, Series
from flows.program import Program
from flows.when import DayAt, written_when

SERIES_TERMS = ("stop_when", "window", "days", "kind", "busy", "late", "zone")
LETTER_TERMS = ("if", "window", "days", "kind", "busy", "late")
_SAME_LETTER = 0.8


def compare_series(old: Program, new: Program) -> Iterator[Change]:
    """Series added and removed, and what changed in each."""
    before, after = old.funnel.series, new.funnel.series
    for name in before:
        if name not in after:
            letters = ", ".join(letter.id for letter in before[name].letters)
            yield Change("series-removed", name, "", name, None, letters)
    for name, series in after.items():
        if name not in before:
            letters = ", ".join(letter.id for letter in series.letters)
            yield Change("series-added", name, "", None, name, letters)
        else:
            yield from _terms(name, before[name], series, SERIES_TERMS)
            yield from _Letters(name, old, new).compare()


def _terms(
    place: str, old: Series | Letter, new: Series | Letter, keys: tuple[str, ...]
) -> Iterator[Change]:
    """The terms as they are written of this record itself."""
    before, after = keys_in(old.node), keys_in(new.node)
    for key in keys:
        kind = {"if": "condition", "stop_when": "condition", "kind": "kind"}.get(key, "term")
        yield from changed(kind, place, key, before.get(key), after.get(key))


class _Letters:
    """The letters of one series in both versions."""

    def __init__(self, name: str, old: Program, new: Program) -> None:
        self.name, self.old, self.new = name, old, new
        self.before = {letter.id: letter for letter in old.funnel.series[name].letters}
        self.after = {letter.id: letter for letter in new.funnel.series[name].letters}

    def compare(self) -> Iterator[Change]:
        """Letters added, removed, renamed, and what changed in each."""
        renamed = {**{name: name for name in self.before if name in self.after}, **self._renamed()}
        days = (
            days_of(self.old.funnel.series[self.name]),
            days_of(self.new.funnel.series[self.name]),
        )
        for name, letter in self.before.items():
            if name not in renamed:
                yield Change(
                    "letter-removed", f"{self.name}.{name}", "", _told(letter, days[0]), None
                )
        back = {now: was for was, now in renamed.items()}
        for name, letter in self.after.items():
            place = f"{self.name}.{name}"
            if name not in back:
                yield Change("letter-added", place, "", None, _told(letter, days[1]))
                continue
            if back[name] != name:
                yield Change("letter-renamed", place, "", back[name], name)
            yield from self._letter(self.before[back[name]], letter, days)
        order = [renamed[name] for name in self.before if name in renamed]
        yield from changed(
            "letters-reordered", self.name, "", order, [n for n in self.after if n in back]
        )
        yield from self._followed(renamed, days)

    def _letter(
        self, old: Letter, new: Letter, days: tuple[dict[str, int | None], dict[str, int | None]]
    ) -> Iterator[Change]:
        place = f"{self.name}.{new.id}"
        if old.when != new.when:
            yield Change("letter-time", place, "when", _told(old, days[0]), _told(new, days[1]))
        yield from _terms(place, old, new, LETTER_TERMS)
        was = f"{self.name}.{old.id}"
        yield from compare_rows(rows_of(self.old, was), rows_of(self.new, place))

    def _followed(
        self, renamed: dict[str, str], days: tuple[dict[str, int | None], dict[str, int | None]]
    ) -> Iterator[Change]:
        """Letters that come on another day only because one before them does."""
        found = []
        for was, now in renamed.items():
            one, two = days[0].get(was), days[1].get(now)
            same = self.before[was].when == self.after[now].when
            if same and one is not None and two is not None and one != two:
                found.append({"letter": now, "before": one, "after": two})
        if found:
            yield Change("letters-followed", self.name, "", [], found)

    def _renamed(self) -> dict[str, str]:
        """Letters under another id that say the same."""
        found: dict[str, str] = {}
        come = [name for name in self.after if name not in self.before]
        for was in (name for name in self.before if name not in self.after):
            said = _words(rows_of(self.old, f"{self.name}.{was}"))
            for now in come:
                says = _words(rows_of(self.new, f"{self.name}.{now}"))
                if now not in found.values() and said and alike(said, says) >= _SAME_LETTER:
                    found[was] = now
                    break
        return found


def _words(rows: list[Row]) -> str:
    return " ".join(row.text for row in rows)


def _told(letter: Letter, days: dict[str, int | None]) -> dict[str, Any]:
    """When a letter goes: as it is written, and on which day of the series, if that is known."""
    found: dict[str, Any] = {"when": written_when(letter.when)}
    if days.get(letter.id) is not None:
        found["day"] = days[letter.id]
    return found


def days_of(series: Series) -> dict[str, int | None]:
    """On which day of the series each letter goes, counted from the day it starts.

    After a letter that is not counted in whole days nobody knows the number.
    """
    found: dict[str, int | None] = {}
    day: int | None = 0
    for letter in series.letters:
        known = isinstance(letter.when, DayAt) and day is not None
        day = day + letter.when.days if known else None  # type: ignore[operator,union-attr]
        found[letter.id] = day
    return found

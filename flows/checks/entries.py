"""Entries that answer the same message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from flows.checks.subject import Subject
from flows.funnel import Entry
from flows.matching import contains_words, plain
from flows.problems import Problem, problem


def overlapping_entries(subject: Subject) -> Iterator[Problem]:
    """No two entries of a funnel answer the same message."""
    yield from overlaps(subject.program.funnel.entry)


def overlaps(entries: Sequence[Entry]) -> Iterator[Problem]:
    """A warning for each pair of entries that answer one message, at the later of them."""
    for first, second in combinations(entries, 2):
        what = _common(first, second) if first.trigger == second.trigger else ""
        if what:
            yield problem("entry-overlap", second.mark, what=what, other=str(first.mark))


def _common(first: Entry, second: Entry) -> str:
    """What both answer; empty when nothing."""
    if first.trigger in {"start", "any"}:
        return first.trigger
    for one in first.matches:
        for other in second.matches:
            if first.trigger in {"link", "command"}:
                if one == other:
                    return one
            elif _meet(one, other):
                return one if len(one) >= len(other) else other
    return ""


def _meet(one: str, other: str) -> bool:
    if "*" in (one, other):
        return one == other
    return plain(one) == plain(other) or contains_words(one, other) or contains_words(other, one)

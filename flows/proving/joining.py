"""The findings of the search beside those of the other checks: one thing is told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flows.problems import Mark, Problem
from flows.proving.rules import LOOP

BETTER = {"no-way-out": "stuck-state"}
"""What another check says without a way to it, and what says the same with one."""
QUIET = {
    "letter-never-sent": frozenset(
        {"letter-never", "advertising-without-consent", "moment-is-past", "condition-constant"}
    ),
    "never-reached": frozenset({"condition-constant"}),
    "never-ends": frozenset({"no-way-out"}),
}
"""Findings of the search that say no more than another check does at the same place."""
HARMLESS = frozenset(
    {
        "loop-without-wait", "no-way-out", "personal-without-consent", "letter-never",
        "advertising-without-consent", "too-many-buttons", "media-missing", "erid-missing",
        "type-mismatch", "case-never", "unknown-test-line",
    }
)  # fmt: skip
"""Errors of a funnel that can be played all the same, and so explored."""


def joined(problems: Iterable[Problem], found: Iterable[Problem]) -> list[Problem]:
    """All problems, each told once: where two checks agree, by the one that knows a way."""
    problems, found = list(problems), list(found)
    ours = {(item.code, item.mark): item for item in found}
    theirs: dict[Mark, set[str]] = {}
    for item in problems:
        theirs.setdefault(item.mark, set()).add(item.code)
    loops = [item for item in found if dict(item.params).get("what") == LOOP]
    kept = []
    for item in problems:
        if item.code == "loop-without-wait" and loops:
            kept.append(replace(item, path=loops[0].path))
        elif (item.code, item.mark) not in ours and (BETTER.get(item.code), item.mark) not in ours:
            kept.append(item)
    circle = any(item.code == "loop-without-wait" for item in problems)
    for item in found:
        silent = QUIET.get(item.code, frozenset()) & theirs.get(item.mark, set())
        told = silent or (circle and item in loops)
        if not told:
            kept.append(item)
    return kept

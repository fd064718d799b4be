"""Splits: what fell to a person stays theirs, so one name means the same variants everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.subject import Subject, at
from flows.nodes.split import Split
from flows.problems import Problem, problem


def splits_that_differ(subject: Subject) -> Iterator[Problem]:
    """A split that stands twice has the same variants in both places."""
    first: dict[str, Split] = {}
    for step in sorted(subject.steps(Split), key=lambda each: each.mark):
        earlier = first.setdefault(step.split, step)
        if set(earlier.variants) != set(step.variants):
            variants = ", ".join(earlier.variants)
            where = at(step, "split")
            yield problem(
                "split-differs", where, split=step.split, variants=variants, line=earlier.mark.line
            )

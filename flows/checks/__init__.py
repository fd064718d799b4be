"""The checks: one function each, one line here."""

from __future__ import annotations

from collections.abc import Collection

from flows.problems import Problem
from flows.program import Program
from flows.project import Project


def check_funnel(program: Program, project: Project | None, today: str) -> list[Problem]:
    """What is wrong in one funnel."""
    return []


def check_project(
    project: Project, programs: dict[str, Program], files: Collection[str]
) -> list[Problem]:
    """What is wrong between the files."""
    return []

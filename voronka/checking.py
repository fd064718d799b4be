"""``voronka check``: what is wrong in the files, and how many things are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import typer

from flows.problems import Problem
from flows.reports import FORMATS, as_text
from voronka.projects import Opened
from voronka.speech import OK, WRONG, Speech

Format = Literal["text", "json", "github"]


def check(projects: Sequence[Opened], form: Format, *, strict: bool, say: Speech) -> int:
    """Print the problems; the exit code comes back."""
    problems = [problem for opened in projects for problem in opened.problems]
    for opened in projects:
        typer.echo(rendered(opened.problems, form, say, opened.sources), nl=False)
    if form == "text":
        funnels = sum(len(opened.chosen) for opened in projects)
        typer.echo(summary(funnels, problems, say))
    wrong = problems if strict else [problem for problem in problems if not problem.warning]
    return WRONG if wrong else OK


def summary(funnels: int, problems: Sequence[Problem], say: Speech) -> str:
    """``2 воронки, 0 ошибок, 3 предупреждения``."""
    warnings = sum(problem.warning for problem in problems)
    counts = (
        say.count(funnels, ("воронка", "воронки", "воронок"), ("funnel", "funnels")),
        say.count(len(problems) - warnings, ("ошибка", "ошибки", "ошибок"), ("error", "errors")),
        say.count(
            warnings,
            ("предупреждение", "предупреждения", "предупреждений"),
            ("warning", "warnings"),
        ),
    )
    return ", ".join(counts)


def rendered(
    problems: Sequence[Problem],
    form: Format,
    say: Speech,
    sources: Mapping[str, str] | None = None,
) -> str:
    """The problems in that form, lines ended; ``sources`` are quoted in the text for people."""
    if not problems:
        return ""
    if form == "text":
        return as_text(problems, say.language, sources or {}) + "\n\n"
    return FORMATS[form](problems, say.language) + "\n"

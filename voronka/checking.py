"""``voronka check``: what is wrong in the files, and how many things are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

import typer

from flows.problems import Problem
from voronka.projects import Opened
from voronka.speech import OK, WRONG, Speech

Format = Literal["text", "json", "github"]


def check(projects: Sequence[Opened], form: Format, *, strict: bool, say: Speech) -> int:
    """Print the problems; the exit code comes back."""
    problems = [problem for opened in projects for problem in opened.problems]
    typer.echo(rendered(problems, form, say), nl=False)
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


def rendered(problems: Sequence[Problem], form: Format, say: Speech) -> str:
    """The problems in that form, each line ended."""
    if form == "json":
        found = [_plain(problem, say) for problem in problems]
        return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    line = _line if form == "text" else _annotation
    return "".join(line(problem, say) + "\n" for problem in problems)


def _line(problem: Problem, say: Speech) -> str:
    kind = say("предупреждение", "warning") if problem.warning else say("ошибка", "error")
    sentence, hint = problem.sentence(say.language), problem.hint(say.language)
    path = "\n    " + " → ".join(problem.path) if problem.path else ""
    return f"{problem.mark}: {kind} [{problem.code}] {sentence}{hint and ' ' + hint}{path}"


def _annotation(problem: Problem, say: Speech) -> str:
    kind = "warning" if problem.warning else "error"
    mark = problem.mark
    words = f"{problem.sentence(say.language)} {problem.hint(say.language)}".strip()
    words = words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return (
        f"::{kind} file={mark.file},line={mark.line},col={mark.column}::{words} [{problem.code}]"
    )


def _plain(problem: Problem, say: Speech) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": "warning" if problem.warning else "error",
        "file": problem.mark.file,
        "line": problem.mark.line,
        "column": problem.mark.column,
        "message": problem.sentence(say.language),
        "hint": problem.hint(say.language),
        "path": list(problem.path),
    }

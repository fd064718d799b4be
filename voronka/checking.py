"""``voronka check``: what is wrong in the files, how many things are, how far it is proved."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import typer

from flows.loading import is_broadcast
from flows.problems import Problem
from flows.proving import Proof
from flows.proving.loaded import proved
from flows.reports import FORMATS, as_text
from flows.sarif import as_sarif
from voronka.clocks import people_clock
from voronka.projects import Opened
from voronka.speech import OK, WRONG, Speech
from voronka.watching import stamp, wait_for_change

Format = Literal["text", "json", "github", "sarif"]
CLEAR = "\x1b[2J\x1b[H"


def check(
    projects: Sequence[Opened], form: Format, *, strict: bool, explain: bool = False, say: Speech
) -> int:
    """Print the problems and how far they are proved to be all; the exit code comes back."""
    projects = [explored(opened, explain=explain) for opened in projects]
    problems = [problem for opened in projects for problem in opened.problems]
    proofs = [proof for opened in projects for proof in opened.proofs]
    if form == "sarif":
        typer.echo(as_sarif(problems, say.language))
    else:
        for opened in projects:
            typer.echo(rendered(opened.problems, form, say, opened.sources), nl=False)
    if form == "text":
        chosen = [name for opened in projects for name in opened.chosen]
        funnels = sum(not is_broadcast(name) for name in chosen)
        typer.echo(summary(funnels, problems, say))
        for proof in proofs:
            typer.echo(told(proof, say))
    elif form == "json":
        for proof in proofs:
            typer.echo(json.dumps(as_object(proof, say), ensure_ascii=False))
    wrong = problems if strict else [problem for problem in problems if not problem.warning]
    return WRONG if wrong else OK


def keep_checking(
    open_again: Callable[[], Sequence[Opened]],
    form: Format,
    *,
    strict: bool,
    explain: bool,
    say: Speech,
) -> int:
    """Check now and after every change of the files, until Ctrl-C; the last exit code comes back."""
    code = OK
    # a background job of a shell is born deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        folders = [opened.folder for opened in open_again()]
        while True:
            # The stamp is from before the files are read: what changed since counts.
            seen = {folder: stamp(folder) for folder in folders}
            projects = open_again()
            typer.echo(CLEAR, nl=False)
            code = check(projects, form, strict=strict, explain=explain, say=say)
            ru, en = "Жду изменений, Ctrl-C — выход.", "Waiting for changes, Ctrl-C ends."
            typer.echo(say(ru, en), err=True)
            wait_for_change(seen)
    except KeyboardInterrupt:
        return code


def explored(opened: Opened, *, explain: bool) -> Opened:
    """The project with what the search over its funnels' ways found."""
    today = people_clock().now().date().isoformat()
    files = None if opened.whole else opened.chosen
    loaded, proofs = proved(opened.loaded, today, explain=explain, files=files)
    return replace(opened, loaded=loaded, proofs=proofs)


def told(proof: Proof, say: Speech) -> str:
    """``small: исследовано 5 состояний, 19 переходов — доказано``."""
    states = say.count(proof.states, ("состояние", "состояния", "состояний"), ("state", "states"))
    turns = say.count(proof.turns, ("путь", "пути", "путей"), ("path", "paths"))
    head = say("исследовано", "explored")
    return f"{proof.funnel}: {head} {states}, {turns} — {_extent(proof, say)}"


def _extent(proof: Proof, say: Speech) -> str:
    if proof.blind:
        places = ", ".join(proof.blind)
        return say(
            f"не доказано: не придумать ответа на {places}",
            f"not proved: no answer could be thought up for {places}",
        )
    if proof.unknown:
        strangers = ", ".join(proof.unknown)
        return say(
            f"не доказано: проверка не умеет разыграть {strangers}",
            f"not proved: the check cannot play {strangers}",
        )
    if proof.extent == "part":
        return say("предел, не доказано", "the limit is reached, not proved")
    if proof.extent == "first":
        return say("доказано для первого прохождения", "proved for the first visit")
    return say("доказано", "proved")


def as_object(proof: Proof, say: Speech) -> dict[str, object]:
    """The proof as JSON, with the keys that problems have too."""
    return {
        "file": proof.file,
        "line": 1,
        "column": 1,
        "severity": "note",
        "code": "explored",
        "message": told(proof, say),
        "funnel": proof.funnel,
        "states": proof.states,
        "paths": proof.turns,
        "left": proof.left,
        "proved": proof.extent == "whole",
        "extent": proof.extent,
        "blind": list(proof.blind),
        "unknown": list(proof.unknown),
    }


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

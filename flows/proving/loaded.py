"""The proof of every funnel of a project that was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from flows.checks import MAX_STEPS
from flows.checks.subject import Subject
from flows.loading import Loaded, bundle_of
from flows.problems import Problem, in_order
from flows.program import Bundle, Program
from flows.project import Bot
from flows.proving import Proof, prove
from flows.proving.joining import HARMLESS, joined
from flows.proving.search import MOST_STATES


def proved(
    loaded: Loaded,
    today: str,
    *,
    explain: bool = False,
    files: Collection[str] | None = None,
    most: int = MOST_STATES,
) -> tuple[Loaded, list[Proof]]:
    """What was read with what the search found, and how far each funnel was explored.

    Funnels with errors that keep them from being played are left out; ``files`` are the only ones
    to explore, where they are named.
    """
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for item in loaded.problems:
        by_file[item.mark.file].append(item)
    proofs: list[Proof] = []
    for name, program in loaded.programs.items():
        file = loaded.files[name]
        theirs = by_file[file]
        if (files is not None and file not in files) or not _can_be_played(program, theirs):
            continue
        subject = Subject(program, loaded.project, today, explain)
        if loaded.project is not None:
            proof, found = prove(subject, _bundles(loaded, program), most=most)
            proofs.append(proof)
            by_file[file] = joined(theirs, found)
    problems = in_order([item for items in by_file.values() for item in items])
    return replace(loaded, problems=problems), proofs


def _can_be_played(program: Program, problems: Collection[Problem]) -> bool:
    wrong = {item.code for item in problems if not item.warning}
    return wrong <= HARMLESS and len(program.steps) <= MAX_STEPS and "main" in program.funnel.flows


def _bundles(loaded: Loaded, program: Program) -> tuple[Bundle, ...]:
    """The funnel alone on each channel of its bots; on the web chat when no bot plays it."""
    assert loaded.project is not None
    name = program.funnel.funnel
    bots = [bot for bot in loaded.project.bots.values() if name in bot.funnels]
    channels = {bot.channel: bot for bot in bots}
    alone = [replace(bot, funnels=(name,)) for bot in channels.values()]
    nobody = Bot(mark=program.funnel.mark, name="check", channel="web", funnels=(name,))
    return tuple(bundle_of(loaded, bot) for bot in alone or [nobody])

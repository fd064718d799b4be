"""Thousands of prospects: played by several processes, the same figures however many there are."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bots.clocks import microseconds
from flows.loading import load
from flows.program import Bundle
from flows.simulating.crowd import Plan, play_people
from flows.simulating.figures import Figures
from flows.simulating.habits import read_habits
from flows.simulating.life import EndlessLoop
from flows.simulating.naming import rows
from flows.simulating.people import Habits
from voronka.clocks import people_clock
from voronka.extensions import install_from
from voronka.projects import Opened
from voronka.simulating.asking import (
    DAYS,
    Asked,
    WrongFile,
    bundle_for,
    read_words,
    write_words,
)
from voronka.simulating.moments import length_of, moment_of, zone_of
from voronka.simulating.results import Result, grouped
from voronka.simulating.table import print_result
from voronka.speech import OK, Mistake, Speech

PART = 100
"""People a task: enough to be worth sending, few enough for the progress to move."""
WORTH_A_PROCESS = 3_000
"""Person-days a process must have to pay for its start, in hundreds of people and a fortnight."""
INTERRUPTED = 130
DAY_US = 24 * 3_600 * 1_000_000

_stage: tuple[Bundle, Plan]


def play_many(asked: Asked, opened: Opened, name: str, say: Speech) -> int:
    """Play, print the table, write the files that were asked for; the exit code comes back."""
    began = perf_counter()
    bundle = bundle_for(asked, opened, name)
    program = opened.loaded.programs[name]
    plan = _plan(asked, bundle, name, _habits(asked, opened, name))
    figures = _played(bundle, plan, asked, opened, say)
    if figures is None:
        return INTERRUPTED
    seconds = perf_counter() - began
    home = zone_of(program.funnel.timezone or bundle.timezone)
    title = program.funnel.title or name
    result = Result(title, plan, figures, tuple(rows(program, bundle.documents)), home)
    print_result(result, say)
    turns = grouped(figures.turns)
    typer.secho(
        say(f"{turns} ходов за {seconds:.1f} с", f"{turns} turns in {seconds:.1f} s"), dim=True
    )
    if asked.html is not None:
        from voronka.simulating.figures_page import figures_page

        write_words(asked.html, figures_page(result, say))
        typer.echo(say(f"Страница: {asked.html}", f"The page: {asked.html}"))
    if asked.json is not None:
        write_words(asked.json, json.dumps(result.to_json(), ensure_ascii=False, indent=2) + "\n")
    return OK


def _habits(asked: Asked, opened: Opened, name: str) -> Habits:
    if asked.habits is None:
        return Habits()
    text = read_words(asked.habits)
    habits, problems = read_habits(text, str(asked.habits), opened.loaded.programs[name])
    if problems:
        raise WrongFile(problems, {str(asked.habits): text})
    return habits


def _plan(asked: Asked, bundle: Bundle, name: str, habits: Habits) -> Plan:
    home = zone_of(bundle.programs[name].funnel.timezone or bundle.timezone)
    first = moment_of(asked.enter or "mon 00:00", home, people_clock().now())
    spread_us = length_of(asked.arrive, "--arrive") if asked.arrive else 7 * DAY_US
    return Plan(
        funnel=name,
        first_us=microseconds(first),
        days=asked.days or DAYS,
        spread_us=spread_us,
        seed=asked.seed,
        way=asked.by,
        zone=zone_of(asked.zone).key if asked.zone else "",
        habits=habits,
    )


def _jobs(asked: Asked, people: int, plan: Plan) -> int:
    if asked.jobs:
        return asked.jobs
    worth = people * plan.days // 14 // WORTH_A_PROCESS
    return max(1, min(os.cpu_count() or 1, worth))


def _played(
    bundle: Bundle, plan: Plan, asked: Asked, opened: Opened, say: Speech
) -> Figures | None:
    """The sums over all people; None when the user stopped it."""
    people = asked.people or 1
    jobs = _jobs(asked, people, plan)
    parts = [range(at, min(at + PART, people)) for at in range(0, people, PART)]
    figures = Figures()
    try:
        with _progress(people, say) as moved, _players(bundle, plan, jobs, opened) as play:
            for part in play(parts):
                figures.add(part)
                moved(figures.people)
    except KeyboardInterrupt:
        done = grouped(figures.people)
        told = say(f"Прервано: сыграно {done}.", f"Interrupted: {done} were played.")
        typer.echo(told, err=True)
        return None
    except EndlessLoop:
        raise Mistake(
            "Шаги идут по кругу без ожидания: «voronka check» покажет где.",
            "Steps go round without a wait: `voronka check` shows where.",
        ) from None
    return figures


@contextmanager
def _progress(people: int, say: Speech) -> Iterator[Any]:
    columns = (
        TextColumn(say("играем", "playing")),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=people)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def _players(bundle: Bundle, plan: Plan, jobs: int, opened: Opened) -> Iterator[Any]:
    """What plays parts: this process, or a pool that dies with the command."""
    if jobs == 1:
        yield lambda parts: (play_people(bundle, plan, part, dice_of) for part in parts)
        return
    pool = ProcessPoolExecutor(
        jobs,
        multiprocessing.get_context("spawn"),
        _open,
        (dict(opened.texts), plan, bundle.channel),
    )
    before = signal.signal(signal.SIGINT, _stop_once)
    try:
        yield lambda parts: _as_they_come(pool, parts)
    finally:
        pool.shutdown(cancel_futures=True)
        signal.signal(signal.SIGINT, before)


def _stop_once(*_: object) -> None:
    """The first Ctrl-C stops; a second one would leave the pool's processes waiting for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _as_they_come(pool: ProcessPoolExecutor, parts: list[range]) -> Iterator[Figures]:
    # Processes are born deaf to Ctrl-C: it is the parent's to hear.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        waiting = [pool.submit(_play_part, part) for part in parts]
    finally:
        signal.signal(signal.SIGINT, before)
    for done in as_completed(waiting):
        yield done.result()


def _open(texts: Mapping[str, bytes], plan: Plan, channel: Any) -> None:
    """Read the project once in a process of the pool."""
    from voronka.testing import alone

    global _stage  # noqa: PLW0603  # a pool's process has no other place to keep it
    install_from(texts)
    today = people_clock().now().date().isoformat()
    _stage = (alone(load(texts, {}, today), plan.funnel, channel), plan)


def _play_part(part: range) -> Figures:
    return play_people(*_stage, part, dice_of)


def dice_of(name: str) -> Any:
    """The dice of the person of that name: the same on every machine."""
    return random.Random(name).random  # noqa: S311  # chance of a play, not of a secret

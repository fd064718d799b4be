"""``voronka test``: plays the tests that stand in the funnels' files, channel by channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

import typer

from flows.coverage import Footprints
from flows.loading import Loaded, bundle_of
from flows.problems import Mark, Problem, in_order
from flows.program import Bundle
from flows.project import Bot, ChannelName
from flows.prompting import Failure
from flows.reading import Reading
from flows.transcripts import Transcript, read_tests
from voronka import coverage, verdicts
from voronka.checking import rendered
from voronka.clocks import SystemClock
from voronka.files import write_report
from voronka.junit import junit_xml
from voronka.last_failed import failed_before, remember
from voronka.projects import Opened
from voronka.speech import OK, WRONG, Mistake, Speech
from voronka.verdicts import End, Played, Progress

Stage = Callable[[Bundle, Transcript, str], Awaitable[Failure | None]]
"""Plays one test of a funnel: the first failure, or None."""


async def play_on_runtime(bundle: Bundle, test: Transcript, funnel: str) -> Failure | None:
    """Play on the real engine, storage, player and sender."""
    from bots.performing import rehearse

    return await rehearse(bundle, test, funnel, {}, SystemClock())


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of a run: which tests, when to stop, what to write and where."""

    channel: ChannelName | None = None
    words: str = ""
    last_failed: bool = False
    fail_fast: bool = False
    junit: Path | None = None
    coverage: bool = False
    coverage_json: Path | None = None
    min_coverage: int | None = None

    @property
    def whole(self) -> bool:
        """Whether every test is meant."""
        return not self.words and not self.last_failed


@dataclass(frozen=True, slots=True)
class Meant:
    """A funnel with its tests that are to be played."""

    opened: Opened
    funnel: str
    tests: tuple[Transcript, ...]
    footprints: Footprints


@dataclass(slots=True)
class Score:
    """What came of a run."""

    plays: list[Played] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether all passed."""
        return all(played.passed for played in self.plays)


def run_tests(
    projects: Sequence[Opened],
    wishes: Wishes,
    *,
    say: Speech,
    stage: Stage = play_on_runtime,
) -> int:
    """Play and print the meant tests of the funnels; the exit code comes back."""
    found = [
        (opened, name, *tests_of(opened, name)) for opened in projects for name in opened.funnels
    ]
    spoilt = [problem for each in found for problem in each[3]]
    errors = [_errors(opened, spoilt, say) for opened in projects]
    if any(errors):
        typer.echo("".join(errors).rstrip("\n"), err=True)
        return WRONG
    meant = chosen([each[:3] for each in found], wishes, say)
    score = asyncio.run(_play(meant, wishes, stage, say))
    verdicts.sum_up(score.plays, score.seconds, say)
    _remember(meant, score.plays)
    if wishes.junit:
        write_report(wishes.junit, junit_xml(score.plays, say))
    enough = _cover(meant, score, wishes, say)
    return OK if score.passed and enough else WRONG


def _errors(opened: Opened, spoilt: Sequence[Problem], say: Speech) -> str:
    found = [problem for problem in (*opened.problems, *spoilt) if not problem.warning]
    return rendered(in_order(found), "text", say, opened.sources)


def chosen(
    found: Sequence[tuple[Opened, str, list[Transcript]]], wishes: Wishes, say: Speech
) -> list[Meant]:
    """The tests that are meant; with nothing remembered all of them."""
    failed = {each[0].folder: failed_before(each[0].folder) for each in found}
    again = wishes.last_failed and any(
        (name, test.name) in failed[opened.folder]
        for opened, name, tests in found
        for test in tests
    )
    if wishes.last_failed and not again:
        typer.echo(
            say(
                "В прошлый раз все прошли: играем все тесты.",
                "Nothing failed the last time: all tests are played.",
            )
        )
    words = wishes.words.lower().split()
    meant = []
    for opened, name, tests in found:
        kept = [
            test
            for test in tests
            if all(word in f"{name} {test.name}".lower() for word in words)
            and (not again or (name, test.name) in failed[opened.folder])
        ]
        footprints = Footprints(opened.loaded.programs[name])
        meant.append(Meant(opened, name, tuple(kept), footprints))
    if words and not any(each.tests for each in meant):
        raise Mistake(
            f"Нет теста, в имени которого есть «{wishes.words}».",
            f"No test has “{wishes.words}” in its name.",
        )
    return meant


async def _play(meant: Sequence[Meant], wishes: Wishes, stage: Stage, say: Speech) -> Score:
    """Play the tests and print them one after another."""
    score, begun, before = Score(), perf_counter(), ""
    progress = Progress(sum(len(each.tests) for each in meant))
    async for played in _played(meant, wishes.channel, stage, progress):
        progress.clear()
        if played.funnel != before:
            typer.secho(played.funnel, bold=True)
            before = played.funnel
        verdicts.tell(played, say)
        score.plays.append(played)
        if wishes.fail_fast and not played.passed:
            break
    score.seconds = perf_counter() - begun
    return score


def _remember(meant: Sequence[Meant], plays: Sequence[Played]) -> None:
    for opened in {each.opened.folder: each.opened for each in meant}.values():
        mine = [played for played in plays if played.funnel in opened.funnels]
        ends = {(played.funnel, played.test.name): True for played in mine}
        for played in mine:
            ends[played.funnel, played.test.name] &= played.passed
        passed = [name for name, well in ends.items() if well]
        remember(opened.folder, passed, [name for name, well in ends.items() if not well])


def _cover(meant: Sequence[Meant], score: Score, wishes: Wishes, say: Speech) -> bool:
    """Tell what was gone through; whether it is as much as was asked for."""
    found = {each.funnel: each.footprints for each in meant if each.tests}
    asked = wishes.coverage or wishes.min_coverage is not None
    if found and (asked or (score.passed and wishes.whole)):
        coverage.tell(found, say, whole=wishes.coverage)
    if wishes.coverage_json:
        write_report(wishes.coverage_json, coverage.as_json(found))
    if wishes.min_coverage is None:
        return True
    told = [pair for footprints in found.values() for pair in footprints.items()]
    share = coverage.percent(told)
    if share < wishes.min_coverage:
        typer.secho(
            say(
                f"Проверено {share:.1f} %, а нужно {wishes.min_coverage} %.",
                f"{share:.1f} % is tested, {wishes.min_coverage} % is asked for.",
            ),
            fg="red",
        )
    return share >= wishes.min_coverage


def tests_of(opened: Opened, funnel: str) -> tuple[list[Transcript], list[Problem]]:
    """The tests in the funnel's file, and what is wrong with them."""
    reading = Reading(opened.loaded.files[funnel])
    tests = read_tests(opened.loaded.programs[funnel].funnel.tests, reading)
    return tests, [problem for problem in reading.problems if not problem.warning]


async def _played(
    meant: Sequence[Meant], extra: ChannelName | None, stage: Stage, progress: Progress
) -> AsyncIterator[Played]:
    number = 0
    for each in meant:
        for test in each.tests:
            number += 1
            progress.show(number, test.name)
            channels = channels_of(each.opened.loaded, each.funnel, test, extra)
            yield Played(
                each.funnel,
                test,
                tuple([await _end(each, test, channel, stage) for channel in channels]),
            )


async def _end(meant: Meant, test: Transcript, channel: ChannelName, stage: Stage) -> End:
    bundle = meant.footprints.watched(alone(meant.opened.loaded, meant.funnel, channel))
    begun = perf_counter()
    failure = await stage(bundle, test, meant.funnel)
    return End(channel, failure, perf_counter() - begun)


def channels_of(
    loaded: Loaded, funnel: str, test: Transcript, extra: ChannelName | None
) -> list[ChannelName]:
    """Where the test is played: on its own channel, else on those of the funnel's bots.

    ``extra`` comes on top; a funnel without a bot is played in the terminal.
    """
    bots = loaded.project.bots.values() if loaded.project else ()
    found = [bot.channel for bot in bots if funnel in bot.funnels]
    found += [extra] if extra else []
    if test.channel:
        return [test.channel]  # type: ignore[list-item]
    return list(dict.fromkeys(found)) or ["terminal"]


def alone(loaded: Loaded, funnel: str, channel: ChannelName) -> Bundle:
    """What a bot of the channel with this funnel alone plays by."""
    assert loaded.project is not None
    bots = [bot for bot in loaded.project.bots.values() if funnel in bot.funnels]
    bots.sort(key=lambda bot: bot.channel != channel)
    bot = (
        bots[0]
        if bots
        else Bot(mark=Mark(loaded.files[funnel], 1, 1), name="test", channel=channel)
    )
    return bundle_of(loaded, replace(bot, channel=channel, funnels=(funnel,)))

"""``voronka test``: plays the tests that stand in the funnels' files, channel by channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import typer

from flows.loading import Loaded, bundle_of
from flows.problems import Mark, Problem, in_order
from flows.program import Bundle
from flows.project import Bot, ChannelName
from flows.prompting import Failure
from flows.reading import Reading
from flows.transcripts import Transcript, read_tests
from voronka.checking import rendered
from voronka.clocks import SystemClock
from voronka.projects import Opened
from voronka.speech import OK, WRONG, Speech

Stage = Callable[[Bundle, Transcript, str], Awaitable[Failure | None]]
"""Plays one test of a funnel: the first failure, or None."""


async def play_on_runtime(bundle: Bundle, test: Transcript, funnel: str) -> Failure | None:
    """Play on the real engine, storage, player and sender."""
    from bots.performing import rehearse

    return await rehearse(bundle, test, funnel, {}, SystemClock())


Found = Iterable[tuple[Opened, str, list[Transcript]]]
"""Funnels of projects with their tests."""


@dataclass(frozen=True, slots=True)
class Played:
    """A test and how it ended on each channel."""

    funnel: str
    test: Transcript
    ends: tuple[tuple[str, Failure | None], ...]

    @property
    def passed(self) -> bool:
        """Whether it passed on every channel."""
        return all(failure is None for _, failure in self.ends)


def run_tests(
    projects: Sequence[Opened],
    channel: ChannelName | None,
    *,
    say: Speech,
    stage: Stage = play_on_runtime,
) -> int:
    """Play and print every test of the meant funnels; the exit code comes back."""
    tests = [
        (opened, name, *tests_of(opened, name)) for opened in projects for name in opened.funnels
    ]
    spoilt = [problem for found in tests for problem in found[3]]
    errors = [_errors(opened, spoilt, say) for opened in projects]
    if any(errors):
        typer.echo("".join(errors).rstrip("\n"), err=True)
        return WRONG
    ends = asyncio.run(_play([found[:3] for found in tests], channel, stage, say))
    _sum_up(ends, say)
    return OK if all(ends) else WRONG


def _errors(opened: Opened, spoilt: Sequence[Problem], say: Speech) -> str:
    found = [problem for problem in (*opened.problems, *spoilt) if not problem.warning]
    return rendered(in_order(found), "text", say, opened.sources)


async def _play(
    found: Found, channel: ChannelName | None, stage: Stage, say: Speech
) -> list[bool]:
    """Whether each test passed; they are printed one after another."""
    ends: list[bool] = []
    before = ""
    async for played in _played(found, channel, stage):
        if played.funnel != before:
            typer.secho(played.funnel, bold=True)
            before = played.funnel
        _tell(played, say)
        ends.append(played.passed)
    return ends


def tests_of(opened: Opened, funnel: str) -> tuple[list[Transcript], list[Problem]]:
    """The tests in the funnel's file, and what is wrong with them."""
    reading = Reading(opened.loaded.files[funnel])
    tests = read_tests(opened.loaded.programs[funnel].funnel.tests, reading)
    return tests, [problem for problem in reading.problems if not problem.warning]


async def _played(found: Found, extra: ChannelName | None, stage: Stage) -> AsyncIterator[Played]:
    for opened, name, tests in found:
        for test in tests:
            channels = channels_of(opened.loaded, name, test, extra)
            bundles = [(channel, alone(opened.loaded, name, channel)) for channel in channels]
            ends = [(channel, await stage(bundle, test, name)) for channel, bundle in bundles]
            yield Played(name, test, tuple(ends))


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


def _tell(played: Played, say: Speech) -> None:
    mark = typer.style("✓", fg="green") if played.passed else typer.style("✗", fg="red", bold=True)
    channels = ", ".join(channel for channel, _ in played.ends)
    typer.echo(f"  {mark} {played.test.name} {typer.style(f'({channels})', dim=True)}")
    for channel, failure in played.ends:
        if failure is not None:
            told = say(failure.ru, failure.en)
            typer.echo(f"      {failure.mark.file}:{failure.mark.line} ({channel}): {told}")


def _sum_up(ends: Sequence[bool], say: Speech) -> None:
    if not ends:
        typer.echo(say("Тестов нет.", "There are no tests."))
        return
    total = say.count(len(ends), ("тест", "теста", "тестов"), ("test", "tests"))
    failed = ends.count(False)
    if failed:
        lost = say(f"не прошло: {failed}", f"{failed} failed")
        typer.secho(f"{total}, {lost}", fg="red")
    else:
        typer.secho(say(f"{total}, все прошли", f"{total}, all passed"), fg="green")

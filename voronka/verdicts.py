"""How tests ended, and how that is told: ticks, diffs of failed turns, the sum."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import typer

from flows.differences import DiffLine
from flows.prompting import Failure
from flows.transcripts import Transcript
from flows.values import fit_to_show
from voronka.speech import Speech

LONG_SECONDS = 10.0
"""From here on it is told how long the tests took."""
_COLOURS = {"-": "red", "+": "green"}
_SIGNS = {"-": "−", "+": "+", " ": " "}


@dataclass(frozen=True, slots=True)
class End:
    """How a test ended on a channel, and how long it took."""

    channel: str
    failure: Failure | None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Played:
    """A test and how it ended on each channel."""

    funnel: str
    test: Transcript
    ends: tuple[End, ...]

    @property
    def passed(self) -> bool:
        """Whether it passed on every channel."""
        return all(end.failure is None for end in self.ends)


def headline(failure: Failure, where: str, say: Speech) -> str:
    """``funnels/small.yaml:17 (web): what is wrong``."""
    told = fit_to_show(say(failure.ru, failure.en))
    return f"{failure.mark.file}:{failure.mark.line} ({where}): {told}"


def diff_lines(diff: Sequence[DiffLine]) -> list[tuple[str, str]]:
    """The signs and the lines of a diff, with the numbers of the file's lines."""
    width = max((len(str(each.line)) for each in diff), default=0)
    return [
        (
            each.sign,
            f"{each.line or '':>{width}} {_SIGNS[each.sign]} {fit_to_show(each.text)}".rstrip(),
        )
        for each in diff
    ]


def tell(played: Played, say: Speech) -> None:
    """Print a test's line, and each failure with its diff; channels that fail alike share one."""
    mark = typer.style("✓", fg="green") if played.passed else typer.style("✗", fg="red", bold=True)
    channels = ", ".join(end.channel for end in played.ends)
    typer.echo(f"  {mark} {played.test.name} {typer.style(f'({channels})', dim=True)}")
    for failure, ends in _alike(played.ends).items():
        where = ", ".join(end.channel for end in ends)
        typer.echo(f"      {headline(failure, where, say)}")
        for sign, text in diff_lines(failure.diff):
            typer.secho(f"        {text}", fg=_COLOURS.get(sign))


def _alike(ends: Sequence[End]) -> dict[Failure, list[End]]:
    """The failures with the channels that they are the same on."""
    found: dict[Failure, list[End]] = {}
    for end in ends:
        if end.failure is not None:
            found.setdefault(end.failure, []).append(end)
    return found


def sum_up(plays: Sequence[Played], seconds: float, say: Speech) -> None:
    """Print how many there were, how many failed and, of a long run, the time."""
    if not plays:
        typer.echo(say("Тестов нет.", "There are no tests."))
        return
    total = say.count(len(plays), ("тест", "теста", "тестов"), ("test", "tests"))
    failed = sum(not played.passed for played in plays)
    if failed:
        ended, colour = say(f"не прошло: {failed}", f"{failed} failed"), "red"
    else:
        ended, colour = say("все прошли", "all passed"), "green"
    typer.secho(f"{total}, {ended}{took(seconds, say)}", fg=colour)


def took(seconds: float, say: Speech) -> str:
    """How long it took, when that was long."""
    if seconds < LONG_SECONDS:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    if say.language == "ru":
        return f" ({minutes} мин {rest} с)" if minutes else f" ({rest} с)"
    return f" ({minutes} min {rest} s)" if minutes else f" ({rest} s)"


class Progress:
    """What is being played now, on the last line of a terminal; silent elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shows = total > 1 and sys.stderr.isatty()

    def show(self, number: int, name: str) -> None:
        """The test that begins."""
        if self._shows:
            words = f"[{number}/{self._total}] {fit_to_show(name)}"
            typer.secho(f"\r\x1b[K{words[:79]}", err=True, nl=False, dim=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._shows:
            typer.echo("\r\x1b[K", err=True, nl=False)

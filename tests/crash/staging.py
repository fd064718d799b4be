"""One whole crash test: prospects, kills, the play, the export, the evidence."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from tests.crash.births import Midwife
from tests.crash.books import kept
from tests.crash.crowd import Crowd
from tests.crash.house import House
from tests.crash.kills import Executioner, Kill, planned
from tests.crash.ledger import Evidence, Verdict, judged
from tests.crash.messengers import Messengers
from tests.crash.play import Play
from tests.crash.reference import Reference, references
from tests.crash.story import SCHOOL, Story


@dataclass
class Staging:
    """What is to be played; `plan` None lets the seed choose `kills` kills by `moments`.

    `dawdling` is the share of messages that are answered late.
    """

    people: int
    seed: int
    kills: int = 0
    plan: list[Kill] | None = None
    crashes: tuple[str, ...] = ()
    seconds: float = 300
    story: Story = SCHOOL
    moments: Callable[[int, int, int], list[Kill]] = planned
    dawdling: float = 0.0

    async def evidence(self, folder: Path, url: str, midwife: Midwife) -> tuple[Evidence, Play]:
        """Play it, export the leads, and gather what happened."""
        people = self.story.people(self.people, self.seed)
        ways = references(self.story.loaded(), people, self.story.start)
        async with Messengers() as messengers:
            messengers.dawdle(self.dawdling, 0.3)
            house = House(folder / "project", messengers, url, midwife, self.story)
            crowd = Crowd(messengers, people)
            executioner = Executioner(messengers, self._kills(ways), house.kill)
            points = iter(self.crashes)
            play = Play(house, messengers, crowd, executioner, lambda: next(points, ""))
            await play.perform(self.seconds)
            path = folder / "leads.xlsx"
            await house.command("leads", "export", str(path), "--project", str(house.folder))
            books = await kept(house)
        delivered = messengers.delivered
        sheet = _read(path)
        evidence = Evidence(
            self.story, people, ways, delivered, books, crowd.acts, crowd.spoke, sheet
        )
        return evidence, play

    def _kills(self, ways: dict[str, Reference]) -> list[Kill]:
        if self.plan is not None:
            return list(self.plan)
        lines = sum(len(way.lines) for way in ways.values())
        return self.moments(self.seed, self.kills, lines) if self.kills else []


def told(verdict: Verdict, play: Play, seed: int) -> str:
    """The figures of a run, for people."""
    sent = [sum(row.op == "send" for row in rows) for rows in play.sending]
    figures = ", ".join(f"{name} {count}" for name, count in sorted(verdict.figures.items()))
    rose = statistics.median(play.rose)
    return (
        f"seed {seed}; kills {dict(play.executioner.done)}, lives {play.house.lives},"
        f" calls in hand at each {sent}; clock moved {play.moves} times;"
        f" up again in {rose:.1f} s (median); {figures}"
    )


def _read(path: Path) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(path, read_only=True)
    assert book.active is not None
    header, *rows = book.active.iter_rows(values_only=True)
    book.close()
    return [dict(zip(header, row, strict=True)) for row in rows]


__all__ = ["Staging", "judged", "told"]

"""``wait``: the play stands still for a time, or until something comes true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows import pausing
from flows.durations import read_duration
from flows.nodes.base import BELOW, Block, Move, Step, steps
from flows.reading import Reading, key, name
from flows.shapes import written_as
from flows.source import Node
from flows.texts import WrittenCondition, condition
from flows.timing_keys import LENGTH, WHEN, timing
from flows.timing_messages import TimingProblem
from flows.when import Elapsed, When, field_of, planned, read_when, written_when

if TYPE_CHECKING:
    from datetime import datetime

    from flows.scene import Scene


def _read(text: str) -> When | TimingProblem:
    duration = read_duration(text)
    if not isinstance(duration, TimingProblem):
        return Elapsed(int(duration.total_seconds()))
    return read_when(text)


moment: Callable[[Node, Reading], When] = timing(_read, {"anyOf": [LENGTH, written_as(WHEN)]})
"""``2h``, or any form that a letter's ``when`` has, counted from now."""


@dataclass(frozen=True, kw_only=True)
class Wait(Step):
    """``wait: 2h``; with ``until`` the play goes on at once when the condition comes true."""

    VERB = "wait"
    RESTS = True

    wait: When = key(moment)
    id: str = key(name)
    until: WrittenCondition | None = key(condition, default=None)
    then: Block = key(steps, default=())
    otherwise: Block = key(steps, name="else", default=())

    def place(self) -> str:
        """Its ``id``."""
        return self.id

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """What follows when the condition came true in time, and when the time ran out."""
        yield "then", self.then
        yield "else", self.otherwise

    def enter(self, scene: Scene) -> Move:
        """Stand still, unless there is nothing to wait for."""
        move = self.came_true(scene)
        if move is not None:
            return move
        until = self.wakes(scene, scene.turn.now)
        if until is None or until <= scene.turn.now:
            scene.note("passed", reason="its time is past" if until else "its field is empty")
            return self.timed_out(scene)
        return pausing.wait_until(scene, until, f"wait {written_when(self.wait)}")

    def wakes(self, scene: Scene, since: datetime) -> datetime | None:
        """When the time runs out; None while the field it hangs on is empty."""
        field = field_of(self.wait)
        value = scene.moment_in(field) if field else None
        return planned(
            self.wait,
            previous=since,
            person_zone=scene.zone,
            funnel_zone=scene.funnel_zone,
            calendar=scene.bundle.calendar,
            field_value=value,
        )

    def came_true(self, scene: Scene) -> Move | None:
        """Into ``then`` when the condition holds."""
        if self.until is not None and scene.holds(self.until):
            scene.note("came_true")
            return Move("into", "then")
        return None

    def timed_out(self, scene: Scene) -> Move:
        """Into ``else`` when a condition was awaited, else below."""
        return Move("into", "else") if self.until is not None else BELOW

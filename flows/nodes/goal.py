"""``goal``: a conversion for reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.nodes.base import BELOW, Move, Step
from flows.reading import key, name

if TYPE_CHECKING:
    from flows.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Goal(Step):
    """``goal: NAME`` marks the run once."""

    VERB = "goal"

    goal: str = key(name)

    def enter(self, scene: Scene) -> Move:
        """Mark the goal; one that was reached before changes nothing."""
        if self.goal not in scene.run.goals:
            scene.run.goals.append(self.goal)
            scene.note("goal", option=self.goal)
        return BELOW

"""``handover``: a team talks with the person, and the bot is silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows import handing, pausing
from flows.nodes.base import BELOW, Block, Move, Step, steps
from flows.reading import key, name
from flows.timing_keys import duration

if TYPE_CHECKING:
    from flows.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Handover(Step):
    """``handover: TEAM`` until a manager returns the person, or ``for`` so long nobody writes."""

    VERB = "handover"
    RESTS = True

    handover: str = key(name)
    id: str = key(name, default="")
    quiet: int = key(duration, name="for", default=24 * 3_600 * 1_000_000)
    otherwise: Block = key(steps, default=())

    def place(self) -> str:
        """Its ``id``, else a name by its team."""
        return self.id or f"handover_{self.handover}"

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """What plays when nobody took the conversation."""
        yield "otherwise", self.otherwise

    def enter(self, scene: Scene) -> Move:
        """Give the conversation to the team and stand still."""
        assert scene.play is not None
        pausing.stand_still(scene)
        handing.begin(scene.turn, self.handover, scene.run.number, scene.play.number, self.quiet)
        return Move("rest")

    def told(self, scene: Scene, result: dict[str, Any]) -> Move:
        """Below; into ``otherwise`` when nobody took it."""
        del scene
        return BELOW if result.get("ok") or not self.otherwise else Move("into", "otherwise")

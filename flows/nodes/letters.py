"""``start`` and ``stop``: a series of timed letters begins or ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.nodes.base import BELOW, Move, Step
from flows.reading import key, name

if TYPE_CHECKING:
    from flows.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Start(Step):
    """``start: SERIES``; a running one is left as it is."""

    VERB = "start"

    start: str = key(name)

    def enter(self, scene: Scene) -> Move:
        """Start the series."""
        scene.start_series(self.start)
        return BELOW


@dataclass(frozen=True, kw_only=True)
class Stop(Step):
    """``stop: SERIES`` or ``stop: all``."""

    VERB = "stop"

    stop: str = key(name)

    def enter(self, scene: Scene) -> Move:
        """Stop the series, and withdraw what it has queued."""
        scene.stop_series("" if self.stop == "all" else self.stop, "stopped by a step")
        return BELOW

"""Whether a person belongs to a broadcast's segment now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.broadcasts.file import Segment
    from flows.scene import Scene, Turn
    from flows.state import Run


def matches(to: Segment, scene: Scene, turn: Turn) -> bool:
    """Whether every condition holds but ``active`` and ``silent``, which the database answers."""
    tags = set(turn.conversation.person.tags)
    if not tags.issuperset(to.tags) or not tags.isdisjoint(to.without_tags):
        return False
    if to.source and scene.run.source not in to.source:
        return False
    if to.place and not set(to.place).intersection(_places(scene.run)):
        return False
    return to.condition is None or scene.holds(to.condition)


def _places(run: Run) -> Iterator[str]:
    """Where the run stands: its questions and waits, and the next letter of every series."""
    if run.ended_us is not None:
        return
    for play in run.plays:
        if play.stand is not None:
            yield play.stand.place
    for name, series in run.series.items():
        yield f"{name}.{series.letter}"

"""``lead`` and ``notify``: what reaches the sales team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from flows.nodes.base import BELOW, Move, Step
from flows.reading import key, list_of, name, one_of
from flows.texts import WrittenText, WrittenValue, value, written_text

if TYPE_CHECKING:
    from flows.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Lead(Step):
    """``lead: TITLE`` captures a lead; one per run and title, a repeat updates it."""

    VERB = "lead"

    lead: WrittenText = key(written_text)
    team: str = key(name)
    priority: Literal["urgent", "normal", "low"] = key(
        one_of("urgent", "normal", "low"), default="normal"
    )
    fields: tuple[str, ...] | None = key(list_of(name), default=None)
    value: WrittenValue | None = key(value, default=None)

    def enter(self, scene: Scene) -> Move:
        """Capture it."""
        scene.capture_lead(self)
        return BELOW


@dataclass(frozen=True, kw_only=True)
class Notify(Step):
    """``notify: TEAM`` with ``say``: a word to the team, nothing to the person."""

    VERB = "notify"

    notify: str = key(name)
    say: WrittenText = key(written_text)

    def enter(self, scene: Scene) -> Move:
        """Tell the team."""
        scene.notify(self.notify, self.say)
        return BELOW

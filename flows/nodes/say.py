"""``say``: a message that waits for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.nodes.base import BELOW, Move
from flows.nodes.message_keys import MessageStep, SayButton, say_buttons
from flows.reading import key
from flows.texts import WrittenText, written_text

if TYPE_CHECKING:
    from flows.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Say(MessageStep):
    """A message with media and buttons; play goes on below at once."""

    VERB = "say"

    say: WrittenText = key(written_text)
    buttons: tuple[SayButton, ...] = key(say_buttons, default=())

    def enter(self, scene: Scene) -> Move:
        """Say it."""
        scene.say(self, self.say, buttons=tuple(map(scene.say_button, self.buttons)))
        return BELOW

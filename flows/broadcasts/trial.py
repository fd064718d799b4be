"""A broadcast tried on one person as they are now: what would become of it, nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.broadcasts.sending import broadcast_came, scene_of
from flows.effects import DecideBroadcast
from flows.events import BroadcastCame
from flows.markup import RichText

if TYPE_CHECKING:
    from flows.broadcasts.file import Broadcast
    from flows.scene import Turn


@dataclass(frozen=True, slots=True)
class Sample:
    """The message with stars for all that is put in, and the buttons' words."""

    text: str
    buttons: tuple[str, ...]


def tried(turn: Turn) -> DecideBroadcast:
    """What becomes of the broadcast that is the turn's event; the turn's conversation is used up."""
    assert isinstance(turn.event, BroadcastCame)
    broadcast_came(turn, turn.event)
    return next(each for each in turn.effects if isinstance(each, DecideBroadcast))


def sample_of(turn: Turn, broadcast: Broadcast) -> Sample | None:
    """How it looks to the person, with nothing of theirs in it."""
    scene = scene_of(turn, broadcast)
    if scene is None:
        return None
    context, frame = scene.context(), scene.frame
    rich = RichText.of(broadcast.say.compiled.veiled(context, frame))
    if broadcast.kind == "advertising":
        rich = scene.with_advert_marks(rich, broadcast)
    labels = (button.text.compiled.veiled(context, frame) for button in broadcast.buttons)
    return Sample(rich.plain, tuple(labels))

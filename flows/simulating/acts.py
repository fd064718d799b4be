"""What a simulated person sees of a message and what they may do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from flows import effects, events
from flows.messages import Button
from flows.nodes.base import Step

Dice = Callable[[], float]
"""Chance: a number from 0 to 1, the latter excluded."""
What = Literal["press", "type", "send", "click", "block"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a person does, so long after they saw the message.

    ``visit`` is the question that it answers (0: none); ``event`` tells the engine; ``text`` is
    the button's label or the words; ``place`` is where it was asked or said.
    """

    what: What
    event: events.Event
    text: str = ""
    place: str = ""
    visit: int = 0
    after_us: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it: what was said, by which step, and how often it was shown.

    ``tries`` counts what the person did already to answer this showing, ``language`` is the
    funnel's, ``chosen`` are the options marked so far.
    """

    say: effects.Say
    step: Step | None
    language: str
    times: int = 1
    tries: int = 0
    chosen: tuple[int, ...] = ()

    @property
    def place(self) -> str:
        """The place, or the flow, where it was said."""
        return self.say.place

    def press(self, button: Button) -> Act:
        """The press of a button of the message."""
        visit = self.say.visit if button.action and "visit" in button.action else 0
        event = events.Pressed(button.action, self.say.number, button.text)
        return Act("press", event, button.text, self.place, visit)

    def typed(self, text: str) -> Act:
        """The words, typed as an answer."""
        return Act("type", events.Typed(text), text, self.place, self.say.visit)

    def clicked(self, button: Button) -> Act:
        """The opening of a tracked link of the message."""
        event = events.Clicked(button.track, self.say.run)
        return Act("click", event, button.text, self.place)


class Mind(Protocol):
    """Decides what a person does about what they see."""

    def asked(self, seen: Seen) -> Act | None:
        """What is done about a question; None is silence."""

    def told(self, seen: Seen, *, by_clock: bool) -> list[Act]:
        """What is done about a message that asks nothing; ``by_clock``: nobody had waited for it."""

    def outside(self, request: effects.Request, now_us: int) -> dict[str, Any]:
        """What the world outside answers to a call of the funnel."""

    def managers(self) -> list[tuple[int, events.Event]]:
        """What managers do with a conversation that was handed over, so long after it was."""

    def happens(self, name: str) -> bool:
        """Whether the event happens to the person at all."""

    def moment(self, within_us: int) -> int:
        """When in so long a time something happens that is awaited."""


def answers(seen: Seen) -> list[Button]:
    """The buttons that answer the question, all but the way back."""
    found = []
    for button in seen.say.message.buttons:
        action = button.action
        if action is not None and "visit" in action and action["do"] != "back":
            found.append(button)
    return found


STOP = "стоп"


def stopped(seen: Seen) -> Act:
    """The person writes «стоп»."""
    return Act("type", events.Typed(STOP), STOP, seen.place)


def blocked(seen: Seen) -> Act:
    """The person blocks the bot."""
    return Act("block", events.BotBlocked(), "", seen.place)

"""Random prospects: habits say how likely each thing is, dice decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import log2
from typing import Any

from flows import effects
from flows.events import Event, ManagerReturned, ManagerTook, ManagerWrote
from flows.matching import same
from flows.messages import CHOSEN_SIGN, Button
from flows.nodes.ask import Ask
from flows.simulating.acts import Act, Dice, Seen, answers, blocked, stopped
from flows.simulating.samples import samples, sent
from flows.simulating.world import answer_from_outside

CHANCES = ("answer", "silence", "bad", "stop", "block")
"""What may come of a question; ``answer`` is whatever the others leave."""
_WEIGHTS = {"agree": 4.0, "refuse": 1.0, "skip": 0.25, "days": 0.5}
"""How likely the buttons of a question are beside an option, which is 1."""
_BAD = "не знаю, что тут написать"
_LONGEST_DELAYS = 20
MANAGER = "Анна"


@dataclass(frozen=True, slots=True)
class Place:
    """How people behave at one question: chances of its own, and the weights of its options."""

    chances: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Habits:
    """How people behave.

    ``chances`` are those of any question, ``places`` those of one, by its full name or the last
    part of it. ``clicks`` and ``presses`` are chances to open a tracked link and to press a button
    that waits for nobody, under ``default`` for those that are not named. ``delay_us`` is the time
    within which half of the answers come. ``zones`` and ``entries`` have weights; ``outside`` is
    how often a call to the world outside succeeds. ``take`` is how often a manager takes a
    conversation that was handed over, ``take_after_us`` the time within which half of them do;
    ``events`` are shares of people to whom an event happens.
    """

    chances: Mapping[str, float] = field(
        default_factory=lambda: {"silence": 0.25, "bad": 0.02, "stop": 0.01, "block": 0.01}
    )
    places: Mapping[str, Place] = field(default_factory=dict)
    clicks: Mapping[str, float] = field(default_factory=lambda: {"default": 0.3})
    presses: Mapping[str, float] = field(default_factory=lambda: {"default": 0.15})
    delay_us: int = 5 * 60_000_000
    zones: Mapping[str, float] = field(default_factory=dict)
    entries: Mapping[str, float] = field(default_factory=dict)
    outside: float = 1.0
    take: float = 0.8
    take_after_us: int = 10 * 60_000_000
    events: Mapping[str, float] = field(default_factory=dict)

    def at(self, place: str) -> Place:
        """What is said of the place: by its full name, else by the last part of it."""
        return self.places.get(place) or self.places.get(place.rpartition(".")[2]) or NOTHING


NOTHING = Place()


@dataclass(slots=True)
class Stranger:
    """A person who does what the dice say."""

    habits: Habits
    dice: Dice

    def asked(self, seen: Seen) -> Act | None:
        """An answer, a bad one, «стоп», a block, or silence."""
        row = self.habits.at(seen.place)
        chances = {**self.habits.chances, **row.chances}
        fate = "answer" if seen.chosen else self._fate(chances)  # who marks one goes on
        if fate == "silence":
            return None
        if fate in {"stop", "block"}:
            return self._late(stopped(seen) if fate == "stop" else blocked(seen))
        if fate == "bad" and not seen.tries:
            return self._late(seen.typed(_BAD))
        act = self._answer(seen, row)
        return self._late(act) if act else None

    def told(self, seen: Seen, *, by_clock: bool) -> list[Act]:
        """Clicks and presses; «стоп» or a block after what nobody had waited for."""
        found = [
            self._late(seen.clicked(button))
            for button in seen.say.message.buttons
            if button.track and self._happens(self.habits.clicks, button.track)
        ]
        if seen.say.visit:
            return found
        for button in seen.say.message.buttons:
            if button.action is not None and self._happens(self.habits.presses, button.text):
                return [*found, self._late(seen.press(button))]
        if by_clock:
            fate = self._fate({**self.habits.chances, "silence": 0, "bad": 0})
            if fate != "answer":
                found.append(self._late(stopped(seen) if fate == "stop" else blocked(seen)))
        return found

    def outside(self, request: effects.Request, now_us: int) -> dict[str, Any]:
        """An answer that the funnel can use, as often as the habits say."""
        ok = self.dice() < self.habits.outside
        return answer_from_outside(request, now_us, ok=ok, dice=self.dice)

    def managers(self) -> list[tuple[int, Event]]:
        """Somebody takes the conversation, writes and gives it back, or nobody does."""
        if self.dice() >= self.habits.take:
            return []
        return talk_of_manager(
            self._lateness(self.habits.take_after_us), self.habits.take_after_us
        )

    def happens(self, name: str) -> bool:
        """As often as the habits say."""
        return name in self.habits.events and self.dice() < self.habits.events[name]

    def moment(self, within_us: int) -> int:
        """Any moment is as likely as another."""
        return int(self.dice() * max(within_us, 0))

    def _fate(self, chances: Mapping[str, float]) -> str:
        left = self.dice()
        for name in CHANCES[1:]:
            left -= chances.get(name, 0)
            if left < 0:
                return name
        return "answer"

    def _happens(self, chances: Mapping[str, float], name: str) -> bool:
        return self.dice() < chances.get(name, chances.get("default", 0))

    def _late(self, act: Act) -> Act:
        """Half of the answers come within the delay, half of the rest within twice that."""
        return replace(act, after_us=self._lateness(self.habits.delay_us))

    def _lateness(self, half_us: int) -> int:
        return int(half_us * min(-log2(1 - self.dice()), _LONGEST_DELAYS))

    def _answer(self, seen: Seen, row: Place) -> Act | None:
        buttons = answers(seen)
        step = seen.step
        weights = [self._weight(button, row) for button in buttons]
        if isinstance(step, Ask) and step.many:
            weights = _of_many(buttons, weights, seen, step)
        if isinstance(step, Ask) and _takes_words(step):
            weights.append(row.weights.get("text", 1.0))
        if not sum(weights):
            return None
        chosen = drawn(weights, self.dice)
        if chosen < len(buttons):
            return seen.press(buttons[chosen])
        return self._words(seen, step)

    def _words(self, seen: Seen, step: Any) -> Act:
        found = sent(seen, step.answer)
        if found is not None:
            return found
        words = samples(step.answer)
        if seen.tries:  # what fitted least was refused: the next one
            return seen.typed(words[seen.tries % len(words)])
        return seen.typed(words[int(self.dice() * len(words))])

    def _weight(self, button: Button, row: Place) -> float:
        label = button.text.removeprefix(CHOSEN_SIGN)
        for text, weight in row.weights.items():
            if same(text, label):
                return weight
        assert button.action is not None
        return _WEIGHTS.get(button.action["do"], 1.0)


def talk_of_manager(taken_us: int, talk_us: int) -> list[tuple[int, Event]]:
    """A manager takes the conversation, writes, and gives it back when the talk is over."""
    returned_us = taken_us + talk_us
    return [
        (taken_us, ManagerTook(MANAGER)),
        (taken_us, ManagerWrote(MANAGER, "Здравствуйте! Сейчас помогу.")),
        (returned_us, ManagerReturned(MANAGER)),
    ]


def _of_many(buttons: list[Button], weights: list[float], seen: Seen, step: Ask) -> list[float]:
    """Nothing is marked twice; after each mark that suffices it is as likely to be the last."""
    full = step.max is not None and len(seen.chosen) >= step.max
    left = []
    for button, weight in zip(buttons, weights, strict=True):
        action = button.action or {}
        marked = action["do"] == "toggle" and (full or action["option"] in seen.chosen)
        left.append(0.0 if marked else weight)
    more = sum(w for b, w in zip(buttons, left, strict=True) if (b.action or {})["do"] == "toggle")
    enough = len(seen.chosen) >= step.least
    for index, button in enumerate(buttons):
        if (button.action or {})["do"] == "done":
            left[index] = (more or 1.0) * weights[index] if enough else 0.0
    return left


def _takes_words(step: Ask) -> bool:
    """Whether words of one's own are an answer; a type with buttons of its own needs none."""
    if step.answer is None:
        return not step.options
    return step.answer.name not in {"yes_no", "rating", "slot"}


def drawn(weights: list[float], dice: Dice) -> int:
    """The index that the dice choose, as likely as its weight."""
    left = dice() * sum(weights)
    for index, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return index
    return max(index for index, weight in enumerate(weights) if weight)

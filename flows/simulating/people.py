"""Random prospects: habits say how likely each thing is, dice decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import log2
from typing import Any

from flows import effects
from flows.matching import same
from flows.messages import Button
from flows.nodes.ask import Ask
from flows.simulating.acts import Act, Dice, Seen, answers, blocked, stopped
from flows.simulating.samples import samples, sent
from flows.simulating.world import answer_from_outside

CHANCES = ("answer", "silence", "bad", "stop", "block")
"""What may come of a question; ``answer`` is whatever the others leave."""
_WEIGHTS = {"agree": 4.0, "refuse": 1.0, "skip": 0.25, "done": 1.0}
"""How likely the buttons of a question are beside an option, which is 1."""
_BAD = "не знаю, что тут написать"
_LONGEST_DELAYS = 20


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
    how often a call to the world outside succeeds.
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
        fate = self._fate({**self.habits.chances, **row.chances})
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
        delays = min(-log2(1 - self.dice()), _LONGEST_DELAYS)
        return replace(act, after_us=int(self.habits.delay_us * delays))

    def _answer(self, seen: Seen, row: Place) -> Act | None:
        buttons = answers(seen)
        weights = [self._weight(button, row, seen) for button in buttons]
        step = seen.step
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

    def _weight(self, button: Button, row: Place, seen: Seen) -> float:
        for text, weight in row.weights.items():
            if same(text, button.text):
                return weight
        assert button.action is not None
        what = button.action["do"]
        if what == "done" and seen.tries:
            return 2.0 * seen.tries
        return _WEIGHTS.get(what, 1.0)


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

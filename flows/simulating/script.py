"""One prospect who does as a script says, and the first sensible thing where it says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flows import effects
from flows.events import Event
from flows.matching import same
from flows.nodes.ask import Ask
from flows.simulating.acts import Act, Seen, answers, blocked, stopped
from flows.simulating.people import talk_of_manager
from flows.simulating.samples import samples, sent
from flows.simulating.world import answer_from_outside

MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Script:
    """What the prospect does, by the places of the funnel, full names or their last parts.

    ``answers`` to one place are given one after another; ``press`` are the texts of buttons that
    wait for nobody and ``click`` tracked links; at ``stop`` the person writes «стоп», at ``block``
    blocks the bot; ``events`` happen while they are awaited, or soon after the person came.
    """

    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    silent: Collection[str] = ()
    press: Collection[str] = ()
    click: Collection[str] = ()
    stop: Collection[str] = ()
    block: Collection[str] = ()
    events: Collection[str] = ()
    delay_us: int = MINUTE_US


@dataclass(slots=True)
class Obedient:
    """Plays a script; ``done`` counts what of it was used."""

    script: Script
    done: Counter[str] = field(default_factory=Counter)

    def asked(self, seen: Seen) -> Act | None:
        """The scripted answer, else the first option or a sample that fits."""
        leaving = self._leaving(seen)
        if leaving is not None:
            return leaving
        if named(self.script.silent, seen.place):
            return None
        wanted = self._wanted(seen.place)
        act = _as_told(seen, wanted) if wanted is not None else _sensible(seen)
        return replace(act, after_us=self.script.delay_us) if act else None

    def told(self, seen: Seen, *, by_clock: bool) -> list[Act]:
        """Scripted clicks and presses."""
        del by_clock
        found = []
        for button in seen.say.message.buttons:
            if button.track and self._takes("click", self.script.click, button.track):
                found.append(seen.clicked(button))
            is_free = button.action is not None and "visit" not in button.action
            if is_free and self._takes("press", self.script.press, button.text):
                found.append(seen.press(button))
        leaving = None if seen.say.visit else self._leaving(seen)
        found += [leaving] if leaving else []
        return [replace(act, after_us=self.script.delay_us) for act in found]

    def outside(self, request: effects.Request, now_us: int) -> dict[str, Any]:
        """Everything succeeds."""
        return answer_from_outside(request, now_us, ok=True, dice=lambda: 0.0)

    def managers(self) -> list[tuple[int, Event]]:
        """A manager takes the conversation in ten minutes and gives it back in ten more."""
        return talk_of_manager(10 * MINUTE_US, 10 * MINUTE_US)

    def happens(self, name: str) -> bool:
        """If the script says so."""
        return name in self.script.events

    def moment(self, within_us: int) -> int:
        """After the script's delay."""
        return min(self.script.delay_us, max(within_us, 0))

    def unused(self) -> list[str]:
        """Buttons and links of the script that never came."""
        wanted = [("press", text) for text in self.script.press]
        wanted += [("click", track) for track in self.script.click]
        return [text for what, text in wanted if not self.done[f"{what} {text}"]]

    def _leaving(self, seen: Seen) -> Act | None:
        made = None
        if named(self.script.stop, seen.place):
            made = stopped(seen)
        elif named(self.script.block, seen.place):
            made = blocked(seen)
        return replace(made, after_us=self.script.delay_us) if made else None

    def _wanted(self, place: str) -> str | None:
        given = self.script.answers.get(place) or self.script.answers.get(last_part(place), ())
        at = self.done[f"answer {place}"]
        self.done[f"answer {place}"] += 1
        return given[at] if at < len(given) else None

    def _takes(self, what: str, wanted: Collection[str], text: str) -> bool:
        """Whether the script wants it: each thing once, as often as it is named."""
        for each in wanted:
            key = f"{what} {each}"
            if same(each, text) and self.done[key] < [*wanted].count(each):
                self.done[key] += 1
                return True
        return False


def last_part(place: str) -> str:
    """The place's own name."""
    return place.rpartition(".")[2]


def named(places: Collection[str], place: str) -> bool:
    """Whether the place is among them, by its full name or the last part of it."""
    return place in places or last_part(place) in places


def _as_told(seen: Seen, text: str) -> Act:
    for button in seen.say.message.buttons:
        if button.action is not None and "visit" in button.action and same(button.text, text):
            return seen.press(button)
    return seen.typed(text)


_READY = frozenset({"value", "slot"})
"""Buttons that stand for a typed answer."""


def _sensible(seen: Seen) -> Act | None:
    buttons = [button for button in answers(seen) if button.action]
    done = [button for button in buttons if button.action and button.action["do"] == "done"]
    if seen.tries and done:
        return seen.press(done[0])
    step = seen.step
    if isinstance(step, Ask) and step.answer is not None and not step.options:
        found = sent(seen, step.answer)
        if found is not None:
            return found
        if not any(button.action and button.action["do"] in _READY for button in buttons):
            words = samples(step.answer)
            return seen.typed(words[seen.tries % len(words)])
    if buttons:
        return seen.press(buttons[min(seen.tries, len(buttons) - 1)])
    return seen.typed(samples(None)[0])

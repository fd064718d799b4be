"""One person's life in a bot: the real engine, a heap of what is to happen, a clock that leaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import heappop, heappush

import flows.nodes  # noqa: F401  # fills the registry of node types
from flows import effects, events
from flows.engine import EPOCH, take_turn
from flows.events import Event, Profile
from flows.nodes.question import Question
from flows.program import Bundle
from flows.simulating.acts import Act, Mind, Seen
from flows.simulating.happenings import (
    Ringing,
    awaited_anywhere,
    awaited_now,
    events_of,
    happened,
)
from flows.state import Conversation, Play, Rest

ORDER = {"wait": 0, "silence": 1, "series": 2}
PERSON, OUTSIDE = 3, 4
"""What falls on one moment goes in the order wait, silence, letter, person, the world outside."""
MOST_AT_ONCE = 2_000
MOST_SHOWINGS = 25
"""A question that comes back so often is left: nobody answers it for ever."""
MOST_TRIES = 12
OUTSIDE_US = 2_000_000
"""How long the world outside takes to answer."""


Coming = effects.SetTimer | Act | Ringing | Event
"""What is to happen."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One turn: what happened when, by which act of the person if by one, and what came of it.

    ``zone`` is the person's after the turn, empty while it is unknown.
    """

    at_us: int
    event: Event
    effects: list[effects.Effect]
    act: Act | None = None
    zone: str = ""

    @property
    def by_clock(self) -> bool:
        """Whether the clock set it off."""
        return isinstance(self.event, events.TimerFired)


class EndlessLoop(Exception):
    """Things follow one another without any time between them."""


@dataclass(slots=True)
class Life:
    """A person with a mind of their own, from ``now_us`` to ``until_us``."""

    bundle: Bundle
    mind: Mind
    now_us: int
    until_us: int
    conversation: Conversation
    watch: Callable[[Happened], None]
    profile: Profile = field(default_factory=Profile)
    _timers: dict[tuple[int, str], effects.SetTimer] = field(default_factory=dict)
    _heap: list[tuple[int, int, int, Coming]] = field(default_factory=list)
    _laid: int = 0
    _delivered: dict[int, int] = field(default_factory=dict)
    _showings: Counter[str] = field(default_factory=Counter)
    _asked: Seen | None = None
    _answering: int = 0
    _at_once: int = 0
    _talk: int = 0
    _fates: dict[str, bool] = field(default_factory=dict)

    def live(self, arrival: Event) -> None:
        """Come in by the event and live to the end; ``watch`` is told of every turn."""
        self._hear(arrival)
        self._let_happen()
        while self._heap and self._heap[0][0] <= self.until_us:
            due_us, _, _, what = heappop(self._heap)
            if isinstance(what, effects.SetTimer):
                self._fire(what)
                continue
            self._run_clock_to(due_us)
            if isinstance(what, Act):
                self._do(what)
            elif isinstance(what, Ringing):
                if what.number == self._talk:
                    self._hear(what.event)
            else:
                self._hear(what)

    def _run_clock_to(self, due_us: int) -> None:
        self._at_once = self._at_once + 1 if due_us <= self.now_us else 0
        if self._at_once > MOST_AT_ONCE:
            raise EndlessLoop
        self.now_us = max(self.now_us, due_us)

    def _let_happen(self) -> None:
        """Events that nobody waits for come some time in the life."""
        for program in self.bundle.programs.values():
            for name in events_of(program):
                if name not in awaited_anywhere(program) and self._fated(name):
                    at_us = self.now_us + self.mind.moment(self.until_us - self.now_us)
                    self._lay(at_us, OUTSIDE, happened(program, name))

    def _fated(self, name: str) -> bool:
        """Whether the event is to happen now: it is decided once, and happens once."""
        if name in self._fates:
            return False
        self._fates[name] = self.mind.happens(name)
        return self._fates[name]

    def _await(self, timer: effects.SetTimer) -> None:
        """Events that a wait waits for come while it does."""
        for program in self.bundle.programs.values():
            for name in awaited_now(program, self.conversation, timer):
                if self._fated(name):
                    at_us = self.now_us + self.mind.moment(timer.due_us - self.now_us)
                    self._lay(at_us, OUTSIDE, happened(program, name))

    def _lay(self, at_us: int, order: int, what: Coming) -> None:
        self._laid += 1
        heappush(self._heap, (at_us, order, self._laid, what))

    def _fire(self, timer: effects.SetTimer) -> None:
        slot = (timer.run, timer.name)
        if self._timers.get(slot) is not timer:
            return  # it was replaced or dropped
        del self._timers[slot]
        self._run_clock_to(timer.due_us)
        self._hear(
            events.TimerFired(
                timer.run,
                timer.name,
                timer.number,
                timer.due_us,
                waits_delivery=bool(timer.after),
                delivered_us=self._delivered.get(timer.after),
            )
        )

    def _do(self, act: Act) -> None:
        if act.visit:
            self._answering = 0
            if self._asked is None or self._asked.say.visit != act.visit:
                return  # another question stands there by now
            if self._asked.tries and not self._is_open(act.visit):
                return  # what was done before sufficed after all
        before = self._asked
        self._hear(act.event, act)
        if act.visit and before is not None and self._asked is before and self._is_open(act.visit):
            self._try_on(before)

    def _try_on(self, seen: Seen) -> None:
        """The question is open still, though something was done about it: more is needed."""
        if seen.tries < MOST_TRIES:
            chosen = self._chosen(seen.say.visit)
            again = replace(seen, tries=seen.tries + 1, chosen=chosen)
            self._asked = again
            self._answer(again)

    def _is_open(self, visit: int) -> bool:
        """Whether the question waits for an answer still: a time that is being booked is one."""
        return any(
            rest.visit == visit and not rest.parked and play.pause is None
            for play, rest in self._rests()
        )

    def _chosen(self, visit: int) -> tuple[int, ...]:
        found = (tuple(rest.chosen) for _, rest in self._rests() if rest.visit == visit)
        return next(found, ())

    def _rests(self) -> Iterator[tuple[Play, Rest]]:
        for run in self.conversation.runs:
            for play in run.plays:
                if play.rest is not None:
                    yield play, play.rest

    def _hear(self, event: Event, act: Act | None = None) -> None:
        now = EPOCH + timedelta(microseconds=self.now_us)
        done = take_turn(self.bundle, self.conversation, event, now, self.profile)
        happened = Happened(self.now_us, event, done, act, self.conversation.person.zone)
        for effect in done:
            match effect:
                case effects.Say():
                    self._see(effect, by_clock=happened.by_clock)
                case effects.SetTimer():
                    self._timers[effect.run, effect.name] = effect
                    order = ORDER.get(effect.name.partition(":")[0], PERSON)
                    self._lay(effect.due_us, order, effect)
                    self._await(effect)
                case effects.DropTimer():
                    self._timers.pop((effect.run, effect.name), None)
                case effects.Request():
                    result = self.mind.outside(effect, self.now_us)
                    told = events.RequestAnswered(effect.run, effect.number, result)
                    self._lay(self.now_us + OUTSIDE_US, OUTSIDE, told)
                case effects.HandOver():
                    self._talk = effect.number
                    for after_us, deed in self.mind.managers():
                        ringing = Ringing(effect.number, deed)
                        self._lay(self.now_us + after_us, OUTSIDE, ringing)
                case effects.TakeBack():
                    self._talk = 0
        self.watch(happened)

    def _see(self, say: effects.Say, *, by_clock: bool) -> None:
        self._delivered[say.number] = self.now_us
        seen = self._seen(say)
        for act in self.mind.told(seen, by_clock=by_clock):
            self._lay(self.now_us + act.after_us, PERSON, act)
        if say.visit:
            self._asked = seen
            if self._answering != say.visit:
                self._answer(seen)

    def _answer(self, seen: Seen) -> None:
        act = self.mind.asked(seen) if seen.times <= MOST_SHOWINGS else None
        if act is not None:
            self._answering = act.visit
            self._lay(self.now_us + act.after_us, PERSON, act)

    def _seen(self, say: effects.Say) -> Seen:
        run = next((each for each in self.conversation.runs if each.number == say.run), None)
        program = self.bundle.program(run.funnel, run.program) if run else None
        if program is None:
            return Seen(say, None, "ru")
        address = program.places.get(say.place)
        step = program.steps[address].step if address else None
        if say.visit and isinstance(step, Question):
            self._showings[say.place] += 1
        return Seen(say, step, program.funnel.language, self._showings[say.place] or 1)

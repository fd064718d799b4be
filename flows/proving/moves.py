"""What may happen next: each option, answers good and bad, silence, living buttons, entries, «стоп»."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flows.answers.slot import Slot
from flows.events import (
    Clicked,
    ContactShared,
    Event,
    EventHappened,
    FileSent,
    LocationSent,
    Pressed,
    TimerFired,
    Typed,
)
from flows.funnel import Entry
from flows.nodes.ask import Ask
from flows.nodes.question import Question
from flows.program import Program
from flows.proving.choices import is_idle
from flows.proving.doors import doors, other_events
from flows.proving.outside import HUMAN, answers, awaited, managers, unknown
from flows.proving.samples import Found, Samples
from flows.proving.states import Node, Offer, Trace
from flows.proving.times import is_alike
from flows.proving.views import Views
from flows.state import Rest

SILENCE = {"ru": "молчание", "en": "silence"}
STOP = {"ru": "«стоп»", "en": "“стоп”"}
BAD = {"ru": "непонятный ответ", "en": "a bad answer"}
STICKER = {"ru": "стикер", "en": "a sticker"}
_SENT: dict[type, dict[str, str]] = {
    ContactShared: {"ru": "телефон", "en": "the phone"},
    FileSent: {"ru": "файл", "en": "a file"},
    LocationSent: {"ru": "место на карте", "en": "a place on the map"},
}
AT_ANY_TIME = frozenset({"link", "command", "event"})
"""Triggers that fire though a question is open."""
MOST_CALLS = 2
"""So many calls may wait at once: before anything else happens one of them is answered."""
FAR = 10**9
"""Numbers of buttons that are pressed here: no real button has them."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something that happens. ``kind`` is answer, bad, silence, late, outside, go, mark, entry,
    human or stop; ``same`` is what makes it the same move from another play, ``trace`` a way on
    which it can be made where that is not the shortest.
    """

    kind: str
    event: Event
    label: Any
    same: Hashable = None
    trace: Trace | None = None

    def after(self, node: Node) -> Trace:
        """The way that ends with this move from the state."""
        return Trace(self.label, self.trace or node.trace)


def open_rest(node: Node) -> Rest | None:
    """Where the person is asked now."""
    run = node.run
    for play in run.plays if run and run.ended_us is None else ():
        if play.rest is not None and not play.rest.parked:
            return play.rest
    return None


@dataclass(slots=True)
class Moves:
    """The moves in one funnel. ``blind`` are questions no answer could be thought up for,
    ``unknown`` entries, calls and places of which nothing is known here; ``once``: nobody comes in
    a second time; ``has_team``: somebody can be asked to take the conversation over.
    """

    program: Program
    views: Views
    takes: Callable[[Node, Event], bool]
    once: bool = False
    has_team: bool = False
    blind: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    samples: Samples = field(default_factory=Samples)
    _called: set[Hashable] = field(default_factory=set)

    def of(self, node: Node) -> Iterator[Move]:
        """All that may happen now, but for the buttons that never age."""
        self.unknown.update(unknown(node))
        if len(awaited(node)) >= MOST_CALLS:
            yield from self._answered(node)
            return
        rest = open_rest(node)
        if rest is not None:
            yield from self._answers(node, rest)
        elif node.conversation.person.last is not None:
            yield from self._buttons(node, node.conversation.person.last.visit, "late")
        yield from self._answered(node)
        for event, label in managers(node, self.views):
            yield Move("outside", event, label)
        if node.timers:
            yield self.silence(node)
        if node.lives:
            yield Move("stop", Typed("стоп"), STOP, "stop")
        yield from self._entries(node, rest)
        yield from self._human(node)

    def _answered(self, node: Node) -> Iterator[Move]:
        for event, label in answers(self.program, self.views, node):
            yield Move("outside", event, label)

    def _human(self, node: Node) -> Iterator[Move]:
        """A team is asked for, once for each place: what is done there does not hang on fields."""
        run = node.run
        if not self.has_team or run is None or node.conversation.person.handover is not None:
            return
        series = tuple((name, each.letter) for name, each in run.series.items())
        stands = tuple((play.stand.place, bool(play.rest)) for play in run.plays if play.stand)
        where = (run.ended_us is None, series, stands)
        if where not in self._called:
            self._called.add(where)
            yield Move("human", Typed("оператор"), HUMAN)

    def silence(self, node: Node) -> Move:
        """Nobody does anything until the next timer."""
        return Move("silence", fired(node), SILENCE)

    def _answers(self, node: Node, rest: Rest) -> Iterator[Move]:
        yield from self._buttons(node, rest.visit, "answer")
        address = self.program.places.get(rest.place)
        step = self.program.steps[address].step if address else None
        if not isinstance(step, Question):
            return
        found = self._samples(node, rest, step)
        for event in found.good:
            yield Move("answer", event, _told(event))
        if found.bad is not None:
            yield Move("bad", found.bad, BAD if isinstance(found.bad, Typed) else STICKER)

    def _samples(self, node: Node, rest: Rest, step: Question) -> Found:
        answer = getattr(step, "answer", None)
        options = [option for option in getattr(step, "options", ()) if not option.url]
        in_buttons = isinstance(answer, Slot) or (answer is None and options)
        if not isinstance(step, Ask) or in_buttons:
            return Found((), Typed("?!"))
        found = self.samples.of(
            rest.place if options else "",
            answer,
            self.views.constants.get(step.save, ()),
            lambda event: self.takes(node, event),
        )
        if not found.good and not options:
            self.blind.add(rest.place)
        return found

    def _buttons(self, node: Node, visit: int, kind: str) -> Iterator[Move]:
        number, buttons = node.asked.get(visit, (0, ()))
        for button in buttons:
            action = button.action
            if action is None or is_idle(self.program, self.views, node, action):
                continue
            if not is_alike(self.program, self.views, buttons, action):
                yield Move(kind, Pressed(action, number, button.text), button.text)

    def offer(self, node: Node, offer: Offer) -> Move:
        """A button that never ages, pressed now."""
        run = node.run
        number = run.number if run else 0
        fresh = FAR + node.conversation.person.counter
        if offer.kind == "click":
            clicked = Clicked(str(offer.target), number)
            return Move("mark", clicked, f"«{offer.text}»", None, node.offers[offer])
        action = {**offer.action, "run": number, "number": fresh}
        event = Pressed(action, fresh, offer.text)
        same = ("go", offer.target) if offer.kind == "go" else None
        return Move(offer.kind, event, f"«{offer.text}»", same, node.offers[offer])

    def roots(self) -> Iterator[Move]:
        """Every way in."""
        for index, entry in enumerate(self.program.funnel.entry):
            yield from self._through(entry, ("entry", index))

    def _through(self, entry: Entry, same: Hashable) -> Iterator[Move]:
        """The moves by which somebody comes in at the entry."""
        found = [*doors(self.program, entry, self.views)]
        if not found:
            self.unknown.add(f"entry: {entry.trigger}")
        for event, label in found:
            yield Move("entry", event, label, (same, str(label)) if len(found) > 1 else same)

    def _entries(self, node: Node, rest: Rest | None) -> Iterator[Move]:
        """Ways in that do something to somebody who has been here."""
        for index, entry in enumerate(self.program.funnel.entry):
            inside = bool(entry.flow) or entry.restart or entry.trigger == "event"
            if self.once and (entry.restart or not node.lives):
                continue
            if node.lives and not inside:
                continue
            if rest is not None and entry.trigger not in AT_ANY_TIME:
                continue  # a word at an open question may be an answer
            for move in self._through(entry, ("entry", self._same(entry, index, node))):
                if not _waits(node, move.event):
                    yield move
        for event, label in other_events(self.program, self.views) if node.lives else ():
            if not _waits(node, event):
                yield Move("entry", event, label, ("event", str(label)))

    def _same(self, entry: Entry, index: int, node: Node) -> Hashable:
        """Entries that do the same to what conditions look at are one."""
        looks = any(self.views.known(name) for name in ("source", "link", *(entry.set or {})))
        if looks or entry.once or entry.trigger == "event":
            return index
        return (entry.flow, entry.restart, entry.tag)


def _waits(node: Node, event: Event) -> bool:
    """Whether the same event waits already for the end of a hand-over: twice tells nothing new."""
    kept = node.conversation.person.handover
    if kept is None or not isinstance(event, EventHappened):
        return False
    return any(told.get("name") == event.name for told in kept.deferred)


def fired(node: Node) -> TimerFired:
    """The next timer, come due."""
    timer = node.next_timer()
    assert timer is not None
    return TimerFired(
        timer.run,
        timer.name,
        timer.number,
        timer.due_us,
        waits_delivery=bool(timer.after),
        delivered_us=node.delivered.get(timer.after),
    )


def _told(event: Event) -> Any:
    """What is sent, in words."""
    if isinstance(event, Typed):
        return f"«{event.text}»"
    return _SENT.get(type(event), _SENT[ContactShared])

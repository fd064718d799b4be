"""What may happen next: each option, answers good and bad, silence, living buttons, entries, «стоп»."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flows.events import (
    Clicked,
    Commented,
    ContactShared,
    Event,
    FileSent,
    LocationSent,
    ManagerReturned,
    ManagerTook,
    Opened,
    Pressed,
    RequestAnswered,
    TimerFired,
    Typed,
)
from flows.funnel import Entry
from flows.nodes.ask import Ask
from flows.nodes.question import Question
from flows.program import Program
from flows.proving.choices import is_idle
from flows.proving.samples import Found, Samples, results_of
from flows.proving.states import Node, Offer, Trace
from flows.proving.views import Views
from flows.state import Rest

SILENCE = {"ru": "молчание", "en": "silence"}
STOP = {"ru": "«стоп»", "en": "“стоп”"}
BAD = {"ru": "непонятный ответ", "en": "a bad answer"}
WORKED = {"ru": "ответ извне", "en": "an answer from outside"}
FAILED = {"ru": "извне не ответили", "en": "no answer from outside"}
TAKEN = {"ru": "менеджер взял разговор", "en": "a manager takes the conversation"}
RETURNED = {"ru": "менеджер вернул разговор", "en": "a manager gives it back"}
STICKER = {"ru": "стикер", "en": "a sticker"}
_SENT: dict[type, dict[str, str]] = {
    ContactShared: {"ru": "телефон", "en": "the phone"},
    FileSent: {"ru": "файл", "en": "a file"},
    LocationSent: {"ru": "место на карте", "en": "a place on the map"},
}
FAR = 10**9
"""Numbers of buttons that are pressed here: no real button has them."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something that happens. ``kind`` is answer, bad, silence, late, outside, go, mark, entry or
    stop; ``same`` is what makes it the same move from another play, ``trace`` a way on which it
    can be made where that is not the shortest.
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
    """The moves in one funnel. ``blind`` are questions no answer could be thought up for;
    ``once``: nobody comes in a second time.
    """

    program: Program
    views: Views
    takes: Callable[[Node, Event], bool]
    once: bool = False
    blind: set[str] = field(default_factory=set)
    samples: Samples = field(default_factory=Samples)

    def of(self, node: Node) -> Iterator[Move]:
        """All that may happen now, but for the buttons that never age."""
        rest = open_rest(node)
        if rest is not None:
            yield from self._answers(node, rest)
        elif node.conversation.person.last is not None:
            yield from self._buttons(node, node.conversation.person.last.visit, "late")
        yield from self._outside(node)
        yield from _of_managers(node)
        if node.timers:
            yield self.silence(node)
        if node.lives:
            yield Move("stop", Typed("стоп"), STOP, "stop")
        yield from self._entries(node, rest)

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
        if not isinstance(step, Ask) or (answer is None and options):
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
            if action is not None and not is_idle(self.program, self.views, node, action):
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
            event, label = _entering(entry)
            if event is not None:
                yield Move("entry", event, label, ("entry", index))

    def _outside(self, node: Node) -> Iterator[Move]:
        """The world outside answers, or fails."""
        run = node.run
        for play in run.plays if run else ():
            if play.pause is not None and play.pause.request:
                address = self.program.places.get(play.pause.place)
                step = self.program.steps[address].step if address else None
                for result in results_of(step):
                    event = RequestAnswered(run.number if run else 0, play.pause.request, result)
                    yield Move("outside", event, WORKED if result["ok"] else FAILED)

    def _entries(self, node: Node, rest: Rest | None) -> Iterator[Move]:
        """Ways in that do something to somebody who has been here."""
        for index, entry in enumerate(self.program.funnel.entry):
            inside = bool(entry.flow) or entry.restart
            if self.once and (entry.restart or not node.lives):
                continue
            if node.lives and not inside:
                continue
            if rest is not None and entry.trigger not in {"link", "command"}:
                continue  # a word at an open question may be an answer
            event, label = _entering(entry)
            if event is not None:
                yield Move("entry", event, label, ("entry", self._same(entry, index, node)))

    def _same(self, entry: Entry, index: int, node: Node) -> Hashable:
        """Entries that do the same to what conditions look at are one."""
        looks = any(self.views.known(name) for name in ("source", "link", *(entry.set or {})))
        if looks or entry.once:
            return index
        return (entry.flow, entry.restart, entry.tag)


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


def _entering(entry: Entry) -> tuple[Event | None, Any]:
    """What fires the entry, and how it is told; None of a trigger that is not known here."""
    what = entry.matches[0] if entry.matches else ""
    if entry.trigger == "comment":
        text = "+" if what == "*" else what
        label = {"ru": f"комментарий «{text}»", "en": f"the comment “{text}”"}
        return Commented(text, reachable=True), label
    code = what.replace("*", "1")
    known: dict[str, tuple[Event, Any]] = {
        "start": (Opened(), "/start"),
        "link": (Opened(code), f"/start {code}"),
        "words": (Typed(what), f"«{what}»"),
        "command": (Typed(f"/{what}"), f"/{what}"),
        "any": (Typed("Привет"), {"ru": "любое сообщение", "en": "any message"}),
    }
    return known.get(entry.trigger, (None, ""))


def _of_managers(node: Node) -> Iterator[Move]:
    """While a team has the conversation: somebody takes it, and gives it back."""
    kept = getattr(node.conversation.person, "handover", None)
    if kept is None:
        return
    if not kept.manager:
        yield Move("outside", ManagerTook("Анна"), TAKEN)
    yield Move("outside", ManagerReturned("Анна" if kept.manager else ""), RETURNED)

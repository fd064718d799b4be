"""What the tests of a funnel have been through: its places, answers, letters, branches and entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from flows import effects, events, outcomes
from flows.coverable import Item, Key, items_of
from flows.entering import find
from flows.funnel import Entry
from flows.matching import command
from flows.nodes.base import Move
from flows.nodes.say import Say
from flows.program import Bundle, Laid, Program

if TYPE_CHECKING:
    from flows.scene import Scene, Turn

_PAID = frozenset({"answered", "misunderstood", "repeated", "stopped", "back", "ignored"})
"""Notes of a typed message that entered nowhere."""


@dataclass(slots=True)
class Footprints:
    """What was trodden in the tests of one funnel."""

    program: Program
    seen: set[Key] = field(default_factory=set)

    def watched(self, bundle: Bundle) -> Bundle:
        """The bundle whose every turn is watched: one is needed for each play."""
        witness = _Witness(self.program, self.seen)
        programs = {**bundle.programs, self.program.funnel.funnel: witness.watched_program()}
        return replace(bundle, programs=programs, watch=witness.watch)

    def items(self) -> list[tuple[Item, bool]]:
        """Everything that there is, and whether it was trodden."""
        return [(item, item.key in self.seen) for item in items_of(self.program)]


@dataclass(slots=True)
class _Witness:
    """Watches one play; ``buttons`` are those of messages, by their number."""

    program: Program
    seen: set[Key]
    buttons: dict[int, Key] = field(default_factory=dict)

    def watched_program(self) -> Program:
        steps = {address: self._watched(laid) for address, laid in self.program.steps.items()}
        return replace(self.program, steps=steps)

    def _watched(self, laid: Laid) -> Laid:
        twin = copy(laid.step)
        twin.__dict__["enter"] = partial(self._enter, laid)
        for way in ("told", "timed_out", "came_true"):
            twin.__dict__[way] = partial(self._go, laid, getattr(laid.step, way))
        return replace(laid, step=twin)

    def _go(self, laid: Laid, way: Callable[..., Move | None], scene: Scene, *told: Any) -> Any:
        """Where the play goes from a step at which it stood still."""
        before = len(scene.turn.effects)
        move = way(scene, *told)
        ok = all(result.get("ok") for result in told)
        self._went(laid, move, scene.turn.effects[before:], ok=ok)
        return move

    def _went(
        self, laid: Laid, move: Move | None, done: list[effects.Effect], *, ok: bool = True
    ) -> None:
        notes = {effect.kind for effect in done if isinstance(effect, effects.Note)}
        outcome = outcomes.seen(laid.step, move, notes, ok=ok)
        if outcome:
            self.seen.add(("went", laid.address, outcome))

    def _enter(self, laid: Laid, scene: Scene) -> Move:
        before = len(scene.turn.effects)
        move = laid.step.enter(scene)
        self.seen.add(("step", laid.address))
        if move.kind == "rest":
            self.seen.add(("place", self.program.names.get(laid.address, "")))
        self._went(laid, move, scene.turn.effects[before:])
        if isinstance(laid.step, Say):
            self._learn_buttons(laid, laid.step, scene.turn.effects[before:])
        return move

    def _learn_buttons(self, laid: Laid, step: Say, done: list[effects.Effect]) -> None:
        shown = [b for each in done if isinstance(each, effects.Say) for b in each.message.buttons]
        for index, button in enumerate(shown[: len(step.buttons)]):
            if button.action is not None:
                self.buttons[button.action["number"]] = ("button", laid.address, str(index))

    def watch(self, turn: Turn) -> None:
        """Learn from a turn that is over."""
        for effect in turn.effects:
            if isinstance(effect, effects.Note):
                self.seen.update(_told(effect, turn))
        match turn.event:
            case events.Pressed(action) if action and action["do"] in {"go", "mark"}:
                self.seen.add(self.buttons.get(action["number"], ()))
            case events.Clicked(track):
                self.seen.add(("track", track))
        entry = _entry(turn)
        if entry is not None:
            self.seen.add(_entry_key(self.program, entry))
        self.seen.update(_happened(self.program, turn))


def _told(note: effects.Note, turn: Turn) -> Iterator[Key]:
    match note.kind:
        case "answered":
            yield "answer", note.place, note.option
            for index in note.data.get("chosen", ()):
                yield "answer", note.place, f"option{index}"
        case "silent":
            yield "silence", note.place, "then"
        case "reminded":
            yield "silence", note.place, str(_reminders(turn, note.place))
        case "sent":
            yield "letter", note.place


def _happened(program: Program, turn: Turn) -> Iterator[Key]:
    """Entries by what happened outside: somebody who is inside is let in by them too."""
    notes = [each for each in turn.effects if isinstance(each, effects.Note)]
    names = {note.option for note in notes if note.kind == "happened"}
    if isinstance(turn.event, events.EventHappened):
        names.add(turn.event.name)
    for entry in program.funnel.entry:
        if not names.isdisjoint(entry.event):
            yield _entry_key(program, entry)


def _reminders(turn: Turn, place: str) -> int:
    """How many reminders of the place have gone."""
    rests = (play.rest for run in turn.conversation.runs for play in run.plays)
    return max((rest.reminders for rest in rests if rest and rest.place == place), default=0)


def _entry(turn: Turn) -> Entry | None:
    """By which entry the person came in this turn."""
    notes = [each for each in turn.effects if isinstance(each, effects.Note)]
    entered = next((note.reason for note in notes if note.kind == "entered"), "")
    text = _words(turn.event)
    ways: tuple[Any, ...] = (entered,) if entered else ()
    if not ways and isinstance(turn.event, events.Opened):
        ways = ("link", "start", "any") if text else ("start", "any")
    elif not ways and text and not any(note.kind in _PAID for note in notes):
        ways = ("comment",) if isinstance(turn.event, events.Commented) else ("words", "command")
    for way in ways:
        found = find(turn, way, _matched(way, text))
        if found is not None:
            return found[1]
    return None


def _matched(way: str, text: str) -> str:
    """What the entry is compared with: ``/start code`` and ``/name`` are links and commands."""
    named = command(text)
    if named is None or way not in {"link", "command"}:
        return text
    return named[1] if way == "link" else named[0]


def _words(event: events.Event) -> str:
    match event:
        case events.Opened(code=text) | events.Typed(text=text) | events.Commented(text=text):
            return text
    return str(getattr(event, "name", "")) if not isinstance(event, events.TimerFired) else ""


def _entry_key(program: Program, entry: Entry) -> Key:
    entries = program.funnel.entry
    index = next((i for i, each in enumerate(entries) if each is entry), -1)
    return "entry", str(index)

"""What the tests of a funnel have been through: its places, answers, letters, branches and entries."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from flows import effects, events
from flows.durations import written
from flows.engine import EPOCH
from flows.entering import find
from flows.funnel import Entry
from flows.lettering import moment_of
from flows.matching import command
from flows.nodes.ask import Ask
from flows.nodes.base import Move, Step
from flows.nodes.consent import Consent
from flows.nodes.question import Question
from flows.nodes.say import Say
from flows.phrases import phrase
from flows.problems import Mark
from flows.program import Bundle, Laid, Program

if TYPE_CHECKING:
    from flows.scene import Scene, Turn

Kind = Literal["place", "answer", "silence", "letter", "branch", "entry"]
KINDS: tuple[Kind, ...] = ("place", "answer", "letter", "silence", "branch", "entry")
Key = tuple[str, ...]
_PAID = frozenset({"answered", "misunderstood", "repeated", "stopped", "back", "ignored"})
"""Notes of a typed message that entered nowhere."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a test can go through; ``where`` and ``what`` name it for people."""

    kind: Kind
    key: Key
    mark: Mark
    where: str
    ru: str = ""
    en: str = ""

    def name(self, language: str) -> str:
        """``booking.when «День»``."""
        what = self.ru if language == "ru" else self.en
        return f"{self.where} {what}".strip()


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
        return replace(laid, step=twin)

    def _enter(self, laid: Laid, scene: Scene) -> Move:
        before = len(scene.turn.effects)
        move = laid.step.enter(scene)
        self.seen.add(("step", laid.address))
        if move.kind == "rest":
            self.seen.add(("place", self.program.names.get(laid.address, "")))
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


def _told(note: effects.Note, turn: Turn) -> Iterator[Key]:
    match note.kind:
        case "answered":
            yield "answer", note.place, note.option
        case "silent":
            yield "silence", note.place, "then"
        case "reminded":
            yield "silence", note.place, str(_reminders(turn, note.place))
        case "sent":
            yield "letter", note.place


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


def items_of(program: Program) -> list[Item]:
    """Everything in a funnel that a test can go through, in the order of the file."""
    found = [*_entries(program), *_letters(program)]
    for laid in program.steps.values():
        name = program.names.get(laid.address, laid.flow)
        if name in program.places:
            found.append(
                Item("place", ("place", name), laid.step.mark, name, "(место)", "(place)")
            )
        if isinstance(laid.step, Question):
            found += [*_answers(program, laid.step, name), *_silences(laid.step, name)]
        if isinstance(laid.step, Say):
            found += _buttons(laid, laid.step)
        found += _branches(laid, name)
    return sorted(found, key=lambda item: item.mark)


def _entries(program: Program) -> Iterator[Item]:
    for index, entry in enumerate(program.funnel.entry):
        words = f"{entry.trigger}: {', '.join(entry.matches)}" if entry.matches else entry.trigger
        yield Item("entry", ("entry", str(index)), entry.mark, "entry", f"«{words}»", f"“{words}”")


def _letters(program: Program) -> Iterator[Item]:
    for series, _, letter in program.letters():
        place = f"{series}.{letter.id}"
        yield Item("letter", ("letter", place), letter.mark, place, "(письмо)", "(letter)")
        otherwise = f"{place}.otherwise.0"
        if letter.otherwise:
            mark = letter.otherwise[0].mark
            yield Item("branch", ("step", otherwise), mark, place, "→ otherwise", "→ otherwise")


def _answers(program: Program, step: Question, place: str) -> Iterator[Item]:
    for key, mark, ru, en in _ways_to_answer(program, step):
        yield Item("answer", ("answer", place, key), mark, place, ru, en)


def _ways_to_answer(program: Program, step: Question) -> Iterator[tuple[str, Mark, str, str]]:
    if isinstance(step, Consent):
        language = program.funnel.language
        for key, words in (("agree", step.agree), ("refuse", step.refuse)):
            text = words.source if words else phrase(key, language)
            yield key, words.mark if words else step.mark, f"«{text}»", f"“{text}”"
    if not isinstance(step, Ask):
        return
    for index, option in enumerate(step.options):
        if not option.url:
            text = option.text.source
            yield f"option{index}", option.mark, f"«{text}»", f"“{text}”"
    if step.answer is not None or not step.options:
        yield "value", step.mark, "(ответ словами)", "(answer in words)"
    if step.skip:
        yield "skip", step.skip.mark, f"«{step.skip.source}»", f"“{step.skip.source}”"


def _silences(step: Question, place: str) -> Iterator[Item]:
    for index, item in enumerate(step.silence or ()):
        key = "then" if item.then is not None else str(index + 1)
        after = written(moment_of(item.after) - EPOCH)
        ru, en = f"(молчание {after})", f"(silence {after})"
        yield Item("silence", ("silence", place, key), item.mark, place, ru, en)


def _buttons(laid: Laid, step: Say) -> Iterator[Item]:
    for index, button in enumerate(step.buttons):
        text = button.text.source
        key: Key = ("button", laid.address, str(index))
        if button.url:
            key = ("track", button.track)
        if not button.url or button.track:
            yield Item("answer", key, button.mark, laid.flow, f"«{text}»", f"“{text}”")


def _branches(laid: Laid, name: str) -> Iterator[Item]:
    asked = isinstance(laid.step, Question)
    for block, steps in laid.step.blocks():
        told_elsewhere = asked and block.startswith(("option", "silence", "refused"))
        if steps and not told_elsewhere:
            key = ("step", f"{laid.address}.{block}.0")
            words = f"{laid.step.VERB} → {_shown(laid.step, block)}"
            yield Item("branch", key, steps[0].mark, name, words, words)


def _shown(step: Step, block: str) -> str:
    """The block as the author wrote it: a case of ``match`` by its value."""
    cases = [*getattr(step, "cases", {})]
    index = block.removeprefix("case")
    return cases[int(index)] if cases and index.isdecimal() else block

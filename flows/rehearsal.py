"""A stage made of the engine alone: a conversation, its timers and a clock in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from mimetypes import guess_type
from typing import Any
from zoneinfo import ZoneInfo

from flows import effects, events, managing
from flows.engine import EPOCH, advance
from flows.events import Event, Profile
from flows.managing import NothingToDo, Work, act_of
from flows.marking import as_type
from flows.messages import Button, Message
from flows.program import Bundle, Program
from flows.prompting import Ask, Failure, Prompter, Said, bare
from flows.sent import SentFile, read_coordinates
from flows.standing import look
from flows.state import Conversation, Person, conversation_from_json, conversation_to_json
from flows.transcripts import SENDABLE, Line, Transcript, start_of
from flows.worlds import Imagined, world_of

SHARES_CONTACT = frozenset({"telegram"})
ORDER = ("wait", "silence", "series", "handover")
MOST_TIMERS = 2_000
"""Timers that may fire at one moment; more is a loop without a wait, not a conversation."""


@dataclass(slots=True)
class Rehearsal:
    """One person talking to one funnel; ``now_us`` moves only when it is told to."""

    bundle: Bundle
    now_us: int
    conversation: Conversation = field(default_factory=Conversation)
    profile: Profile = field(default_factory=Profile)
    timers: dict[tuple[int, str], effects.SetTimer] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    messages: list[tuple[int, Message, int]] = field(default_factory=list)
    delivered: dict[int, int] = field(default_factory=dict)
    leads: list[effects.CaptureLead] = field(default_factory=list)
    notes: list[effects.Note] = field(default_factory=list)
    asked: list[effects.Request] = field(default_factory=list)
    outside: Imagined = field(default_factory=Imagined)
    work: list[Work] = field(default_factory=list)
    at_once: int = 0

    @property
    def now(self) -> datetime:
        """The moment, UTC."""
        return EPOCH + timedelta(microseconds=self.now_us)

    def hear(self, event: Event) -> None:
        """Something happens to the person now; the world outside answers at once."""
        self._play(event)
        for _ in range(MOST_TIMERS):
            if not self.asked:
                return
            asked = self.asked.pop(0)
            result = self.outside.answer(asked, self.now_us)
            self._play(events.RequestAnswered(asked.run, asked.number, result))
        raise EndlessLoop

    def _play(self, event: Event) -> None:
        after, done = advance(self.bundle, self.conversation, event, self.now, self.profile)
        # Every turn goes through JSON, so that what cannot be stored is found at once.
        self.conversation = conversation_from_json(conversation_to_json(after))
        for effect in done:
            self._do(effect)

    def due(self) -> int | None:
        """When the next timer is due."""
        return min((timer.due_us for timer in self.timers.values()), default=None)

    def fire_next(self) -> bool:
        """Run the clock to the next timer and let it fire; False when there is none."""
        if not self.timers:
            return False
        slot, timer = min(self.timers.items(), key=_turn_of)
        del self.timers[slot]
        self.at_once = self.at_once + 1 if timer.due_us <= self.now_us else 0
        if self.at_once > MOST_TIMERS:
            raise EndlessLoop
        self.now_us = max(self.now_us, timer.due_us)
        event = events.TimerFired(
            timer.run,
            timer.name,
            timer.number,
            timer.due_us,
            waits_delivery=bool(timer.after),
            delivered_us=self.delivered.get(timer.after),
        )
        self.hear(event)
        return True

    def run_until(self, moment_us: int) -> None:
        """Let everything fire that is due up to the moment."""
        while (due := self.due()) is not None and due <= moment_us:
            self.fire_next()
        self.now_us = max(self.now_us, moment_us)

    def button(self, text: str) -> tuple[int, Button] | None:
        """The newest button with this text that can be pressed, and its message's number."""
        for number, message, _ in reversed(self.messages):
            for button in message.buttons:
                if button.action and bare(button.text) == bare(text):
                    return number, button
        return None

    def run_of_link(self, track: str) -> int | None:
        """The run whose message has the tracked link."""
        for _, message, run in reversed(self.messages):
            if any(button.track == track for button in message.buttons):
                return run
        return None

    def _say(self, say: effects.Say) -> None:
        self.delivered[say.number] = self.now_us
        self.messages.append((say.number, say.message, say.run))
        buttons = tuple(button.text for button in say.message.buttons if not button.shares)
        if not say.message.restates:  # elsewhere it would be a change of an earlier message
            self.said.append(Said("bot", say.message.text.plain, buttons, self.now_us))

    def _do(self, effect: effects.Effect) -> None:
        match effect:
            case effects.Say():
                self._say(effect)
            case effects.SetTimer():
                self.timers[effect.run, effect.name] = effect
            case effects.DropTimer():
                self.timers.pop((effect.run, effect.name), None)
            case effects.CaptureLead():
                self.leads.append(effect)
                managing.remember(self.work, effect)
                self.said.append(Said("team", effect.title, (), self.now_us))
            case (
                effects.Notify(text=text) | effects.HandOver(text=text) | effects.Relay(text=text)
            ):
                self.said.append(Said("team", text, (), self.now_us))
            case effects.Request():
                self.asked.append(effect)
            case effects.Note():
                self.notes.append(effect)
            case _:
                pass


class EndlessLoop(Exception):
    """Timers set one another without any time between them."""


def _turn_of(item: tuple[tuple[int, str], effects.SetTimer]) -> tuple[int, int, int]:
    """What falls on one moment goes in the order wait, silence, letter."""
    (_, name), timer = item
    return timer.due_us, ORDER.index(name.partition(":")[0]), timer.number


def rehearse(bundle: Bundle, test: Transcript, funnel: str) -> Failure | None:
    """Play a test on the engine alone: the first failure, or None."""
    program = bundle.programs[funnel]
    bundle = replace(bundle, programs={funnel: program}, channel=test.channel or bundle.channel)
    home = program.funnel.timezone or bundle.timezone
    start = start_of(test, home)
    stage = Rehearsal(bundle, (start - EPOCH) // timedelta(microseconds=1))
    stage.conversation.person = person_of(test, program, ZoneInfo(home))
    stage.profile = profile_of(test)
    stage.outside.world = world_of(test.world, program)
    prompter = Prompter(ZoneInfo(test.zone or home), stage.now_us)
    performance = prompter.perform(test)
    try:
        ask = next(performance)
        while True:
            ask = performance.send(answer(stage, ask))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    except NoSuchButton as error:
        return prompter.explained(error.failure)
    except EndlessLoop:
        ru = "таймеры ставят друг друга без конца"
        return Failure(test.mark, ru, "timers set one another without an end")


def person_of(test: Transcript, program: Program, home: ZoneInfo) -> Person:
    """The person before the first line: the zone and the fields that are known from the start."""
    known: dict[str, Any] = {}
    for name, text in (test.fields or {}).items():
        known[name] = as_type(text, program.types.get(name, ""), home)
    known_fields = {program.funnel.funnel: known} if known else {}
    return Person(zone=test.zone, known=known_fields, uid=f"seed {test.seed}")


def profile_of(test: Transcript) -> Profile:
    """The person of the test."""
    person = test.person or {}
    names = ("first_name", "last_name", "username", "gender")
    return Profile(**{name: person[name] for name in names if name in person})  # type: ignore[arg-type]


class NoSuchButton(Exception):
    """The person was told to press a button that nobody sent."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.en)
        self.failure = failure


def answer(stage: Rehearsal, ask: Ask) -> Any:
    """What the stage answers to a performance."""
    if ask.what == "look":
        return look(stage.conversation, stage.leads)
    if ask.what == "next":
        if (due := stage.due()) is None or due > ask.us:
            return None
        stage.fire_next()
    elif ask.what == "until":
        stage.run_until(ask.us)
    else:
        assert ask.line is not None
        for event in events_of(ask.line, stage):
            stage.hear(event)
        stage.run_until(stage.now_us)
    said, stage.said = stage.said, []
    return said, stage.now_us


def events_of(line: Line, stage: Rehearsal) -> list[Event]:
    """What a line of a test makes happen, one after another."""
    if line.kind != "manager":
        return [event_of(line, stage)]
    kept = stage.conversation.person.handover
    talk = Work(kept.team, manager=kept.manager) if kept is not None else None
    try:
        return managing.events_of(act_of(line, talk, stage.work, stage.bundle.teams))
    except NothingToDo as error:
        raise NoSuchButton(error.failure) from None


def event_of(line: Line, stage: Rehearsal) -> Event:
    """What a line of a test makes happen."""
    match line.kind:
        case "open":
            event: Event = events.Opened(line.value)
        case "contact" if stage.bundle.channel in SHARES_CONTACT:
            event = events.ContactShared(line.value, verified=True)
        case "comment":
            event = events.Commented(line.value, reachable=True)
        case "send":
            event = sent_event(line.value)
        case "event":
            stage.outside.happened(line.value["name"])
            event = events.EventHappened(line.value["name"], line.value["data"])
        case "block":
            event = events.BotBlocked() if line.value == "true" else events.BotAllowed()
        case "click":
            event = _click(line, stage.run_of_link(line.value))
        case "press":
            event = _press(line, stage.button(line.value))
        case _:
            event = events.Typed(line.value)
    return event


def sent_event(told: dict[str, str]) -> Event:
    """What a line ``send`` makes happen; no file is opened, its name is what counts."""
    if "location" in told:
        point = read_coordinates(told["location"])
        assert point is not None
        return events.LocationSent(*point)
    kind = next(kind for kind in SENDABLE if kind in told)
    path = told[kind]
    mime = guess_type(path)[0] or ""
    file = SentFile(kind, path, path, mime=mime)  # type: ignore[arg-type]
    return events.FileSent((file,), told.get("caption", ""))


def _press(line: Line, found: tuple[int, Button] | None) -> Event:
    if found is None:
        ru, en = f"нет кнопки «{line.value}»", f"there is no button “{line.value}”"
        raise NoSuchButton(Failure(line.mark, ru, en))
    number, button = found
    return events.Pressed(button.action, number, button.text)


def _click(line: Line, run: int | None) -> Event:
    if run is None:
        ru, en = f"нет ссылки «{line.value}»", f"there is no link “{line.value}”"
        raise NoSuchButton(Failure(line.mark, ru, en))
    return events.Clicked(line.value, run)

"""A life: whatever a person may do in whatever order, with what must hold after every event."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows import effects, events
from flows.engine import EPOCH, advance
from flows.program import Bundle
from flows.scene import Scene, Turn
from flows.state import Conversation, conversation_from_json, conversation_to_json
from tests.flows.births import CODES, STOPS, WORDS, Action
from tests.flows.glances import must_stop, open_questions, timers_of, told

MINUTE_US = 60_000_000


@dataclass
class Life:
    """One person and what the outside world keeps: the clock, timers, messages that were sent."""

    bundle: Bundle
    now_us: int
    conversation: Conversation = field(default_factory=Conversation)
    timers: dict[tuple[int, str], effects.SetTimer] = field(default_factory=dict)
    fired: list[events.TimerFired] = field(default_factory=list)
    says: list[effects.Say] = field(default_factory=list)
    letters: list[tuple[int, str]] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    stopped: bool = False
    stopped_at: int = 0

    def live(self, actions: list[Action]) -> None:
        """Do it all; an assertion fails where a promise is broken."""
        for act, pick in actions:
            getattr(self, f"_{act}")(pick)
        self.run_until(self.now_us + 40 * 24 * 60 * MINUTE_US)

    def run_until(self, moment_us: int) -> None:
        while self.timers:
            slot, timer = min(
                self.timers.items(), key=lambda item: (item[1].due_us, item[1].number)
            )
            if timer.due_us > moment_us:
                break
            self.now_us = max(self.now_us, timer.due_us)
            self._fire(slot, timer)
        self.now_us = max(self.now_us, moment_us)

    def _fire(self, slot: tuple[int, str], timer: effects.SetTimer) -> None:
        del self.timers[slot]
        event = events.TimerFired(
            *(timer.run, timer.name, timer.number, timer.due_us),
            waits_delivery=bool(timer.after),
            delivered_us=0 if timer.after else None,
        )
        self.fired.append(event)
        self.hear(event)

    # what a person and the world may do

    def _wait(self, pick: int) -> None:
        self.run_until(self.now_us + (pick % 120) * MINUTE_US)

    def _leap(self, pick: int) -> None:
        self.run_until(self.now_us + (pick % 60) * 60 * MINUTE_US)

    def _outage(self, pick: int) -> None:
        self.now_us += (pick % 72) * 60 * MINUTE_US

    def _press(self, pick: int, among: int = 1_000) -> events.Pressed | None:
        found = [(say, button) for say in self.says[-among:] for button in say.message.buttons]
        if not found:
            return None
        say, button = found[pick % len(found)]
        if button.action is None:
            return None
        event = events.Pressed(button.action, say.number, button.text)
        self.hear(event)
        return event

    def _newest(self, pick: int) -> None:
        self._press(pick, among=2)

    def _double(self, pick: int) -> None:
        event = self._press(pick, among=2)
        if event is not None and event.action["do"] != "go":
            before = self.told()
            self.hear(event)
            assert self.told() == before, "the second press of a button changed something"

    def _twice(self, pick: int) -> None:
        """The same message twice: nothing is promised but that everything still holds."""
        text = WORDS[pick % len(WORDS)]
        self.hear(events.Typed(text))
        self.hear(events.Typed(text))

    def _forged(self, pick: int) -> None:
        before = self.told()
        self.hear(events.Pressed(None))
        assert self.told() == before

    def _type(self, pick: int) -> None:
        labels = [b.text for say in self.says[-2:] for b in say.message.buttons]
        texts = [*WORDS, *labels, *labels]
        self.hear(events.Typed(texts[pick % len(texts)]))

    def _open(self, pick: int) -> None:
        self.hear(events.Opened(CODES[pick % len(CODES)]))

    def _stop(self, pick: int) -> None:
        self.hear(events.Typed(STOPS[pick % len(STOPS)]))
        assert all(run.ended_us is not None for run in self.conversation.runs)
        assert not self.timers
        self.stopped = True
        self.stopped_at = self.conversation.person.counter

    def _block(self, _: int) -> None:
        self.hear(events.BotBlocked())

    def _allow(self, _: int) -> None:
        self.hear(events.BotAllowed())

    def _click(self, pick: int) -> None:
        tracks = [(b.track, say.run) for say in self.says for b in say.message.buttons if b.track]
        if tracks:
            self.hear(events.Clicked(*tracks[pick % len(tracks)]))

    def _contact(self, _: int) -> None:
        self.hear(events.ContactShared("+79161234567", verified=True))

    def _sticker(self, _: int) -> None:
        self.hear(events.Unreadable("sticker"))

    def _comment(self, pick: int) -> None:
        self.hear(events.Commented("хочу", reachable=bool(pick % 2)))

    def _old_timer(self, pick: int) -> None:
        """A timer that fired already, or was replaced, comes once more."""
        if self.fired:
            before = deepcopy(self.conversation)
            done = self.hear(self.fired[pick % len(self.fired)])
            assert {type(effect) for effect in done} <= {effects.Note}
            assert self.conversation == before, "a stale timer changed something"

    # what must hold

    def hear(self, event: Any) -> list[effects.Effect]:
        before = self.conversation
        frozen = deepcopy(before)
        if not isinstance(event, (events.TimerFired, events.BotBlocked, events.BotAllowed)):
            self.stopped = False
        after, done = advance(self.bundle, before, event, self._now())
        assert before == frozen, "the conversation that was given changed"
        assert advance(self.bundle, before, event, self._now()) == (after, done), "no replay"
        stored = json.loads(json.dumps(conversation_to_json(after)))
        assert conversation_from_json(stored) == after, "it is not stored whole"
        self.conversation = after
        asked_last = next((say.visit for say in reversed(self.says) if say.visit), 0)
        self._see_numbers(before, done)
        self._see_timers(done)
        self._see_words(event, before, done)
        self._see_state(event)
        if isinstance(event, events.Pressed) and event.action and "visit" in event.action:
            self._see_press(event.action, before, asked_last)
        return done

    def _now(self) -> datetime:
        return EPOCH + timedelta(microseconds=self.now_us)

    def _see_numbers(self, before: Conversation, done: list[effects.Effect]) -> None:
        assert self.conversation.person.counter >= before.person.counter, "the counter went back"
        for effect in done:
            if isinstance(effect, effects.Say | effects.SetTimer):
                assert effect.number not in self.numbers, "a number was given twice"
                assert before.person.counter < effect.number <= self.conversation.person.counter
                self.numbers.add(effect.number)

    def _see_timers(self, done: list[effects.Effect]) -> None:
        for effect in done:
            if isinstance(effect, effects.SetTimer | effects.DropTimer):
                old = self.timers.pop((effect.run, effect.name), None)
                if old is not None:
                    self.fired.append(events.TimerFired(old.run, old.name, old.number, old.due_us))
            if isinstance(effect, effects.SetTimer):
                self.timers[effect.run, effect.name] = effect
        known = {
            (run.number, number): run.ended_us
            for run in self.conversation.runs
            for number in timers_of(run)
        }
        there = {(timer.run, timer.number) for timer in self.timers.values()}
        assert there == set(known), "timers differ from what the runs know of them"
        assert not any(known.values()), "an ended run has a timer"

    def _see_state(self, event: Any) -> None:
        runs = self.conversation.runs
        alive = Counter(run.funnel for run in runs if run.ended_us is None)
        assert max(alive.values(), default=0) <= 1, "two runs of one funnel live"
        assert len(open_questions(self.conversation)) <= 1, "two questions are open"
        for run in runs:
            assert run.ended_us is None or not (run.plays or run.series), "an ended run plays"
            assert run.ended_us is not None or run.plays or run.series, "a run lives of nothing"
            assert all(play.rest for play in run.plays), "a play rests nowhere"
        if not isinstance(event, events.TimerFired | events.BotBlocked):
            for scene, name in self._running(self.conversation):
                assert not must_stop(scene, name), "a series runs though it must stop"

    def _see_words(self, event: Any, before: Conversation, done: list[effects.Effect]) -> None:
        by_clock = isinstance(event, events.TimerFired)
        says = [effect for effect in done if isinstance(effect, effects.Say)]
        self.says.extend(says)
        if by_clock:
            assert not (says and self.stopped), "something was said after stop"
            assert not (says and before.person.blocked), "something was said to a blocked person"
        for say in says:
            kind = say.message.kind
            if by_clock and kind != "service":
                assert not self._is_quiet(say.run), "the clock spoke in quiet hours"
            if kind == "advertising":
                given = self.conversation.person.consents.get("advertising")
                assert given is not None, "advertising without a consent"
                assert given.action == "given", "advertising without a consent"
                assert "напишите «стоп»" in say.message.text.plain
        for note in done:
            if isinstance(note, effects.Note) and note.kind == "sent":
                self._see_letter(before, note)

    def _see_letter(self, before: Conversation, note: effects.Note) -> None:
        scene, name = next(
            (scene, name)
            for scene, name in self._running(before)
            if scene.run.number == note.run and note.place.startswith(f"{name}.")
        )
        letter = scene.program.funnel.series[name].letter(note.place.split(".")[1])
        kind = letter.kind or "requested"
        assert not must_stop(scene, name), "a letter of a series that must stop"
        assert letter.condition is None or scene.holds(letter.condition), "its `if` is false"
        assert kind != "advertising" or scene.may_advertise(), "an advert without a consent"
        if kind == "service":
            return
        if (letter.busy or "hold") == "hold" and open_questions(before):
            held = scene.run.series[name].held_us or self.now_us
            assert self.now_us - held >= 24 * 60 * MINUTE_US, "it was not held"
        limits = self.bundle.limits
        if self.letters:
            assert self.now_us - self.letters[-1][0] >= limits.gap, "letters nearer than the gap"
        self.letters.append((self.now_us, kind))
        today = [
            k for us, k in self.letters if self._day(us, scene) == self._day(self.now_us, scene)
        ]
        most = {"requested": limits.requested_per_day, "advertising": limits.advertising_per_day}
        assert most[kind] is None or today.count(kind) <= most[kind], "over the daily limit"
        if letter.window:
            local = self._now().astimezone(scene.zone)
            assert letter.window.includes(local.hour * 60 + local.minute), "out of its window"

    def _see_press(self, action: dict[str, Any], before: Conversation, last: int) -> None:
        """A button counts for the open question; with none open, for the one asked last."""
        opened = open_questions(before)
        asked = opened[0] if opened else None
        visit = asked.rest.visit if asked else last
        if action["visit"] != visit or (not asked and visit <= self.stopped_at):
            assert told(self.conversation) == told(before), "a button of an older question counted"

    def told(self) -> dict[str, Any]:
        return told(self.conversation)

    def _running(self, conversation: Conversation) -> list[tuple[Scene, str]]:
        turn = Turn(self.bundle, conversation, events.Typed(""), self.now_us)
        return [(scene, name) for scene in turn.scenes() for name in scene.run.series]

    def _zone(self, run: int) -> ZoneInfo:
        funnel = next(each.funnel for each in self.conversation.runs if each.number == run)
        home = self.bundle.programs[funnel].funnel.timezone or self.bundle.timezone
        return ZoneInfo(self.conversation.person.zone or home)

    def _is_quiet(self, run: int) -> bool:
        local = self._now().astimezone(self._zone(run))
        return self.bundle.limits.quiet.includes(local.hour * 60 + local.minute)

    def _day(self, us: int, scene: Scene) -> object:
        return (EPOCH + timedelta(microseconds=us)).astimezone(scene.zone).date()

"""What must hold after every event of a life, whatever happened and in whatever order."""

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
from flows.matching import service_word
from flows.program import Bundle
from flows.scene import Scene, Turn
from flows.state import Conversation, Pause, conversation_from_json, conversation_to_json
from tests.flows.glances import must_stop, open_questions, timers_of, told

MINUTE_US = 60_000_000
NOBODYS = (
    events.TimerFired, events.BotBlocked, events.BotAllowed, events.RequestAnswered,
    events.ManagerTook, events.ManagerWrote, events.ManagerReturned,
    events.EventHappened, events.CodeRedeemed,
)  # fmt: skip
"""What happens without the person's doing anything in the chat."""
SHORT_US = 10 * MINUTE_US


@dataclass
class Promises:
    """One person and what the outside world keeps of them; ``hear`` holds every turn to the rules."""

    bundle: Bundle
    now_us: int
    conversation: Conversation = field(default_factory=Conversation)
    timers: dict[tuple[int, str], effects.SetTimer] = field(default_factory=dict)
    fired: list[events.TimerFired] = field(default_factory=list)
    says: list[effects.Say] = field(default_factory=list)
    delivered: dict[int, int] = field(default_factory=dict)
    slow_us: int = 0
    vocabulary: tuple[str, ...] = ()
    letters: list[tuple[int, str]] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    asked: list[effects.Request] = field(default_factory=list)
    answered: list[events.RequestAnswered] = field(default_factory=list)
    stopped: bool = False
    stopped_at: int = 0

    # what must hold

    def hear(self, event: Any) -> list[effects.Effect]:
        before = self.conversation
        frozen = deepcopy(before)
        if not isinstance(event, NOBODYS):
            self.stopped = False
        after, done = advance(self.bundle, before, event, self._now())
        assert before == frozen, "the conversation that was given changed"
        assert advance(self.bundle, before, event, self._now()) == (after, done), "no replay"
        stored = json.loads(json.dumps(conversation_to_json(after)))
        assert conversation_from_json(stored) == after, "it is not stored whole"
        self.conversation = after
        began = len(after.runs) > len(before.runs)
        if began and isinstance(
            event, (events.BotAllowed, events.EventHappened, events.CodeRedeemed)
        ):
            self.stopped = False  # who allows messages or pays enters anew
        asked_last = next((say.visit for say in reversed(self.says) if say.visit), 0)
        self.asked.extend(effect for effect in done if isinstance(effect, effects.Request))
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
            if isinstance(effect, effects.Say | effects.SetTimer | effects.Request):
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
        assert not any(known.values()), "an ended run has a timer"
        kept = self.conversation.person.handover
        if kept is not None and kept.timer:
            known[kept.run, kept.timer] = None
        there = {(timer.run, timer.number) for timer in self.timers.values()}
        assert there == set(known), "timers differ from what the runs know of them"

    def _see_state(self, event: Any) -> None:
        runs = self.conversation.runs
        alive = Counter(run.funnel for run in runs if run.ended_us is None)
        assert max(alive.values(), default=0) <= 1, "two runs of one funnel live"
        assert len(open_questions(self.conversation)) <= 1, "two questions are open"
        handed = self.conversation.person.handover is not None
        for run in runs:
            assert run.ended_us is None or not (run.plays or run.series), "an ended run plays"
            alive = handed or run.ended_us is not None or run.plays or run.series
            assert alive, "a run lives of nothing"
            assert all(play.stand for play in run.plays), "a play rests nowhere"
        assert not handed or not open_questions(self.conversation), "two speak at once"
        if not isinstance(event, NOBODYS):
            for scene, name in self._running(self.conversation):
                assert not must_stop(scene, name), "a series runs though it must stop"

    def _see_words(self, event: Any, before: Conversation, done: list[effects.Effect]) -> None:
        says = [effect for effect in done if isinstance(effect, effects.Say)]
        self.says.extend(says)
        self.delivered |= {say.number: self.now_us + self.slow_us for say in says}
        if says:
            self._see_silence(event, before)
        by_clock = self._is_by_clock(event, before)
        for say in says:
            kind = say.message.kind
            if by_clock and kind != "service":
                assert not self._is_quiet(event.run), "the clock spoke in quiet hours"
            if kind == "advertising":
                given = self.conversation.person.consents.get("advertising")
                assert given is not None, "advertising without a consent"
                assert given.action == "given", "advertising without a consent"
                assert "напишите «стоп»" in say.message.text.plain
        for note in done:
            if isinstance(note, effects.Note) and note.kind == "sent":
                self._see_letter(before, note)

    def _see_silence(self, event: Any, before: Conversation) -> None:
        """When nothing at all may be said."""
        if isinstance(event, events.TimerFired):
            assert not before.person.blocked, "something was said to a blocked person"
        if isinstance(event, events.TimerFired | events.RequestAnswered):
            assert not self.stopped, "something was said after stop"
        handed, still = before.person.handover, self.conversation.person.handover
        if handed and still and handed.since_us == still.since_us:
            assert isinstance(event, events.ManagerWrote | events.Typed), "the bot broke in"
            if isinstance(event, events.Typed):
                assert service_word(event.text), "the bot broke in"

    def _is_by_clock(self, event: Any, before: Conversation) -> bool:
        """Whether nobody's act led to what is said: a short wait still follows from one."""
        pauses = [play.pause for run in before.runs for play in run.plays if play.pause]
        if isinstance(event, events.RequestAnswered):
            asked = [one for one in pauses if one.request == event.number]
            return any(one.by_clock and not self._is_short(one) for one in asked)
        if not isinstance(event, events.TimerFired):
            return False
        return not any(one.timer == event.number and self._is_short(one) for one in pauses)

    def _is_short(self, pause: Pause) -> bool:
        return self.now_us - pause.base_us <= SHORT_US

    def _see_letter(self, before: Conversation, note: effects.Note) -> None:
        scene, name = next(
            (scene, name)
            for scene, name in self._running(before)
            if scene.run.number == note.run and note.place.startswith(f"{name}.")
        )
        series = scene.program.funnel.series[name]
        letter = series.letter(note.place.split(".")[1])
        kind = letter.kind or "requested"
        assert not must_stop(scene, name), "a letter of a series that must stop"
        assert letter.condition is None or scene.holds(letter.condition), "its `if` is false"
        assert kind != "advertising" or scene.may_advertise(), "an advert without a consent"
        if kind == "service":
            return
        if (letter.busy or "hold") == "hold" and open_questions(before):
            held = scene.run.series[name].held_us or self.now_us
            assert self.now_us - held >= 24 * 60 * MINUTE_US, "it was not held"
        zone = scene.zone if series.zone == "person" else scene.funnel_zone
        limits = self.bundle.limits
        if self.letters:
            assert self.now_us - self.letters[-1][0] >= limits.gap, "letters nearer than the gap"
        self.letters.append((self.now_us, kind))
        now = self._day(self.now_us, zone)
        today = [kind for us, kind in self.letters if self._day(us, zone) == now]
        most = {"requested": limits.requested_per_day, "advertising": limits.advertising_per_day}
        assert most[kind] is None or today.count(kind) <= most[kind], "over the daily limit"
        local = self._now().astimezone(zone)
        if letter.window:
            assert letter.window.includes(local.hour * 60 + local.minute), "out of its window"
        if letter.days:
            assert letter.days.allow(local.date(), self.bundle.calendar), "not on its day"

    def _see_press(self, action: dict[str, Any], before: Conversation, last: int) -> None:
        """A button counts for the open question; with none open, for the one asked last."""
        opened = open_questions(before)
        asked = opened[0] if opened else None
        visit = asked.rest.visit if asked else last
        returned = before.person.handover is not None and self.conversation.person.handover is None
        if action["visit"] != visit or (not asked and visit <= self.stopped_at):
            same = told(self.conversation) == told(before)
            assert same or returned, "a button of an older question counted"

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

    def _day(self, us: int, zone: ZoneInfo) -> object:
        return (EPOCH + timedelta(microseconds=us)).astimezone(zone).date()

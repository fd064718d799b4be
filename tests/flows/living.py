"""A life: whatever a person and the world may do, in whatever order."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from typing import Any

from flows import effects, events
from flows.sent import SentFile
from flows.worlds import alternatives
from tests.flows.births import CODES, STOPS, WORDS, Action
from tests.flows.promises import MINUTE_US, Promises

DAYS = 40
MOST_AT_ONCE = 500
"""Turns without any time between them; more is a loop that nobody sees."""
FILES = (
    SentFile("photo", "p1"), SentFile("file", "f1", "../../etc/passwd", mime="image/png"),
    SentFile("voice", "v1"), SentFile("file", "f2", "{{ 7*7 }}.pdf", 10, "application/pdf"),
    SentFile("video_note", "n1"),
)  # fmt: skip
DENIED = "the world may fail"


@dataclass
class Life(Promises):
    """One person's life; an assertion fails where a promise is broken."""

    def live(self, actions: list[Action], days: int = DAYS) -> None:
        """Do it all, and let the clock run on."""
        for act, pick in actions:
            self.act(act, pick)
        self.outlive(days)

    def act(self, act: str, pick: int) -> None:
        """Do one thing."""
        getattr(self, f"_{act}")(pick)

    def outlive(self, days: int) -> None:
        """Nothing more is done; what was asked outside is answered, timers fire."""
        for turn in count():
            assert turn < MOST_AT_ONCE, "a loop over the world outside"
            if not self.asked:
                break
            self._answer(turn)
        self.run_until(self.now_us + days * 24 * 60 * MINUTE_US)

    def run_until(self, moment_us: int) -> None:
        at_once = 0
        while self.timers:
            slot, timer = min(
                self.timers.items(), key=lambda item: (item[1].due_us, item[1].number)
            )
            if timer.due_us > moment_us:
                break
            at_once = at_once + 1 if timer.due_us <= self.now_us else 0
            assert at_once < MOST_AT_ONCE, "timers set one another without any time between"
            self.now_us = max(self.now_us, timer.due_us)
            self._fire(slot, timer)
        self.now_us = max(self.now_us, moment_us)

    def _fire(self, slot: tuple[int, str], timer: effects.SetTimer) -> None:
        del self.timers[slot]
        delivered_us = self.delivered.get(timer.after)
        event = events.TimerFired(
            *(timer.run, timer.name, timer.number, timer.due_us),
            waits_delivery=bool(timer.after),
            delivered_us=delivered_us if (delivered_us or 0) <= self.now_us else None,
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
        handed = self.conversation.person.handover  # the first press may bring the bot back
        event = self._press(pick, among=2)
        if event is not None and event.action["do"] != "go" and handed is None:
            before = self.told()
            self.hear(event)
            assert self.told() == before, "the second press of a button changed something"

    def _twice(self, pick: int) -> None:
        """The same message twice: nothing is promised but that everything still holds."""
        text = WORDS[pick % len(WORDS)]
        self.hear(events.Typed(text))
        self.hear(events.Typed(text))

    def _forged(self, pick: int) -> None:
        before, handed = self.told(), self.conversation.person.handover
        self.hear(events.Pressed(None))
        assert self.told() == before or handed, "a forged button changed something"

    def _type(self, pick: int) -> None:
        labels = [b.text for say in self.says[-2:] for b in say.message.buttons]
        texts = [*WORDS, *labels, *labels, *self.vocabulary]
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

    # files, places, subscribers, managers

    def _file(self, pick: int) -> None:
        captions = ("", *WORDS)
        file = FILES[pick % len(FILES)]
        self.hear(events.FileSent((file,), captions[pick % len(captions)]))

    def _album(self, pick: int) -> None:
        """An album whose files come one by one."""
        for at in range(2 + pick % 3):
            file = FILES[(pick + at) % len(FILES)]
            self.hear(events.FileSent((file,), group=f"album {pick}"))

    def _location(self, pick: int) -> None:
        self.hear(events.LocationSent(55.75 - pick / 10, 37.6 + pick / 10, WORDS[pick % 7]))

    def _join(self, pick: int) -> None:
        self.hear(events.Joined(reachable=bool(pick % 3)))

    def _manager(self, pick: int) -> None:
        match pick % 5:
            case 0:
                self.hear(events.ManagerTook("Анна"))
            case 1:
                runs = [run.number for run in self.conversation.runs]
                self.hear(events.ManagerTook("Борис", runs[-1] if runs else 7))
            case 2 | 3:
                self.hear(events.ManagerWrote("Анна", WORDS[pick % len(WORDS)]))
            case _:
                self.hear(events.ManagerReturned("Анна"))

    def _happen(self, pick: int) -> None:
        """A payment, a manager's status, a code redeemed; some of them nobody awaits."""
        codes = [run.fields.get("code") for run in self.conversation.runs]
        told = [events.CodeRedeemed(str(code)) for code in codes if code]
        data = [{}, {"sum": 5}, {"sum": "{{ 7*7 }}"}, {"sum": [1]}][pick % 4]
        told += [
            events.EventHappened(name, data) for name in ("paid", "sold", "nobody", "code_used")
        ]
        self.hear(told[pick % len(told)])

    # the world outside

    def _answer(self, pick: int) -> None:
        """Something that was asked outside comes to its end, well or badly."""
        if not self.asked:
            return
        request = self.asked.pop(pick % len(self.asked))
        event = events.RequestAnswered(request.run, request.number, result_of(request, pick))
        self.answered.append(event)
        self.hear(event)

    def _answer_twice(self, pick: int) -> None:
        """An answer that came already comes once more."""
        if self.answered:
            before = deepcopy(self.conversation)
            done = self.hear(self.answered[pick % len(self.answered)])
            if before.person.handover is None:
                assert {type(effect) for effect in done} <= {effects.Note}
                assert self.conversation == before, "a second answer changed something"

    # messages that arrive late, a clock that is set

    def _slow(self, pick: int) -> None:
        """From now on messages reach the person later, or at once again."""
        self.slow_us = (pick % 4) * 50 * MINUTE_US

    def _set_back(self, pick: int) -> None:
        """The computer's clock is set back a little."""
        self.now_us -= (pick % 90) * MINUTE_US // 60


def result_of(request: effects.Request, pick: int) -> dict[str, Any]:
    """One of the ways in which the world may answer."""
    if request.kind == "slots":
        times = request.body["times"]
        ways = [{"ok": True, "free": times[pick % 3 :: 2]}, {"ok": True, "free": []}]
        return {"ok": False, "error": DENIED} if pick % 7 == 0 else ways[pick % 5 == 0]
    if request.kind == "free":
        return {"ok": True}
    results = [result for _, result in alternatives(request)]
    if request.kind == "http":
        results += [{"ok": True, "answer": answer} for answer in ({}, [], "{{ 7*7 }}", None)]
    return results[pick % len(results)]

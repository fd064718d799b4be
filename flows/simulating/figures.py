"""What came of many lives: sums that can be added up in any order and give the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from flows import effects
from flows.events import EventHappened
from flows.simulating.life import Happened
from flows.state import Conversation, Play

MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
ENDS = ("lead", "series", "resting", "silent", "done", "stop", "blocked", "absent")
"""How a life stands at its end; each person stands at exactly one of these."""
WHYS = ("moved", "held", "skipped")


@dataclass(slots=True)
class Figures:
    """Sums over people.

    ``reached``, ``answered`` and ``stopped`` are people by place: who came there, who answered
    there, whose last question it was and stayed without an answer. ``letters`` are people by
    letter, ``letters_on_day`` letters by day of life (0 is the first), ``busiest_day`` people by
    the most letters that came on one of their days. ``whys`` are decisions about letters by
    ``kind|place|reason``. ``minutes`` are messages by minute. ``splits`` are people by
    ``split|variant``, ``split_leads`` those of them with a lead, ``split_goals`` with a goal
    (``split|variant|goal``). ``handovers`` are conversations that were ``taken`` or not
    (``missed``), ``events`` what happened outside.
    """

    people: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    letters_on_day: Counter[int] = field(default_factory=Counter)
    busiest_day: Counter[int] = field(default_factory=Counter)
    whys: Counter[str] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    leads: Counter[str] = field(default_factory=Counter)
    leads_on_day: Counter[int] = field(default_factory=Counter)
    clicks: Counter[str] = field(default_factory=Counter)
    goals: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    split_leads: Counter[str] = field(default_factory=Counter)
    split_goals: Counter[str] = field(default_factory=Counter)
    handovers: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    turns: int = 0

    def add(self, other: Figures) -> None:
        """Add another's sums to these."""
        for item in fields(self):
            mine, more = getattr(self, item.name), getattr(other, item.name)
            if isinstance(mine, Counter):
                mine.update(more)
            else:
                setattr(self, item.name, mine + more)

    def peak(self) -> tuple[int, int]:
        """The most messages a minute, and the first minute (since 1970) that had so many."""
        most = max(self.minutes.values(), default=0)
        first = min((minute for minute, sent in self.minutes.items() if sent == most), default=0)
        return most, first


@dataclass(slots=True)
class Chronicle:
    """Watches one life and adds it to the figures."""

    figures: Figures
    conversation: Conversation
    born_us: int
    offset_us: int = 0
    _reached: set[str] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)
    _letters: set[str] = field(default_factory=set)
    _clicked: set[str] = field(default_factory=set)
    _by_day: Counter[int] = field(default_factory=Counter)
    _last: str = ""
    _stopped: bool = False
    _silent: bool = False
    _leads: set[str] = field(default_factory=set)
    _variants: set[str] = field(default_factory=set)

    def see(self, happened: Happened) -> None:
        """Count what one turn brought."""
        self.figures.turns += 1
        if isinstance(happened.event, EventHappened):
            self.figures.events[happened.event.name] += 1
        self._reached.update(_pauses(self.conversation))
        minute = happened.at_us // MINUTE_US
        for effect in happened.effects:
            match effect:
                case effects.Say():
                    self.figures.minutes[minute] += 1
                    self.figures.kinds[effect.message.kind] += 1
                    if effect.visit:
                        self._reached.add(effect.place)
                        self._last, self._silent = effect.place, False
                case effects.Note():
                    self._note(effect, happened.at_us)
                case effects.CaptureLead():
                    self._leads.add(effect.title)
                    if len(self._leads) == 1 and effect.revision == 1:
                        self.figures.leads_on_day[(happened.at_us - self.born_us) // DAY_US] += 1

    def _note(self, note: effects.Note, at_us: int) -> None:
        if note.kind == "answered":
            self._answered.add(note.place)
            if note.place == self._last:
                self._last = ""
        elif note.kind == "silent":
            self._silent = True
        elif note.kind == "sent":
            self._letters.add(note.place)
            self._reached.add(note.place)
            self.figures.letters_on_day[(at_us - self.born_us) // DAY_US] += 1
            self._by_day[(at_us + self.offset_us) // DAY_US] += 1
        elif note.kind in WHYS:
            self.figures.whys[f"{note.kind}|{note.place}|{note.reason}"] += 1
        elif note.kind == "stopped" and not note.run:
            self._stopped = True
        elif note.kind == "clicked":
            self._clicked.add(note.option)
        elif note.kind == "split":
            self._variants.add(f"{note.data.get('split', note.place)}|{note.option}")
        elif note.kind == "taken_back":
            self.figures.handovers["taken" if note.option else "missed"] += 1

    def close(self) -> None:
        """The life is over: add what it came to."""
        runs = self.conversation.runs
        for run in runs:
            for play in run.plays:
                self._stand(play)
        figures = self.figures
        figures.people += 1
        figures.reached.update(self._reached)
        figures.answered.update(self._answered)
        figures.letters.update(self._letters)
        figures.clicks.update(self._clicked)
        figures.leads.update(self._leads)
        goals = {goal for run in runs for goal in run.goals}
        figures.goals.update(goals)
        figures.splits.update(self._variants)
        figures.split_leads.update(self._variants if self._leads else ())
        figures.split_goals.update(f"{each}|{goal}" for each in self._variants for goal in goals)
        figures.busiest_day[max(self._by_day.values(), default=0)] += 1
        if self._last:
            figures.stopped[self._last] += 1
        figures.ends[self._end()] += 1

    def _stand(self, play: Play) -> None:
        if play.pause is not None:
            self._last = self._last or play.pause.place

    def _end(self) -> str:
        runs = self.conversation.runs
        person = self.conversation.person
        facts = (
            ("absent", not runs),
            ("lead", bool(self._leads)),
            ("blocked", person.blocked),
            ("stop", self._stopped),
            ("resting", any(play.stand for run in runs for play in run.plays)),
            ("series", any(run.series for run in runs)),
            ("silent", self._silent),
        )
        return next((name for name, true in facts if true), "done")


def _pauses(conversation: Conversation) -> Iterator[str]:
    """Where plays stand still without a question."""
    for run in conversation.runs:
        for play in run.plays:
            if play.pause is not None and play.rest is None:
                yield play.pause.place


def as_json(figures: Figures) -> dict[str, Any]:
    """The figures as a JSON object; the minutes only as their peak."""
    most, minute = figures.peak()
    found: dict[str, Any] = {}
    for item in fields(figures):
        value = getattr(figures, item.name)
        if isinstance(value, Counter):
            value = {str(name): value[name] for name in sorted(value)}
        found[item.name] = value
    del found["minutes"]
    found["messages"] = sum(figures.minutes.values())
    found["peak"] = {"messages": most, "minute": minute}
    return found

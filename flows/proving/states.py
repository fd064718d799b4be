"""A conversation as a key: two with the same key can go on in the same ways."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows import effects
from flows.marking import context
from flows.messages import Button
from flows.proving.liveness import NOTHING, Liveness, Names
from flows.proving.rests import extra_of, offered, pause_of
from flows.proving.views import SETS, SPLIT, Views
from flows.scene import Turn
from flows.state import Conversation, Play, Run

TRAIL = 4
"""How many questions back are kept in mind."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that never ages: ``go`` to a flow, or ``mark`` the person."""

    text: str
    kind: str
    target: Hashable = ""
    action: Mapping[str, Any] = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A way that led somewhere: its last step in words, and the way before it."""

    label: Any
    before: Trace | None = None

    def path(self) -> tuple[Any, ...]:
        """All of it, in order."""
        labels: list[Any] = []
        trace: Trace | None = self
        while trace is not None:
            labels.append(trace.label)
            trace = trace.before
        return tuple(reversed(labels))


@dataclass(slots=True)
class Node:
    """A conversation that was found, with what the world around it holds.

    ``requests`` are the calls outside that are awaited, by number. ``asked`` are the buttons of
    questions by visit, ``offers`` the buttons that never age with a
    way here on which they were sent, ``trace`` the shortest way, ``day`` the local day with how
    many messages the clock has set off on it; ``whole`` tells that all moves were looked at.
    """

    number: int
    conversation: Conversation
    now_us: int
    timers: dict[tuple[int, str], effects.SetTimer] = field(default_factory=dict)
    delivered: dict[int, int] = field(default_factory=dict)
    requests: dict[int, effects.Request] = field(default_factory=dict)
    asked: dict[int, tuple[int, tuple[Button, ...]]] = field(default_factory=dict)
    offers: dict[Offer, Trace | None] = field(default_factory=dict)
    day: tuple[str, int] = ("", 0)
    trace: Trace | None = None
    channel: int = 0
    whole: bool = False

    @property
    def run(self) -> Run | None:
        """The run that lives, else the one that ended last."""
        return self.conversation.runs[-1] if self.conversation.runs else None

    @property
    def lives(self) -> bool:
        """Whether a run lives: a question is open, something is waited for, or a series runs."""
        return self.run is not None and self.run.ended_us is None

    def path(self) -> tuple[Any, ...]:
        """What leads here, in words."""
        return self.trace.path() if self.trace else ()

    def next_timer(self) -> effects.SetTimer | None:
        """The timer that fires first; of one moment, silence before letters."""
        return min(self.timers.values(), key=turn_of, default=None)


ORDER = {"wait": 0, "silence": 1, "series": 2, "handover": 3}


def turn_of(timer: effects.SetTimer) -> tuple[int, int, int]:
    """What falls on one moment goes in the order wait, silence, letter, the end of a hand-over."""
    kind = timer.name.partition(":")[0]
    return timer.due_us, ORDER.get(kind, 1), timer.number


@dataclass(slots=True)
class Eye:
    """Looks at conversations as the conditions of one funnel do."""

    liveness: Liveness
    views: Views

    def key(self, node: Node, turn: Turn) -> Hashable:
        """What tells the conversation from others."""
        run = node.run
        if run is None:
            return (node.channel,)
        scene = turn.scene(run)
        assert scene is not None
        names = self._alive(node, run)
        seen = context(scene)
        return (
            node.channel,
            run.ended_us is None,
            tuple(self._play(play, node) for play in run.plays),
            tuple(self._series(run, name) for name in sorted(run.series)),
            self._order(node, run),
            self.consents(node, turn),
            self._seen(names, seen),
            self._last(node) if not run.plays else None,
            node.conversation.person.blocked,
            self._fallen(node, names),
            self._in_hands(node),
        )

    def backdrop(self, node: Node, turn: Turn) -> Hashable:
        """The same without what is being played: what a new play finds."""
        run = node.run
        assert run is not None
        scene = turn.scene(run)
        assert scene is not None
        seen = context(scene)
        names = self.liveness.always
        for name in run.series:
            names |= self.liveness.of_series(name, run.series[name].letter)
        return (
            node.channel,
            run.ended_us is None,
            tuple(self._series(run, name) for name in sorted(run.series)),
            self._order(node, run, plays=False),
            self.consents(node, turn),
            self._seen(names, seen),
            self._fallen(node, names),
            self._in_hands(node),
        )

    def _seen(self, names: Names, context: Mapping[str, Any]) -> Hashable:
        """What the conditions see of the variables, and of the time."""
        looked = sorted(name for name in names if not name.startswith(SPLIT))
        return (
            tuple((name, self.views.look(name, context)) for name in looked),
            tuple(test(context) for test in self.views.clock),
        )

    def _fallen(self, node: Node, names: Names) -> Hashable:
        """What fell to the person in the splits that a play may come to once more."""
        fallen = sorted(node.conversation.person.splits.items())
        return tuple(
            (name, variant) for name, variant in fallen if SPLIT + name.rpartition(".")[2] in names
        )

    def consents(self, node: Node, turn: Turn) -> Hashable:
        """The documents that the person has agreed to, as they are now."""
        documents = turn.bundle.documents
        given = node.conversation.person.consents
        return tuple(
            sorted(
                (name, name in documents and documents[name].version == each.version)
                for name, each in given.items()
                if each.action == "given"
            )
        )

    def _in_hands(self, node: Node) -> Hashable:
        """The team that has the conversation, and whether anybody took it."""
        kept = node.conversation.person.handover
        if kept is None:
            return None
        deferred = tuple(told["event"] for told in kept.deferred)
        return kept.team, bool(kept.manager), kept.play > 0, kept.timer > 0, deferred

    def places(self, node: Node) -> list[str]:
        """The places where the person stands."""
        run = node.run
        return [play.stand.place for play in run.plays if play.stand] if run else []

    def _alive(self, node: Node, run: Run) -> Names:
        names = self.liveness.always
        for play in run.plays:
            names |= self._of_play(play)
        for name, series in run.series.items():
            names |= self.liveness.of_series(name, series.letter)
        last = node.conversation.person.last
        if last is not None and not run.plays:
            names |= self._at(last.place, last.calls)
        return names

    def _of_play(self, play: Play) -> Names:
        place = play.stand.place if play.stand else ""
        return self._at(place, play.calls)

    def _at(self, place: str, calls: list[str]) -> Names:
        program = self.liveness.program
        names = self.liveness.at.get(program.places.get(place, ""), NOTHING)
        for call in calls:
            address = program.calls.get(call)
            below = program.steps[address].below if address else None
            names |= self.liveness.at.get(below or "", NOTHING)
        return names

    def _play(self, play: Play, node: Node) -> Hashable:
        rest = play.rest
        always = (play.origin == "person", tuple(play.calls), pause_of(play), self._trail(play))
        if rest is None:
            return (play.flow if play.pause is None else "", *always)
        program = self.liveness.program
        address = program.places.get(rest.place)
        step = program.steps[address].step if address else None
        counts = getattr(step, "attempts", None) is not None
        return (
            rest.place,
            *always,
            rest.reminders,
            rest.bad if counts else 0,
            rest.parked,
            rest.timer > 0,
            offered(rest, node.asked.get(rest.visit, (0, ()))[1], node.now_us),
            extra_of(rest),
        )

    def _trail(self, play: Play) -> Hashable:
        """The question that ``back`` leads to, with what it puts back."""
        if len(play.trail) < 2:
            return None
        before = play.trail[-2]
        put_back = {**before.fields, "score": before.score, "tags": before.tags}
        names = self._at(before.place, before.calls)
        apart = {*SETS - {"tags"}, SPLIT.rstrip(":")}
        known = (name for name in sorted(names) if name.partition(":")[0] not in apart)
        return (
            before.place,
            tuple((name, self.views.look(name, put_back)) for name in known),
        )

    def _series(self, run: Run, name: str) -> Hashable:
        series = run.series[name]
        held = series.held_us is not None
        return (name, series.letter, held, series.parked, series.timer > 0)

    def _order(self, node: Node, run: Run, *, plays: bool = True) -> Hashable:
        numbers = [str(play.number) for play in run.plays]
        found = []
        for timer in sorted(node.timers.values(), key=turn_of):
            kind, _, number = timer.name.partition(":")
            if number in numbers:
                kind = f"{kind}:{numbers.index(number)}"
            elif kind == "series":
                kind = timer.name
            if plays or kind.startswith("series:"):
                found.append(kind)
        return tuple(found)

    def _last(self, node: Node) -> Hashable:
        last = node.conversation.person.last
        return (last.place, tuple(last.calls)) if last is not None else None

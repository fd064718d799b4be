"""A breadth-first search over ``advance`` itself: every conversation that a funnel can come to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flows import effects
from flows.copying import copy_of
from flows.effects import Effect
from flows.engine import EPOCH, take_turn
from flows.events import Event, ManagerReturned
from flows.nodes.split import Split
from flows.program import Bundle
from flows.proving.doors import people
from flows.proving.moves import Move, Moves
from flows.proving.outside import has_team
from flows.proving.pruning import prune
from flows.proving.states import Eye, Node, Offer, Trace
from flows.proving.turns import Chances, Step, drawn_in, joined, with_chances
from flows.proving.views import Views
from flows.proving.world import World, carried
from flows.scene import Turn
from flows.state import Conversation

MOST_STATES = 3_000
MOST_TURNS = 16_000
PATIENCE = 12
"""How often in a row a timer may only set itself anew."""


@dataclass(slots=True)
class Search:
    """``bundles`` play the funnel, one for each channel that its conditions tell apart.

    ``ways`` lead from state to state by the kind of move; ``turns`` counts them; ``left`` tells how
    many states were seen and not looked into, ``cut`` where ways to such begin; ``exhausted`` that
    the budget is used up.
    """

    bundles: tuple[Bundle, ...]
    eye: Eye
    views: Views
    watch: Callable[[Step], None]
    since: datetime
    most: int = MOST_STATES
    most_turns: int = MOST_TURNS
    nodes: dict[Hashable, Node] = field(default_factory=dict)
    ways: dict[int, dict[tuple[int, str], Any]] = field(default_factory=dict)
    turns: int = 0
    left: int = 0
    exhausted: bool = False
    cut: set[int] = field(default_factory=set)
    busiest: Node | None = None
    _todo: deque[tuple[Node, tuple[Offer, ...] | None]] = field(default_factory=deque)
    _by_number: list[Node] = field(default_factory=list)
    _known: dict[Hashable, list[Node]] = field(default_factory=dict)
    _splits: dict[str, list[str]] = field(default_factory=dict)
    moves: Moves = field(init=False)
    world: World = field(init=False)

    def __post_init__(self) -> None:
        program = next(iter(self.bundles[0].programs.values()))
        self.world = World(self.views)
        for laid in program.steps.values():
            if isinstance(laid.step, Split):
                name = f"{program.funnel.funnel}.{laid.step.split}"
                fair = [each for each, made in laid.step.variants.items() if made.weight]
                self._splits.setdefault(name, fair)
        once, team = self.eye.liveness.once, has_team(program)
        self.moves = Moves(program, self.views, self._takes, once, team)

    @property
    def proved(self) -> bool:
        """Whether nothing is left to explore."""
        return not (self.left or self.moves.blind or self.moves.unknown)

    def states(self) -> list[Node]:
        """All that was found, nearest first."""
        return self._by_number

    def run(self) -> Search:
        """Itself, when all was explored or the budget is used up."""
        start = (self.since - EPOCH) // timedelta(microseconds=1)
        for channel, _ in enumerate(self.bundles):
            for person in people(self.views):
                blank = Node(-1, Conversation(person), start, channel=channel)
                for move in self.moves.roots():
                    self._go(blank, move)
        while self._todo:
            node, offers = self._todo.popleft()
            if self.turns >= self.most_turns:
                self.exhausted = True
                self.left += 1
                continue
            self._look_into(node, offers)
        return self

    def _look_into(self, node: Node, offers: tuple[Offer, ...] | None) -> None:
        if offers is None:
            for move in self.moves.of(node):
                self._go(node, move)
            offers = _in_order(node.offers)
            node.whole = True
        theirs = node.conversation.person.handover is not None
        for offer in offers:
            if offer.kind == "click" or not theirs:  # a team is only told of other presses
                self._go(node, self.moves.offer(node, offer))

    def _go(self, node: Node, move: Move) -> None:
        """Take the move, unless it is known where it leads."""
        backdrop = self._backdrop(node, move)
        if backdrop is not None and backdrop in self._known:
            self.turns += 1
            for known in self._known[backdrop]:
                self._lead(node, move, known)
                self._offer(known, carried(node.offers, move.label))
            return
        reached = [found for step in self._explore(node, move) if (found := self._find(step))]
        if self.exhausted:  # somewhere on the way nobody looked further
            self.cut.add(node.number)
        for found in reached:
            self._lead(node, move, found)
        if backdrop is not None and reached:
            self._known[backdrop] = reached

    def _lead(self, node: Node, move: Move, found: Node) -> None:
        if node.number >= 0:
            ways = self.ways.setdefault(node.number, {})
            ways.setdefault((found.number, move.kind), move.label)

    def _explore(self, node: Node, move: Move) -> Iterator[Step]:
        """Where the move leads: silence lasts till something happens, who is called comes or not."""
        for step in self._fall(node, move):
            if move.kind == "silence":
                yield from self._wait(step, self._key(node), PATIENCE)
            elif move.kind == "human":
                yield from self._talk(step)
            else:
                yield step

    def _wait(self, step: Step, key: Hashable, patience: int) -> Iterator[Step]:
        """Silence till there is something new."""
        after = step.after
        if after is None or not after.timers or not patience or self._key(after) != key:
            yield step
            return
        for following in self._fall(after, self.moves.silence(after)):
            yield from self._wait(joined(step, following), key, patience - 1)

    def _talk(self, step: Step) -> Iterator[Step]:
        """The team has the conversation, and gives it back, or nobody ever speaks."""
        after = step.after
        if after is None or after.conversation.person.handover is None:
            yield step
            return
        for following in self._fall(after, Move("outside", ManagerReturned(), step.move.label)):
            yield joined(step, following)
        yield from self._listen(step, PATIENCE)

    def _listen(self, step: Step, patience: int) -> Iterator[Step]:
        """Silence till the bot has the conversation again."""
        after = step.after
        theirs = after is not None and after.conversation.person.handover is not None
        if after is None or not (theirs and patience and after.timers):
            yield step
            return
        for following in self._fall(after, self.moves.silence(after)):
            yield from self._listen(joined(step, following), patience - 1)

    def _fall(self, node: Node, move: Move) -> Iterator[Step]:
        """Take the move, once for each way in which chance may fall."""
        todo: list[Chances] = [{}]
        while todo:
            if self.turns >= self.most_turns:
                self.exhausted = True
                self.left += 1
                return
            chances = todo.pop(0)
            step = self._take(node, move, chances)
            drawn = drawn_in(step, chances)
            if drawn:
                variants = self._splits[drawn]
                todo.extend({**chances, drawn: variant} for variant in variants)
                continue
            self.watch(step)
            yield step

    def _take(self, node: Node, move: Move, chances: Chances) -> Step:
        self.turns += 1
        conversation = copy_of(node.conversation)
        conversation.person.splits.update(chances)
        move = replace(move, label=with_chances(move.label, chances))
        timer = node.next_timer() if move.kind == "silence" else None
        now_us = max(node.now_us, timer.due_us) if timer else node.now_us
        moment = EPOCH + timedelta(microseconds=now_us)
        try:
            done = take_turn(self.bundles[node.channel], conversation, move.event, moment)
        except Exception as error:  # noqa: BLE001  # whatever it is, the path to it is the finding
            if move.kind == "outside":  # what the world answers was only guessed
                self.moves.blind.update(self.eye.places(node))
            self.left += 1
            return Step(node, move, [], error=error)
        prune(conversation, self.eye)
        after = Node(-1, conversation, now_us, trace=move.after(node), channel=node.channel)
        after.offers = carried(node.offers, move.label)
        self.world.keep(node, after, done, timer)
        self._count(node, after, done, timer)
        return Step(node, move, done, after)

    def _takes(self, node: Node, event: Event) -> bool:
        """Whether the open question takes what was sent."""
        try:
            moment = EPOCH + timedelta(microseconds=node.now_us)
            bundle = self.bundles[node.channel]
            done = take_turn(bundle, copy_of(node.conversation), event, moment)
        except Exception:  # noqa: BLE001  # the search itself will come to it and tell the path
            return True
        return any(isinstance(each, effects.Note) and each.kind == "answered" for each in done)

    def _count(
        self, node: Node, after: Node, done: list[Effect], timer: effects.SetTimer | None
    ) -> None:
        """How many messages the clock has set off on the person's day."""
        said = sum(isinstance(effect, effects.Say) for effect in done) if timer else 0
        turn = self._turn(after)
        scenes = turn.scenes()
        zone = scenes[-1].zone if scenes else EPOCH.tzinfo
        day = turn.now.astimezone(zone).date().isoformat()
        before = node.day[1] if node.day[0] == day else 0
        after.day = (day, before + said)
        if said and (self.busiest is None or after.day[1] > self.busiest.day[1]):
            self.busiest = after

    def _turn(self, node: Node) -> Turn:
        event: Any = None
        return Turn(self.bundles[node.channel], node.conversation, event, node.now_us)

    def _key(self, node: Node) -> Hashable:
        return self.eye.key(node, self._turn(node))

    def _backdrop(self, node: Node, move: Move) -> Hashable:
        if move.same is None or node.run is None:
            return None
        return (self.eye.backdrop(node, self._turn(node)), move.same)

    def _find(self, step: Step) -> Node | None:
        """The state that the turn led to: one that was found before, or a new one."""
        after = step.after
        if after is None or after.run is None:
            return None
        key = self._key(after)
        known = self.nodes.get(key)
        if known is not None:
            self._offer(known, after.offers)
            return known
        if len(self.nodes) >= self.most:
            self.exhausted = True
            self.left += 1
            self.cut.add(step.before.number)
            return None
        after.number = len(self._by_number)
        self.nodes[key] = after
        self._by_number.append(after)
        self._todo.append((after, None))
        return after

    def _offer(self, node: Node, offers: dict[Offer, Trace | None]) -> None:
        """Buttons that another way to the state has brought: they work from here on too."""
        work = [(node, offers)]
        while work:
            here, brought = work.pop()
            fresh = {offer: trace for offer, trace in brought.items() if offer not in here.offers}
            if not fresh:
                continue
            here.offers |= fresh
            if here.whole:
                self._todo.append((here, _in_order(fresh)))
            for (number, _), label in self.ways.get(here.number, {}).items():
                work.append((self._by_number[number], carried(fresh, label)))


def _in_order(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda offer: (offer.kind, str(offer.target), offer.text)))

"""What must hold on every way of a funnel, and the shortest way on which it does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flows import effects
from flows.checks.consents import ADVERTISING, PERSONAL, is_personal
from flows.checks.subject import Subject, at
from flows.nodes.ask import Ask
from flows.problems import Mark, Problem, problem
from flows.proving.moves import open_rest
from flows.proving.search import Search
from flows.proving.states import Node
from flows.proving.turns import Step
from flows.state import Conversation

MOST_A_DAY = 10
"""Messages that the clock may set off in one day of a person; more than that is told."""
NO_WAY_ON = frozenset({"stop", "entry", "bad"})
"""Moves that are no way out of a place."""


@dataclass(slots=True)
class Witness:
    """Looks at every turn of a search and keeps the first, so the shortest, way to each finding."""

    subject: Subject
    found: dict[tuple[str, str], Problem] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)

    def see(self, step: Step) -> None:
        """Hold one turn to the rules."""
        if step.error is not None and step.move.kind != "outside":
            self._keep("broken-on-path", self._mark(step.before), step, what=_raised(step.error))
        for effect in step.done:
            match effect:
                case effects.Note():
                    self._note(step, effect)
                case effects.Save():
                    self._save(step, effect)
                case effects.Say() if effect.message.kind == "advertising":
                    if step.after is None or not _agreed(step.after.conversation, ADVERTISING):
                        self._keep("broken-on-path", self._mark(step.before), step, what=ADVERT)

    def _note(self, step: Step, note: effects.Note) -> None:
        if note.kind == "sent":
            self.sent.add(note.place)
        elif note.kind == "stopped" and note.reason:
            what = LOOP if "loop" in note.reason else GONE
            self._keep("broken-on-path", self._mark(step.before), step, what=what)
        elif (
            self.subject.explain and note.kind == "skipped" and note.reason.startswith("stop_when")
        ):
            series = self.subject.program.funnel.series[note.place]
            self._keep("series-not-started", series.mark, step, series=note.place)

    def _save(self, step: Step, save: effects.Save) -> None:
        """A personal field is filled by a question only after the consent."""
        if save.value is None or step.move.kind not in {"answer", "late"}:
            return
        asked = _asked(step.before)
        address = self.subject.program.places.get(asked)
        ask = self.subject.program.steps[address].step if address else None
        if not isinstance(ask, Ask) or ask.save != save.field:
            return
        if is_personal(self.subject, ask) and not _agreed(step.before.conversation, PERSONAL):
            self._keep("personal-without-consent", at(ask, "save"), step, field=ask.save)

    def _keep(self, code: str, mark: Mark, step: Step, **params: Any) -> None:
        """One way for each place; for each reason, where the funnel breaks."""
        key = (code, str(params["what"]) if "what" in params else str(mark))
        if key not in self.found:
            self.found[key] = problem(code, mark, path=step.path, **params)

    def _mark(self, node: Node) -> Mark:
        return mark_of(self.subject, node)


LOOP = {
    "ru": "больше ста шагов подряд без остановки",
    "en": "more than a hundred steps without a wait",
}
GONE = {"ru": "шага больше нет", "en": "the step is gone"}
ADVERT = {"ru": "реклама без согласия", "en": "advertising without consent"}


def _raised(error: Exception) -> dict[str, str]:
    name = type(error).__name__
    return {"ru": f"сбой программы {name}", "en": f"the program failed with {name}"}


def _agreed(conversation: Conversation, document: str) -> bool:
    given = conversation.person.consents.get(document)
    return given is not None and given.action == "given"


def _asked(node: Node) -> str:
    rest = open_rest(node)
    last = node.conversation.person.last
    return rest.place if rest else last.place if last else ""


def mark_of(subject: Subject, node: Node) -> Mark:
    """Where the person stands in the file; the head of the funnel when they stand nowhere."""
    run = node.run
    places = [play.stand.place for play in run.plays if play.stand] if run else []
    rest = open_rest(node)
    program = subject.program
    address = program.places.get(rest.place if rest else places[-1] if places else "")
    return program.steps[address].step.mark if address else program.funnel.mark


def of_states(subject: Subject, search: Search) -> Iterator[Problem]:
    """What the explored states show together: places without a way on, ends out of reach."""
    stuck = {node.number for node in search.states() if node.lives and _is_stuck(search, node)}
    told: set[Mark] = set()
    for number in sorted(stuck):
        node = search.states()[number]
        mark = mark_of(subject, node)
        if mark not in told:
            told.add(mark)
            yield problem("stuck-state", mark, path=node.path(), place=_asked(node))
    for node in _doors(search, stuck):
        mark = mark_of(subject, node)
        if mark not in told:
            told.add(mark)
            yield problem("never-ends", mark, path=node.path(), place=_asked(node))


def _is_stuck(search: Search, node: Node) -> bool:
    """Whether «стоп» is the only way out of the state."""
    ways = search.ways.get(node.number, {})
    explored = node.whole and node.number not in search.cut
    return explored and not any(
        kind not in NO_WAY_ON and number != node.number for number, kind in ways
    )


def _doors(search: Search, stuck: Iterable[int]) -> list[Node]:
    """The first states from which no end can be reached, whatever the person does but «стоп»."""
    before: dict[int, set[int]] = defaultdict(set)
    for number, ways in search.ways.items():
        for target, kind in ways:
            if kind not in {"stop", "entry"}:
                before[target].add(number)
    states = search.states()
    # An end may lie beyond what was not explored: nothing is said of states that lead there.
    todo = [node.number for node in states if not node.lives or not node.whole]
    if search.left:
        todo.extend(search.cut)
    good = set(todo)
    while todo:
        for number in before[todo.pop()]:
            if number not in good:
                good.add(number)
                todo.append(number)
    doomed = {node.number for node in states} - good - set(stuck)
    roots = {0} & doomed
    doors = [n for n in sorted(doomed) if n in roots or before[n] & good]
    return [states[number] for number in doors or sorted(doomed)[:1]]


def of_volume(subject: Subject, search: Search) -> Iterator[Problem]:
    """The day on which the clock sets off most messages, where that is many or was asked."""
    node = search.busiest
    if node is None:
        return
    mark, count = subject.program.funnel.mark, node.day[1]
    if count > MOST_A_DAY:
        yield problem("too-many-a-day", mark, path=node.path(), count=count, limit=MOST_A_DAY)
    elif subject.explain:
        yield problem("busiest-day", mark, path=node.path(), count=count)

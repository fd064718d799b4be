"""What happens to a simulated person outside the chat: which events there are, and who awaits them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows import effects
from flows.events import Event, EventHappened
from flows.nodes.wait import Wait
from flows.program import Program
from flows.proving.views import atoms, condition_trees, variables
from flows.worlds import sample_data

if TYPE_CHECKING:
    from flows.expression_tree import Tree
    from flows.state import Conversation


@dataclass(frozen=True, slots=True)
class Ringing:
    """What a manager does with the hand-over of that number, if it lasts till then."""

    number: int
    event: Event


def events_of(program: Program) -> list[str]:
    """The events that entries and conditions of the funnel name, in order."""
    entered = [name for entry in program.funnel.entry for name in entry.event]
    looked = [name for tree in condition_trees(program) for name in _named(tree)]
    return [*dict.fromkeys([*entered, *looked])]


def awaited_anywhere(program: Program) -> set[str]:
    """The events that some ``wait`` waits for."""
    waits = (laid.step for laid in program.steps.values() if isinstance(laid.step, Wait))
    return {name for step in waits for name in _of_wait(step)}


def awaited_now(
    program: Program, conversation: Conversation, timer: effects.SetTimer
) -> Iterator[str]:
    """The events that the wait of the timer waits for."""
    kind, _, number = timer.name.partition(":")
    if kind != "wait":
        return
    for run in conversation.runs:
        for play in run.plays:
            if run.number == timer.run and str(play.number) == number and play.pause is not None:
                address = program.places.get(play.pause.place)
                step = program.steps[address].step if address else None
                yield from _of_wait(step) if isinstance(step, Wait) else ()


def happened(program: Program, name: str) -> EventHappened:
    """The event with all that the entry by it saves."""
    entries = (entry for entry in program.funnel.entry if name in entry.event)
    entry = next(entries, None)
    return EventHappened(name, sample_data(program, entry) if entry is not None else {})


def _of_wait(step: Wait) -> Iterator[str]:
    if step.until is not None:
        yield from _named(step.until.compiled.tree)


def _named(tree: Tree) -> Iterator[str]:
    for atom in atoms(tree):
        for variable in sorted(variables(atom)):
            kind, _, name = variable.partition(":")
            if kind == "events" and name:
                yield name

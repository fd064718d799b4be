"""What happened outside: a payment, a code that was redeemed, a manager's status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flows import effects
from flows.entering import enter_by_event, live_run
from flows.events import CodeRedeemed, EventHappened
from flows.nodes.code import Code, used_event

if TYPE_CHECKING:
    from flows.funnel import Entry
    from flows.program import Program
    from flows.scene import Turn

HAPPENINGS = (EventHappened, CodeRedeemed)


def happened(turn: Turn, event: EventHappened | CodeRedeemed) -> None:
    """Let every funnel that the event concerns know of it."""
    if isinstance(event, CodeRedeemed):
        for name, funnel in _redeemed(turn, event.code):
            _tell(turn, name, {"code": event.code}, funnel)
        return
    _tell(turn, event.name, event.data, event.funnel)


def _tell(turn: Turn, name: str, data: dict[str, Any], funnel: str) -> None:
    """Living runs remember it; entries by it play, a new run begins in the first funnel only."""
    programs = [one for key, one in turn.bundle.programs.items() if not funnel or key == funnel]
    for run in turn.live_runs():
        if (not funnel or run.funnel == funnel) and name not in run.events:
            run.events.append(name)
            turn.do(effects.Note("happened", run.number, option=name))
    entries = list(_entries(programs, name))
    inside = [each for each in entries if live_run(turn, each[0].funnel.funnel) is not None]
    for program, entry in inside or entries[:1]:
        enter_by_event(turn, program, entry, name, data)
    if not entries and not any(name in run.events for run in turn.live_runs()):
        turn.do(effects.Note("ignored", reason="no entry by event", option=name))


def _entries(programs: Iterable[Program], name: str) -> Iterable[tuple[Program, Entry]]:
    for program in programs:
        for entry in program.funnel.entry:
            if entry.trigger == "event" and name in entry.matches:
                yield program, entry
                break


def _redeemed(turn: Turn, code: str) -> Iterable[tuple[str, str]]:
    """The events of the funnels in which the code was given, with those funnels."""
    found: dict[tuple[str, str], None] = {}
    for run in turn.conversation.runs:
        program = turn.bundle.program(run.funnel, run.program)
        for laid in program.steps.values() if program is not None else ():
            if isinstance(laid.step, Code) and run.fields.get(laid.step.code) == code:
                found[used_event(laid.step.code), run.funnel] = None
    return found

"""What is wrong in a broadcast beside its writing: names nobody bears, what channels cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Named
from dataclasses import replace

from flows.broadcasts.file import Broadcast, BroadcastButton
from flows.checks import check_funnel
from flows.checks.subject import at
from flows.funnel import Entry, Funnel
from flows.nodes.base import Block
from flows.nodes.branches import If
from flows.problems import Mark, Problem, closest, problem
from flows.program import Program, lay_out
from flows.project import Bot, Project
from flows.source import Mapping, Scalar

_FLOW = "broadcast message"
"""No author can call a flow so."""
_NOT_MEANT = frozenset(
    {"advertising-without-consent", "entry-overlap", "unreachable-flow", "unreachable-step"}
)
"""Codes about the ways of a funnel: of each person it is known at the moment of sending."""


def check_broadcast(
    broadcast: Broadcast,
    project: Project,
    programs: Named[str, Program],
    today: str,
    sizes: Named[str, int],
) -> list[Problem]:
    """What is wrong; ``sizes`` are those of the files beside the funnels."""
    found = [*_unknown_names(broadcast, project, programs)]
    found += _alone(broadcast)
    found += _unknown_links(broadcast, project, programs)
    if not any(item.code in {"unknown-funnel", "unknown-bot"} for item in found):
        found += _of_message(broadcast, project, programs, today, sizes)
    return found


def bots_of(broadcast: Broadcast, project: Project) -> list[Bot]:
    """The bots that send it: those named, else all; those that play its funnel, if it names one."""
    named = [
        bot for bot in project.bots.values() if bot.name in broadcast.bots or not broadcast.bots
    ]
    funnel = broadcast.to.funnel
    return [bot for bot in named if not funnel or funnel in bot.funnels]


def _unknown_names(
    broadcast: Broadcast, project: Project, programs: Named[str, Program]
) -> Iterator[Problem]:
    for name in broadcast.bots:
        if name not in project.bots:
            known, close = ", ".join(project.bots), closest(name, project.bots)
            yield problem(
                "unknown-bot", at(broadcast, "bots", name), name=name, known=known, close=close
            )
    to = broadcast.to
    if to.funnel and to.funnel not in programs:
        close = closest(to.funnel, programs)
        yield problem("unknown-funnel", at(to, "funnel"), name=to.funnel, close=close)
    elif to.funnel and not bots_of(broadcast, project):
        bots = ", ".join(broadcast.bots or project.bots)
        yield problem("broadcast-nobody", at(to, "funnel"), funnel=to.funnel, bots=bots)
    program = programs.get(to.funnel)
    places = set(_places(program)) if program is not None else set()
    for name in to.place if program is not None else ():
        if name not in places:
            close = closest(name, places)
            yield problem("unknown-place", at(to, "place", name), name=name, close=close)


def _places(program: Program) -> Iterator[str]:
    yield from program.places
    yield from program.calls
    yield from (f"{name}.{letter.id}" for name, _, letter in program.letters())


def _alone(broadcast: Broadcast) -> Iterator[Problem]:
    """Keys that need a funnel and have none."""
    if broadcast.to.funnel:
        return
    if broadcast.to.place:
        yield problem("broadcast-needs-funnel", at(broadcast.to, "place"), key="place")
    for button in broadcast.buttons:
        if button.go or button.marks:
            key = (
                "go"
                if button.go
                else next(k for k in ("tag", "untag", "set") if getattr(button, k))
            )
            yield problem("broadcast-needs-funnel", at(button, key), key=key)


def _unknown_links(
    broadcast: Broadcast, project: Project, programs: Named[str, Program]
) -> Iterator[Problem]:
    """``open`` enters a funnel of every bot that shows it."""
    for button in broadcast.buttons:
        for bot in bots_of(broadcast, project) if button.open else ():
            mine = [programs[name] for name in bot.funnels if name in programs]
            if not any(_enters(program, button) for program in mine):
                yield problem("unknown-link", at(button, "open"), link=button.open[0])
                break


def _enters(program: Program, button: BroadcastButton) -> bool:
    code = button.open[0]
    patterns = [each for entry in program.funnel.entry for each in entry.link]
    starred = (each[:-1] for each in patterns if each.endswith("*"))
    return code in patterns or any(code.startswith(each) for each in starred)


def _of_message(
    broadcast: Broadcast,
    project: Project,
    programs: Named[str, Program],
    today: str,
    sizes: Named[str, int],
) -> list[Problem]:
    """The checks of a funnel that has the message as one of its flows."""
    program = programs.get(broadcast.to.funnel)
    funnel = with_message(broadcast, program.funnel if program is not None else None)
    playing = bots_of(broadcast, project)
    bots = {bot.name: replace(bot, funnels=(funnel.funnel,)) for bot in playing}
    whole = lay_out(funnel, "")
    found = check_funnel(whole, replace(project, bots=bots), today, sizes=sizes)
    file = broadcast.mark.file
    left = _NOT_MEANT if program is not None else {*_NOT_MEANT, "unknown-flow"}
    return [item for item in found if item.mark.file == file and item.code not in left]


def _written(broadcast: Broadcast) -> Mapping:
    """The broadcast as the step that its condition makes of it."""
    mark, condition = broadcast.mark, broadcast.to.condition
    assert condition is not None
    inner = broadcast.node or Mapping(mark, ())
    return Mapping(mark, ((Scalar(mark, "if"), condition.scalar), (Scalar(mark, "then"), inner)))


def with_message(broadcast: Broadcast, funnel: Funnel | None) -> Funnel:
    """The funnel with the broadcast as a flow that anybody may come to; an empty one without it."""
    flow = _FLOW if funnel is not None else "main"
    entry = Entry(mark=broadcast.mark, trigger="any", flow=flow)
    block: Block = (broadcast,)
    condition = broadcast.to.condition
    if condition is not None:
        block = (
            If(mark=broadcast.mark, node=_written(broadcast), condition=condition, then=block),
        )
    if funnel is None:
        return Funnel(
            mark=Mark("", 1, 1),
            funnel="broadcast",
            entry=(entry,),
            fields={},
            flows={flow: block},
            series={},
            phrases={},
        )
    return replace(
        funnel, entry=(*funnel.entry, entry), flows={**funnel.flows, flow: block}, tests=None
    )

"""What managers do in a test: the conversation or the lead that a line ``manager`` is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from flows.effects import CaptureLead
from flows.events import Event, EventHappened, ManagerReturned, ManagerTook, ManagerWrote
from flows.project import Team
from flows.prompting import Failure
from flows.transcripts import Line

MANAGER: Final = "Менеджер"
"""Who does it where a team lists nobody."""
CLOSED: Final = ("sold", "refused")
"""Statuses that end the work on a lead; each is an event."""


@dataclass(slots=True)
class Work:
    """What a manager of the team may do something with; the conversation itself has ``run`` 0.

    ``manager`` is who took it, ``status`` what became of the lead.
    """

    team: str
    run: int = 0
    title: str = ""
    manager: str = ""
    status: str = "new"


@dataclass(frozen=True, slots=True)
class Act:
    """What the manager of that name does, and with what of the team's work."""

    what: Literal["take", "return", "say", "status"]
    value: str
    manager: str
    work: Work


class NothingToDo(Exception):
    """There is no conversation and no lead that the line could be about."""

    def __init__(self, line: Line) -> None:
        ru, en = _WORDS[next(iter(line.value))]
        super().__init__(en)
        self.failure = Failure(line.mark, ru, en)


_WORDS = {
    "take": ("менеджеру нечего взять", "there is nothing for a manager to take"),
    "return": ("разговор и так у бота", "the bot has the conversation anyway"),
    "say": ("менеджеру не на что ответить", "there is nothing for a manager to reply to"),
    "status": ("нет взятой заявки", "there is no lead that a manager has taken"),
}


def remember(work: list[Work], lead: CaptureLead) -> None:
    """The lead is from now on the newest of the work."""
    same = next((one for one in work if (one.run, one.title) == (lead.run, lead.title)), None)
    found = same or Work(lead.team, lead.run, lead.title)
    found.team = lead.team
    work[:] = [*(one for one in work if one is not found), found]


def act_of(line: Line, talk: Work | None, leads: Sequence[Work], teams: Mapping[str, Team]) -> Act:
    """What the line means as things stand; raises :class:`NothingToDo`.

    ``talk`` is the conversation that the team has, ``leads`` are the person's, the newest last.
    """
    ((what, value),) = line.value.items()
    newest = next(reversed(leads), None)
    match what:
        case "take":
            free = [one for one in (*leads, talk) if one is not None and not one.manager]
            work = free[-1] if free else None
        case "return":
            work = talk
        case "say":
            work = talk or newest
        case _:
            taken = newest is not None and newest.manager and newest.status != value
            work = newest if taken else None
    if work is None:
        raise NothingToDo(line)
    return Act(what, value, manager_of(teams.get(work.team)), work)


def manager_of(team: Team | None) -> str:
    """The name of the team's first manager."""
    return team.managers[0].name if team is not None and team.managers else MANAGER


def events_of(act: Act) -> list[Event]:
    """What the engine is told of it; the work is from now on as the act leaves it."""
    work, name = act.work, act.manager
    took: list[Event] = [ManagerTook(name, work.run)] if not work.manager else []
    match act.what:
        case "take":
            work.manager, work.status = name, "taken"
            return took
        case "return":
            return [ManagerReturned(name)]
        case "say":
            if not work.run:
                return [ManagerWrote(name, act.value)]
            work.manager, work.status = work.manager or name, _begun(work.status)
            return [*took, ManagerWrote(name, act.value)]
    work.status = act.value
    if act.value == "new":
        work.manager = ""
        return [ManagerTook("", work.run)]
    closed = act.value in CLOSED
    return [status_event(act.value, work.title, work.team, name)] if closed else []


def status_event(status: str, title: str, team: str, manager: str) -> Event:
    """What a manager's status is to the person's funnels: the event of its name."""
    return EventHappened(status, {"title": title, "team": team, "manager": manager})


def _begun(status: str) -> str:
    return "taken" if status == "new" else status

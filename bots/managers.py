"""What a manager's press or reply means: who may do it, and what the engine is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bots.bodies import frozen_button
from bots.hearing import Item
from bots.house import House, Station
from flows.events import Event, ManagerReturned, ManagerTook, ManagerWrote, Typed
from flows.managing import CLOSED, status_event
from flows.project import Manager, Team
from flows.state import Person
from storage.work import Row

HANDOVER = "handover"
RELAY = "relay"


@dataclass(slots=True)
class TeamLead:
    """A lead as managers see it; ``run`` is its run's number (0: it is over long ago)."""

    id: int
    run: int
    title: str
    team: str
    manager: str
    status: str


@dataclass(slots=True)
class TeamSide:
    """What a team has of a person; ``card`` is the number of the newest hand-over's card."""

    leads: dict[int, TeamLead] = field(default_factory=dict)
    card: int = 0
    told: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Verdict:
    """What came of it.

    ``events`` are for the engine, ``notice`` names the words that the manager reads with
    ``params``, ``once`` is the note after which they are not said again. ``lead`` became
    ``status`` in the hands of ``manager``; ``took``: the hand-over got its manager.
    """

    events: list[Event] = field(default_factory=list)
    notice: str = ""
    params: dict[str, str] = field(default_factory=dict)
    once: str = ""
    lead: int = 0
    status: str = ""
    manager: str = ""
    took: bool = False


def judged(house: House, side: TeamSide, person: Person, item: Item) -> Verdict:
    """What the manager's row means as things stand with the person."""
    shown = item.pressed
    if shown is None:
        return Verdict()
    lead = side.leads.get(shown.lead_id or 0)
    if item.kind == "reply":
        return _replied(house, side, person, item, lead)
    if lead is not None:
        return _pressed_lead(house, item, lead)
    if not shown.key.startswith(f"{HANDOVER}:"):
        return Verdict()
    return _pressed_handover(house, side, person, item)


def listed(station: Station, teams: Sequence[Team | None], account: str) -> Manager | None:
    """The manager of the teams who has the account on the station's channel."""
    known = [one for team in teams if team is not None for one in team.managers]
    same = (one for one in known if account and getattr(one, station.kind, "") == account)
    return next(same, None)


def _presser(house: House, item: Item, team: str) -> Manager | None:
    station = house.stations[item.bot_id]
    account = str(item.payload.get("sender", ""))
    return listed(station, [station.bundle.teams.get(team)], account)


def _meant(house: House, item: Item) -> dict[str, Any]:
    """The button's meaning; empty for one that the card does not have any more."""
    assert item.pressed is not None
    found = frozen_button(house.seal, item.pressed.buttons_sealed, item.index)
    return found[1] if found is not None else {}


def _pressed_lead(house: House, item: Item, lead: TeamLead) -> Verdict:
    manager = _presser(house, item, lead.team)
    if manager is None:
        return Verdict(notice="unlisted")
    meant = _meant(house, item)
    if not lead.manager:
        return _taken(lead, manager.name) if meant.get("do") == "take" else Verdict(notice="free")
    wanted = str(meant.get("status", ""))
    if not wanted or wanted == lead.status:
        name = "closed" if lead.status in CLOSED else "has_it"
        return Verdict(notice=name, params={"manager": lead.manager, "status": lead.status})
    lead.status = wanted
    if wanted == "new":
        lead.manager = ""
        events: list[Event] = [ManagerTook("", lead.run)] if lead.run else []
        return Verdict(events, "released", lead=lead.id, status=wanted, manager=manager.name)
    told = [status_event(wanted, lead.title, lead.team, manager.name)] if wanted in CLOSED else []
    return Verdict([*told], f"now_{wanted}", lead=lead.id, status=wanted, manager=manager.name)


def _taken(lead: TeamLead, manager: str) -> Verdict:
    lead.manager, lead.status = manager, "taken"
    events: list[Event] = [ManagerTook(manager, lead.run)] if lead.run else []
    return Verdict(events, "yours", lead=lead.id, status="taken", manager=manager)


def _pressed_handover(house: House, side: TeamSide, person: Person, item: Item) -> Verdict:
    meant, kept = _meant(house, item), person.handover
    if kept is None or _card_of(item) != side.card:
        return Verdict(notice="talk_over")
    manager = _presser(house, item, kept.team)
    if manager is None:
        return Verdict(notice="unlisted")
    if meant.get("what") == "back":
        return Verdict([ManagerReturned(manager.name)], "talk_given", manager=manager.name)
    if kept.manager:
        return Verdict(notice="has_it", params={"manager": kept.manager})
    return Verdict([ManagerTook(manager.name)], "talk_yours", manager=manager.name)


def _card_of(item: Item) -> int:
    """The number of the hand-over whose card was pressed."""
    assert item.pressed is not None
    return handed(item.pressed)[0]


def handed(row: Row) -> tuple[int, int, str]:
    """Number of the hand-over, bot and chat of the message that shows it there."""
    _, _, number, bot_id, chat = row.key.split(":", 4)
    return int(number), int(bot_id), chat


def _replied(
    house: House, side: TeamSide, person: Person, item: Item, lead: TeamLead | None
) -> Verdict:
    station, chat = house.stations[item.bot_id], str(item.payload["chat"])
    account = str(item.payload["sender"])
    manager = listed(station, teams_of(station, chat), account)
    if manager is None:
        once = note_of(house, item)
        return Verdict(notice="" if once in side.told else "unlisted_reply", once=once)
    event = item.heard.event if item.heard is not None else None
    if not isinstance(event, Typed):
        return Verdict(notice="only_text")
    wrote = ManagerWrote(manager.name, event.text)
    if lead is not None and not lead.manager and person.handover is None:
        verdict = _taken(lead, manager.name)
        return Verdict([*verdict.events, wrote], "", {}, "", lead.id, "taken", manager.name)
    return Verdict([wrote], manager=manager.name)


def note_of(house: House, item: Item) -> str:
    """The note that somebody who is not of the team was told so in the chat."""
    named = f"unlisted:{item.bot_id}:{item.payload['chat']}:{item.payload['sender']}"
    return f"unlisted:{house.seal.mac(named, 16)}"


def teams_of(station: Station, chat: str) -> list[Team]:
    """The teams that are told in the chat."""
    teams = station.bundle.teams.values()
    told = [(team, str(getattr(team.notify, station.kind, ""))) for team in teams if team.notify]
    return [team for team, where in told if where and station.chat(where) == chat]

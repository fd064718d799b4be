"""What the player needs of a batch of people, loaded in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bots import hearing
from bots.hearing import TEAM_KINDS, Item
from bots.house import House
from bots.managers import HANDOVER, TeamLead, TeamSide, handed, note_of
from flows.broadcasts.file import broadcast_of
from flows.state import Person, Run, person_from_json, run_from_json
from storage import broadcasts, calls, inbox, leads, messages, notes, people, runs
from storage.work import Row, Turn

PERSON = "people.person_sealed"
STATE = "runs.state_sealed"
NAME = "identities.name_sealed"
BROADCAST = "broadcasts.body_sealed"


@dataclass(slots=True)
class StoredRun:
    """A run with its row."""

    id: int
    rev: int
    run: Run


@dataclass(slots=True)
class Loaded:
    """A person with everything that the next rows may touch."""

    id: int
    row: Row
    tries: int
    person: Person
    identities: dict[int, Row] = field(default_factory=dict)
    runs: dict[int, list[StoredRun]] = field(default_factory=lambda: defaultdict(list))
    items: list[Item] = field(default_factory=list)
    team: TeamSide = field(default_factory=TeamSide)

    def numbers(self) -> dict[int, int]:
        """The numbers of the runs by their rows."""
        return {one.id: one.run.number for stored in self.runs.values() for one in stored}


async def load(house: House, turn: Turn, heads: Sequence[Row], per_person: int) -> list[Loaded]:
    """The people of the claim, in its order, with their next rows parsed and resolved."""
    ids = [head.id for head in heads]
    found = await _people(house, turn, heads)
    await _add_runs(house, turn, found)
    items: list[Item] = []
    for row in await turn.fetch(inbox.unread_rows(ids, per_person)):
        loaded = found[row.person_id]
        # a person who failed before goes row by row, so that the guilty one is known
        if loaded.tries and loaded.items:
            continue
        item = hearing.read(house, row)
        loaded.items.append(item)
        items.append(item)
    await _resolve(turn, items)
    await _add_pressed_runs(house, turn, found, items)
    await _add_deliveries(turn, items)
    await _add_broadcasts(house, turn, items)
    await _add_team_sides(house, turn, found, items)
    return [found[one] for one in ids if found[one].items]


async def _people(house: House, turn: Turn, heads: Sequence[Row]) -> dict[int, Loaded]:
    tries = {head.id: head.tries for head in heads}
    found: dict[int, Loaded] = {}
    for row in await turn.fetch(people.load(list(tries))):
        person = Person()
        if row.person_sealed is not None:
            person = person_from_json(house.seal.open_json(PERSON, row.person_sealed))
        person.uid = person.uid or row.uid
        found[row.id] = Loaded(row.id, row, tries[row.id], person)
    for row in await turn.fetch(people.identities_of(list(tries))):
        found[row.person_id].identities[row.id] = row
    return found


async def _add_runs(house: House, turn: Turn, found: dict[int, Loaded]) -> None:
    for row in await turn.fetch(runs.of_people(list(found))):
        _add_run(house, found[row.person_id], row)


def _add_run(house: House, loaded: Loaded, row: Row) -> None:
    run = run_from_json(house.seal.open_json(STATE, row.state_sealed))
    loaded.runs[row.identity_id].append(StoredRun(row.id, row.rev, run))


async def _resolve(turn: Turn, items: list[Item]) -> None:
    wanted = sorted({item.token[0] for item in items if item.token})
    found = await turn.fetch(messages.load(wanted)) if wanted else []
    hearing.resolve(items, {row.id: row for row in found})


async def _add_pressed_runs(
    house: House, turn: Turn, found: dict[int, Loaded], items: list[Item]
) -> None:
    """Runs that ended long ago come back with their buttons."""
    for item in items:
        run_id = item.pressed.run_id if item.pressed is not None else None
        if run_id is None or item.kind in TEAM_KINDS:
            continue
        loaded = found[item.row.person_id]
        if run_id in loaded.numbers():
            continue
        for row in await turn.fetch(runs.of_people([], also=[run_id])):
            _add_run(house, loaded, row)
            loaded.runs[row.identity_id].sort(key=lambda one: one.run.number)


async def _add_deliveries(turn: Turn, items: list[Item]) -> None:
    """When the messages that timers count from reached the person."""
    after: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.kind == "timer" and item.payload.get("after") is not None:
            after[int(item.payload["after"])].append(item)
    if not after:
        return
    for row in await turn.fetch(calls.delivered(sorted(after))):
        for item in after[row.id]:
            item.delivered_us = row.at_us if row.call_id is None else row.final_us


async def _add_broadcasts(house: House, turn: Turn, items: list[Item]) -> None:
    """The broadcasts that reached people, and whether they were stopped meanwhile."""
    came = [item for item in items if item.kind == broadcasts.KIND and item.error is None]
    ids = sorted({int(item.payload["broadcast"]) for item in came})
    for row in await turn.fetch(broadcasts.load(ids)) if ids else []:
        made, _ = broadcast_of(house.seal.open_text(BROADCAST, row.body_sealed), row.name)
        for item in came:
            if item.payload["broadcast"] == row.id:
                item.broadcast, item.halted = made, row.state == "stopped"


async def _add_team_sides(
    house: House, turn: Turn, found: dict[int, Loaded], items: list[Item]
) -> None:
    """What managers who press or reply have to do with."""
    done = [item for item in items if item.kind in TEAM_KINDS and item.error is None]
    ids = sorted({item.row.person_id for item in done})
    if not ids:
        return
    for row in await turn.fetch(leads.of_people(ids)):
        loaded = found[row.person_id]
        run = loaded.numbers().get(row.run_id, 0)
        held = row.manager or "", row.status
        loaded.team.leads[row.id] = TeamLead(row.id, run, row.title, row.team, *held)
    for row in await turn.fetch(messages.in_team_chats(ids, HANDOVER)):
        side = found[row.person_id].team
        side.card = max(side.card, handed(row)[0])
    for item in (each for each in done if each.kind == "reply"):
        note = note_of(house, item)
        if await turn.fetch(notes.find(note)):
            found[item.row.person_id].team.told.add(note)


def stored_profile(house: House, identity: Row | None) -> dict[str, Any]:
    """What the channel told of the person before."""
    if identity is None or identity.name_sealed is None:
        return {}
    known: dict[str, Any] = house.seal.open_json(NAME, identity.name_sealed)
    return known

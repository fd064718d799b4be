"""Who belongs to a broadcast: pages of people with all that decides whether they do."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bots.clocks import microseconds
from bots.loading import BROADCAST, PERSON, STATE
from flows.broadcasts.file import Broadcast
from flows.broadcasts.segment import matches
from flows.broadcasts.sending import scene_of
from flows.broadcasts.times import first_of_all
from flows.events import BroadcastCame
from flows.program import Bundle
from flows.scene import Turn
from flows.state import Conversation, Person, Run, person_from_json, run_from_json
from storage import recipients, runs
from storage.seal import Seal
from storage.work import Database, Row

PAGE = 500
"""People looked at, and listed, in one transaction."""


@dataclass(slots=True)
class Candidate:
    """A person of the segment with their conversation in the bot."""

    identity_id: int
    bot_id: int
    person: Person
    runs: list[Run] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """The people of a page; ``after`` is where the next one begins, ``last`` that there is none."""

    people: list[Candidate]
    after: int
    last: bool


async def page_of(
    database: Database,
    seal: Seal,
    broadcast: Broadcast,
    bundles: Mapping[int, Bundle],
    *,
    after: int,
    now: datetime,
) -> Page:
    """The next people of the segment; ``bundles`` are those of the broadcast's bots."""
    to = broadcast.to
    heard = bool(to.active or to.silent)
    asked = recipients.page(list(bundles), after, PAGE, funnel=to.funnel, heard=heard)
    rows = await database.fetch(asked)
    lived = await _runs(database, seal, broadcast, rows)
    found = []
    for row in rows:
        person = Person()
        if row.person_sealed is not None:
            person = person_from_json(seal.open_json(PERSON, row.person_sealed))
        one = Candidate(row.id, row.bot_id, person, lived.get(row.id, []))
        if _belongs(broadcast, one, bundles[row.bot_id], row, now):
            found.append(one)
    return Page(found, rows[-1].id if rows else after, len(rows) < PAGE)


async def _runs(
    database: Database, seal: Seal, broadcast: Broadcast, rows: list[Row]
) -> dict[int, list[Run]]:
    to = broadcast.to
    found: dict[int, list[Run]] = defaultdict(list)
    if not (to.funnel or to.source or to.condition) or not rows:
        return found
    for row in await database.fetch(runs.of_people([row.person_id for row in rows])):
        if to.funnel in ("", row.funnel):
            run = run_from_json(seal.open_json(STATE, row.state_sealed))
            found[row.identity_id].append(run)
    return found


def _belongs(
    broadcast: Broadcast, one: Candidate, bundle: Bundle, row: Any, now: datetime
) -> bool:
    now_us, to = microseconds(now), broadcast.to
    heard_us = row.heard_us or 0
    if to.active and heard_us < now_us - to.active:
        return False
    if to.silent and heard_us > now_us - to.silent:
        return False
    turn = turn_of(broadcast, one, bundle, now_us, now_us)
    scene = scene_of(turn, broadcast)
    return scene is not None and matches(to, scene, turn)


def row_of(
    seal: Seal, broadcast: Broadcast, text: str, bots: list[str], *, zone: str, now: datetime
) -> dict[str, Any]:
    """The row of a new broadcast; ``zone`` is the project's."""
    return {
        "name": broadcast.broadcast,
        "bots": json.dumps(bots),
        "body_sealed": seal.seal_text(BROADCAST, text),
        "planned_us": microseconds(first_of_all(broadcast, zone, now)),
    }


def turn_of(
    broadcast: Broadcast, one: Candidate, bundle: Bundle, planned_us: int, now_us: int
) -> Turn:
    """The moment when the broadcast comes to the person."""
    event = BroadcastCame(broadcast, planned_us)
    return Turn(bundle, Conversation(one.person, one.runs), event, now_us)

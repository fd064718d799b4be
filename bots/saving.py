"""The outcomes of a batch as rows: people, identities, runs, and all that the scribe writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bots import writing
from bots.clocks import microseconds
from bots.house import House
from bots.inbox import sealed_name
from bots.ledger import Ledger
from bots.loading import PERSON, STATE, StoredRun, stored_profile
from bots.scribe import Scribe
from bots.stock import Stock
from bots.turns import Outcome
from flows.state import Run, person_to_json, run_to_json
from storage.runs import FORGOTTEN


def written(house: House, stock: Stock, outcomes: Sequence[Outcome], now: datetime) -> Ledger:
    """The rows of all outcomes."""
    ledger = Ledger()
    now_us, wall_us = microseconds(now), house.wall_us
    for outcome in outcomes:
        scribe = Scribe(house, ledger, stock, outcome, now_us, wall_us)
        _write_runs(scribe)
        for played in outcome.played:
            writing.write(scribe, played)
        _write_person(scribe)
    return ledger


def _write_person(scribe: Scribe) -> None:
    outcome, person = scribe.outcome, scribe.outcome.person
    retry_us = scribe.wall_us + outcome.retry_us if outcome.retry_us else None
    scribe.ledger.people.append(
        {
            "id": scribe.person_id,
            "person_sealed": scribe.house.seal.seal_json(PERSON, person_to_json(person)),
            "zone": person.zone,
            "zone_source": person.zone_source,
            "tags": json.dumps(person.tags, ensure_ascii=False),
            "visit": person.counter,
            "sent_us": json.dumps(person.letters_sent),
            "tries": outcome.tries,
            "retry_us": retry_us,
        }
    )
    for identity_id in {one.identity.id for one in outcome.played if one.identity is not None}:
        _write_identity(scribe, identity_id)


def _write_identity(scribe: Scribe, identity_id: int) -> None:
    """What the person's own words tell of the identity: it can be written to, is not blocked."""
    identity = scribe.outcome.loaded.identities[identity_id]
    mine = [one for one in scribe.outcome.played if one.identity is identity]
    wrote = any(one.item.kind == "person" for one in mine)
    blocked = scribe.outcome.person.blocked
    blocked_us = (identity.blocked_us or scribe.now_us) if blocked else None
    known = stored_profile(scribe.house, identity)
    profile = next((one.profile for one in reversed(mine) if one.profile.first_name), None)
    names = {"first_name", "last_name", "username", "gender"}
    told = {name: getattr(profile, name) for name in names if profile and getattr(profile, name)}
    renamed = bool(told) and any(known.get(name) != value for name, value in told.items())
    can_write = 1 if wrote else identity.can_write
    if (can_write, blocked_us) == (identity.can_write, identity.blocked_us) and not renamed:
        return
    scribe.ledger.identities.append(
        {
            "id": identity_id,
            "can_write": can_write,
            "blocked_us": blocked_us,
            "name_sealed": (
                sealed_name(scribe.house, profile) if renamed and profile else identity.name_sealed
            ),
        }
    )


def _write_runs(scribe: Scribe) -> None:
    loaded = scribe.outcome.loaded
    for identity_id, runs in scribe.outcome.runs.items():
        stored = {one.run.number: one for one in loaded.runs.get(identity_id, ())}
        for run in runs:
            before = stored.get(run.number)
            run_id = before.id if before else next(scribe.stock.numbers.runs)
            scribe.run_ids[identity_id, run.number] = run_id
            if before is None or before.run != run:
                _write_run(scribe, identity_id, run, run_id, before)
        _forget_runs(scribe, identity_id, [*stored.values()], {run.number for run in runs})


def _forget_runs(
    scribe: Scribe, identity_id: int, stored: list[StoredRun], left: set[int]
) -> None:
    """Runs that are no more: their rows stay, with nothing in them."""
    gone = [each for each in stored if each.run.number not in left]
    if gone:
        scribe.ledger.forgotten.append(identity_id)
    for before in gone:
        run = before.run
        scribe.run_ids[identity_id, run.number] = before.id
        ended_us = run.ended_us or scribe.now_us
        empty = Run(run.number, run.funnel, run.program, run.entered_us, ended_us)
        _write_run(scribe, identity_id, empty, before.id, before, status=FORGOTTEN)


def _write_run(
    scribe: Scribe,
    identity_id: int,
    run: Run,
    run_id: int,
    before: StoredRun | None,
    *,
    status: str = "",
) -> None:
    top = next((play.stand for play in reversed(run.plays) if play.stand is not None), None)
    asked = any(play.rest for play in run.plays)
    row = {
        "id": run_id,
        "program_id": scribe.stock.programs[run.funnel, run.program],
        "place": top.place if top else "",
        "visit": top.visit if top else 0,
        "status": status or _status(run, asked=asked),
        "score": float(run.score),
        "ended_us": run.ended_us,
        "link": run.link,
        "source": run.source,
        "state_sealed": scribe.house.seal.seal_json(STATE, run_to_json(run)),
    }
    scribe.ledger.places += _places(run, run_id)
    if before is not None:
        scribe.ledger.runs.append({**row, "rev": before.rev})
        return
    owner = {"identity_id": identity_id, "person_id": scribe.person_id, "funnel": run.funnel}
    begun = {"number": run.number, "entered_us": run.entered_us}
    scribe.ledger.new_runs.append({**row, **owner, **begun})


def _status(run: Run, *, asked: bool) -> str:
    if run.ended_us is not None:
        return "ended"
    return "asked" if asked else "waiting"


def _places(run: Run, run_id: int) -> list[dict[str, Any]]:
    """Where the run rests: a row for every play, and one for the next letter of every series."""
    rests = [(play.stand.place, play.stand.visit) for play in run.plays if play.stand]
    letters = [(f"{name}.{series.letter}", 0) for name, series in run.series.items()]
    return [
        {"run_id": run_id, "play": index, "place": place, "visit": visit}
        for index, (place, visit) in enumerate([*rests, *letters])
    ]

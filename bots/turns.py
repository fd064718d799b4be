"""A person's rows played one after another by the engine; a row that raises stands aside."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bots.hearing import TEAM_KINDS, Item, event_of, profile_of
from bots.house import House
from bots.loading import Loaded, stored_profile
from bots.managers import Verdict, judged
from flows.effects import Effect, HandOver
from flows.engine import advance
from flows.events import Event, Profile, Typed
from flows.serving import asked_by_tester
from flows.state import Conversation, Person, Run
from storage.work import Row

TRIES = 3
"""A row that fails so often is a dead letter (R5)."""
RETRY_US = (1_000_000, 5_000_000)
AWAY_US = 30_000_000
"""How long rows wait for a bot that is not at work."""


@dataclass(slots=True)
class Played:
    """One row and what came of it.

    ``error`` tells why it is dead or ignored; ``verdict`` is what a manager's row came to.
    """

    item: Item
    end: Literal["done", "ignored", "dead"]
    identity: Row | None = None
    event: Event | None = None
    profile: Profile = field(default_factory=Profile)
    effects: list[Effect] = field(default_factory=list)
    error: str = ""
    verdict: Verdict = field(default_factory=Verdict)


@dataclass(slots=True)
class Outcome:
    """A person after their rows; ``retry_us`` is how long they wait when a row failed."""

    loaded: Loaded
    person: Person
    runs: dict[int, list[Run]]
    played: list[Played] = field(default_factory=list)
    tries: int = 0
    retry_us: int = 0


def play(house: House, loaded: Loaded, now: datetime) -> Outcome:
    """The person's rows in order, until one fails that may be tried again."""
    runs = {key: [one.run for one in stored] for key, stored in loaded.runs.items()}
    outcome = Outcome(loaded, loaded.person, runs)
    tries = loaded.tries
    for item in loaded.items:
        identity = _identity(loaded, item)
        if _waits(house, item, identity):
            outcome.tries, outcome.retry_us = tries, AWAY_US
            break
        try:
            played = _play(house, outcome, item, identity, now)
        except Exception as error:  # noqa: BLE001 - poison: only this row may suffer from it
            if tries + 1 < TRIES:
                outcome.tries, outcome.retry_us = tries + 1, RETRY_US[tries]
                break
            played = Played(item, "dead", identity, error=redacted(error))
        outcome.played.append(played)
        tries = 0
    return outcome


def _play(
    house: House, outcome: Outcome, item: Item, identity: Row | None, now: datetime
) -> Played:
    if item.error is not None:
        raise item.error
    if item.ignored:
        return Played(item, "ignored", identity, error=item.ignored)
    if item.kind in TEAM_KINDS:
        return _by_manager(house, outcome, item, identity, now)
    if identity is None:
        return Played(item, "ignored", error="nobody is known by it")
    reachable = bool(identity.can_write)
    event = event_of(house, item, reachable=reachable, runs=outcome.loaded.numbers())
    if event is None:
        return Played(item, "ignored", identity, error="means nothing any more")
    event = _of_tester(house, identity, event) or event
    profile = profile_of(item, stored_profile(house, identity))
    played = Played(item, "done", identity, event, profile)
    _advance(house, outcome, played, event, now)
    return played


def _of_tester(house: House, identity: Row, event: Event) -> Event | None:
    """What a tester asks of the bot itself; None for everybody else's words."""
    if not isinstance(event, Typed):
        return None
    is_tester = str(identity.external_id) in house.stations[identity.bot_id].bundle.testers
    return asked_by_tester(event.text) if is_tester else None


def _advance(house: House, outcome: Outcome, played: Played, event: Event, now: datetime) -> None:
    """The engine hears the event; what it wants done is kept with the row."""
    identity = played.identity
    assert identity is not None
    bundle = house.stations[identity.bot_id].bundle
    before = Conversation(outcome.person, outcome.runs.get(identity.id, []))
    after, effects = advance(bundle, before, event, now, played.profile)
    outcome.person, outcome.runs[identity.id] = after.person, after.runs
    outcome.loaded.team.card = max(
        [outcome.loaded.team.card, *(one.number for one in effects if isinstance(one, HandOver))]
    )
    played.event, played.effects = event, [*played.effects, *effects]


def _by_manager(
    house: House, outcome: Outcome, item: Item, identity: Row | None, now: datetime
) -> Played:
    """A manager pressed or wrote: what it means is decided before the engine hears of it."""
    identity = _spoken_to(outcome.loaded, item) or identity
    verdict = judged(house, outcome.loaded.team, outcome.person, item)
    played = Played(item, "done", identity, verdict=verdict)
    if not _speaks(house, identity):
        # the lead is theirs all the same; the person cannot be spoken to
        verdict.notice = verdict.notice if verdict.lead or not verdict.events else "bot_away"
        return played
    held = outcome.person.handover
    free = held is not None and not held.manager
    for event in verdict.events:
        _advance(house, outcome, played, event, now)
    kept = outcome.person.handover
    verdict.took = free and kept is not None and bool(kept.manager)
    return played


def _spoken_to(loaded: Loaded, item: Item) -> Row | None:
    """The identity whose run the card is about."""
    run_id = item.pressed.run_id if item.pressed is not None else None
    mine = (key for key, runs in loaded.runs.items() if run_id in [one.id for one in runs])
    return loaded.identities.get(next(mine, 0))


def _waits(house: House, item: Item, identity: Row | None) -> bool:
    """Whether the row waits for its bot; one without a bot goes by the person's."""
    if item.bot_id in house.stations:
        return False
    return item.kind in TEAM_KINDS or not _speaks(house, identity)


def _identity(loaded: Loaded, item: Item) -> Row | None:
    """The identity of the row; a row that names none is the person's only one's."""
    if item.row.identity_id is not None:
        return loaded.identities.get(item.row.identity_id)
    return next(iter(loaded.identities.values()), None)


def _speaks(house: House, identity: Row | None) -> bool:
    return identity is not None and identity.bot_id in house.stations


def redacted(error: BaseException) -> str:
    """The traceback without the error's own words: they may hold what a person said."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames
    ]
    return "\n".join([*lines, type(error).__name__])

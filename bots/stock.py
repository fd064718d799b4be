"""What the effects of a batch refer to, fetched before its rows are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bots import ledger
from bots.handovers import HandoverCard, card_of
from bots.hearing import TEAM_KINDS
from bots.house import House
from bots.ledger import Numbers
from bots.managers import HANDOVER
from bots.programs import Shelf
from bots.turns import Outcome, Played
from flows import effects
from storage import calls, delivery, leads, messages
from storage.work import Row, Turn

ANSWERS = "leads.answers_sealed"


@dataclass(slots=True)
class Lead:
    """A lead as it will be after the batch; ``shown`` maps bot and chat to the card's message.

    ``told`` is what ``answers_sealed`` holds: answers, phones, link, zone, at_us, times, language.
    """

    id: int
    run_id: int
    title: str
    team: str
    told: dict[str, Any]
    priority: str = "normal"
    value: float | None = None
    source: str = ""
    manager: str = ""
    taken_us: int | None = None
    status: str = "new"
    shown: dict[tuple[int, str], int] = field(default_factory=dict)


@dataclass(slots=True)
class Stock:
    """Rows by what the effects name them with."""

    numbers: Numbers
    queued: dict[int, list[Row]]
    leads: dict[int, list[Lead]]
    handovers: dict[int, list[HandoverCard]]
    messages: dict[tuple[int, int], Row]
    programs: dict[tuple[str, str], int]
    documents: dict[tuple[str, str], int | None]


async def stock_of(house: House, shelf: Shelf, turn: Turn, outcomes: Sequence[Outcome]) -> Stock:
    """Everything that :mod:`bots.scribe` needs for these outcomes."""
    played = [one for outcome in outcomes for one in outcome.played]
    return Stock(
        await _numbers(turn, outcomes, played),
        await _queued(turn, outcomes),
        await _leads(house, turn, outcomes),
        await _handovers(house, turn, outcomes),
        await _messages(turn, played),
        await _programs(shelf, outcomes),
        await _documents(shelf, played),
    )


async def _numbers(turn: Turn, outcomes: Sequence[Outcome], played: Sequence[Played]) -> Numbers:
    return await ledger.numbers(
        turn,
        rows=len(played),
        effects=sum(len(one.effects) for one in played),
        runs=sum(_new_runs(one) for one in outcomes),
        leads=sum(
            isinstance(effect, effects.CaptureLead) for one in played for effect in one.effects
        ),
    )


def _new_runs(outcome: Outcome) -> int:
    stored = {key: {one.run.number for one in runs} for key, runs in outcome.loaded.runs.items()}
    return sum(
        run.number not in stored.get(identity, ())
        for identity, runs in outcome.runs.items()
        for run in runs
    )


def _with(outcomes: Sequence[Outcome], *kinds: type[effects.Effect]) -> list[int]:
    """The people for whom one of these effects was asked."""
    return [
        outcome.loaded.id
        for outcome in outcomes
        if any(isinstance(one, kinds) for played in outcome.played for one in played.effects)
    ]


async def _queued(turn: Turn, outcomes: Sequence[Outcome]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    wanted = _with(outcomes, effects.Withdraw, effects.CallOff)
    for row in await turn.fetch(delivery.queued(wanted)) if wanted else []:
        found[row.person_id].append(row)
    return found


async def _leads(house: House, turn: Turn, outcomes: Sequence[Outcome]) -> dict[int, list[Lead]]:
    wanted = [*_with(outcomes, effects.CaptureLead), *_managed(outcomes)]
    found: dict[int, list[Lead]] = defaultdict(list)
    by_id: dict[int, Lead] = {}
    for row in await turn.fetch(leads.of_people(wanted)) if wanted else []:
        by_id[row.id] = _lead(house, row)
        found[row.person_id].append(by_id[row.id])
    await _add_cards(turn, by_id)
    return found


def _managed(outcomes: Sequence[Outcome]) -> list[int]:
    """The people with whom managers did something."""
    return [o.loaded.id for o in outcomes if any(p.item.kind in TEAM_KINDS for p in o.played)]


async def _handovers(
    house: House, turn: Turn, outcomes: Sequence[Outcome]
) -> dict[int, list[HandoverCard]]:
    """The cards of hand-overs, by person."""
    found: dict[int, list[HandoverCard]] = {}
    wanted = [*_with(outcomes, effects.HandOver, effects.TakeBack), *_managed(outcomes)]
    for row in await turn.fetch(messages.in_team_chats(wanted, HANDOVER)) if wanted else []:
        found.setdefault(row.person_id, []).append(card_of(house, row))
    return found


async def _add_cards(turn: Turn, by_id: dict[int, Lead]) -> None:
    if not by_id:
        return
    places = {
        card_key(row.lead_id, row.bot_id, row.chat): (row.lead_id, (row.bot_id, row.chat))
        for row in await turn.fetch(leads.cards_of(list(by_id)))
    }
    for message in await turn.fetch(calls.keyed(list(places))) if places else []:
        lead_id, place = places[message.key]
        by_id[lead_id].shown[place] = message.id


def card_key(lead_id: int, bot_id: int, chat: str) -> str:
    """The key of the message that shows a lead in a chat."""
    return f"card:{lead_id}:{bot_id}:{chat}"


def _lead(house: House, row: Row) -> Lead:
    told = house.seal.open_json(ANSWERS, row.answers_sealed) if row.answers_sealed else {}
    return Lead(
        row.id,
        int(row.run_id or 0),
        row.title,
        row.team,
        told,
        row.priority,
        row.value,
        row.source,
        row.manager or "",
        row.taken_us,
        row.status,
    )


async def _messages(turn: Turn, played: Sequence[Played]) -> dict[tuple[int, int], Row]:
    """Messages said before this batch that timers count from or whose choice is shown."""
    wanted: set[tuple[int, int]] = set()
    for one in played:
        said = {effect.number for effect in one.effects if isinstance(effect, effects.Say)}
        named = {number for effect in one.effects if (number := _names(effect))}
        if one.identity is not None:
            wanted |= {(one.identity.id, number) for number in named - said}
    if not wanted:
        return {}
    identities, several = {pair[0] for pair in wanted}, {pair[1] for pair in wanted}
    rows = await turn.fetch(calls.numbered(sorted(identities), sorted(several)))
    return {(row.identity_id, row.number): row for row in rows}


def _names(effect: effects.Effect) -> int:
    """The number of the message that the effect names; 0 for none."""
    if isinstance(effect, effects.SetTimer):
        return effect.after
    if isinstance(effect, effects.ShowChoice | effects.ShowMarks | effects.RecordConsent):
        return effect.message
    return 0


async def _programs(shelf: Shelf, outcomes: Sequence[Outcome]) -> dict[tuple[str, str], int]:
    left = [run for one in outcomes for runs in one.runs.values() for run in runs]
    # runs that were forgotten are written once more
    left += [one.run for o in outcomes for stored in o.loaded.runs.values() for one in stored]
    named = {(run.funnel, run.program) for run in left}
    return {key: await shelf.row_of(*key) for key in named}


async def _documents(shelf: Shelf, played: Sequence[Played]) -> dict[tuple[str, str], int | None]:
    named = {
        (effect.document, effect.version)
        for one in played
        for effect in one.effects
        if isinstance(effect, effects.RecordConsent)
    }
    return {key: await shelf.document(*key) for key in named}

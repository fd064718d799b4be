"""What the database says when all is over, as plain data for the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from flows.secrecy import Secret
from storage.seal import Seal, read_keys
from storage.tables import bots, identities, inbox, journal, leads, outbox, timers
from storage.work import Row
from tests.crash.house import House


@dataclass(frozen=True)
class Booked:
    """A lead as it is stored."""

    id: int
    key: str
    title: str
    team: str
    status: str
    source: str
    link: str
    answers: tuple[tuple[str, str, str], ...]
    captured_us: int


@dataclass
class Books:
    """`doubts` are journalled lines ("resend", "skip") by prospect, `team_doubts` of cards.

    `kinds` counts the events of the inbox, `bots` names the bots of calls.
    """

    doubts: dict[str, Counter[str]] = field(default_factory=dict)
    team_doubts: Counter[str] = field(default_factory=Counter)
    updates: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    leads: list[Booked] = field(default_factory=list)
    timers: int = 0
    bots: dict[int, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)


async def kept(house: House) -> Books:
    """The database's own account."""
    who = select(identities.c.person_id, bots.c.id, bots.c.name, identities.c.external_id)
    people, lines, events, calls, found, left = await house.rows(
        who.join(bots, bots.c.id == identities.c.bot_id),
        select(journal.c.person_id, journal.c.lead_id, journal.c.option).where(
            journal.c.kind == "doubtful"
        ),
        select(inbox.c.person_id, inbox.c.kind, inbox.c.state),
        select(outbox.c.op, outbox.c.state),
        select(leads).order_by(leads.c.id),
        select(func.count().label("n")).select_from(timers),
    )
    keys = {row.person_id: f"{row.name}:{row.external_id}" for row in people}
    books = Books(doubts={key: Counter() for key in keys.values()}, timers=int(left[0].n))
    books.bots = {row.id: row.name for row in people}
    for row in lines:
        of = books.doubts[keys[row.person_id]] if row.lead_id is None else books.team_doubts
        of[row.option] += 1
    for row in events:
        books.events[row.state] += 1
        books.kinds[row.kind] += 1
        books.updates[keys.get(row.person_id, "")] += row.kind == "person"
    books.calls = Counter(f"{row.op} {row.state}" for row in calls)
    seal = Seal(read_keys(Secret(house.keys)))
    books.leads = [_booked(row, keys, seal) for row in found]
    return books


def _booked(row: Row, keys: dict[int, str], seal: Seal) -> Booked:
    told: dict[str, Any] = seal.open_json("leads.answers_sealed", row.answers_sealed)
    answers = tuple((name, label, shown) for name, label, shown in told["answers"])
    return Booked(
        row.id,
        keys[row.person_id],
        row.title,
        row.team,
        row.status,
        row.source,
        told["link"],
        answers,
        row.captured_us,
    )

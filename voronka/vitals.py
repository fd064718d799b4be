"""How a project is doing, read from its database alone: for the command, the probes, the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage import broadcasts, dead, health, leases, notes
from storage.migration import HOLD, SCHEMA
from storage.outbox import Lane
from storage.work import Database

SECOND_US = 1_000_000
LATE_US = 60 * SECOND_US
"""A timer that is due for longer is late."""
STUCK_US = 300 * SECOND_US
"""What stands still for longer needs a person."""
DAY_US = 24 * 3600 * SECOND_US
_PROMPT = (Lane.ACK, Lane.REPLY, Lane.TEAM)


@dataclass(frozen=True, slots=True)
class BotState:
    """A bot that ever ran on the database."""

    name: str
    channel: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Calls of one bot, lane and state; ``oldest`` is for how many seconds the first one is due.

    ``decided`` marks doubtful calls that are left as they are.
    """

    bot: str
    lane: str
    state: str
    decided: bool
    count: int
    oldest: float


@dataclass(frozen=True, slots=True)
class Lease:
    """Who polls, sends or ticks; ``seconds`` is how long they still may."""

    name: str
    owner: str
    fence: int
    seconds: float

    @property
    def held(self) -> bool:
        """Whether somebody has it now."""
        return bool(self.owner) and self.seconds > 0


@dataclass(frozen=True, slots=True)
class Sending:
    """A broadcast that is not done, and how many people are still to come."""

    name: str
    state: str
    left: int


@dataclass(frozen=True, slots=True)
class Vitals:
    """Everything at one moment; ages are in seconds, 0 when there is nothing."""

    schema: str
    hold: str
    bytes: int
    people: int
    runs: int
    unread: int
    unread_age: float
    timers: int
    timers_due: int
    timers_late: int
    timers_age: float
    dead: Mapping[str, int]
    bots: tuple[BotState, ...] = ()
    queue: tuple[Queue, ...] = ()
    ended: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    requests: Mapping[str, int] = field(default_factory=dict)
    leases: tuple[Lease, ...] = ()
    broadcasts: tuple[Sending, ...] = ()

    @property
    def running(self) -> bool:
        """Whether a runner is at work: somebody holds a lease."""
        return any(lease.held for lease in self.leases)

    @property
    def doubtful(self) -> int:
        """Calls of which nobody knows whether they arrived, decided or not."""
        return sum(each.count for each in self.queue if each.state == "doubtful")


async def vitals(database: Database, now_us: int) -> Vitals:
    """How the project on the database is doing at the people's moment."""
    row = (await database.fetch(health.counts(now_us, now_us - LATE_US)))[0]
    known = {one: await database.fetch(notes.find(one)) for one in (SCHEMA, HOLD)}
    told = {name: str(rows[0].value) if rows else "" for name, rows in known.items()}
    asked = await database.fetch(health.outside())
    letters = await database.fetch(dead.counts())
    return Vitals(
        schema=told[SCHEMA],
        hold=told[HOLD],
        bytes=int(row.bytes),
        people=row.people,
        runs=row.runs,
        unread=row.unread,
        unread_age=_age(now_us, row.unread_since_us),
        timers=row.timers,
        timers_due=row.timers_due,
        timers_late=row.timers_late,
        timers_age=_age(now_us, row.timers_since_us),
        dead={each.kind: each.n for each in letters},
        bots=tuple(
            BotState(each.name, each.channel, each.state, each.reason)
            for each in await database.fetch(health.stations())
        ),
        queue=await _queue(database),
        ended=await _ended(database, now_us),
        requests={each.state: each.n for each in asked},
        leases=await _leases(database),
        broadcasts=tuple(
            Sending(each.name, each.state, each.n)
            for each in await database.fetch(broadcasts.left())
        ),
    )


async def _queue(database: Database) -> tuple[Queue, ...]:
    # queues go by the machine's clock, never by a test's: the database tells it near enough
    now_us = int((await database.fetch(health.clock()))[0].now_us)
    return tuple(
        Queue(
            each.bot,
            Lane(each.lane).name.lower(),
            each.state,
            bool(each.decided),
            each.n,
            _age(now_us, each.due_us),
        )
        for each in await database.fetch(health.queue())
    )


async def _ended(database: Database, now_us: int) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for each in await database.fetch(health.ended(now_us - DAY_US)):
        found.setdefault(each.bot, {})[each.state] = each.n
    return found


async def _leases(database: Database) -> tuple[Lease, ...]:
    now_us = int((await database.fetch(health.clock()))[0].now_us)
    return tuple(
        Lease(each.name, each.owner, each.fence, max(0.0, (each.until_us - now_us) / SECOND_US))
        for each in await database.fetch(leases.holders())
        if each.next_at_us is None  # the others are chores: nobody holds them
    )


def is_stuck(queue: Queue) -> bool:
    """Whether prompt calls wait for too long; letters may wait for their turn."""
    prompt = queue.lane in {lane.name.lower() for lane in _PROMPT}
    return prompt and queue.state == "queued" and queue.oldest * SECOND_US > STUCK_US


def _age(now_us: int, since_us: int | None) -> float:
    return 0.0 if since_us is None else max(0.0, (now_us - since_us) / SECOND_US)

"""The hold: nothing is sent until a person has said what an older copy of the database may do."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Select,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import Executable

from storage import journal, notes
from storage.migration import HOLD
from storage.rows import word
from storage.tables import broadcasts, inbox, messages, meta, outbox, requests, runs, timers
from storage.work import Do, Row, Work

COPY: Final = "copy"
"""The note that a copy made by the program bears: the moment when it was made."""
LOST: Final = "lost_until"
"""The note of the moment until which another life of the database may have sent its letters."""

RESTORED, REWOUND, MOVED, BY_HAND = "restored", "rewound", "moved", "by_hand"
OLDER: Final = frozenset({RESTORED, REWOUND})
"""Causes that mean: this is an older copy, and another life went on after it."""

FAR, NEAR = 100_000_000, 1_000
LEAPS: Final = {
    **dict.fromkeys(("runs", "timers", "messages", "outbox", "requests", "lead_cards"), FAR),
    **dict.fromkeys(("leads", "broadcasts"), NEAR),
}
"""By how much the ids of a table go ahead in an older copy.

The life that the copy does not know has given ids too, and they stand outside: in VK's memory of
repeats, in buttons, in servers' memory of requests. People see the numbers of leads and broadcasts.
"""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why and since when nothing is sent.

    ``copied_us`` is when the copy was made or was last at work, ``lost_until_us`` until when the
    life after it may have gone on; 0 when that is not known.
    """

    why: str
    since_us: int
    copied_us: int = 0
    lost_until_us: int = 0
    reason: str = ""

    @property
    def is_older(self) -> bool:
        """Whether the database is certainly an older copy."""
        return self.why in OLDER


@dataclass(frozen=True, slots=True)
class Lost:
    """Until when another life went on; whether its letters are all held to be sent, or adverts only."""

    until_us: int = 0
    letters: bool = False


def read_lost(found: Sequence[Row]) -> Lost:
    """What ``notes.find(LOST)`` found."""
    until, _, letters = (str(found[0].value) if found else "").partition(" ")
    return Lost(int(until), bool(letters)) if until.isdigit() else Lost()


def read(found: Sequence[Row]) -> Hold | None:
    """The hold that ``notes.find(HOLD)`` found, None when there is none."""
    value = str(found[0].value) if found else ""
    return read_text(value) if value else None


def read_text(value: str) -> Hold:
    """The hold that a note tells; words that are none are a person's reason."""
    try:
        told = json.loads(value)
        return Hold(**told)
    except (ValueError, TypeError):
        return Hold(BY_HAND, 0, reason=value)


def begin(hold: Hold) -> Work:
    """Holds everything; in an older copy, or one of unknown age, ids leap ahead too."""
    leaps = [] if hold.why == BY_HAND else leap()
    return [*notes.put(HOLD, json.dumps(asdict(hold))), *forget(COPY), *leaps]


def end(known: Lost) -> Work:
    """Lets everything go; what another life has perhaps sent is not sent again."""
    told = f"{known.until_us}{' letters' if known.letters else ''}"
    lost = notes.put(LOST, told) if known.until_us else []
    return [*lost, *forget(HOLD)]


def forget(key: str) -> Work:
    """Deletes a note."""
    return [Do(delete(meta).where(meta.c.key == key))]


def leap() -> Work:
    """Moves the next ids ahead, so that none is given that another life may have given."""
    kinds = (_Ahead, _First)
    return [Do(kind(table, by)) for table, by in LEAPS.items() for kind in kinds]


class _Leap(Executable, ClauseElement):
    def __init__(self, table: str, by: int) -> None:
        self.table, self.by = table, by


class _Ahead(_Leap):
    """The sequence goes on from further ahead."""

    inherit_cache = False


class _First(_Leap):
    """SQLite makes a sequence with the first row: one that is not there yet begins ahead."""

    inherit_cache = False


@compiles(_Ahead, "sqlite")
def _ahead_on_sqlite(element: _Leap, _compiler: Any, **_kw: Any) -> str:
    ahead = f"UPDATE sqlite_sequence SET seq = seq + {element.by}"  # noqa: S608 - our own numbers
    return f"{ahead} WHERE name = '{element.table}'"


@compiles(_First, "sqlite")
def _first_on_sqlite(element: _Leap, _compiler: Any, **_kw: Any) -> str:
    return (
        f"INSERT INTO sqlite_sequence (name, seq) SELECT '{element.table}', {element.by}"  # noqa: S608
        f" WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{element.table}')"
    )


@compiles(_Ahead, "postgresql")
def _ahead_on_postgresql(element: _Leap, _compiler: Any, **_kw: Any) -> str:
    sequence = f"pg_get_serial_sequence('{element.table}', 'id')"
    return f"SELECT setval({sequence}, nextval({sequence}) + {element.by})"


@compiles(_First, "postgresql")
def _first_on_postgresql(_element: _Leap, _compiler: Any, **_kw: Any) -> str:
    return "SELECT 1"


def is_used() -> Executable:
    """One row with `used`: whether anybody ever came."""
    there = select(literal_column("1")).select_from(runs).limit(1).exists()
    heard = select(literal_column("1")).select_from(inbox).limit(1).exists()
    return select(or_(there, heard).label("used"))


def waiting(now_us: int) -> Executable:
    """One row of what would begin at once: unread, timers, requests (queued or being made)."""
    calling = or_(requests.c.state == word("queued"), requests.c.state == word("calling"))
    counted = {
        "unread": select(func.count()).where(inbox.c.state == word("new")),
        "timers": select(func.count()).where(timers.c.due_us <= now_us),
        "requests": select(func.count()).where(calling),
    }
    return select(*(each.scalar_subquery().label(name) for name, each in counted.items()))


def queued() -> Executable:
    """How many calls wait. Columns: lane, state, n; `sending` and `doubtful` are undecided ones."""
    return (
        select(outbox.c.lane, outbox.c.state, func.count().label("n"))
        .where(_undecided())
        .group_by(outbox.c.lane, outbox.c.state)
        .order_by(outbox.c.lane, outbox.c.state)
    )


def due_letters(now_us: int, after_id: int, limit: int) -> Executable:
    """A page of due timers of series. Columns: id, name, due_us, funnel, program_id, state_sealed."""
    return (
        select(
            timers.c.id,
            timers.c.name,
            timers.c.due_us,
            runs.c.funnel,
            runs.c.program_id,
            runs.c.state_sealed,
        )
        .join(runs, runs.c.id == timers.c.run_id)
        .where(timers.c.due_us <= now_us, timers.c.id > after_id)
        .where(timers.c.name.startswith("series:"))
        .order_by(timers.c.id)
        .limit(limit)
    )


def going_broadcasts(now_us: int) -> Executable:
    """Broadcasts that are being sent, or whose time has come. Columns: id, name."""
    going = or_(broadcasts.c.state == "running", _is_due(now_us))
    return select(broadcasts.c.id, broadcasts.c.name).where(going).order_by(broadcasts.c.id)


def stop_broadcasts(now_us: int) -> Work:
    """Stops them: the life after the copy has sent them to more people than the copy knows."""
    going = or_(broadcasts.c.state == "running", _is_due(now_us))
    return [Do(update(broadcasts).where(going).values(state="stopped"))]


def undecided(limit: int) -> Select[Any]:
    """A page of calls that wait or are in doubt. Columns: id, state, person_id, run_id, place."""
    said = (messages.c.run_id, messages.c.place)
    found = select(outbox.c.id, outbox.c.state, outbox.c.person_id, *said)
    found = found.outerjoin(messages, messages.c.id == outbox.c.message_id)
    return found.where(_undecided()).order_by(outbox.c.id).limit(limit)


def give_up(calls: Sequence[Row], now_us: int, reason: str) -> Work:
    """Takes those calls back, each with a line of the journal; what was being sent is in doubt."""
    lines = [
        {
            "person_id": one.person_id,
            "run_id": one.run_id,
            "place": one.place or "",
            "at_us": now_us,
            "kind": "withdrawn",
            "reason": reason,
        }
        for one in calls
        if one.person_id is not None
    ]
    ids = [one.id for one in calls]
    mine = update(outbox).where(outbox.c.id.in_(ids), outbox.c.final_us.is_(None))
    ended = {"final_us": now_us, "error": reason}
    return [
        *journal.add(lines),
        Do(mine.where(outbox.c.state == word("queued")).values(state="withdrawn", **ended)),
        Do(mine.values(state="doubtful", **ended)),
    ]


def _undecided() -> Any:
    queued = outbox.c.state == word("queued")
    doubted: ColumnElement[bool] = literal_column("outbox.state IN ('sending', 'doubtful')")
    return or_(queued, doubted & outbox.c.final_us.is_(None))


def _is_due(now_us: int) -> Any:
    return (broadcasts.c.state == "planned") & (broadcasts.c.planned_us <= now_us)

"""Leads as people read them: opened from the database, page by page, with the prospect's name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from storage import leads, people
from storage.seal import Seal
from storage.work import Database, Row

PAGE: Final = 500
STATUSES: Final = {
    "new": ("новая", "new"),
    "taken": ("в работе", "taken"),
    "sold": ("продано", "sold"),
    "refused": ("отказ", "refused"),
}
"""The words of ``leads.status``, in Russian and in English."""
FOREVER_US: Final = 2**62
_ANSWERS = "leads.answers_sealed"
_NAME = "identities.name_sealed"


@dataclass(frozen=True, slots=True)
class OpenLead:
    """One lead; ``answers`` are ``(label, shown value)``, moments are microseconds UTC."""

    id: int
    captured_us: int
    title: str
    team: str
    status: str
    priority: str
    value: float | None
    manager: str
    taken_us: int | None
    source: str
    link: str
    name: str
    username: str
    answers: tuple[tuple[str, str], ...]


def status_in_words(status: str, language: str) -> str:
    """What became of a lead, as people read it."""
    russian, english = STATUSES.get(status, (status, status))
    return russian if language == "ru" else english


async def latest(
    database: Database, seal: Seal, *, team: str | None, status: str | None, limit: int
) -> list[OpenLead]:
    """The newest leads, the newest first."""
    found: list[OpenLead] = []
    before: int | None = None
    while len(found) < limit:
        size = min(PAGE, limit - len(found))
        rows = await database.fetch(
            leads.page(before_id=before, limit=size, team=team, status=status)
        )
        found += await _opened(database, seal, rows)
        if len(rows) < size:
            break
        before = rows[-1].id
    return found


async def pages(
    database: Database,
    seal: Seal,
    *,
    team: str | None = None,
    from_us: int = 0,
    to_us: int = FOREVER_US,
    size: int = PAGE,
) -> AsyncIterator[list[OpenLead]]:
    """All leads captured in [from_us, to_us) by id, a page at a time."""
    after = 0
    while rows := await database.fetch(leads.export(after, size, from_us, to_us)):
        after = rows[-1].id
        yield await _opened(database, seal, [row for row in rows if team in (None, row.team)])


async def _opened(database: Database, seal: Seal, rows: Sequence[Row]) -> list[OpenLead]:
    names: dict[int, dict[str, Any]] = {}
    persons = sorted({row.person_id for row in rows})
    for row in await database.fetch(people.identities_of(persons)) if persons else []:
        if row.name_sealed is not None:
            names.setdefault(row.person_id, seal.open_json(_NAME, row.name_sealed))
    return [_open(seal, row, names.get(row.person_id, {})) for row in rows]


def _open(seal: Seal, row: Row, name: dict[str, Any]) -> OpenLead:
    told = seal.open_json(_ANSWERS, row.answers_sealed) if row.answers_sealed else {}
    full = " ".join(filter(None, (name.get("first_name"), name.get("last_name"))))
    return OpenLead(
        id=row.id,
        captured_us=row.captured_us,
        title=row.title,
        team=row.team,
        status=row.status,
        priority=row.priority,
        value=row.value,
        manager=row.manager or "",
        taken_us=row.taken_us,
        source=row.source,
        link=told.get("link", ""),
        name=full,
        username=name.get("username", ""),
        answers=tuple((label, shown) for _, label, shown in told.get("answers", ())),
    )

"""Leads written to a file: first the columns that their answers need, then the rows, in pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from desk.leads import OpenLead, pages, status_in_words
from desk.sheets import Cell, new_sheet
from storage.seal import Seal
from storage.work import Database

HEADER: Final = {
    "ru": (
        "№",
        "Получена",
        "Заявка",
        "Команда",
        "Статус",
        "Срочность",
        "Менеджер",
        "Взята",
        "Сумма",
        "Источник",
        "Ссылка",
        "Имя",
        "Аккаунт",
    ),
    "en": (
        "No.",
        "Captured",
        "Lead",
        "Team",
        "Status",
        "Priority",
        "Manager",
        "Taken",
        "Value",
        "Source",
        "Link",
        "Name",
        "Account",
    ),
}


async def export_leads(
    path: Path,
    database: Database,
    seal: Seal,
    *,
    team: str | None,
    zone: ZoneInfo,
    language: str,
    progress: Callable[[int, int], None],
) -> int:
    """Write every lead to the file of that suffix; how many there were.

    ``progress`` is told how many rows of how many are written.
    """
    labels, total = await _survey(database, seal, team)
    written = 0
    with new_sheet(path, [*HEADER[language], *labels]) as sheet:
        async for page in pages(database, seal, team=team):
            for lead in page:
                if written < total:  # what came since the survey is for the next export
                    sheet.write(_row(lead, labels, zone, language))
                    written += 1
            progress(written, total)
    return written


async def _survey(database: Database, seal: Seal, team: str | None) -> tuple[list[str], int]:
    labels: dict[str, None] = {}
    total = 0
    async for page in pages(database, seal, team=team):
        total += len(page)
        labels.update((label, None) for lead in page for label, _ in lead.answers)
    return list(labels), total


def _row(lead: OpenLead, labels: Sequence[str], zone: ZoneInfo, language: str) -> list[Cell]:
    answers: dict[str, str] = {}
    for label, shown in lead.answers:
        answers[label] = f"{answers[label]}; {shown}" if label in answers else shown
    return [
        lead.id,
        local(lead.captured_us, zone),
        lead.title,
        lead.team,
        status_in_words(lead.status, language),
        lead.priority,
        lead.manager,
        None if lead.taken_us is None else local(lead.taken_us, zone),
        lead.value,
        lead.source,
        lead.link,
        lead.name,
        lead.username,
        *(answers.get(label, "") for label in labels),
    ]


def local(us: int, zone: ZoneInfo) -> datetime:
    """The moment on the zone's clock, without the zone: Excel knows none."""
    moment = datetime.fromtimestamp(us / 1_000_000, UTC)
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)

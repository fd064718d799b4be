"""``voronka leads``: the latest leads as a table, and all of them in a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from desk.exporting import export_leads, local
from desk.leads import STATUSES, OpenLead, latest, status_in_words
from desk.sheets import SUFFIXES, readable_phone
from flows.project import Project
from flows.values import fit_to_show
from voronka.databases import Place, opened_beside_the_runner, place_of
from voronka.speech import Mistake, Speech

PIPED_WIDTH = 160


def show(
    project: Path | None,
    env_file: Path | None,
    *,
    team: str | None,
    status: str | None,
    limit: int,
    say: Speech,
) -> None:
    """Print the table."""
    place = place_of(project, env_file)
    _know_team(place.project, team)
    wanted = next((name for name, words in STATUSES.items() if status in words), status)
    found = asyncio.run(_latest(place, team, wanted, limit))
    if not found:
        typer.echo(say("Заявок пока нет.", "There are no leads yet."))
        return
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    Console(width=width, highlight=False).print(
        _table(found, ZoneInfo(place.project.timezone), say)
    )


def export(
    file: Path, project: Path | None, env_file: Path | None, *, team: str | None, say: Speech
) -> None:
    """Write the file."""
    if file.suffix.lower() not in SUFFIXES:
        raise Mistake(
            "Файл должен кончаться на .xlsx или .csv.", "The file must end in .xlsx or .csv."
        )
    place = place_of(project, env_file)
    _know_team(place.project, team)
    try:
        written = asyncio.run(_export(file, place, team, say))
    except OSError as error:
        why = error.strerror
        raise Mistake(f"Не пишется {file}: {why}.", f"{file} cannot be written: {why}.") from None
    leads = say.count(written, ("заявка", "заявки", "заявок"), ("lead", "leads"))
    typer.echo(f"{file}: {leads}")


async def _latest(
    place: Place, team: str | None, status: str | None, limit: int
) -> list[OpenLead]:
    async with opened_beside_the_runner(place.url) as database:
        return await latest(database, place.seal, team=team, status=status, limit=limit)


async def _export(file: Path, place: Place, team: str | None, say: Speech) -> int:
    async with opened_beside_the_runner(place.url) as database:
        with _progress(say) as progress:
            return await export_leads(
                file,
                database,
                place.seal,
                team=team,
                zone=ZoneInfo(place.project.timezone),
                language=say.language,
                progress=progress,
            )


@contextmanager
def _progress(say: Speech) -> Iterator[Callable[[int, int], None]]:
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("Заявки", "Leads"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _know_team(project: Project, team: str | None) -> None:
    if team is not None and team not in project.teams:
        known = ", ".join(project.teams) or "—"
        raise Mistake(
            f"Нет команды «{team}». Есть: {known}.", f"There is no team “{team}”: {known}."
        )


def _table(found: Sequence[OpenLead], zone: ZoneInfo, say: Speech) -> Table:
    table = Table(title=None, show_lines=False)
    for head in (
        "№",
        say("Получена", "Captured"),
        say("Заявка", "Lead"),
        say("Имя", "Name"),
        say("Ответы", "Answers"),
        say("Команда", "Team"),
        say("Статус", "Status"),
        say("Менеджер", "Manager"),
    ):
        table.add_column(head)
    for lead in found:
        table.add_row(*(Text(fit_to_show(cell)) for cell in _cells(lead, zone, say.language)))
    return table


def _cells(lead: OpenLead, zone: ZoneInfo, language: str) -> tuple[str, ...]:
    answers = "\n".join(f"{label}: {readable_phone(shown)}" for label, shown in lead.answers)
    captured = f"{local(lead.captured_us, zone):%d.%m.%Y %H:%M}"
    head = (str(lead.id), captured, lead.title, lead.name or "—", answers)
    return (*head, lead.team, status_in_words(lead.status, language), lead.manager)

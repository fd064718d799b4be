"""``voronka doctor``: looks at everything that usually goes wrong, and changes nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import typer

from flows.project import Project
from flows.values import fit_to_show
from storage.work import StorageFailed
from voronka.alarms import hush_libraries
from voronka.databases import database_url
from voronka.examining import addresses, database, machine, messengers
from voronka.examining import project as files
from voronka.examining.lines import Line
from voronka.projects import open_project
from voronka.settings import ENV_FILE, Settings, read_settings
from voronka.speech import OK, WRONG, Speech


def examine(
    folder: Path | None, env_file: Path | None, *, offline: bool, as_json: bool, say: Speech
) -> int:
    """Print what was found; the exit code is 1 when something is broken."""
    hush_libraries()
    opened = open_project(folder)
    lines = [machine.python(), machine.packages(), machine.ticking(), files.files(opened.loaded)]
    settings = read_settings(opened.folder, env_file)
    lines += machine.env_file(env_file or opened.folder / ENV_FILE, settings)
    project = opened.loaded.project
    if project is not None:
        lines += files.keys(project, settings)
        lines += files.documents(project, opened.folder)
        lines += asyncio.run(_beyond(project, settings, opened.folder, offline=offline))
    if as_json:
        typer.echo(json.dumps(_as_objects(lines, say), ensure_ascii=False, indent=2))
    else:
        for line in lines:
            typer.echo("\n".join(map(fit_to_show, line.told(say).split("\n"))))
    return WRONG if any(line.level == "error" for line in lines) else OK


async def _beyond(
    project: Project, settings: Settings, folder: Path, *, offline: bool
) -> list[Line]:
    lines = await _database(project, settings, folder)
    if not offline:
        lines += await messengers.examine(project, settings)
        lines += await addresses.examine(project)
    return lines


async def _database(project: Project, settings: Settings, folder: Path) -> list[Line]:
    if settings.missing(project.database):
        return []  # it is named among the settings that nobody set
    url = database_url(project, settings, folder)
    found = await database.examine(url)
    try:
        return [*found, machine.room(database.folder_of(url, folder))]
    except StorageFailed:  # no address of a database, as its look has told
        return found


def _as_objects(lines: list[Line], say: Speech) -> list[dict[str, str]]:
    return [
        {
            "level": line.level,
            "text": say(line.ru, line.en),
            "mend": say(line.mend_ru, line.mend_en),
        }
        for line in lines
    ]

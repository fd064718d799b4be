"""The project's database and keys, opened as a command needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.project import Project
from voronka.projects import open_project
from voronka.settings import KEYS, Settings, read_settings
from voronka.speech import Mistake, Speech

if TYPE_CHECKING:
    from storage.seal import Seal
    from storage.work import Database

_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Place:
    """A project with the address of its data and the seal that opens them."""

    project: Project
    url: str
    seal: Seal


def place_of(folder: Path | None, env_file: Path | None) -> Place:
    """Where the project of the folder keeps its data."""
    project, settings, home = _project(folder, env_file)
    return Place(project, database_url(project, settings, home), seal_of(settings))


def address_of(folder: Path | None, env_file: Path | None) -> tuple[Project, str]:
    """The project of the folder and the URL of its database, for what opens no personal data."""
    project, settings, home = _project(folder, env_file)
    return project, database_url(project, settings, home)


def upgrade(folder: Path | None, env_file: Path | None, *, say: Speech) -> None:
    """Bring the database to the schema of this program, and tell which it is."""
    from storage import migration

    project, settings, home = _project(folder, env_file)
    schema = asyncio.run(migration.upgrade(database_url(project, settings, home)))
    typer.echo(say(f"База готова: схема {schema}.", f"The database is ready: schema {schema}."))


def _project(folder: Path | None, env_file: Path | None) -> tuple[Project, Settings, Path]:
    opened = open_project(folder)
    if opened.loaded.project is None:
        raise Mistake(
            "voronka.yaml не читается: что исправить, покажет «voronka check».",
            "voronka.yaml cannot be used: `voronka check` shows what to mend.",
        )
    return opened.loaded.project, read_settings(opened.folder, env_file), opened.folder


def database_url(project: Project, settings: Settings, folder: Path) -> str:
    """The database's URL; a relative SQLite file is meant from the project's folder."""
    url = settings.demand(project.database, "database").reveal()
    path = url.removeprefix(_SQLITE)
    if not url.startswith(_SQLITE) or path in {"", ":memory:"}:
        return url
    return _SQLITE + str(folder / path)


def seal_of(settings: Settings) -> Seal:
    """The seal of ``VORONKA_KEYS``."""
    from storage.seal import Seal, read_keys

    return Seal(read_keys(settings.demand(f"${KEYS}", KEYS)))


def uploads_folder(url: str, folder: Path) -> Path:
    """Where the files that visitors send are kept: beside the database file, else in ``var``."""
    path = url.removeprefix(_SQLITE)
    beside = url.startswith(_SQLITE) and path not in {"", ":memory:"}
    return (Path(path).parent if beside else folder / "var") / "uploads"


@asynccontextmanager
async def opened_beside_the_runner(url: str) -> AsyncIterator[Database]:
    """The database while somebody else may be running: nothing is locked, its schema is ours."""
    from storage import migration
    from storage.database import open_database

    _look_for(url)
    await migration.check(url)
    database = await open_database(url, exclusive=False)
    try:
        yield database
    finally:
        await database.close()


def _look_for(url: str) -> None:
    path = Path(url.removeprefix(_SQLITE))
    if url.startswith(_SQLITE) and not path.exists():
        raise Mistake(
            f"Базы {path} ещё нет: её делает «voronka run» или «voronka db upgrade».",
            f"There is no database {path} yet: `voronka run` or `voronka db upgrade` makes it.",
        )

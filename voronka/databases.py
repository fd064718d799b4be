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
WITNESS = "VORONKA_WITNESS"
"""Another place for the witness, or ``off`` where no file outlives the process."""


@dataclass(frozen=True, slots=True)
class Place:
    """A project with the address of its data and the seal that opens them."""

    project: Project
    url: str
    seal: Seal


@dataclass(frozen=True, slots=True)
class Estate:
    """All that a copy must hold, and what tells an older one: for those who copy and return it.

    ``file`` is the SQLite file, None for another database; ``witness`` None when it is turned off.
    """

    project: Project
    folder: Path
    url: str
    seal: Seal
    file: Path | None
    uploads: Path
    witness: Path | None


def estate_of(folder: Path | None, env_file: Path | None) -> Estate:
    """Everything that the project of the folder keeps."""
    project, settings, home = _project(folder, env_file)
    url = database_url(project, settings, home)
    path = url.removeprefix(_SQLITE)
    if path == ":memory:" or not path:
        raise Mistake(
            "База этого проекта живёт в памяти: копировать нечего.",
            "This project's database lives in memory: there is nothing to copy.",
        )
    return Estate(
        project,
        home,
        url,
        seal_of(settings),
        Path(path) if url.startswith(_SQLITE) else None,
        uploads_folder(url, home),
        witness_file(url, home, settings),
    )


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


def witness_file(url: str, folder: Path, settings: Settings) -> Path | None:
    """The file that tells an older copy of the database: beside it, else in ``var``."""
    told = settings.get(WITNESS).reveal()
    if told == "off" or url.removeprefix(_SQLITE) in {"", ":memory:"}:
        return None
    if told:
        return folder / told
    if url.startswith(_SQLITE):
        path = Path(url.removeprefix(_SQLITE))
        return path.with_name(f"{path.name}.witness")
    return folder / "var" / "witness"


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

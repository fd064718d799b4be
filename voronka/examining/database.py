"""The database: whether it answers, its schema, its hold, its clock."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bots.clocks import now_us
from storage import health, migration, notes
from storage.database import open_database, read_url, sqlite_path
from storage.hold import read_text
from storage.work import Database, StorageFailed
from voronka.clocks import SystemClock
from voronka.examining.lines import Line, fine
from voronka.examining.project import refused
from voronka.hold_words import mend, told_hold
from voronka.mistakes import as_mistake

SKEW_SECONDS = 2.0
_ANSWER_SECONDS = 15.0


def folder_of(url: str, home: Path) -> Path:
    """The folder whose disk matters: the SQLite file's, else the project's."""
    parsed = read_url(url)
    path = sqlite_path(parsed) if parsed.get_backend_name() == "sqlite" else None
    return path.parent if path is not None else home


async def examine(url: str) -> list[Line]:
    """What was found; nothing is made or changed."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await _examined(url)
    except TimeoutError:
        ru, en = "База не ответила вовремя", "The database did not answer in time"
        return [Line("error", ru, en, "Проверьте сервер базы.", "Check the database's server.")]
    except StorageFailed as failed:
        mistake = as_mistake(failed)
        assert mistake is not None
        return [refused(mistake)]


async def _examined(url: str) -> list[Line]:
    parsed = read_url(url)
    path = sqlite_path(parsed) if parsed.get_backend_name() == "sqlite" else None
    if path is not None and not path.exists():
        ru, en = "Базы ещё нет: её сделает voronka run", "No database yet: voronka run makes it"
        return [Line("warning", ru, en)]
    await migration.check(url)
    database = await open_database(url, exclusive=False)
    try:
        return [
            fine(
                f"База отвечает, схема {migration.head()}",
                f"The database answers, schema {migration.head()}",
            ),
            *await _hold(database),
            *([] if path is not None else [await _skew(database)]),
        ]
    finally:
        await database.close()


async def _hold(database: Database) -> list[Line]:
    rows = await database.fetch(notes.find(migration.HOLD))
    if not rows or not rows[0].value:
        return []
    ru, en = told_hold(read_text(str(rows[0].value)))
    return [Line("error", ru.rstrip("."), en.rstrip("."), *mend())]


async def _skew(database: Database) -> Line:
    before = now_us(SystemClock())
    theirs = int((await database.fetch(health.clock()))[0].now_us)
    after = now_us(SystemClock())
    off = max(before - theirs, theirs - after, 0) / 1_000_000
    ru, en = (
        f"Часы расходятся с базой на {off:.1f} с",
        f"The clocks differ from the database by {off:.1f} s",
    )
    if off <= SKEW_SECONDS:
        return fine(ru, en)
    mend = ("Включите NTP на обеих машинах.", "Turn NTP on on both machines.")
    return Line("warning", ru, en, *mend)

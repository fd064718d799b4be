"""What runs beside a bot on the same SQLite file: exports, status, copies, readers, an operator."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bots.clocks import now_us
from desk.exporting import export_leads
from storage import copies, notes
from storage.database import open_database
from storage.tables import inbox, journal, messages, outbox
from storage.work import Database, StorageFailed
from tests.bots.runtime import SEAL
from voronka.clocks import SystemClock
from voronka.vitals import vitals

Told = dict[str, Any]


async def work(kind: str, url: str, folder: str, seconds: float, rest: float) -> Told:
    """Do it over and over; how often, and what went wrong."""
    told: Told = {"kind": kind, "rounds": 0, "errors": []}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            await WAYS[kind](url, Path(folder), told["rounds"])
        except (StorageFailed, sqlite3.Error) as failed:
            told["errors"].append(str(failed))
        told["rounds"] += 1
        await asyncio.sleep(rest)
    return told


async def _opened(url: str, ask: Callable[[Database], Awaitable[Any]]) -> None:
    database = await open_database(url, exclusive=False)
    try:
        await ask(database)
    finally:
        await database.close()


async def _export(url: str, folder: Path, number: int) -> None:
    path = folder / f"leads{number}.csv"
    zone = ZoneInfo("Europe/Moscow")
    how = {"team": None, "zone": zone, "language": "ru", "progress": lambda *_: None}
    await _opened(url, lambda one: export_leads(path, one, SEAL, **how))
    path.unlink()


async def _status(url: str, _folder: Path, _number: int) -> None:
    await _opened(url, lambda one: vitals(one, now_us(SystemClock())))


async def _note(url: str, _folder: Path, number: int) -> None:
    await _opened(url, lambda one: one.commit(notes.put("f16", str(number))))


async def _read(url: str, _folder: Path, number: int) -> None:
    table = (inbox, outbox, messages, journal)[number % 4]
    await _opened(url, lambda one: one.fetch(select(func.count()).select_from(table)))


async def _copy(url: str, folder: Path, _number: int) -> None:
    source, target = Path(url.removeprefix("sqlite:///")), folder / "copy.db"
    await asyncio.to_thread(copies.copy, source, target, lambda _: None)
    target.unlink()


WAYS = {"export": _export, "status": _status, "operator": _note, "reader": _read, "copy": _copy}

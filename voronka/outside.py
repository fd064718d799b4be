"""``voronka codes``, ``event`` and ``secret``: promo codes, events, what requests are signed with."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from bots import happenings
from bots.clocks import microseconds
from bots.happenings import Happened, Refusal
from flows.project import Project
from storage import bots, codes
from storage.seal import Seal
from storage.work import Database
from voronka.clocks import people_clock
from voronka.databases import Place, opened_beside_the_runner, place_of
from voronka.settings import Settings
from voronka.speech import Mistake, Speech

Purpose = Literal["http", "events"]
MOST_CODES = 1_000_000
LONGEST_CODE = 64
PAGE = 1_000


def load_codes(
    pool: str, file: Path, project: Path | None, env_file: Path | None, *, say: Speech
) -> None:
    """Put the file's codes, one a line, into the pool."""
    found = _codes(file)
    place = place_of(project, env_file)

    async def put(database: Database) -> int:
        before = await _free(database, pool)
        for first in range(0, len(found), PAGE):
            await database.commit(codes.load(pool, found[first : first + PAGE]))
        return await _free(database, pool) - before

    new = asyncio.run(_beside(place, put))
    told = say.count(new, ("новый код", "новых кода", "новых кодов"), ("new code", "new codes"))
    known = len(found) - new
    typer.echo(f"{pool}: {told}" + (say(f", было {known}", f", {known} known") if known else ""))


def _codes(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Mistake(
            f"Не читается {file}: нужен файл UTF-8, код на строке.",
            f"{file} cannot be read: write UTF-8, a code a line.",
        ) from None
    found = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    long = next((number for number, one in enumerate(lines, 1) if len(one) > LONGEST_CODE), 0)
    if long or not found or len(found) > MOST_CODES:
        raise Mistake(
            f"{file}:{long or 1}: нужен код на строке, до {LONGEST_CODE} знаков.",
            f"{file}:{long or 1}: write a code a line, up to {LONGEST_CODE} characters.",
        )
    return found


async def _free(database: Database, pool: str) -> int:
    rows = await database.fetch(codes.counts(0))
    return next((int(row.free) for row in rows if row.pool == pool), 0)


def list_codes(project: Path | None, env_file: Path | None, *, say: Speech) -> None:
    """Print how many codes each pool has."""
    place = place_of(project, env_file)
    now_us = _now_us()
    rows = asyncio.run(_beside(place, lambda database: database.fetch(codes.counts(now_us))))
    if not rows:
        typer.echo(say("Кодов пока нет.", "There are no codes yet."))
        return
    table = Table()
    heads = (
        say("Набор", "Pool"),
        say("Свободно", "Free"),
        say("Выдано", "Given"),
        say("Погашено", "Used"),
        say("Истекло", "Expired"),
    )
    for head in heads:
        table.add_column(head)
    for row in rows:
        counted = (row.free, row.given, row.used, row.expired)
        table.add_row(row.pool, *(str(int(each)) for each in counted))
    Console(highlight=False, width=100).print(table)


def redeem_code(
    code: str, pool: str, project: Path | None, env_file: Path | None, *, say: Speech
) -> None:
    """Redeem a code: its funnel hears of it."""
    place = place_of(project, env_file)

    async def redeem(database: Database) -> Any:
        return await happenings.redeem(database, place.seal, _now_us(), code.strip(), pool)

    row = asyncio.run(_beside(place, redeem))
    typer.echo(say(f"{row.pool}: код погашен.", f"{row.pool}: the code is redeemed."))


def tell_event(
    name: str,
    person: str,
    project: Path | None,
    env_file: Path | None,
    *,
    bot: str,
    data: str,
    key: str,
    say: Speech,
) -> None:
    """Put an event into the inbox, as a signed call would."""
    place = place_of(project, env_file)
    happened = Happened(name, key or secrets.token_hex(16), _data(data))

    async def put(database: Database) -> bool:
        row = next(iter(await database.fetch(bots.named(_bot(place.project, bot)))), None)
        if row is None:
            raise Mistake(
                "Этот бот ещё не запускался: сначала «voronka run».",
                "This bot has never run: `voronka run` comes first.",
            )
        identity = await happenings.concerned(database, place.seal, row.id, whom(person))
        return await happenings.put(database, place.seal, _now_us(), identity, happened)

    new = asyncio.run(_beside(place, put))
    ru, en = ("Событие записано.", "The event is stored.")
    again = ("Такое событие уже записано.", "This event was stored before.")
    typer.echo(say(ru, en) if new else say(*again))


def whom(person: str) -> dict[str, str]:
    """``id:501``, ``phone:+7…``, ``email:…``, ``token:…``; a bare one is understood by its look."""
    kind, colon, value = person.partition(":")
    if colon and kind in happenings.WHOM:
        return {kind: value}
    if "@" in person:
        return {"email": person}
    return {"phone" if person.startswith("+") else "id": person}


def _bot(project: Project, asked: str) -> str:
    names = list(project.bots)
    if asked in names or (not asked and len(names) == 1):
        return asked or names[0]
    listed = ", ".join(names) or "—"
    raise Mistake(f"Какой бот (--bot): {listed}?", f"Which bot (--bot): {listed}?")


def _data(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Mistake(
            'В --data нужен JSON: {"amount": 4500}.', 'Write JSON under --data: {"amount": 4500}.'
        )
    return found


def show_secret(
    purpose: Purpose, project: Path | None, env_file: Path | None, *, say: Speech
) -> None:
    """Print the secret that a server needs to check or to make signatures: asked for, so shown."""
    place = place_of(project, env_file)
    written = getattr(place.project, purpose).secret
    if written:
        typer.echo(
            say(
                f"Секрет — значение {written} из окружения или .env.",
                f"The secret is the value of {written} in the environment or .env.",
            )
        )
        return
    typer.echo(place.seal.secret(purpose))


def event_secrets(project: Project, settings: Settings, seal: Seal) -> list[str]:
    """What events from outside may be signed with."""
    named = settings.read(project.events.secret).reveal() if project.events.secret else ""
    if project.events.secret:
        return [named] if named else []
    return seal.secrets("events")


async def _beside(place: Place, work: Callable[[Database], Awaitable[Any]]) -> Any:
    async with opened_beside_the_runner(place.url) as database:
        try:
            return await work(database)
        except Refusal as refusal:
            raise Mistake(refusal.ru, refusal.en) from None


def _now_us() -> int:
    return microseconds(people_clock().now())

"""``voronka broadcast list|show|stop|resume``: how broadcasts stand, and what changes them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from bots.broadcast_figures import Figures, figures_from, figures_of
from bots.clocks import moment_of, now_us
from storage import audit, broadcasts, leases
from storage.work import Conflict, Database, Row
from voronka.clocks import SystemClock, people_clock
from voronka.databases import address_of, opened_beside_the_runner
from voronka.dead import who
from voronka.mailing.states import STATES
from voronka.mailing.words import clock, figure_lines, progress_line
from voronka.speech import Mistake, Speech

_EVERY_SECONDS = 1.0


async def stands(database: Database, row: Row) -> Figures:
    """The figures now, or those kept when it was done."""
    if row.counts:
        return figures_from(json.loads(row.counts))
    return figures_of(await database.fetch(broadcasts.figures(row.id)))


def show_all(project: Path | None, env_file: Path | None, *, as_json: bool, say: Speech) -> None:
    """Print every broadcast, a line each."""
    meant, url = address_of(project, env_file)
    zone = ZoneInfo(meant.timezone)
    found = asyncio.run(_all(url))
    if as_json:
        typer.echo(json.dumps([_object(*each) for each in found], ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo(say("Рассылок ещё не было.", "There were no broadcasts yet."))
    for row, figures in found:
        moment = clock(moment_of(row.begun_us or row.planned_us), zone)
        state = say(*STATES[row.state])
        typer.echo(f"{row.name}  {moment}  {state}  {progress_line(figures, say)}")


def show_one(
    name: str,
    project: Path | None,
    env_file: Path | None,
    *,
    follow: bool,
    as_json: bool,
    say: Speech,
) -> None:
    """Print the figures of one; or wait for its end and then print them."""
    _, url = address_of(project, env_file)
    if follow:
        watch(url, name, say)
        return
    row, figures = asyncio.run(_one(url, name))
    if as_json:
        typer.echo(json.dumps(_object(row, figures), ensure_ascii=False, indent=2))
        return
    _tell(row, figures, say)


def watch(url: str, name: str, say: Speech) -> None:
    """Tell how far it is until it is done or stopped; Ctrl-C leaves it going."""
    try:
        row, figures = asyncio.run(_watched(url, name, say))
    except KeyboardInterrupt:
        ru = f"\nРассылка идёт дальше. Остановить: voronka broadcast stop {name}"
        en = f"\nThe broadcast goes on. To stop it: voronka broadcast stop {name}"
        typer.echo(say(ru, en))
        return
    _tell(row, figures, say)


def change(deed: str, name: str, project: Path | None, env_file: Path | None, say: Speech) -> None:
    """Stop or resume it."""
    _, url = address_of(project, env_file)
    asyncio.run(_change(url, deed, name))
    if deed == "stop":
        ru = f"Рассылка «{name}» остановлена. Продолжить: voronka broadcast resume {name}"
        en = f"The broadcast “{name}” is stopped. To go on: voronka broadcast resume {name}"
    else:
        ru, en = f"Рассылка «{name}» продолжается.", f"The broadcast “{name}” goes on."
    typer.echo(say(ru, en))


async def is_at_work(database: Database) -> bool:
    """Whether a program is running that sends broadcasts."""
    now = now_us(SystemClock())
    rows = await database.fetch(leases.holders())
    return any(row.name == "broadcasts" and row.owner and row.until_us > now for row in rows)


def deed_of(deed: str, name: str) -> dict[str, Any]:
    """A line of the audit."""
    action, subject = f"broadcast.{deed}", f"broadcast:{name}"
    return {
        "at_us": now_us(people_clock()),
        "who": who(),
        "action": action,
        "subject": subject,
    }


async def _all(url: str) -> list[tuple[Row, Figures]]:
    async with opened_beside_the_runner(url) as database:
        rows = await database.fetch(broadcasts.all_of_them())
        return [(row, await stands(database, row)) for row in rows]


async def _one(url: str, name: str) -> tuple[Row, Figures]:
    async with opened_beside_the_runner(url) as database:
        row = await _find(database, name)
        return row, await stands(database, row)


async def _find(database: Database, name: str) -> Row:
    rows = await database.fetch(broadcasts.named(name))
    if not rows:
        raise Mistake(
            f"Рассылки «{name}» нет: все показывает «voronka broadcast list».",
            f"There is no broadcast “{name}”: `voronka broadcast list` shows them all.",
        )
    return rows[0]


async def _watched(url: str, name: str, say: Speech) -> tuple[Row, Figures]:
    async with opened_beside_the_runner(url) as database:
        before = ""
        while True:
            row = await _find(database, name)
            figures = await stands(database, row)
            if row.state in ("done", "stopped"):
                return row, figures
            line = f"{say(*STATES[row.state])}: {progress_line(figures, say)}"
            if line != before:
                typer.echo(line)
            before = line
            await asyncio.sleep(_EVERY_SECONDS)


async def _change(url: str, deed: str, name: str) -> None:
    async with opened_beside_the_runner(url) as database:
        row = await _find(database, name)
        work = broadcasts.halt(row.id) if deed == "stop" else broadcasts.resume(row.id)
        try:
            await database.commit([*work, *audit.add([deed_of(deed, name)])])
        except Conflict:
            state = STATES[row.state]
            raise Mistake(
                f"Рассылка «{name}» {state[0]}.", f"The broadcast “{name}” {state[1]}."
            ) from None


def _tell(row: Row, figures: Figures, say: Speech) -> None:
    state = say(*STATES[row.state])
    typer.echo(say(f"Рассылка «{row.name}» {state}", f"The broadcast “{row.name}” {state}"))
    for line in figure_lines(figures, say):
        typer.echo(line)


def _object(row: Row, figures: Figures) -> dict[str, Any]:
    return {
        "name": row.name,
        "state": row.state,
        "bots": json.loads(row.bots),
        "planned_us": row.planned_us,
        "begun_us": row.begun_us,
        "done_us": row.done_us,
        **figures.as_object(),
    }

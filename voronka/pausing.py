"""``voronka bots``: how the bots are, and a bot that people want to begin nothing for a while (R32)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import typer

from bots.clocks import now_us
from flows.values import fit_to_show
from storage import audit, bots
from storage.work import Row
from voronka.clocks import SystemClock
from voronka.databases import address_of, opened_beside_the_runner
from voronka.dead import who
from voronka.speech import Mistake, Speech

_WORDS = {
    "run": ("работает", "runs"),
    "paused": ("на паузе", "paused"),
    "halted": ("остановлен", "halted"),
}


def show(project: Path | None, env_file: Path | None, *, as_json: bool, say: Speech) -> None:
    """Print every bot that the database knows, a line each."""
    _, url = address_of(project, env_file)
    found = asyncio.run(_all(url))
    if as_json:
        told = [
            {"bot": row.name, "channel": row.channel, "state": row.state, "reason": row.reason}
            for row in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo(say("Ботов ещё не запускали.", "No bot was ever started."))
    for row in found:
        line = f"{row.name}  {row.channel}  {say(*_WORDS[row.state])}  {row.reason}"
        typer.echo(fit_to_show(line.rstrip()))


def change(
    name: str, state: str, project: Path | None, env_file: Path | None, *, say: Speech
) -> None:
    """Pause a bot (``paused``) or let it go on (``run``); the running program heeds it at once."""
    _, url = address_of(project, env_file)
    changed = asyncio.run(_change(url, name, state))
    if not changed:
        typer.echo(say("Так и было.", "It was so already."))
    elif state == "paused":
        ru = (
            f"Бот «{name}» на паузе: сам не пишет, но отвечает. Дальше: voronka bots resume {name}"
        )
        en = f"“{name}” is paused: it begins nothing, but answers. To go on: voronka bots resume {name}"
        typer.echo(say(ru, en))
    else:
        ru = f"Бот «{name}» работает: письма, чей срок прошёл, идут по своему late."
        en = f"“{name}” goes on: letters whose moment has passed go by their `late`."
        typer.echo(say(ru, en))


async def _all(url: str) -> list[Row]:
    async with opened_beside_the_runner(url) as database:
        return await database.fetch(bots.states())


async def _change(url: str, name: str, state: str) -> bool:
    async with opened_beside_the_runner(url) as database:
        found = {row.name: row for row in await database.fetch(bots.states())}
        if name not in found:
            known = ", ".join(found) or "—"
            raise Mistake(
                f"Бота «{name}» в базе нет. Есть: {known}.",
                f"The database knows no bot “{name}”. There are: {known}.",
            )
        row = found[name]
        if row.state == "halted":
            raise Mistake(
                f"Бот «{name}» остановлен ({row.reason}): сначала voronka doctor.",
                f"The bot “{name}” is halted ({row.reason}): voronka doctor comes first.",
            )
        if row.state == state:
            return False
        action = "paused" if state == "paused" else "resumed"
        deed = {
            "at_us": now_us(SystemClock()),
            "who": who(),
            "action": action,
            "subject": f"bot:{name}",
        }
        await database.commit([*bots.set_state(row.id, state), *audit.add([deed])])
        return True

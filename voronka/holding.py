"""``voronka hold`` and ``voronka resume``: a person stops all sending, and lets it go again."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from bots.clocks import microseconds
from storage import audit, hold, notes
from storage.hold import BY_HAND, MOVED, RESTORED, Hold, Lost
from storage.migration import HOLD
from storage.seal import Seal
from storage.work import Database, Work
from voronka.clocks import people_clock
from voronka.databases import address_of, opened_beside_the_runner, place_of
from voronka.hold_words import told_hold
from voronka.overdue import told_since, told_waiting
from voronka.speech import OK, WRONG, Mistake, Speech

PAGE = 5_000
_TAKEN_BACK = "an older copy of the database: perhaps it was sent"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person said of the database: it is the latest, or an older copy; None: nothing.

    Without ``letters`` those of an older copy that are overdue go to nobody.
    """

    is_copy: bool | None = None
    letters: bool = True
    sure: bool = False


def begin(
    project: Path | None, env_file: Path | None, *, reason: str, copy: bool, say: Speech
) -> int:
    """Hold everything; with ``copy`` the database is told to be an older copy."""
    _, url = address_of(project, env_file)
    now_us = microseconds(people_clock().now())
    why = RESTORED if copy else BY_HAND
    held = Hold(why, now_us, 0, now_us if copy else 0, reason)

    async def put() -> Hold | None:
        async with opened_beside_the_runner(url) as database:
            before = hold.read(await database.fetch(notes.find(HOLD)))
            if before is None or (copy and not before.is_older):
                await database.commit([*hold.begin(held), *_recorded(now_us, "hold", why)])
            return before

    before = asyncio.run(put())
    typer.echo(say(*told_hold(held if before is None or copy else before)))
    typer.echo(
        say(
            "События принимаются и ждут. Продолжить: voronka resume.",
            "Events are taken in and wait. To go on: voronka resume.",
        )
    )
    return OK


def resume(project: Path | None, env_file: Path | None, answer: Answer, say: Speech) -> int:
    """Show what waits, ask, and let it go; the exit code comes back."""
    place = place_of(project, env_file)
    return asyncio.run(_resume(place.url, place.seal, answer, say))


async def _resume(url: str, seal: Seal, answer: Answer, say: Speech) -> int:
    async with opened_beside_the_runner(url) as database:
        held = hold.read(await database.fetch(notes.find(HOLD)))
        if held is None:
            typer.echo(say("Отправка не придержана.", "Sending is not on hold."))
            return OK
        typer.echo(say(*told_hold(held)))
        if held.copied_us:
            since = told_since(held.copied_us, say)
            typer.echo(say(f"Копия от {since}.", f"The copy is of {since}."))
        is_copy = _meant(held, answer)
        now_us = microseconds(people_clock().now())
        until_us = (held.lost_until_us or now_us) if is_copy else 0
        lost = Lost(until_us, letters=bool(until_us) and not answer.letters)
        for line in await told_waiting(database, seal, now_us, lost, say):
            typer.echo(line)
        if not (answer.sure or _agreed(say)):
            typer.echo(
                say(
                    "Ничего не изменено. Продолжить без вопроса: --yes.",
                    "Nothing is changed. To go on unasked: --yes.",
                )
            )
            return WRONG
        await release(database, now_us, lost)
    typer.echo(say("Отправка продолжена.", "Sending goes on."))
    return OK


def _meant(held: Hold, answer: Answer) -> bool:
    """Whether the database is an older copy, which changes what may be sent again."""
    if answer.is_copy is not None:
        return answer.is_copy
    if held.why != MOVED:
        return held.is_older
    raise Mistake(
        "Скажите, что это за база: --latest — последняя (переезд на другой сервер), всё уйдёт как"
        " было бы; --copy — старая копия, и то, что могло уйти после неё, не повторится.",
        "Say what this database is: --latest, the last one (a move to another server), and all goes as"
        " it would have gone; --copy, an older copy, and what may have gone after it is not repeated.",
    )


def _agreed(say: Speech) -> bool:
    asked = say("Продолжить отправку?", "Let it go on?")
    return sys.stdin.isatty() and typer.confirm(asked, default=False)


async def release(database: Database, now_us: int, lost: Lost) -> None:
    """End the hold; of an older copy (``lost``) take back first what may have been sent.

    Killed half way it leaves the hold, and can be done again.
    """
    while lost.until_us and (page := await database.fetch(hold.undecided(PAGE))):
        await database.commit(hold.give_up(page, now_us, _TAKEN_BACK))
    stopped = hold.stop_broadcasts(now_us) if lost.until_us else []
    kind = "copy" if lost.until_us else "latest"
    await database.commit([*stopped, *hold.end(lost), *_recorded(now_us, "resume", kind)])


def _recorded(now_us: int, action: str, data: str) -> Work:
    line = {"at_us": now_us, "who": "cli", "action": action, "subject": "database", "data": data}
    return audit.add([line])

"""``voronka dead``: what was given up, shown without personal data, replayed or dropped by hand."""

from __future__ import annotations

import asyncio
import getpass
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from bots.clocks import moment_of, now_us
from flows.values import fit_to_show
from storage import audit, dead
from storage.seal import Seal
from storage.work import Conflict, Database, Row
from voronka.clocks import SystemClock
from voronka.databases import address_of, opened_beside_the_runner, place_of
from voronka.speech import Mistake, Speech

_LETTERS = {"e": dead.EVENT, "r": dead.REQUEST, "m": dead.MESSAGE}
_SIGNS = {kind: letter for letter, kind in _LETTERS.items()}
_NAME = re.compile(r"([erm])([0-9]{1,18})")
_AGAIN = ("http:", "do:")
"""Targets that may be asked again; the others answered a question of that very moment."""
_SEALED = {
    dead.EVENT: (("raw_sealed", "inbox.raw_sealed"),),
    dead.REQUEST: (("request_sealed", "requests.request_sealed"),),
    dead.MESSAGE: (
        ("body_sealed", "messages.body_sealed"),
        ("payload_sealed", "outbox.payload_sealed"),
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter, with nothing personal but what its sealed columns hold."""

    kind: str
    row: Row

    @property
    def name(self) -> str:
        """How a person names it: ``e12``, ``r5``, ``m7``."""
        return f"{_SIGNS[self.kind]}{self.row.id}"

    @property
    def at_us(self) -> int:
        """When it came, or was to be done."""
        return int(self.row.received_us if self.kind == dead.EVENT else self.row.due_us)

    @property
    def what(self) -> str:
        """What it is: a kind of event with its bot, a target, a chat."""
        if self.kind == dead.EVENT:
            return f"{self.row.kind} · {self.row.bot or '—'}"
        if self.kind == dead.REQUEST:
            return str(self.row.target)
        return f"{self.row.op} · {self.row.bot} → {self.row.chat}"

    @property
    def reason(self) -> str:
        """Why, in a line: the end of the traceback, or what was answered."""
        return str(self.row.error).rsplit("\n", 1)[-1] or str(self.row.state)

    @property
    def may_go_again(self) -> bool:
        """Whether replaying it makes sense."""
        return self.kind != dead.REQUEST or self.row.target.startswith(_AGAIN)


def show_all(project: Path | None, env_file: Path | None, *, as_json: bool, say: Speech) -> None:
    """Print all of them, a line each."""
    meant, url = address_of(project, env_file)
    zone = ZoneInfo(meant.timezone)
    letters = asyncio.run(_all(url))
    if as_json:
        told = [_as_object(each) for each in letters]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not letters:
        typer.echo(say("Ничего не отложено.", "There are no dead letters."))
    for each in letters:
        line = f"{each.name}  {_clock(each.at_us, zone)}  {each.what}  {each.reason}"
        typer.echo(fit_to_show(line))


def show_one(
    name: str, project: Path | None, env_file: Path | None, *, contents: bool, say: Speech
) -> None:
    """Print one; its contents only when asked, and then the audit knows."""
    place = place_of(project, env_file)
    zone = ZoneInfo(place.project.timezone)
    letter, opened, deeds = asyncio.run(_one(place.url, name, place.seal if contents else None))
    typer.echo(fit_to_show(f"{letter.name}  {_clock(letter.at_us, zone)}  {letter.what}"))
    if letter.row.person_id is not None:
        typer.echo(say(f"Человек: {letter.row.person_id}", f"Person: {letter.row.person_id}"))
    if letter.kind == dead.EVENT:
        typer.echo(fit_to_show(say("Ключ: ", "Key: ") + letter.row.source_key))
    typer.echo(say("Почему:", "Why:"))
    _indented(str(letter.row.error) or letter.row.state)
    for deed in deeds:
        typer.echo(fit_to_show(f"{_clock(deed.at_us, zone)}  {deed.who}  {deed.action}"))
    if contents:
        typer.echo(say("Что внутри:", "What is inside:"))
        _indented(json.dumps(opened, ensure_ascii=False, indent=2))
    else:
        hidden = f"voronka dead show {name} --show"
        ru = f"Содержимое личное и скрыто. Открыть (с записью в журнал доступа): {hidden}"
        en = f"The contents are personal and hidden. To open them (it is recorded): {hidden}"
        typer.echo(say(ru, en))


def act(
    action: str,
    names: Sequence[str],
    project: Path | None,
    env_file: Path | None,
    *,
    everything: bool,
    say: Speech,
) -> None:
    """Replay or drop those named, or all; each is told in a line."""
    if everything == bool(names):
        raise Mistake(
            "Назовите номера (e12, r5, m7) или дайте --all.",
            "Name them (e12, r5, m7), or give --all.",
        )
    _, url = address_of(project, env_file)
    for line in asyncio.run(_act(url, action, names, say)):
        typer.echo(line)


async def _all(url: str) -> list[Letter]:
    async with opened_beside_the_runner(url) as database:
        return await _letters(database)


async def _letters(database: Database) -> list[Letter]:
    found = (
        (dead.EVENT, dead.events()),
        (dead.REQUEST, dead.asked()),
        (dead.MESSAGE, dead.lost()),
    )
    return [Letter(kind, row) for kind, each in found for row in await database.fetch(each)]


async def _find(database: Database, name: str) -> Letter:
    matched = _NAME.fullmatch(name)
    if matched is None:
        raise Mistake(
            f"«{name}» — не номер: пишите e12, r5 или m7, как в «voronka dead list».",
            f"“{name}” is no number: write e12, r5 or m7, as `voronka dead list` does.",
        )
    kind, row_id = _LETTERS[matched[1]], int(matched[2])
    by_kind = {dead.EVENT: dead.events, dead.REQUEST: dead.asked, dead.MESSAGE: dead.lost}
    rows = await database.fetch(by_kind[kind](row_id))
    if not rows:
        raise _is_none(name)
    return Letter(kind, rows[0])


def _is_none(name: str) -> Mistake:
    return Mistake(f"{name} не отложено (уже).", f"{name} is no dead letter (any more).")


async def _one(url: str, name: str, seal: Seal | None) -> tuple[Letter, dict[str, Any], list[Row]]:
    async with opened_beside_the_runner(url) as database:
        letter = await _find(database, name)
        opened: dict[str, Any] = {}
        if seal is not None:
            opened = _opened(letter, seal)
            await database.commit(_deed("dead.show", letter))
        return letter, opened, await database.fetch(audit.of(f"dead:{name}"))


def _opened(letter: Letter, seal: Seal) -> dict[str, Any]:
    opened = {
        name: seal.open_json(place, getattr(letter.row, name))
        for name, place in _SEALED[letter.kind]
        if getattr(letter.row, name) is not None
    }
    if letter.kind == dead.EVENT and letter.row.payload:
        opened["payload"] = json.loads(letter.row.payload)
    return {name.removesuffix("_sealed"): value for name, value in opened.items()}


async def _act(url: str, action: str, names: Sequence[str], say: Speech) -> list[str]:
    async with opened_beside_the_runner(url) as database:
        letters = [await _find(database, name) for name in dict.fromkeys(names)]
        meant = letters or await _letters(database)
        told = [await _acted(database, action, letter, say) for letter in meant]
        return told or [say("Ничего не отложено.", "There are no dead letters.")]


async def _acted(database: Database, action: str, letter: Letter, say: Speech) -> str:
    again = action == "replay"
    if again and not letter.may_go_again:
        ru = "не повторить: ответ нужен был в тот миг. Убрать: voronka dead drop"
        en = "cannot be replayed: its answer was needed then. To drop it: voronka dead drop"
        return f"{letter.name}: {say(ru, en)} {letter.name}"
    if again:
        work = dead.replay(letter.kind, letter.row.id, now_us(SystemClock()))
    else:
        work = dead.drop(letter.kind, letter.row.id)
    try:
        await database.commit([*work, *_deed(f"dead.{action}", letter)])
    except Conflict:
        mistake = _is_none(letter.name)
        return say(mistake.ru, mistake.en)
    done = say("пойдёт снова", "goes again") if again else say("убрано", "dropped")
    return f"{letter.name}: {done}"


def _deed(action: str, letter: Letter) -> list[Any]:
    deed = {
        "at_us": now_us(SystemClock()),
        "who": who(),
        "action": action,
        "subject": f"dead:{letter.name}",
        "data": letter.reason,
    }
    return list(audit.add([deed]))


def who() -> str:
    """Who does it, for the audit."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return f"cli:{os.getuid()}"


def _as_object(letter: Letter) -> dict[str, Any]:
    return {
        "name": letter.name,
        "kind": letter.kind,
        "at_us": letter.at_us,
        "what": letter.what,
        "reason": letter.reason,
        "person": letter.row.person_id,
        "replay": letter.may_go_again,
    }


def _clock(us: int, zone: ZoneInfo) -> str:
    moment: datetime = moment_of(us).astimezone(zone)
    return f"{moment:%d.%m.%Y %H:%M}"


def _indented(text: str) -> None:
    for line in text.splitlines():
        typer.echo(f"  {fit_to_show(line)}")

"""``voronka broadcast FILE``: read it, count, ask, and put it into the database for the program."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bots.broadcast_lists import row_of
from flows.broadcasts.checking import bots_of
from flows.broadcasts.file import Broadcast
from flows.loading import bundle_of, checked_broadcast
from flows.program import Bundle
from storage import audit, broadcasts
from storage import bots as bot_rows
from storage.seal import Seal
from storage.work import Database, Row, RowRefused
from voronka.channels import is_ready
from voronka.checking import rendered
from voronka.clocks import people_clock
from voronka.databases import database_url, opened_beside_the_runner, seal_of
from voronka.files import read_files
from voronka.mailing.preview import Preview, counted
from voronka.mailing.watching import deed_of, is_at_work, show_one, watch
from voronka.mailing.words import preview_lines
from voronka.projects import Opened, open_project
from voronka.settings import Settings, read_settings
from voronka.speech import OK, WRONG, Mistake, Speech


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command was told beside the file; ``follow`` is None where nothing was said."""

    yes: bool
    dry_run: bool
    follow: bool | None


@dataclass(frozen=True, slots=True)
class Read:
    """A broadcast that may be sent: its text, its bots, where its people are."""

    broadcast: Broadcast
    text: str
    opened: Opened
    settings: Settings
    url: str
    seal: Seal

    @property
    def zone(self) -> str:
        """The project's zone."""
        assert self.opened.loaded.project is not None
        return self.opened.loaded.project.timezone


def send(
    file: Path, project: Path | None, env_file: Path | None, wishes: Wishes, say: Speech
) -> int:
    """Show what it would do, ask, send; the exit code comes back."""
    found = _read(file, project, env_file, say)
    if isinstance(found, int):
        return found
    before = asyncio.run(_before(found))
    if before is not None:
        return _again(found, before, wishes, (project, env_file), say)
    preview = asyncio.run(_counted(found))
    for line in preview_lines(preview, found.broadcast, ZoneInfo(found.zone), say):
        typer.echo(line)
    if wishes.dry_run:
        return OK
    if not preview.reached:
        typer.echo(say("Отправлять некому.", "There is nobody to send it to."), err=True)
        return WRONG
    if _agreed(wishes, say):
        _hand_over(found, wishes, say)
    return OK


def _hand_over(found: Read, wishes: Wishes, say: Speech) -> None:
    """Put it into the database, and watch if that was asked for."""
    name = found.broadcast.broadcast
    if not asyncio.run(_sent(found)):
        ru = "Программа не запущена: рассылка пойдёт, как только сработает «voronka run»."
        en = "The program is not running: it goes as soon as `voronka run` does."
        typer.echo(say(ru, en))
        return
    typer.echo(say(f"Рассылка «{name}» принята.", f"The broadcast “{name}” is taken."))
    if _follows(wishes):
        watch(found.url, name, say)


def _read(file: Path, project: Path | None, env_file: Path | None, say: Speech) -> Read | int:
    if not file.is_file():
        raise Mistake(f"Нет файла {file}.", f"There is no file {file}.")
    opened = open_project(project or _home(file))
    files = read_files(opened.folder)
    path = file.resolve()
    inside = path.is_relative_to(opened.folder)
    name = path.relative_to(opened.folder).as_posix() if inside else file.as_posix()
    content, today = path.read_bytes(), people_clock().now().date().isoformat()
    made, problems = checked_broadcast(opened.loaded, content, name, files.sizes, today)
    errors = [*opened.loaded.errors, *(one for one in problems if not one.warning)]
    shown = [*opened.loaded.errors, *problems]
    text = content.decode("utf-8-sig", "replace")
    if shown:
        sources = {**opened.sources, name: text}
        typer.echo(rendered(shown, "text", say, sources), nl=False, err=True)
    if errors or made is None or opened.loaded.project is None:
        return WRONG
    settings = read_settings(opened.folder, env_file)
    url = database_url(opened.loaded.project, settings, opened.folder)
    return Read(made, text, opened, settings, url, seal_of(settings))


def _home(file: Path) -> Path | None:
    """The folder to look for the project from: the file's own where it lies in one."""
    from voronka.files import find_folder

    try:
        return find_folder(file.parent)
    except Mistake:
        return None


async def _before(found: Read) -> Row | None:
    async with opened_beside_the_runner(found.url) as database:
        rows = await database.fetch(broadcasts.named(found.broadcast.broadcast))
        return rows[0] if rows else None


def _again(
    found: Read,
    before: Row,
    wishes: Wishes,
    place: tuple[Path | None, Path | None],
    say: Speech,
) -> int:
    """The name was given before: nothing is sent twice; how it stands is told."""
    from bots.loading import BROADCAST

    name = before.name
    if found.seal.open_text(BROADCAST, before.body_sealed) != found.text:
        raise Mistake(
            f"Рассылка «{name}» уже есть, и текст у неё другой: дайте новой другое имя.",
            f"The broadcast “{name}” exists with another text: give the new one another name.",
        )
    follow = _follows(wishes) and not wishes.dry_run
    show_one(name, *place, follow=follow, as_json=False, say=say)
    return OK


async def _bundles(found: Read, database: Database) -> dict[int, Bundle]:
    """What the broadcast's bots play, by their rows: those that can run and did so before."""
    loaded, settings = found.opened.loaded, found.settings
    assert loaded.project is not None
    bundles: dict[int, Bundle] = {}
    for bot in bots_of(found.broadcast, loaded.project):
        rows = await database.fetch(bot_rows.named(bot.name))
        if rows and is_ready(bot, settings):
            bundles[rows[0].id] = bundle_of(loaded, bot)
        elif bot.name in found.broadcast.bots:
            raise Mistake(
                f"Бот «{bot.name}» ещё не запускался: ему некому писать.",
                f"The bot “{bot.name}” has never run: it knows nobody.",
            )
    return bundles


async def _counted(found: Read) -> Preview:
    async with opened_beside_the_runner(found.url) as database:
        bundles = await _bundles(found, database)
        return await counted(database, found.seal, found.broadcast, bundles, people_clock().now())


def _agreed(wishes: Wishes, say: Speech) -> bool:
    if wishes.yes:
        return True
    if not sys.stdin.isatty():
        raise Mistake(
            "Спросить некого: дайте --yes, чтобы отправить, или --dry-run, чтобы только посчитать.",
            "There is nobody to ask: give --yes to send it, or --dry-run only to count.",
        )
    return typer.confirm(say("Отправить?", "Send it?"))


def _follows(wishes: Wishes) -> bool:
    return sys.stdout.isatty() if wishes.follow is None else wishes.follow


async def _sent(found: Read) -> bool:
    """Put it into the database; whether a program is running that sends it."""
    async with opened_beside_the_runner(found.url) as database:
        bundles = await _bundles(found, database)
        names = [bundle.bot for bundle in bundles.values()]
        now, made = people_clock().now(), found.broadcast
        row = row_of(found.seal, made, found.text, names, zone=found.zone, now=now)
        deed = deed_of("send", made.broadcast)
        try:
            await database.commit([*broadcasts.add(row), *audit.add([deed])])
        except RowRefused:
            raise Mistake(
                f"Рассылку «{made.broadcast}» только что отправили из другого окна.",
                f"The broadcast “{made.broadcast}” was just sent from another window.",
            ) from None
        return await is_at_work(database)

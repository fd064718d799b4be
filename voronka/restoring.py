"""``voronka restore``: a copy takes the place of the database, and everything is on hold."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path

import typer

from bots.clocks import microseconds
from bots.witness import fresh_mark, hold_of, read_file, replace_file, settle_folder
from storage import copies, health, hold, leases, migration, notes, witness
from storage.database import open_database
from storage.dumps import restore as restore_dump
from storage.failures import DatabaseDamaged, SchemaOlder
from storage.hold import RESTORED
from storage.sqlite import runner_lock
from storage.work import AlreadyRunning
from voronka.archives import POSTGRES, SQLITE, Manifest, unpack
from voronka.backups import FOLDER, make, unopened, workshop
from voronka.clocks import SystemClock, people_clock
from voronka.databases import Estate, estate_of
from voronka.overdue import told_overdue, told_since
from voronka.speech import OK, Mistake, Speech


def restore(
    file: Path, project: Path | None, env_file: Path | None, *, force: bool, say: Speech
) -> int:
    """Put the copy in place of the data, tell what is overdue; the exit code comes back."""
    estate = estate_of(project, env_file)
    if estate.file is not None:
        manifest = _restore_sqlite(estate, estate.file, file, force=force, say=say)
    else:
        manifest = _restore_postgres(estate, file, force=force, say=say)
    since = told_since(manifest.copied_us, say)
    typer.echo(say(f"База возвращена из копии от {since}.", f"The copy of {since} is back."))
    for line in asyncio.run(_overdue(estate, say)):
        typer.echo(line)
    typer.echo(
        say(
            "Ничего не отправляется. Запустите «voronka run»: события будут приниматься, но не"
            " играться. Когда решите — «voronka resume».",
            "Nothing is sent. Start `voronka run`: events will be taken in, and not played. When you"
            " have decided: `voronka resume`.",
        )
    )
    return OK


def _restore_sqlite(
    estate: Estate, file: Path, archive: Path, *, force: bool, say: Speech
) -> Manifest:
    with workshop(file.parent) as folder:
        manifest = _unpacked(estate, archive, folder, SQLITE, force=force)
        data = folder / SQLITE
        copies.check(data)
        _try_keys(estate, data)
        asyncio.run(_prepare(estate, f"sqlite:///{data}", manifest, say))
        copies.settle(data)
        with runner_lock(file):
            if _is_used(file) and not force:
                raise _has_data(str(file))
            _move_away(file, say)
            data.replace(file)
            settle_folder(file.parent)
            _put_uploads(estate, folder)
            _show_witness(estate, asyncio.run(_kept(estate.url)))
    return manifest


def _restore_postgres(estate: Estate, archive: Path, *, force: bool, say: Speech) -> Manifest:
    here = estate.folder / FOLDER
    with workshop(here) as folder:
        manifest = _unpacked(estate, archive, folder, POSTGRES, force=force)
        asyncio.run(_refuse_living(estate, force=force))
        if force and asyncio.run(migration.current(estate.url)) is not None:
            name = f"before-restore-{SystemClock().now().astimezone():%Y-%m-%d-%H%M%S}.tar"
            make(estate, here / name, say)
            typer.echo(say(f"Прежняя база: {here / name}.", f"What was there: {here / name}."))
        restore_dump(estate.url, folder / POSTGRES)
        asyncio.run(_prepare(estate, estate.url, manifest, say))
        _put_uploads(estate, folder)
        _show_witness(estate, asyncio.run(_kept(estate.url)))
    return manifest


def _unpacked(
    estate: Estate, archive: Path, folder: Path, database: str, *, force: bool
) -> Manifest:
    """The list of the copy, its files in the folder; it must be of this project and database."""
    manifest = unpack(archive, folder)
    if manifest.database != database:
        raise Mistake(
            "Копия снята с базы другого вида: SQLite возвращают в SQLite, PostgreSQL – в PostgreSQL.",
            "The copy is of another kind of database: SQLite goes back to SQLite, PostgreSQL to"
            " PostgreSQL.",
        )
    mine, other = estate.project.project, manifest.project
    if other != mine and not force:
        raise Mistake(
            f"Это копия проекта «{other}», а здесь «{mine}». Если так и надо, добавьте --force.",
            f"This is a copy of the project “{other}”, here is “{mine}”. If you mean it: --force.",
        )
    return manifest


def _try_keys(estate: Estate, data: Path) -> None:
    place = unopened(estate.seal, copies.samples(data))
    if place:
        raise Mistake(
            f"Данные копии ({place}) не открываются ключом из VORONKA_KEYS: впишите ключ, с которым"
            " она снята.",
            f"The copy's data ({place}) does not open with VORONKA_KEYS: set the key that it was"
            " made with.",
        )


def _is_used(file: Path) -> bool:
    """Whether the file knows people; one that cannot be read may."""
    if not file.exists():
        return False
    try:
        return copies.contents(file).people > 0
    except DatabaseDamaged:
        return True


def _has_data(where: str) -> Mistake:
    return Mistake(
        f"В базе {where} уже есть люди. Чтобы заменить её копией, добавьте --force: прежняя останется"
        " рядом.",
        f"The database {where} knows people already. To replace it add --force: what is there stays"
        " beside.",
    )


async def _refuse_living(estate: Estate, *, force: bool) -> None:
    """Nothing when the PostgreSQL database is nobody's and empty, or ``force``d."""
    if await migration.current(estate.url) is None:
        return
    database = await open_database(estate.url, exclusive=False)
    try:
        now_us = (await database.fetch(health.clock()))[0].now_us
        for row in await database.fetch(leases.holders()):
            if row.owner and row.until_us > now_us:
                raise AlreadyRunning("Another Voronka runs this project.")
        if (await database.fetch(hold.is_used()))[0].used and not force:
            raise _has_data("PostgreSQL")
    finally:
        await database.close()


async def _prepare(estate: Estate, url: str, manifest: Manifest, say: Speech) -> None:
    """The restored data is put on hold; a newer schema is refused, an older one told."""
    try:
        await migration.check(url)
    except SchemaOlder as older:
        typer.echo(
            say(
                f"Схема копии {older.schema}, её обновит «voronka run».",
                f"The copy has schema {older.schema}: `voronka run` upgrades it.",
            )
        )
    now_us = microseconds(people_clock().now())
    file = read_file(estate.witness) if estate.witness is not None else None
    held = hold_of(RESTORED, now_us, manifest.copied_us, file)
    database = await open_database(url, exclusive=False)
    try:
        rows = await database.fetch(notes.find(witness.KEY))
        kept = witness.read_kept(rows[0].value) if rows else None
        following = witness.next_mark(kept, file, fresh_mark(now_us))
        mark = witness.put(following) if estate.witness is not None else []
        await database.commit([*hold.begin(held), *mark])
    finally:
        await database.close()


async def _kept(url: str) -> witness.Kept | None:
    database = await open_database(url, exclusive=False)
    try:
        rows = await database.fetch(notes.find(witness.KEY))
        return witness.read_kept(rows[0].value) if rows else None
    finally:
        await database.close()


def _show_witness(estate: Estate, kept: witness.Kept | None) -> None:
    if estate.witness is not None and kept is not None:
        with suppress(OSError):  # the program tells of it at its start
            replace_file(estate.witness, witness.written(kept.mark))


def _move_away(file: Path, say: Speech) -> None:
    """The old file and its logs stay beside under another name."""
    moment = f"{SystemClock().now().astimezone():%Y-%m-%d-%H%M%S}"
    away = file.with_name(f"{file.name}.before-restore-{moment}")
    if file.exists():
        copies.settle(file)
        file.replace(away)
        typer.echo(say(f"Прежняя база: {away}.", f"What was there: {away}."))
    for end in ("-wal", "-shm"):
        log = file.with_name(file.name + end)
        if log.exists():
            log.replace(away.with_name(away.name + end))


def _put_uploads(estate: Estate, folder: Path) -> None:
    """Files of visitors come back beside those that are there."""
    for path in sorted((folder / "uploads").glob("*/*")):
        target = estate.uploads / path.parent.name / path.name
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(path, target)


async def _overdue(estate: Estate, say: Speech) -> list[str]:
    if await migration.current(estate.url) != migration.head():
        return []
    database = await open_database(estate.url, exclusive=False)
    try:
        held = hold.read(await database.fetch(notes.find(migration.HOLD)))
        now_us = microseconds(people_clock().now())
        return await told_overdue(database, estate.seal, now_us, held, say)
    finally:
        await database.close()

"""``voronka backup``: one file that restores whole, made while the program runs."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import typer

from bots.clocks import microseconds
from bots.witness import settle_folder
from storage import copies, dumps, migration
from storage.copies import Sample
from storage.seal import Seal, SealBroken
from voronka.ages import told_size
from voronka.archives import POSTGRES, SQLITE, Manifest, listed, pack
from voronka.clocks import SystemClock, people_clock
from voronka.databases import Estate, estate_of
from voronka.speech import OK, WRONG, Mistake, Speech

FOLDER = Path("var") / "backups"
_NAME = re.compile(r"voronka-\d{4}-\d{2}-\d{2}-\d{6}\.tar")
_LONG_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was asked for: ``file`` may be a folder; ``keep`` 0 deletes nothing."""

    file: Path | None = None
    keep: int = 0
    force: bool = False


def backup(project: Path | None, env_file: Path | None, wanted: Wanted, say: Speech) -> int:
    """Make the copy, tell where it is and what it lacks; the exit code comes back."""
    estate = estate_of(project, env_file)
    target = _target(estate, wanted)
    sealed_otherwise = make(estate, target, say)
    size = told_size(target.stat().st_size, say.language)
    typer.echo(say(f"Копия готова: {target} ({size}).", f"The copy is ready: {target} ({size})."))
    keys = say(
        "Ключи VORONKA_KEYS в неё не входят: храните их отдельно.",
        "The keys VORONKA_KEYS are not in it: keep them apart.",
    )
    typer.echo(keys)
    for old in _older(target, wanted.keep):
        old.unlink(missing_ok=True)
        typer.echo(say(f"Удалена старая: {old.name}.", f"An old one is deleted: {old.name}."))
    if sealed_otherwise:
        typer.echo(
            say(
                f"Данные ({sealed_otherwise}) не открываются ключом из VORONKA_KEYS: без прежнего"
                " ключа копия бесполезна.",
                f"Data ({sealed_otherwise}) does not open with VORONKA_KEYS: without the key of"
                " before the copy is of no use.",
            ),
            err=True,
        )
        return WRONG
    return OK


def _target(estate: Estate, wanted: Wanted) -> Path:
    asked = wanted.file
    if asked is None or asked.is_dir():
        return _dated(asked or estate.folder / FOLDER)
    if asked.exists() and not wanted.force:
        raise Mistake(
            f"{asked} уже есть: назовите другой файл или добавьте --force.",
            f"{asked} is there already: name another file, or add --force.",
        )
    return asked


def _dated(folder: Path) -> Path:
    """A name that tells when; of two copies in one second the later takes the next one."""
    moment = SystemClock().now().astimezone()
    while (target := folder / f"voronka-{moment:%Y-%m-%d-%H%M%S}.tar").exists():
        moment += timedelta(seconds=1)
    return target


def make(estate: Estate, target: Path, say: Speech) -> str:
    """Write the copy; "" or the place of data that our keys do not open."""
    try:
        with workshop(target.parent) as folder:
            _look_for_room(estate, target.parent)
            broken = _pack(estate, folder, say)
            (folder / "copy.tar").replace(target)
            settle_folder(target.parent)
            return broken
    except OSError as error:
        raise Mistake(
            f"{target} не записать: {error.strerror}.",
            f"{target} cannot be written: {error.strerror}.",
        ) from None


@contextmanager
def workshop(near: Path) -> Iterator[Path]:
    """A folder of our own on the same disk, gone afterwards."""
    near.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".voronka-", dir=near) as folder:
        yield Path(folder)


def _look_for_room(estate: Estate, folder: Path) -> None:
    sizes = [path.stat().st_size for path in _uploads(estate).values()]
    if estate.file is not None:
        wal = estate.file.with_name(estate.file.name + "-wal")
        data = sum(each.stat().st_size for each in (estate.file, wal) if each.exists())
        needed = 2 * data + sum(sizes)
        if shutil.disk_usage(folder).free < needed:
            size_ru, size_en = told_size(needed, "ru"), told_size(needed, "en")
            raise Mistake(
                f"На диске с {folder} нет места: нужно {size_ru}.",
                f"The disk of {folder} has no room: {size_en} are needed.",
            )


def _pack(estate: Estate, folder: Path, say: Speech) -> str:
    copied_us = microseconds(people_clock().now())
    if estate.file is not None:
        manifest, broken = _copy_sqlite(estate, estate.file, folder, copied_us, say)
    else:
        manifest, broken = _copy_postgres(estate, folder, copied_us), ""
    # the files after the data: what the data names is there
    sources = {manifest.database: folder / manifest.database, **_uploads(estate)}
    files = {}
    for name, path in sources.items():
        try:
            files[name] = listed(path)
        except FileNotFoundError:
            continue  # grown too old meanwhile
    pack(folder / "copy.tar", replace(manifest, files=files), sources)
    return broken


def _copy_sqlite(
    estate: Estate, file: Path, folder: Path, copied_us: int, say: Speech
) -> tuple[Manifest, str]:
    if not file.exists():
        raise Mistake(f"Базы {file} ещё нет.", f"There is no database {file} yet.")
    target = folder / SQLITE
    copies.copy(file, target, _Bar(file.stat().st_size, say).show)
    copies.mark(target, copied_us)
    copies.check(target)
    found = copies.contents(target)
    samples = copies.samples(target)
    manifest = Manifest(
        project=estate.project.project,
        program=version("voronka"),
        schema=found.schema,
        database=SQLITE,
        copied_us=copied_us,
        people=found.people,
        runs=found.runs,
        keys=tuple(sorted({key_of(each) for each in samples})),
    )
    return manifest, unopened(estate.seal, samples)


def _copy_postgres(estate: Estate, folder: Path, copied_us: int) -> Manifest:
    dumps.dump(estate.url, folder / POSTGRES)
    return Manifest(
        project=estate.project.project,
        program=version("voronka"),
        schema=asyncio.run(migration.current(estate.url)) or "",
        database=POSTGRES,
        copied_us=copied_us,
    )


def key_of(sample: Sample) -> str:
    """The name of the key that sealed it."""
    length = sample.sealed[0] if sample.sealed else 0
    return sample.sealed[1 : 1 + length].decode("ascii", "replace")


def unopened(seal: Seal, samples: list[Sample]) -> str:
    """The first place of which a value does not open with our keys; "" when all do."""
    for sample in samples:
        try:
            seal.open(sample.place, sample.sealed)
        except SealBroken:
            return sample.place
    return ""


def _uploads(estate: Estate) -> dict[str, Path]:
    """What visitors of the web chat sent, by the names in the copy."""
    found = sorted(estate.uploads.glob("*/*"))
    return {f"uploads/{path.parent.name}/{path.name}": path for path in found if not path.suffix}


def _older(target: Path, keep: int) -> list[Path]:
    """Our own copies beside this one, but for the ``keep`` latest."""
    if not keep or not _NAME.fullmatch(target.name):
        return []
    names = sorted(each.name for each in target.parent.iterdir() if _NAME.fullmatch(each.name))
    return [target.parent / name for name in names[:-keep]]


class _Bar:
    """Tells how far a long copy is, in tenths."""

    def __init__(self, size: int, say: Speech) -> None:
        self._is_long, self._say, self._told = size > _LONG_BYTES, say, 0

    def show(self, part: float) -> None:
        """Tell once for every tenth."""
        tenth = int(part * 10)
        if self._is_long and tenth > self._told:
            self._told = tenth
            done = self._say(f"Скопировано {tenth}0 %", f"Copied {tenth}0 %")
            typer.echo(done, err=True)

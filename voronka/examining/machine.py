"""The machine: Python, the packages, the disk, the clock."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from voronka.ages import told_size
from voronka.examining.lines import Level, Line, fine
from voronka.settings import KEYS, Settings

OLDEST = (3, 11)
FINE_SECONDS = 0.1
SCARCE = 1024**3
"""Less free room than this on the database's disk is worth a look; a tenth of it is an error."""


def python() -> Line:
    """The version of Python."""
    told = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST:
        return fine(f"Python {told}", f"Python {told}")
    return Line(
        "error", f"Python {told}", f"Python {told}", "Нужен 3.11 или новее.", "3.11 is needed."
    )


def packages() -> Line:
    """Whether the packages are those that the program was made with."""
    wrong = [told for each in requires("voronka") or () if (told := _wrong(Requirement(each)))]
    if not wrong:
        return fine(
            f"Пакеты: voronka {version('voronka')}", f"Packages: voronka {version('voronka')}"
        )
    named = ", ".join(sorted(wrong))
    mend = "make setup"
    return Line("error", f"Пакеты не те: {named}", f"Wrong packages: {named}", mend, mend)


def _wrong(needed: Requirement) -> str:
    extra = {"extra": ""}
    if needed.marker is not None and not needed.marker.evaluate(extra):
        return ""
    try:
        found = version(needed.name)
    except PackageNotFoundError:
        return f"{needed.name} —"
    return "" if needed.specifier.contains(found, prereleases=True) else f"{needed.name} {found}"


def room(folder: Path) -> Line:
    """How much room is left where the database lies."""
    place = next((each for each in (folder, *folder.parents) if each.exists()), Path("/"))
    free = shutil.disk_usage(place).free
    ru = f"На диске базы свободно {told_size(free, 'ru')}"
    en = f"Free room for the database: {told_size(free, 'en')}"
    if free >= SCARCE:
        return fine(ru, en)
    level: Level = "warning" if free >= SCARCE / 10 else "error"
    return Line(level, ru, en, "Освободите место на диске.", "Make room on the disk.")


def ticking() -> Line:
    """Whether the clock that leases go by is monotonic and fine enough."""
    info = time.get_clock_info("monotonic")
    if info.monotonic and not info.adjustable and info.resolution <= FINE_SECONDS:
        return fine("Часы машины идут ровно", "The machine's clock is steady")
    ru, en = "Монотонные часы машины ненадёжны", "The machine's monotonic clock cannot be trusted"
    return Line("warning", ru, en, "Проверьте виртуальную машину.", "Check the virtual machine.")


def env_file(path: Path, settings: Settings) -> list[Line]:
    """Who may read ``.env``, and whether the keys are set."""
    lines = []
    if path.is_file():
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name != "nt" and mode & 0o077:
            ru, en = (
                f"{path.name} читают не только вы ({mode:o})",
                f"Others may read {path.name} ({mode:o})",
            )
            mend = f"chmod 600 {path.name}"
            lines.append(Line("error", ru, en, mend, mend))
        else:
            lines.append(
                fine(f"{path.name} читает только владелец", f"{path.name} is its owner's only")
            )
    if settings.get(KEYS):
        lines.append(fine(f"{KEYS} заданы", f"{KEYS} is set"))
    else:
        ru, en = f"{KEYS} не заданы", f"{KEYS} is not set"
        mend_ru = "Их сделает первый «voronka run»; к готовой базе верните прежние."
        mend_en = "The first `voronka run` makes them; an old database needs its old ones."
        lines.append(Line("warning", ru, en, mend_ru, mend_en))
    return lines

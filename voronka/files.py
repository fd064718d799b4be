"""A project's folder on the disk: where it is, and its files as ``flows.loading.load`` takes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.loading import PROJECT_FILE
from flows.source import MAX_BYTES, Mapping, Scalar, read_source
from voronka.speech import Mistake

FUNNELS = "funnels"
BROADCASTS = "broadcasts"
ACTIONS_FILE = "actions.py"
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Files:
    """The texts of a project by their path from its folder, and the sizes of what messages name."""

    texts: dict[str, bytes]
    sizes: dict[str, int]


def find_folder(start: Path) -> Path:
    """The nearest folder with ``voronka.yaml``, from ``start`` upwards; else a ``Mistake``."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise Mistake(
        f"В папке {start} и выше нет файла {PROJECT_FILE}. Новый проект делает «voronka new ПАПКА».",
        f"There is no {PROJECT_FILE} in {start} or above. `voronka new DIR` makes a new project.",
    )


def read_files(folder: Path) -> Files:
    """The project file, funnels, broadcasts, documents that the project names, sizes of media."""
    funnels = folder / FUNNELS
    found = sorted(path for path in funnels.rglob("*") if path.is_file())
    homes = (funnels, funnels / BROADCASTS)
    written = [path for path in found if path.parent in homes and path.suffix in SUFFIXES]
    texts = {_name(folder, path): _read(path) for path in written}
    texts[PROJECT_FILE] = _read(folder / PROJECT_FILE)
    if (folder / ACTIONS_FILE).is_file():
        texts[ACTIONS_FILE] = _read(folder / ACTIONS_FILE)
    for name in _documents(texts[PROJECT_FILE]):
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            texts[name] = _read(path)
    sizes = {_name(folder, path): path.stat().st_size for path in found if path not in written}
    return Files(texts, sizes)


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror
        raise Mistake(f"Не читается {path}: {why}.", f"{path} cannot be read: {why}.") from None


def write_report(path: Path, text: str) -> None:
    """Write a file that was asked for, with the folders above it."""
    _write(path, text, "w")


def append_report(path: Path, text: str) -> None:
    """Add to a file that was asked for."""
    _write(path, text, "a")


def _write(path: Path, text: str, mode: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        why = error.strerror
        raise Mistake(f"Не пишется {path}: {why}.", f"{path} cannot be written: {why}.") from None


def _documents(project: bytes) -> list[str]:
    node, _ = read_source(project.decode("utf-8-sig", "replace"), PROJECT_FILE)
    table = node.get("documents") if isinstance(node, Mapping) else None
    if not isinstance(table, Mapping):
        return []
    files = [each.get("file") for _, each in table if isinstance(each, Mapping)]
    return [each.text for each in files if isinstance(each, Scalar) and each.text]

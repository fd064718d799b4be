"""``voronka new``: a small project that checks, tests and runs at once."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import typer

from voronka.schemas import write_editor_files
from voronka.settings import ENV_FILE
from voronka.speech import Mistake, Speech

_RENAMED = {"env": ENV_FILE, "gitignore": ".gitignore"}
"""Names that the package cannot carry as they are."""


def create(folder: Path, *, say: Speech) -> None:
    """Write the project into a new or empty folder, and tell what to do next."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Mistake(
                f"{folder} не пуста: новому проекту нужна новая папка.",
                f"{folder} is not empty: a new project needs a new folder.",
            )
        _copy(files("voronka") / "starter", folder)
        _write_keys(folder / ENV_FILE)
        write_editor_files(folder)
    except OSError as error:
        why = error.strerror
        raise Mistake(
            f"Не пишется {folder}: {why}.", f"{folder} cannot be written: {why}."
        ) from None
    typer.echo(
        say(
            f"Готово: {folder}. Дальше:\n  cd {folder}\n  voronka check\n  voronka test\n  voronka run",
            f"Done: {folder}. Next:\n  cd {folder}\n  voronka check\n  voronka test\n  voronka run",
        )
    )


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for item in source.iterdir():
        path = target / _RENAMED.get(item.name, item.name)
        if item.is_dir():
            _copy(item, path)
        else:
            path.write_bytes(item.read_bytes())


def _write_keys(path: Path) -> None:
    from storage.seal import new_keys

    path.chmod(0o600)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.format(keys=new_keys().reveal()), encoding="utf-8")

"""The keys that seal personal data: made into ``.env`` at the first start, never printed."""

from __future__ import annotations

from pathlib import Path

import typer

from storage.seal import new_keys
from voronka.settings import ENV_FILE, KEYS, Settings, read_settings
from voronka.speech import Mistake, Speech


def with_keys(folder: Path, env_file: Path | None, say: Speech) -> Settings:
    """The project's settings; missing ``VORONKA_KEYS`` are made and appended to ``.env``."""
    settings = read_settings(folder, env_file)
    if settings.get(KEYS):
        return settings
    path = env_file or folder / ENV_FILE
    try:
        _append(path, f"{KEYS}={new_keys().reveal()}\n")
    except OSError as error:
        raise Mistake(
            f"Ключи не записать в {path}: {error.strerror}.",
            f"The keys cannot be written to {path}: {error.strerror}.",
        ) from None
    typer.echo(
        say(
            f"В {path.name} записаны ключи шифрования: без них данные не прочитать, сохраните копию.",
            f"Encryption keys are in {path.name} now: data is lost without them, keep a copy.",
        )
    )
    return read_settings(folder, env_file)


def _append(path: Path, line: str) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if not path.exists():
        path.touch(mode=0o600)
    glue = "" if not before or before.endswith("\n") else "\n"
    path.write_text(before + glue + line, encoding="utf-8")

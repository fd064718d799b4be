"""Settings: the environment and ``.env``, and the ``$NAME`` values of ``voronka.yaml``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.secrecy import Secret
from voronka.speech import Mistake

KEYS = "VORONKA_KEYS"
ENV_FILE = ".env"


class _Written(BaseSettings):
    model_config = SettingsConfigDict(extra="allow", case_sensitive=True)


@dataclass(frozen=True, slots=True)
class Settings:
    """Secrets by name; what the environment holds wins over the file, which named ``written``."""

    values: Mapping[str, Secret] = field(default_factory=dict)
    written: frozenset[str] = frozenset()

    def get(self, name: str) -> Secret:
        """The value of the name, an empty one when nobody set it."""
        return self.values.get(name, Secret(""))

    def read(self, written: str) -> Secret:
        """A setting as ``voronka.yaml`` writes it: ``$NAME`` is looked up, the rest stands."""
        return self.get(written[1:]) if written.startswith("$") else Secret(written)

    def missing(self, *written: str) -> list[str]:
        """The names among the written settings that nobody set."""
        names = [each[1:] for each in written if each.startswith("$")]
        return [name for name in dict.fromkeys(names) if not self.get(name)]

    def demand(self, written: str, key: str) -> Secret:
        """The setting under ``key``; a ``Mistake`` that names what must be set."""
        for name in self.missing(written):
            raise Mistake(
                f"{key}: не задано {name} — ни в окружении, ни в {ENV_FILE}.",
                f"{key}: {name} is set neither in the environment nor in {ENV_FILE}.",
            )
        return self.read(written)


def read_settings(folder: Path, env_file: Path | None = None) -> Settings:
    """The settings of a project: ``.env`` beside its ``voronka.yaml``, under the environment."""
    if env_file is not None and not env_file.is_file():
        raise Mistake(f"Нет файла {env_file}.", f"There is no file {env_file}.")
    written = _read(env_file or folder / ENV_FILE)
    found = {**written, **os.environ}
    values = {name: Secret(value) for name, value in found.items() if value}
    return Settings(values, frozenset(written))


def _read(path: Path) -> dict[str, str]:
    try:
        read = _Written(_env_file=path, _env_file_encoding="utf-8-sig").model_extra or {}
    except (OSError, ValueError):
        ru = f"Не читается {path}: нужны строки ИМЯ=значение в UTF-8."
        en = f"{path} cannot be read: write lines NAME=value in UTF-8."
        raise Mistake(ru, en) from None
    return {name: str(value) for name, value in read.items() if value is not None}

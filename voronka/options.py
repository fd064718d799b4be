"""The options that several commands take, in Russian with English beside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from voronka.speech import Speech, chosen_language

Format = Literal["text", "json", "github", "sarif"]
ChannelName = Literal["telegram", "vk", "web", "terminal"]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="ru|en",
        help="Язык сообщений · Language of messages",
    ),
]
Project = Annotated[
    Path | None,
    typer.Option(
        "--project",
        "-p",
        help="Папка проекта (иначе текущая) · The project's folder",
        metavar="DIR",
    ),
]
Targets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TARGETS",
        help="Папка проекта, файл или имя воронки · A project's folder, a funnel's file or name",
    ),
]
Team = Annotated[
    str | None, typer.Option("--team", help="Только этой команды · Only of this team")
]
EnvFile = Annotated[
    Path | None,
    typer.Option("--env-file", help="Вместо .env проекта · Instead of the project's .env"),
]


def speech(language: str | None) -> Speech:
    """The program's words in the language that was asked for."""
    return Speech(chosen_language(language or ""))

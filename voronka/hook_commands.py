"""``voronka webhook``: what each command takes; the work is in ``voronka/hooking.py``."""

from __future__ import annotations

from typing import Annotated

import typer

from voronka.operating import AsJson
from voronka.options import EnvFile, Language, Project, speech

webhook = typer.Typer(
    no_args_is_help=True, help="Вебхуки Telegram и VK · Webhooks of Telegram and VK"
)
Bots = Annotated[
    list[str] | None,
    typer.Argument(metavar="BOT…", help="Имена ботов; без них все · Names of bots, else all"),
]


@webhook.command("set")
def set_webhooks(
    *,
    bots: Bots = None,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Поставить заново; программа должна работать · Set anew; the program must be running"""
    from voronka.hooking import set_all

    raise typer.Exit(set_all(bots or [], project, env_file, say=speech(language)))


@webhook.command("info")
def show_webhooks(
    *,
    bots: Bots = None,
    as_json: AsJson = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Куда идут события и что мешает; код 1 — не так · Where updates go; 1: not as meant"""
    from voronka.hooking import show_all

    raise typer.Exit(
        show_all(bots or [], project, env_file, as_json=as_json, say=speech(language))
    )


@webhook.command("delete")
def delete_webhooks(
    *,
    bots: Bots = None,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Снять наши; что ждёт, сохранится · Remove ours; what waits is kept"""
    from voronka.hooking import delete_all

    raise typer.Exit(delete_all(bots or [], project, env_file, say=speech(language)))

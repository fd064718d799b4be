"""The commands of those who keep bots running: ``status``, ``doctor``, ``dead``."""

from __future__ import annotations

from typing import Annotated

import typer

from voronka.options import EnvFile, Language, Project, speech

AsJson = Annotated[bool, typer.Option("--json", help="Для программ · For programs")]


def status(
    *,
    as_json: AsJson = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Как дела у ботов; код 1 — нужен человек · How the bots are doing; 1: a person is needed"""
    from voronka.status import show

    raise typer.Exit(show(project, env_file, as_json=as_json, say=speech(language)))


def doctor(
    *,
    offline: Annotated[
        bool, typer.Option("--offline", help="Не ходить в сеть · Leave the network alone")
    ] = False,
    as_json: AsJson = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Что мешает запуску и как исправить · What stands in the way of a start, and its mend"""
    from voronka.examining.command import examine

    say = speech(language)
    raise typer.Exit(examine(project, env_file, offline=offline, as_json=as_json, say=say))


dead = typer.Typer(
    no_args_is_help=True,
    help="Отложенное: события, запросы, сообщения командам · Dead letters of all kinds",
)
Names = Annotated[list[str] | None, typer.Argument(metavar="ID…", help="e12, r5, m7 из dead list")]
All = Annotated[bool, typer.Option("--all", help="Всё отложенное · All of them")]


@dead.command("list")
def list_dead(
    *,
    as_json: AsJson = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Что отложено и почему · What was given up, and why"""
    from voronka.dead import show_all

    show_all(project, env_file, as_json=as_json, say=speech(language))


@dead.command("show")
def show_dead(
    *,
    name: Annotated[str, typer.Argument(metavar="ID", help="e12, r5 или m7 из dead list")],
    contents: Annotated[
        bool,
        typer.Option(
            "--show",
            help="Открыть личное содержимое, с записью · Open what is personal; it is recorded",
        ),
    ] = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Подробно об одном · One of them in full"""
    from voronka.dead import show_one

    show_one(name, project, env_file, contents=contents, say=speech(language))


@dead.command("replay")
def replay_dead(
    *,
    names: Names = None,
    everything: All = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Пустить снова, когда причина устранена · Let it go again once the cause is mended"""
    from voronka.dead import act

    say = speech(language)
    act("replay", names or [], project, env_file, everything=everything, say=say)


@dead.command("drop")
def drop_dead(
    *,
    names: Names = None,
    everything: All = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Убрать насовсем; строка базы остаётся · Give it up for good; the row stays"""
    from voronka.dead import act

    say = speech(language)
    act("drop", names or [], project, env_file, everything=everything, say=say)

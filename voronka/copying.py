"""The commands around copies of the database: ``backup``, ``restore``, ``hold``, ``resume``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voronka.options import EnvFile, Language, Project, speech


def backup(
    *,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="Файл или папка (иначе var/backups) · A file or folder (else var/backups)",
        ),
    ] = None,
    keep: Annotated[
        int, typer.Option("--keep", min=0, help="Сколько последних хранить · How many stay")
    ] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Заменить файл · Replace the file")
    ] = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Снять копию данных, не останавливая ботов · Copy the data while the bots run"""
    from voronka.backups import Wanted
    from voronka.backups import backup as made

    wanted = Wanted(file, keep, force)
    raise typer.Exit(made(project, env_file, wanted, speech(language)))


def restore(
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Копия от backup · A copy made by backup")
    ],
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Заменить данные, прежние останутся рядом · Replace what is there, kept beside",
        ),
    ] = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Вернуть данные из копии; отправка придержана · Put a copy back; sending is on hold"""
    from voronka.restoring import restore as restored

    raise typer.Exit(restored(file, project, env_file, force=force, say=speech(language)))


def hold(
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Зачем, для статуса · Why, for status")
    ] = "",
    copy: Annotated[
        bool,
        typer.Option(
            "--copy", help="База — старая копия, её вернули сами · The database is an older copy"
        ),
    ] = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Придержать всю отправку · Hold everything that is sent"""
    from voronka.holding import begin

    say = speech(language)
    raise typer.Exit(begin(project, env_file, reason=reason, copy=copy, say=say))


def resume(
    *,
    latest: Annotated[
        bool,
        typer.Option("--latest", help="Это последняя база · This database is the last one"),
    ] = False,
    copy: Annotated[
        bool,
        typer.Option(
            "--copy",
            help="Это старая копия: что могло уйти, не повторять · It is an older copy: no repeats",
        ),
    ] = False,
    skip_letters: Annotated[
        bool,
        typer.Option(
            "--skip-letters",
            help="Просроченные письма копии не слать вовсе · Overdue letters go to nobody",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Без вопроса · Unasked")] = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Что накопилось, и продолжить отправку · What has piled up, and let sending go on"""
    from voronka.holding import Answer
    from voronka.holding import resume as resumed

    _check_choice(latest=latest, copy=copy, skip_letters=skip_letters)
    answer = Answer(True if copy else False if latest else None, not skip_letters, yes)
    raise typer.Exit(resumed(project, env_file, answer, speech(language)))


def _check_choice(*, latest: bool, copy: bool, skip_letters: bool) -> None:
    """Refuse options that contradict one another."""
    from voronka.speech import Mistake

    if latest and copy:
        raise Mistake(
            "--latest и --copy вместе не бывают: выберите одно.",
            "--latest and --copy cannot both be true: choose one.",
        )
    if latest and skip_letters:
        raise Mistake(
            "--skip-letters — для старой копии: вместе с --latest не бывает.",
            "--skip-letters is for an older copy: it cannot go with --latest.",
        )

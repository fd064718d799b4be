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

"""The commands ``voronka bots``: list, pause, resume."""

from __future__ import annotations

from typing import Annotated

import typer

from voronka.operating import AsJson
from voronka.options import EnvFile, Language, Project, speech

bots = typer.Typer(no_args_is_help=True, help="Боты: как они, пауза · Bots: how they are, a pause")
Name = Annotated[
    str, typer.Argument(metavar="BOT", help="Имя из voronka.yaml · As in voronka.yaml")
]


@bots.command("list")
def list_bots(
    *,
    as_json: AsJson = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Какие есть и как они · Which there are, and how they are"""
    from voronka.pausing import show

    show(project, env_file, as_json=as_json, say=speech(language))


@bots.command("pause")
def pause_bot(
    *, name: Name, project: Project = None, env_file: EnvFile = None, language: Language = None
) -> None:
    """Сам не пишет, но отвечает; сроки хранятся · It begins nothing, but answers; timers are kept"""
    from voronka.pausing import change

    change(name, "paused", project, env_file, say=speech(language))


@bots.command("resume")
def resume_bot(
    *, name: Name, project: Project = None, env_file: EnvFile = None, language: Language = None
) -> None:
    """Дальше: опоздавшее идёт по своему late · Go on: what is late goes by its `late`"""
    from voronka.pausing import change

    change(name, "run", project, env_file, say=speech(language))

"""The commands that show and compare funnels: ``graph``, ``schema``, ``diff``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from voronka.options import Language, Project, speech

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Записать в файл · Write to a file"),
]


def graph(
    *,
    funnel: Annotated[str, typer.Argument(help="Файл или имя воронки · A funnel's file or name")],
    form: Annotated[
        Literal["mermaid", "svg", "html"] | None,
        typer.Option("--format", help="Вид; иначе по имени файла · The form, else by the file"),
    ] = None,
    output: Output = None,
    project: Project = None,
    language: Language = None,
) -> None:
    """Нарисовать воронку: Mermaid, картинка, план на печать · Draw a funnel, or print its plan"""
    from voronka.graphs import draw
    from voronka.projects import open_funnel, tell_of_errors

    opened, name = open_funnel(funnel, project)
    say = speech(language)
    tell_of_errors(opened, say)
    draw(opened, name, form, output, language=say.language if language else None, say=say)


def diff(
    *,
    old: Annotated[
        str, typer.Argument(metavar="[OLD]", help="Что было: файл или папка · A file or a folder")
    ] = "",
    new: Annotated[
        str, typer.Argument(metavar="[NEW]", help="Что стало: файл или папка · What it is now")
    ] = "",
    git: Annotated[
        str,
        typer.Option("--git", metavar="REV", help="Было — в git, на этой версии · Was in git"),
    ] = "",
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Вид · The form")
    ] = "text",
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="1, если что-то изменилось · 1 when they differ")
    ] = False,
    project: Project = None,
    language: Language = None,
) -> None:
    """Что изменилось в воронках, словами · What changed in funnels, in words"""
    from voronka.comparing import compare, git_versions, versions

    say = speech(language)
    pair = git_versions(git, old or ".", new, project) if git else versions(old, new)
    raise typer.Exit(compare(*pair, form, exit_code=exit_code, say=say))


def schema(
    *,
    of_project: Annotated[
        bool, typer.Option("--project", help="Для voronka.yaml · For voronka.yaml")
    ] = False,
    output: Output = None,
    language: Language = None,
) -> None:
    """Схема языка: по ней редактор подсказывает и отмечает · The schema that editors complete by"""
    from voronka.schemas import show_schema

    show_schema(project=of_project, output=output, say=speech(language))

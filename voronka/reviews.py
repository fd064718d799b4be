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
    from voronka.projects import open_funnel

    opened, name = open_funnel(funnel, project)
    say = speech(language)
    draw(opened, name, form, output, language=say.language if language else None, say=say)


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

"""The commands that show and compare funnels: ``graph``, ``schema``, ``diff``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voronka.options import Language, speech

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Записать в файл · Write to a file"),
]


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

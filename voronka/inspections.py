"""The command that looks into the files: ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from voronka.options import Format, Language, Project, Targets, speech

if TYPE_CHECKING:
    from voronka.projects import Opened


def check(
    *,
    targets: Targets = None,
    form: Annotated[
        Format,
        typer.Option("--format", help="Вид отчёта · The report's form"),
    ] = "text",
    strict: Annotated[
        bool, typer.Option("--strict", help="Предупреждения — ошибки · Warnings are errors")
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Что канал покажет иначе, сколько сообщений в день · What channels change, volume",
        ),
    ] = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Заново при каждом изменении · Again after every change"),
    ] = False,
    project: Project = None,
    language: Language = None,
) -> None:
    """Проверить воронки · Check the funnels"""
    from voronka.checking import check as checked
    from voronka.checking import keep_checking
    from voronka.projects import open_projects

    say = speech(language)

    def opened() -> list[Opened]:
        return open_projects(targets or [], project, explain=explain)

    if watch:
        code = keep_checking(opened, form, strict=strict, explain=explain, say=say)
    else:
        code = checked(opened(), form, strict=strict, explain=explain, say=say)
    raise typer.Exit(code)

"""The command line: what each command takes, in Russian with English beside; the work is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from voronka import (
    bot_commands,
    copying,
    hook_commands,
    inspections,
    operating,
    outside_commands,
    reviews,
    trials,
)
from voronka.mailing.command import broadcast
from voronka.mistakes import as_mistake
from voronka.options import EnvFile, Language, Project, Team, speech
from voronka.simulating.command import simulate
from voronka.speech import MISUSED, WRONG, Speech, chosen_language
from voronka.usage import as_usage, asked_language

ABOUT = """Воронки чат-ботов текстом: проверить, испытать, поговорить, запустить.

Chat-bot funnels as text: check, test, talk to, run.

Коды выхода · exit codes: 0 — хорошо, all is well; 1 — ошибки в файлах или тестах, files or tests are
wrong; 2 — команду нельзя выполнить, the command cannot be carried out.
"""


class _Told(TyperGroup):
    """Tells a user's mistake in one sentence instead of a traceback."""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        language = asked_language(args)
        with _sentences(language):
            return super().make_context(info_name, args, parent, obj=language, **extra)

    def invoke(self, ctx: Any) -> Any:
        with _sentences(ctx.obj or ""):
            return super().invoke(ctx)


@contextmanager
def _sentences(language: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        mistake = as_mistake(error) or as_usage(error)
        if mistake is None:
            raise
        typer.echo(Speech(chosen_language(language))(mistake.ru, mistake.en), err=True)
        raise typer.Exit(MISUSED) from None


app = typer.Typer(
    cls=_Told,
    help=ABOUT,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
database = typer.Typer(no_args_is_help=True, help="База данных · The database")
leads = typer.Typer(
    invoke_without_command=True, help="Заявки таблицей и выгрузкой · Leads: a table, an export"
)
app.add_typer(database, name="db")
app.add_typer(leads, name="leads")
app.add_typer(outside_commands.codes, name="codes")
app.add_typer(operating.dead, name="dead")
app.add_typer(bot_commands.bots, name="bots")
app.add_typer(hook_commands.webhook, name="webhook")
app.add_typer(broadcast, name="broadcast")


@app.command()
def new(
    *,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Новая папка · A new folder")],
    language: Language = None,
) -> None:
    """Начать проект, который сразу работает · Begin a project that works at once"""
    from voronka.creating import create

    create(folder, say=speech(language))


app.command()(inspections.check)
app.command("test")(trials.play_tests)
app.command()(trials.chat)
app.command()(reviews.diff)
app.command()(reviews.graph)
app.command()(reviews.schema)
app.command()(simulate)
app.command()(outside_commands.event)
app.command()(outside_commands.secret)
app.command()(operating.status)
app.command()(operating.doctor)
app.command()(copying.backup)
app.command()(copying.restore)
app.command()(copying.hold)
app.command()(copying.resume)


@app.command()
def run(
    *,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Папка проекта · The project's folder")
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Нужны токены всех ботов · Every bot's token is needed"),
    ] = False,
    take_webhook: Annotated[
        bool,
        typer.Option(
            "--take-webhook",
            help="Снять чужой вебхук бота · Remove a webhook that somebody else set",
        ),
    ] = False,
    log: Annotated[
        str,
        typer.Option(
            "--log", metavar="text|json", help="Журнал словами или для программ · The log's form"
        ),
    ] = "",
    env_file: EnvFile = None,
    project: Project = None,
    language: Language = None,
) -> None:
    """Запустить ботов и веб-чат · Run the bots and the web chat"""
    from voronka.files import find_folder
    from voronka.running import run as running

    code = running(
        find_folder(folder or project or Path.cwd()),
        strict=strict,
        env_file=env_file,
        take_webhook=take_webhook,
        log=log,
        language=speech(language).language,
    )
    raise typer.Exit(code)


@leads.callback()
def show_leads(
    ctx: typer.Context,
    *,
    team: Team = None,
    status: Annotated[
        str | None, typer.Option("--status", help="Только с этим статусом · Only of this status")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="Сколько последних · How many")
    ] = 50,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Последние заявки таблицей · The latest leads as a table"""
    if ctx.invoked_subcommand is None:
        from voronka.leads import show

        show(project, env_file, team=team, status=status, limit=limit, say=speech(language))


@leads.command()
def export(
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx|FILE.csv", help="Куда писать · Where to write")
    ],
    team: Team = None,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Выгрузить все заявки в XLSX или CSV · Write all leads to XLSX or CSV"""
    from voronka.leads import export as write

    write(file, project, env_file, team=team, say=speech(language))


@database.command()
def upgrade(
    *,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Привести базу к этой версии программы · Bring the database to this version"""
    from voronka.databases import upgrade as upgraded

    upgraded(project, env_file, say=speech(language))


def main() -> None:
    """Run the command that was given; a fault of ours is told without a word of anybody's data."""
    try:
        app(prog_name="voronka")
    except Exception as error:  # noqa: BLE001 - a traceback would show what people said (R56)
        from voronka.crashes import tell

        tell(error)
        raise SystemExit(WRONG) from None

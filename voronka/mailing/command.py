"""``voronka broadcast FILE`` and what one can do with broadcasts that were sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from voronka.operating import AsJson
from voronka.options import EnvFile, Language, Project, speech

SEND = "send"


class SendByDefault(TyperGroup):
    """``broadcast FILE`` is ``broadcast send FILE``."""

    default = SEND

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word in where none of the commands is named."""
        known = {*self.commands, *ctx.help_option_names}
        if args and args[0] not in known:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


broadcast = typer.Typer(
    cls=SendByDefault,
    no_args_is_help=True,
    help="Рассылка из файла: посчитать, отправить, остановить · A broadcast: count, send, stop",
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Имя рассылки · The broadcast's name")]
Follow = Annotated[
    bool | None,
    typer.Option("--follow/--no-follow", help="Ждать до конца · Wait for its end"),
]


@broadcast.command(SEND)
def send(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Файл рассылки · Its file")],
    yes: Annotated[bool, typer.Option("--yes", help="Не спрашивать · Do not ask")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Только посчитать · Only count")
    ] = False,
    follow: Follow = None,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Показать, кому и когда, спросить и отправить · Show who and when, ask, and send"""
    from voronka.mailing.sending import Wishes
    from voronka.mailing.sending import send as sent

    wishes = Wishes(yes=yes, dry_run=dry_run, follow=follow)
    raise typer.Exit(sent(file, project, env_file, wishes, speech(language)))


@broadcast.command("list")
def list_all(
    *,
    as_json: AsJson = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Все рассылки с итогами · All broadcasts with their figures"""
    from voronka.mailing.watching import show_all

    show_all(project, env_file, as_json=as_json, say=speech(language))


@broadcast.command("show")
def show(
    *,
    name: Name,
    follow: Follow = False,
    as_json: AsJson = False,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Сколько отправлено, кому нет и почему · How many got it, who did not, and why"""
    from voronka.mailing.watching import show_one

    wished = {"follow": bool(follow), "as_json": as_json}
    show_one(name, project, env_file, say=speech(language), **wished)


@broadcast.command("stop")
def stop(
    *, name: Name, project: Project = None, env_file: EnvFile = None, language: Language = None
) -> None:
    """Остановить: из очереди убирается за секунду · Stop: the queue is empty within a second"""
    from voronka.mailing.watching import change

    change("stop", name, project, env_file, speech(language))


@broadcast.command("resume")
def resume(
    *, name: Name, project: Project = None, env_file: EnvFile = None, language: Language = None
) -> None:
    """Продолжить остановленную · Let a stopped one go on"""
    from voronka.mailing.watching import change

    change("resume", name, project, env_file, speech(language))

"""The commands about the world outside: what each takes; the work is in ``voronka/outside.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from voronka.options import EnvFile, Language, Project, speech

codes = typer.Typer(no_args_is_help=True, help="Промокоды · Promo codes")
Pool = Annotated[str, typer.Argument(metavar="POOL", help="Имя набора · The pool's name")]


@codes.command("load")
def load_codes(
    *,
    pool: Pool,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Коды, по одному на строке · A code a line")
    ],
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Добавить коды в набор · Put codes into a pool"""
    from voronka.outside import load_codes as load

    load(pool, file, project, env_file, say=speech(language))


@codes.command("list")
def list_codes(
    *,
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Сколько в наборах кодов · How many codes the pools have"""
    from voronka.outside import list_codes as show

    show(project, env_file, say=speech(language))


@codes.command("redeem")
def redeem_code(
    *,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Код · The code")],
    pool: Annotated[
        str, typer.Option("--pool", help="Его набор, если их несколько · Its pool, of several")
    ] = "",
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Погасить код: воронка узнает об этом · Redeem a code: its funnel hears of it"""
    from voronka.outside import redeem_code as redeem

    redeem(code, pool, project, env_file, say=speech(language))


def event(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Имя события · The event's name")],
    person: Annotated[
        str,
        typer.Option(
            "--person",
            metavar="id:…|phone:…|email:…|token:…",
            help="С кем оно случилось · Whom it happened to",
        ),
    ],
    bot: Annotated[str, typer.Option("--bot", help="Какому боту · Which bot")] = "",
    data: Annotated[
        str, typer.Option("--data", metavar="JSON", help="Что оно принесло · What it brings")
    ] = "",
    key: Annotated[
        str, typer.Option("--key", help="Одинаковый у повторов · The same for repeats")
    ] = "",
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Сообщить о событии: оплата, визит · Tell of an event: a payment, a visit"""
    from voronka.outside import tell_event

    say = speech(language)
    tell_event(name, person, project, env_file, bot=bot, data=data, key=key, say=say)


def secret(
    *,
    purpose: Annotated[
        Literal["http", "events"],
        typer.Argument(metavar="http|events", help="Подпись чего · What is signed"),
    ],
    project: Project = None,
    env_file: EnvFile = None,
    language: Language = None,
) -> None:
    """Показать секрет подписи · Show what requests or events are signed with"""
    from voronka.outside import show_secret

    show_secret(purpose, project, env_file, say=speech(language))

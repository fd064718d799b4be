"""What ``voronka simulate`` takes, in Russian with English beside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voronka.options import ChannelName, Language, Project, speech


def simulate(
    *,
    funnel: Annotated[str, typer.Argument(help="Файл или имя воронки · A funnel's file or name")],
    enter: Annotated[
        str,
        typer.Option("--enter", metavar="MOMENT", help="Когда: «пт 23:40» · When: “fri 23:40”"),
    ] = "",
    zone: Annotated[
        str, typer.Option("--zone", help="Часовой пояс людей · The people's time zone")
    ] = "",
    by: Annotated[
        str,
        typer.Option("--from", metavar="CODE|WORD", help="Ссылка или слово · A link or a word"),
    ] = "",
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=730, help="Сколько дней (14) · For how long")
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", metavar="PLACE=TEXT", help="Что отвечает · The answer there"),
    ] = None,
    silent: Annotated[
        list[str] | None,
        typer.Option("--silent", metavar="PLACE", help="Где молчит · Where nothing is answered"),
    ] = None,
    press: Annotated[
        list[str] | None,
        typer.Option("--press", metavar="BUTTON", help="Кнопка под письмом · A letter's button"),
    ] = None,
    click: Annotated[
        list[str] | None,
        typer.Option("--click", metavar="TRACK", help="Открывает ссылку · Opens the link"),
    ] = None,
    stop: Annotated[
        list[str] | None,
        typer.Option("--stop", metavar="PLACE", help="Где пишет «стоп» · Where “stop” is written"),
    ] = None,
    block: Annotated[
        list[str] | None,
        typer.Option("--block", metavar="PLACE", help="Где блокирует · Where the bot is blocked"),
    ] = None,
    delay: Annotated[
        str, typer.Option("--delay", metavar="1m", help="Отвечает через · Answers after")
    ] = "",
    script: Annotated[
        Path | None,
        typer.Option("--script", metavar="FILE.yaml", help="Всё это файлом · All that in a file"),
    ] = None,
    people: Annotated[
        int | None,
        typer.Option("--people", min=1, max=1_000_000, help="Сыграть столько людей · So many"),
    ] = None,
    seed: Annotated[
        str, typer.Option("--seed", help="То же зерно — те же люди · The same people again")
    ] = "1",
    habits: Annotated[
        Path | None,
        typer.Option("--habits", metavar="FILE.yaml", help="Привычки людей · What people do"),
    ] = None,
    arrive: Annotated[
        str, typer.Option("--arrive", metavar="7d", help="За сколько приходят · They come within")
    ] = "",
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, max=64, help="Процессов, 0 — сам решит · Processes")
    ] = 0,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Страница с картинкой · A page")
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Данные · Data as JSON")
    ] = None,
    channel: Annotated[
        ChannelName | None, typer.Option("--channel", help="Как на этом канале · As on it")
    ] = None,
    project: Project = None,
    language: Language = None,
) -> None:
    """Сыграть человека по дням или тысячи сразу · Play one prospect day by day, or thousands"""
    from voronka.simulating.asking import Asked, run

    asked = Asked(
        enter=enter,
        zone=zone,
        by=by,
        days=days,
        answers=tuple(answer or ()),
        silent=tuple(silent or ()),
        press=tuple(press or ()),
        click=tuple(click or ()),
        stop=tuple(stop or ()),
        block=tuple(block or ()),
        delay=delay,
        script=script,
        people=people,
        seed=seed,
        habits=habits,
        arrive=arrive,
        jobs=jobs,
        html=html,
        json=json,
        channel=channel,
    )
    raise typer.Exit(run(asked, funnel, project, say=speech(language)))

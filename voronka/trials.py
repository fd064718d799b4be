"""The commands that try a funnel out: ``test`` plays its tests, ``chat`` talks to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voronka.options import ChannelName, Language, Project, Targets, speech


def play_tests(
    *,
    targets: Targets = None,
    channel: Annotated[
        ChannelName | None,
        typer.Option("--channel", help="Играть и на этом канале · Play on this channel too"),
    ] = None,
    words: Annotated[
        str,
        typer.Option("-k", metavar="WORDS", help="Только с этими словами в имени · Only so named"),
    ] = "",
    last_failed: Annotated[
        bool,
        typer.Option("--last-failed", help="Только не прошедшие · Only those that failed last"),
    ] = False,
    fail_fast: Annotated[
        bool,
        typer.Option("--fail-fast", "-x", help="До первой неудачи · Stop at the first failure"),
    ] = False,
    junit: Annotated[
        Path | None,
        typer.Option("--junit", metavar="FILE.xml", help="Отчёт JUnit · A JUnit report"),
    ] = None,
    coverage: Annotated[
        bool,
        typer.Option("--coverage", help="Всё непроверенное · Everything that is never tested"),
    ] = False,
    coverage_json: Annotated[
        Path | None,
        typer.Option("--coverage-json", metavar="FILE", help="Покрытие · The coverage as JSON"),
    ] = None,
    min_coverage: Annotated[
        int | None,
        typer.Option("--min-coverage", min=0, max=100, help="Меньше % — ошибка · Less % fails"),
    ] = None,
    project: Project = None,
    language: Language = None,
) -> None:
    """Сыграть тесты из файлов воронок · Play the tests in the funnels' files"""
    from voronka.projects import open_projects
    from voronka.testing import Wishes, run_tests

    wishes = Wishes(
        channel, words, last_failed, fail_fast, junit, coverage, coverage_json, min_coverage
    )
    raise typer.Exit(
        run_tests(open_projects(targets or [], project), wishes, say=speech(language))
    )


def chat(
    *,
    funnel: Annotated[str, typer.Argument(help="Файл или имя воронки · A funnel's file or name")],
    zone: Annotated[
        str, typer.Option("--zone", help="Часовой пояс человека · The person's time zone")
    ] = "",
    at: Annotated[
        str, typer.Option("--at", help="Начало, 2026-03-05 23:40 · The start", metavar="MOMENT")
    ] = "",
    link: Annotated[
        str,
        typer.Option("--link", help="Код ссылки входа · The code of the link", metavar="CODE"),
    ] = "",
    record: Annotated[
        bool,
        typer.Option("--record", help="Напечатать разговор тестом · Print the talk as a test"),
    ] = False,
    record_to: Annotated[
        Path | None,
        typer.Option("--record-to", metavar="FILE", help="Дописать тест в файл · Append the test"),
    ] = None,
    save: Annotated[
        str,
        typer.Option("--save", metavar="NAME", help="В файл воронки · Into the funnel's file"),
    ] = "",
    project: Project = None,
    language: Language = None,
) -> None:
    """Поговорить с воронкой здесь; время идёт по команде · Talk to a funnel here; time obeys you"""
    from voronka.chatting import chat as talk
    from voronka.projects import open_funnel, tell_of_errors
    from voronka.saving import keep

    opened, name = open_funnel(funnel, project)
    say = speech(language)
    tell_of_errors(opened, say)
    screen = talk(opened.loaded, name, zone=zone, at=at, link=link, say=say)
    if record or record_to or save:
        keep(screen.as_test(save), opened, name, file=record_to, save=bool(save), say=say)

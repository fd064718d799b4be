"""What was asked of ``voronka simulate``, checked; then one prospect or many are played."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from flows.problems import Problem, closest
from flows.program import Program
from flows.project import ChannelName
from flows.simulating.births import arrival, ways_in
from flows.simulating.naming import both, questions, stations
from flows.simulating.script import Script
from flows.simulating.stories import Story, read_story
from voronka.checking import rendered
from voronka.projects import Opened, open_funnel, tell_of_errors
from voronka.simulating.moments import length_of, zone_of
from voronka.speech import WRONG, Mistake, Speech

FOR_ONE = ("answers", "silent", "press", "click", "stop", "block", "delay", "script")
FOR_MANY = ("habits", "arrive", "jobs")
DAYS = 14


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were given."""

    enter: str
    zone: str
    by: str
    days: int | None
    answers: tuple[str, ...]
    silent: tuple[str, ...]
    press: tuple[str, ...]
    click: tuple[str, ...]
    stop: tuple[str, ...]
    block: tuple[str, ...]
    delay: str
    script: Path | None
    people: int | None
    seed: str
    habits: Path | None
    arrive: str
    jobs: int
    html: Path | None
    json: Path | None
    channel: ChannelName | None


def run(asked: Asked, funnel: str, project: Path | None, *, say: Speech) -> int:
    """Play what was asked; the exit code comes back."""
    _refuse_mixed(asked)
    opened, name = open_funnel(funnel, project)
    tell_of_errors(opened, say)
    program = opened.loaded.programs[name]
    if asked.by:
        _refuse_unknown_way(program, asked.by)
    try:
        if asked.people is not None:
            from voronka.simulating.many import play_many

            return play_many(asked, opened, name, say)
        from voronka.simulating.one import play_one

        return play_one(story_of(asked, program), asked, opened, name, say)
    except WrongFile as wrong:
        typer.echo(rendered(wrong.problems, "text", say, wrong.sources), nl=False, err=True)
        return WRONG


class WrongFile(Exception):
    """A file of habits or a script has mistakes."""

    def __init__(self, problems: list[Problem], sources: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems
        self.sources = sources


def read_words(path: Path) -> str:
    """The text of a file that the command names."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        why = error.strerror
        raise Mistake(f"Не читается {path}: {why}.", f"{path} cannot be read: {why}.") from None
    except UnicodeDecodeError:
        raise Mistake(f"{path}: это не UTF-8.", f"{path} is not UTF-8.") from None


def write_words(path: Path, text: str) -> None:
    """Write the file that the command names."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = error.strerror
        raise Mistake(f"Не пишется {path}: {why}.", f"{path} cannot be written: {why}.") from None


def bundle_for(asked: Asked, opened: Opened, name: str) -> Any:
    """What the funnel is played by: on the asked channel, else on that of its first bot."""
    from voronka.testing import alone

    project = opened.loaded.project
    assert project is not None
    used = [bot.channel for bot in project.bots.values() if name in bot.funnels]
    return alone(opened.loaded, name, asked.channel or (used or ["terminal"])[0])


def story_of(asked: Asked, program: Program) -> Story:
    """The script of one prospect: the file's, with what the options say above it."""
    story = Story()
    if asked.script is not None:
        text = read_words(asked.script)
        story, problems = read_story(text, str(asked.script), program)
        if problems:
            raise WrongFile(problems, {str(asked.script): text})
    return Story(
        _over(story.script, asked, program),
        asked.enter or story.enter,
        asked.zone or story.zone,
        asked.by or story.by,
        asked.days or story.days,
        story.person,
    )


def _over(script: Script, asked: Asked, program: Program) -> Script:
    answers = dict(script.answers)
    given: dict[str, tuple[str, ...]] = {}
    for pair in asked.answers:
        place, sign, text = pair.partition("=")
        if not sign:
            raise Mistake(
                f"--answer {pair}: нужно МЕСТО=ОТВЕТ, например hello=Присылайте.",
                f"--answer {pair}: write PLACE=TEXT, for example hello=Yes.",
            )
        _refuse_unknown(place.strip(), questions(program), "--answer")
        given[place.strip()] = (*given.get(place.strip(), ()), text.strip())
    for place in asked.silent:
        _refuse_unknown(place, questions(program), "--silent")
    for option, places in (("--stop", asked.stop), ("--block", asked.block)):
        for place in places:
            _refuse_unknown(place, stations(program), option)
    delay_us = length_of(asked.delay, "--delay") if asked.delay else script.delay_us
    return replace(
        script,
        answers={**answers, **given},
        silent=(*script.silent, *asked.silent),
        press=(*script.press, *asked.press),
        click=(*script.click, *asked.click),
        stop=(*script.stop, *asked.stop),
        block=(*script.block, *asked.block),
        delay_us=delay_us,
    )


def _refuse_unknown(place: str, known: list[str], option: str) -> None:
    if place in both(known):
        return
    close = closest(place, both(known))
    listed = ", ".join(known)
    ru = f"Может быть, «{close}»?" if close else f"Есть: {listed}."
    en = f"Did you mean “{close}”?" if close else f"There are: {listed}."
    raise Mistake(
        f"{option}: в воронке нет места «{place}». {ru}",
        f"{option}: the funnel has no place “{place}”. {en}",
    )


def _refuse_unknown_way(program: Program, by: str) -> None:
    if arrival(program, by) is None:
        listed = ", ".join(ways_in(program))
        raise Mistake(
            f"--from {by}: так в воронку не войти. Есть: {listed}.",
            f"--from {by}: nobody enters the funnel so. There are: {listed}.",
        )


def _refuse_mixed(asked: Asked) -> None:
    others: tuple[str, ...] = FOR_ONE
    ru, en = "только для одного человека, без --people", "without --people"
    if asked.people is None:
        others, ru, en = FOR_MANY, "только вместе с --people", "together with --people"
    for name in others:
        if getattr(asked, name):
            option = f"--{name.removesuffix('s') if name == 'answers' else name}"
            raise Mistake(f"{option} — {ru}.", f"{option} works only {en}.")
    if asked.zone:
        zone_of(asked.zone)

"""One prospect's days in the terminal, in both zones side by side."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer
from babel.dates import format_date, format_datetime

from bots.clocks import microseconds
from flows.events import Opened as CameIn
from flows.events import Profile
from flows.marking import shown
from flows.program import Bundle, Program
from flows.simulating.births import arrival
from flows.simulating.calendar import Day, Diary, Line, city, local, offset
from flows.simulating.life import EndlessLoop, Life
from flows.simulating.script import Obedient
from flows.simulating.stories import Story
from flows.standing import last_run
from flows.state import Conversation, Person
from flows.values import fit_to_show, show
from voronka.clocks import people_clock
from voronka.projects import Opened
from voronka.simulating.asking import DAYS, Asked, bundle_for, write_words
from voronka.simulating.moments import moment_of, zone_of
from voronka.speech import OK, Mistake, Speech

SHORT = 96
DAY_US = 24 * 3_600 * 1_000_000
MARKS = {"person": "→", "bot": "●", "team": "⚑", "why": "·", "end": "■"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A played life, ready to be shown: its days, both zones, how it stands at the end."""

    title: str
    person: ZoneInfo
    funnel: ZoneInfo
    born_us: int
    until_us: int
    days: tuple[Day, ...]
    ends: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def one_zone(self) -> bool:
        """Whether both clocks show the same."""
        lines = (line for day in self.days for line in day.lines)
        return {self.person.key, *(line.zone.key for line in lines)} == {self.funnel.key}


def play_one(story: Story, asked: Asked, opened: Opened, name: str, say: Speech) -> int:
    """Play, print the calendar, write the files that were asked for; the exit code comes back."""
    program = opened.loaded.programs[name]
    shown = play(story, bundle_for(asked, opened, name), program, say)
    _print(shown, say)
    if asked.html is not None:
        from voronka.simulating.calendar_page import calendar_page

        write_words(asked.html, calendar_page(shown, say))
        typer.echo(say(f"Страница: {asked.html}", f"The page: {asked.html}"))
    if asked.json is not None:
        write_words(asked.json, json.dumps(_as_json(shown), ensure_ascii=False, indent=2) + "\n")
    return OK


def play(story: Story, bundle: Bundle, program: Program, say: Speech) -> Shown:
    """Play the prospect of the story."""
    home = zone_of(program.funnel.timezone or bundle.timezone)
    where = zone_of(story.zone) if story.zone else home
    born = moment_of(story.enter, where, people_clock().now())
    born_us = microseconds(born)
    until_us = born_us + (story.days or DAYS) * DAY_US
    diary = Diary(say.language, where)
    mind = Obedient(story.script)
    conversation = Conversation(Person(zone=where.key if story.zone else "", uid="one"))
    profile = Profile(**dict(story.person))  # type: ignore[arg-type]
    life = Life(bundle, mind, born_us, until_us, conversation, diary.see, profile)
    event = arrival(program, story.by) or CameIn(story.by)
    try:
        life.live(event)
    except EndlessLoop:
        raise Mistake(
            "Шаги идут по кругу без ожидания: «voronka check» покажет где.",
            "Steps go round without a wait: `voronka check` shows where.",
        ) from None
    title = program.funnel.title or program.funnel.funnel
    ends = tuple(_ends(conversation, program, diary.zone, say))
    unused = tuple(mind.unused())
    return Shown(title, where, home, born_us, until_us, tuple(diary.days()), ends, unused)


def _ends(conversation: Conversation, program: Program, where: ZoneInfo, say: Speech) -> list[str]:
    """How things stand when the days are over."""
    run = last_run(conversation)
    if run is None:
        return [say("Бот не впустил: такого входа нет.", "The bot let nobody in: no such entry.")]
    found = []
    for play in run.plays:
        if play.stand is not None:
            place = play.stand.place
            found.append(say(f"Ждёт ответа: {place}", f"Waits at {place}"))
    for name, series in run.series.items():
        when = moment_words(series.due_us, where, say) if series.due_us else "…"
        letter = f"{name}.{series.letter}"
        found.append(
            say(f"Следующее письмо {letter}: {when}", f"The next letter {letter}: {when}")
        )
    if run.ended_us is not None:
        found.append(say("Прохождение закончено.", "The run is over."))
    if run.leads:
        found.append(say("Заявка: ", "A lead: ") + ", ".join(run.leads))
    if conversation.person.tags:
        found.append(say("Метки: ", "Tags: ") + ", ".join(conversation.person.tags))
    filled = {key: value for key, value in run.fields.items() if value not in (None, "", [])}
    if filled:
        labels = program.funnel.fields
        pairs = (
            f"{(labels[k].label if k in labels else '') or k} — "
            f"{show(shown(program, k, v), program.funnel.language, where)}"
            for k, v in filled.items()
        )
        found.append(say("Поля: ", "Fields: ") + "; ".join(pairs))
    return found


def moment_words(us: int, where: ZoneInfo, say: Speech) -> str:
    """``6 марта, 11:00``."""
    return format_datetime(local(us, where), "d MMMM, HH:mm", tzinfo=where, locale=say.language)


def day_words(day: Day, say: Speech) -> str:
    """``пятница, 6 марта 2026``."""
    return format_date(day.date, "EEEE, d MMMM y", locale=say.language)


def clocks(line: Line, shown: Shown, say: Speech) -> tuple[str, str]:
    """The person's clock and the funnel's, with the weekday where its day is another."""
    here, there = local(line.at_us, line.zone), local(line.at_us, shown.funnel)
    other = "" if here.date() == there.date() else " " + _weekday(there, say)
    return f"{here:%H:%M}", f"{there:%H:%M}{other}"


def _weekday(moment: datetime, say: Speech) -> str:
    return format_date(moment.date(), "EEE", locale=say.language)


def _print(shown: Shown, say: Speech) -> None:
    typer.secho(fit_to_show(shown.title), bold=True)
    typer.secho(about(shown, say), dim=True)
    for day in shown.days:
        if day.idle:
            quiet = say.count(day.idle, ("день", "дня", "дней"), ("day", "days"))
            typer.secho(say(f"\n  … {quiet} тишины", f"\n  … {quiet} of silence"), dim=True)
        number = say(f"день {day.number}", f"day {day.number}")
        typer.secho(f"\n{day_words(day, say)} · {number}", bold=True)
        before = ("", "")
        for line in day.lines:
            before = _print_line(line, before, shown, say)
    typer.echo()
    for told in (*shown.ends, *_missing(shown, say)):
        typer.echo(f"{MARKS['end']} {fit_to_show(told)}")


def _missing(shown: Shown, say: Speech) -> list[str]:
    lead = say("Такой кнопки или ссылки не было", "No such button or link came")
    return [f"{lead}: {text}" for text in shown.unused]


def about(shown: Shown, say: Speech) -> str:
    """Whose clocks are shown and when the person came."""
    came = moment_words(shown.born_us, shown.person, say)
    mine = f"{city(shown.person, say.language)} ({offset(shown.person, shown.born_us)})"
    if shown.one_zone:
        return say(f"{mine}, вход {came}", f"{mine}, entered {came}")
    theirs = f"{city(shown.funnel, say.language)} ({offset(shown.funnel, shown.born_us)})"
    return say(
        f"Слева время человека, {mine}; справа воронки, {theirs}; вход {came}",
        f"On the left the person's time, {mine}; on the right the funnel's, {theirs}; came {came}",
    )


def _print_line(line: Line, before: tuple[str, str], shown: Shown, say: Speech) -> tuple[str, str]:
    times = clocks(line, shown, say)
    told = times if times != before else ("", "")
    head = f"  {told[0]:5}" if shown.one_zone else f"  {told[0]:5}  {told[1]:8}"
    buttons = "".join(f"  [{text}]" for text in line.buttons)
    mark = "✉" if line.letter else MARKS[line.who]
    text = fit_to_show(_short(line.text) + buttons)
    style = typer.style(text, dim=line.who == "why", fg="cyan" if line.who == "person" else None)
    typer.echo(f"{typer.style(head, dim=True)}  {mark} {style}")
    return times


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHORT else words[: SHORT - 1].rstrip() + "…"


def _as_json(shown: Shown) -> dict[str, Any]:
    def line_of(line: Line) -> dict[str, Any]:
        data = {name: value for name, value in asdict(line).items() if value}
        data["at"] = local(data.pop("at_us"), data.pop("zone")).isoformat()
        return {"at": data.pop("at"), **data}

    lines = [line_of(line) for day in shown.days for line in day.lines]
    return {
        "title": shown.title,
        "zone": shown.person.key,
        "funnel_zone": shown.funnel.key,
        "entered": local(shown.born_us, shown.person).isoformat(),
        "until": (local(shown.until_us, shown.person)).isoformat(),
        "lines": lines,
        "ends": list(shown.ends),
    }

"""One prospect's days: what the bot said, what the person did, what was held and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from flows import effects, events
from flows.engine import EPOCH
from flows.simulating.life import Happened
from flows.simulating.reasons import reason
from flows.simulating.wording import DEEDS, FROM_OUTSIDE, NOTES, OF_MANAGERS

Who = Literal["person", "bot", "team", "why", "end"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on the calendar; ``buttons`` stand under what the bot says.

    ``letter`` is the letter's name when the bot's words are one, ``kind`` the message's kind,
    ``zone`` the person's clock at that moment.
    """

    at_us: int
    who: Who
    text: str
    buttons: tuple[str, ...] = ()
    letter: str = ""
    kind: str = ""
    zone: ZoneInfo = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the person's: its date, its number from the first, quiet days before it."""

    date: date
    number: int
    idle: int
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Diary:
    """Watches one life and keeps its lines; ``zone`` follows the person's."""

    language: str
    zone: ZoneInfo
    lines: list[Line] = field(default_factory=list)

    def see(self, happened: Happened) -> None:
        """Write down one turn."""
        self._put(happened.at_us, *_deed(happened, self.language))
        self._follow(happened)
        letter = ""
        for effect in happened.effects:
            match effect:
                case effects.Note():
                    letter = effect.place if effect.kind == "sent" else letter
                    self._put(happened.at_us, "why", self._why(effect))
                case effects.Say():
                    self._said(happened, effect, letter)
                    letter = ""
                case effects.CaptureLead():
                    words = (
                        ("Заявка", "A lead") if effect.revision == 1 else ("Заявка снова", "Again")
                    )
                    told = f"{words[self.language != 'ru']}: {effect.title}"
                    self._put(happened.at_us, "team", told)
                case effects.Notify(text=text) | effects.HandOver(text=text):
                    self._put(happened.at_us, "team", text)
                case effects.Relay(text=text):
                    self._put(happened.at_us, "team", text)
                case effects.Notice():
                    self._put(happened.at_us, "why", effect.text)

    def _follow(self, happened: Happened) -> None:
        """What comes next is told by the clock that the person turned out to have."""
        if happened.zone and happened.zone != self.zone.key:
            self.zone = ZoneInfo(happened.zone)
            where = f"{city(self.zone, self.language)} ({offset(self.zone, happened.at_us)})"
            words = ("Дальше по часам человека: ", "From here by the person's clock: ")
            self._put(happened.at_us, "why", words[self.language != "ru"] + where)

    def _said(self, happened: Happened, say: effects.Say, letter: str) -> None:
        labels = tuple(
            button.text for button in say.message.buttons if not button.contact and button.text
        )
        kind = say.message.kind
        text = say.message.text.plain
        self.lines.append(Line(happened.at_us, "bot", text, labels, letter, kind, self.zone))

    def _put(self, at_us: int, who: Who, text: str) -> None:
        if text:
            self.lines.append(Line(at_us, who, text, zone=self.zone))

    def days(self) -> Iterator[Day]:
        """The days that have lines, in order."""
        first = previous = None
        for day, lines in groupby(
            self.lines, key=lambda line: local(line.at_us, line.zone).date()
        ):
            first = min(first or day, day)  # clocks go back when the zone turns out to be western
            idle = max((day - previous).days - 1, 0) if previous else 0
            yield Day(day, (day - first).days + 1, idle, tuple(lines))
            previous = day

    def _why(self, note: effects.Note) -> str:
        wording = NOTES.get(note.kind)
        if wording is None or (note.kind == "stopped" and note.run == 0):
            return ""
        why = reason(note.reason, self.language)
        words = wording[self.language != "ru"].format(
            place=note.place,
            option=note.option,
            until=self._until(note.until_us),
            why=why,
            variant=note.option,
        )
        return words.removesuffix(": ").removesuffix(" ()")

    def _until(self, us: int | None) -> str:
        if us is None:
            return "…"
        moment = local(us, self.zone)
        return f"{moment:%d.%m %H:%M}" if self.language == "ru" else f"{moment:%Y-%m-%d %H:%M}"


def _deed(happened: Happened, language: str) -> tuple[Who, str]:
    """Who did it, and what it was."""
    event = happened.event
    column = language != "ru"
    if event == events.Opened():
        return "person", ("приходит: «Начать»", "comes: Start")[column]
    tables: tuple[tuple[Who, dict[type, tuple[str, str]]], ...] = (
        ("person", DEEDS),
        ("team", OF_MANAGERS),
        ("why", FROM_OUTSIDE),
    )
    for who, words in tables:
        if type(event) in words:
            return who, words[type(event)][column].format(event)
    return "person", ""


def local(us: int, zone: ZoneInfo) -> datetime:
    """The moment on the zone's clock."""
    return (EPOCH + timedelta(microseconds=us)).astimezone(zone)


def city(zone: ZoneInfo, language: str) -> str:
    """The zone as people call it: its city."""
    return get_timezone_location(zone, locale=language, return_city=True) or zone.key


def offset(zone: ZoneInfo, us: int) -> str:
    """``UTC+10``."""
    shift = local(us, zone).utcoffset()
    minutes = int(shift.total_seconds() // 60) if shift else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")

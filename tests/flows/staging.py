"""A stage for small funnels: what a person does, what comes back and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from textwrap import dedent
from zoneinfo import ZoneInfo

import flows.nodes  # noqa: F401  # fills the registry of node types
from flows import effects, events
from flows.calendar import Calendar
from flows.durations import read_duration
from flows.engine import EPOCH
from flows.events import Event, Profile
from flows.funnel import read_funnel
from flows.problems import Mark
from flows.program import Bundle, Program, lay_out
from flows.project import Document, Limits
from flows.reading import Reading
from flows.rehearsal import Rehearsal
from flows.source import read_source
from flows.standing import look
from flows.state import Person, Run
from flows.windows import NEVER_QUIET, read_quiet_hours

MOSCOW = "Europe/Moscow"
NOWHERE = Mark("test", 1, 1)
NOON = "2026-01-12 12:00"  # a Monday


def program(text: str) -> Program:
    """The program of a funnel; what a small one leaves out is filled in."""
    text = dedent(text)
    for name, line in (("funnel", "funnel: demo"), ("entry", "entry: [start]")):
        if not text.startswith(f"{name}:") and f"\n{name}:" not in text:
            text = f"{line}\n{text}"
    node, problems = read_source(text, "test.yaml")
    assert not problems, problems
    reading = Reading("test.yaml")
    funnel = read_funnel(node, reading)
    assert not reading.problems, reading.problems
    return lay_out(funnel, str(abs(hash(text))))


def document(title: str, version: str = "1") -> Document:
    return Document(mark=NOWHERE, title=title, version=version, url="https://example.ru/d")


DOCUMENTS = {
    "personal_data": document("Согласие на данные"),
    "advertising": document("Согласие на рекламу"),
    "privacy": document("Политика"),
}


def limits(quiet: str = "", gap: str = "0m", **per_day: int) -> Limits:
    """Limits as a project writes them; without ``quiet`` no hour is quiet."""
    hours = read_quiet_hours(quiet) if quiet else NEVER_QUIET
    return Limits(gap=read_duration(gap) // timedelta(microseconds=1), quiet=hours, **per_day)


@dataclass
class Stage:
    """One person and a bot; ``said`` holds what came since it was last taken."""

    play: Rehearsal
    taken: int = 0
    done: list = field(default_factory=list)

    def hears(self, event: Event) -> list[str]:
        """What is said to an event, letters that are due at once among it."""
        self.play.hear(event)
        self.play.run_until(self.play.now_us)
        return self.take()

    def opens(self, code: str = "") -> list[str]:
        return self.hears(events.Opened(code))

    def types(self, text: str) -> list[str]:
        return self.hears(events.Typed(text))

    def presses(self, label: str, newest: int = 0) -> list[str]:
        """Press a button; ``newest`` counts the messages that have it from the end."""
        return self.hears(self.button(label, newest))

    def button(self, label: str, newest: int = 0) -> events.Pressed:
        found = [
            events.Pressed(button.action, number, label)
            for number, message, _ in reversed(self.play.messages)
            for button in message.buttons
            if button.text == label
        ]
        return found[newest]

    def waits(self, duration: str) -> list[str]:
        self.play.run_until(
            self.play.now_us + read_duration(duration) // timedelta(microseconds=1)
        )
        return self.take()

    def until(self, moment: str, zone: str = MOSCOW) -> list[str]:
        self.play.run_until(us(moment, zone))
        return self.take()

    def sleeps(self, duration: str) -> None:
        """Time passes while nothing runs: an outage."""
        self.play.now_us += read_duration(duration) // timedelta(microseconds=1)

    def take(self) -> list[str]:
        said, self.play.said = self.play.said, []
        self.done = said
        return [item.text if item.kind == "bot" else f"team: {item.text}" for item in said]

    def times(self, zone: str = MOSCOW) -> list[str]:
        """The local minutes of what was taken last."""
        return [local(item.at_us, zone) for item in self.done]

    @property
    def buttons(self) -> list[str]:
        """The buttons of the newest message."""
        return [button.text for button in self.play.messages[-1][1].buttons]

    @property
    def person(self) -> Person:
        return self.play.conversation.person

    @property
    def run(self) -> Run:
        return self.play.conversation.runs[-1]

    @property
    def runs(self) -> list[Run]:
        return self.play.conversation.runs

    @property
    def seen(self):
        return look(self.play.conversation, self.play.leads)

    @property
    def place(self) -> str:
        return self.seen.place

    def notes(self, kind: str) -> list[str]:
        """The reasons of the journal's lines of a kind."""
        return [note.reason for note in self.play.notes if note.kind == kind]

    def noted(self, kind: str) -> effects.Note:
        return [note for note in self.play.notes if note.kind == kind][-1]


def us(moment: str, zone: str = MOSCOW) -> int:
    local_moment = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    return (local_moment - EPOCH) // timedelta(microseconds=1)


def local(moment_us: int, zone: str = MOSCOW) -> str:
    moment = (EPOCH + timedelta(microseconds=moment_us)).astimezone(ZoneInfo(zone))
    return f"{moment:%Y-%m-%d %H:%M}"


def bundle_of(*funnels: str | Program, **more) -> Bundle:
    programs = [item if isinstance(item, Program) else program(item) for item in funnels]
    given = {
        "bot": "bot",
        "channel": "telegram",
        "programs": {item.funnel.funnel: item for item in programs},
        "documents": DOCUMENTS,
        "teams": {},
        "limits": limits(),
        "calendar": Calendar(),
        "timezone": MOSCOW,
    }
    return Bundle(**{**given, **more})


def stage(
    *funnels: str | Program, at: str = NOON, zone: str = "", name: str = "", **more
) -> Stage:
    """A stage for the funnels of one bot, at a moment of Moscow time."""
    play = Rehearsal(bundle_of(*funnels, **more), us(at), profile=Profile(first_name=name))
    play.conversation.person.zone = zone
    return Stage(play)

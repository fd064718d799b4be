"""``voronka chat``: a conversation with one funnel in the terminal; time passes when told to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from bots.clocks import microseconds
from bots.terminal.rendering import buttons_of, message_lines
from flows import effects, events
from flows.answers.slot import Slot
from flows.durations import read_duration
from flows.loading import Loaded
from flows.messages import Button
from flows.nodes.ask import Ask
from flows.problems import Problem
from flows.prompting import local_minute, smooth
from flows.rehearsal import NoSuchButton, Rehearsal, events_of, person_of, sent_event
from flows.sent import read_coordinates
from flows.standing import look
from flows.timing_messages import TimingProblem
from flows.transcripts import Line, Transcript
from flows.values import fit_to_show
from voronka.chat_commands import command_of, recorded
from voronka.clocks import people_clock
from voronka.recording import Recording
from voronka.speech import Mistake, Speech
from voronka.testing import alone

SEND = "/send "
LEAVE = {"/выход", "/quit", "/exit", "/q"}


class Talk(Rehearsal):
    """A rehearsal that also keeps what is to be shown, in order."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self.shown: list[effects.Effect] = []

    def _do(self, effect: effects.Effect) -> None:
        self.shown.append(effect)
        super()._do(effect)


def chat(loaded: Loaded, funnel: str, *, zone: str, at: str, link: str, say: Speech) -> Screen:
    """Talk until the person leaves or the input ends; the screen comes back with the recording."""
    bundle = alone(loaded, funnel, "terminal")
    program = loaded.programs[funnel]
    where = _zone(zone or program.funnel.timezone or bundle.timezone)
    talk = Talk(replace(bundle, channel="terminal"), _start(at, where))
    # The same person as a test's, so that chance falls the same.
    nobody = Transcript(mark=program.funnel.mark, name="", talk=(), zone=zone)
    talk.conversation.person = person_of(nobody, program, where)
    screen = Screen(talk, where, say, Recording(where, zone, talk.now_us))
    screen.greet()
    screen.open(link)
    for typed in _lines():
        if typed.strip().lower() in LEAVE:
            break
        screen.obey(typed.strip())
    return screen


def _lines() -> Iterator[str]:
    interactive = sys.stdin.isatty()
    while True:
        try:
            yield input("> ") if interactive else next(sys.stdin)
        except (EOFError, StopIteration, KeyboardInterrupt):
            return


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Mistake(
            f"Нет часового пояса {name}: нужен, например, Asia/Vladivostok.",
            f"There is no time zone {name}: write one like Asia/Vladivostok.",
        ) from None


def _start(at: str, where: ZoneInfo) -> int:
    if not at:
        # Moments of tests are told to the minute.
        return microseconds(people_clock().now().replace(second=0, microsecond=0))
    try:
        moment = datetime.strptime(at, "%Y-%m-%d %H:%M").replace(tzinfo=where)
    except ValueError:
        raise Mistake(
            f"«{at}» — не момент: нужно, например, 2026-03-05 23:40.",
            f"“{at}” is no moment: write one like 2026-03-05 23:40.",
        ) from None
    return microseconds(moment.astimezone(UTC))


def sendable(what: str) -> dict[str, str] | None:
    """What a line ``send`` of a test says of the path or the coordinates; None for neither."""
    if read_coordinates(what) is not None:
        return {"location": what}
    if not what or not Path(what).expanduser().is_file():
        return None
    family, _, form = (guess_type(what)[0] or "").partition("/")
    kind = {"image": "photo", "video": "video"}.get(family, "file")
    return {"voice" if form == "ogg" else kind: what}


class Screen:
    """What the terminal shows, and what a typed line does."""

    def __init__(self, talk: Talk, where: ZoneInfo, say: Speech, recording: Recording) -> None:
        self.recording = recording
        self._talk = talk
        self._where = where
        self._say = say
        self._buttons: list[tuple[int, Button]] = []

    def greet(self) -> None:
        """What the keys do."""
        self._dim(
            self._say(
                "Пишите ответ, номер или текст кнопки. Enter — к следующему событию, +2h, +1d —"
                " прошло время, /send ПУТЬ — послать файл, /event ИМЯ — событие, /manager take"
                " (return, say ТЕКСТ, status sold) — за менеджера, /выход — конец.",
                "Type an answer, a button's number or text. Enter: to the next event, +2h, +1d:"
                " time passes, /send PATH: send a file, /event NAME: an event, /manager take"
                " (return, say TEXT, status sold): as the manager, /quit: the end.",
            )
        )

    def open(self, link: str) -> None:
        """Come by the link, or by the start button."""
        self._do("open", link, events.Opened(link))
        if not any(isinstance(effect, effects.Say) for effect in self._talk.shown):
            self._dim(
                self._say(
                    "Бот промолчал. Напишите что-нибудь или придите по ссылке: --link КОД.",
                    "The bot kept silent. Type something, or come by a link: --link CODE.",
                )
            )
        self.show()

    def obey(self, typed: str) -> None:
        """Do what the line says and show what came."""
        if not typed:
            if self._talk.fire_next():
                self._talk.run_until(self._talk.now_us)
            else:
                self._dim(self._say("Больше ничего не запланировано.", "Nothing else is planned."))
        elif typed.startswith("+") and not isinstance(
            passed := read_duration(typed[1:]), TimingProblem
        ):
            self._talk.run_until(self._talk.now_us + passed // timedelta(microseconds=1))
            self.show()
            self._dim(local_minute(self._talk.now_us, self._where))
        elif typed.startswith(SEND):
            self._send(typed.removeprefix(SEND).strip())
        elif (told := command_of(typed)) is not None:
            self._happen(told)
        else:
            self._hear(typed)
        self.show()

    def _happen(self, told: Line | list[Problem]) -> None:
        """Something happens outside, or a manager does something."""
        if not isinstance(told, Line):
            for item in told:
                language = self._say.language
                self._dim(f"{item.sentence(language)} {item.hint(language)}".strip())
            return
        try:
            happening = events_of(told, self._talk)
        except NoSuchButton as error:
            self._dim(f"({self._say(error.failure.ru, error.failure.en)})")
            return
        self._do(told.kind, recorded(told), *happening)

    def _send(self, what: str) -> None:
        """A file of this computer by its path, or a place by its coordinates."""
        told = sendable(what)
        if told is None:
            self._dim(
                self._say(
                    f"Нет файла {what}. Координаты пишите так: {SEND}55.75, 37.61.",
                    f"There is no file {what}. Write coordinates as {SEND}55.75, 37.61.",
                )
            )
            return
        self._do("send", told, sent_event(told))

    def _hear(self, typed: str) -> None:
        found = self._numbered(typed) or self._labelled(typed)
        if found is None:
            self._do("type", typed, events.Typed(typed))
            return
        number, button = found
        if button.action is not None:
            pressed = events.Pressed(button.action, number, button.text)
            self._do("press", smooth(button.text), pressed)
            return
        self._dim(fit_to_show(button.url))
        run = self._talk.run_of_link(button.track) if button.track else None
        if run is not None:
            self._do("click", button.track, events.Clicked(button.track, run))

    def _do(self, kind: str, value: str | dict[str, Any], *happening: events.Event) -> None:
        """It happens, and what is due at this very moment follows, as it does with people."""
        self.recording.act(kind, value, self._talk.now_us)
        for event in happening:
            self._talk.hear(event)
        self._talk.run_until(self._talk.now_us)

    def as_test(self, name: str) -> str:
        """The conversation as a test."""
        moment = local_minute(self.recording.start_us, self.recording.where)
        name = name or self._say(f"Разговор {moment}", f"A talk of {moment}")
        seen = look(self._talk.conversation, self._talk.leads)
        return self.recording.as_test(name, self._talk.now_us, seen)

    def _numbered(self, typed: str) -> tuple[int, Button] | None:
        """The button of that number, unless the question takes the number as its answer."""
        if not typed.isdecimal() or self._takes_words():
            return None
        index = int(typed) - 1
        return self._buttons[index] if 0 <= index < len(self._buttons) else None

    def _labelled(self, typed: str) -> tuple[int, Button] | None:
        same = (each for each in self._buttons if smooth(each[1].text) == smooth(typed))
        return next(same, None) or self._talk.button(typed)

    def _takes_words(self) -> bool:
        for run in reversed(self._talk.conversation.runs):
            for play in run.plays:
                if play.rest is not None and not play.rest.parked:
                    step = self._talk.bundle.programs[run.funnel].question(play.rest.place)
                    if not isinstance(step, Ask) or isinstance(step.answer, Slot):
                        return False
                    return bool(step.answer) or not step.options
        return False

    def _follow(self) -> None:
        """The clock is the person's as soon as their zone is known."""
        known = self._talk.conversation.person.zone
        if known and known != self._where.key:
            self._where = ZoneInfo(known)
            now = f"{known}, {local_minute(self._talk.now_us, self._where)}"
            self._dim(
                self._say(
                    f"Дальше по часам человека: {now}", f"From here the person's clock: {now}"
                )
            )

    def show(self) -> None:
        """Print what came since the last look."""
        self._follow()
        said, self._talk.said = self._talk.said, []
        self.recording.hear(said, self._where)
        shown, self._talk.shown = self._talk.shown, []
        at = {
            effect.number: self._talk.delivered[effect.number]
            for effect in shown
            if isinstance(effect, effects.Say)
        }
        for effect in shown:
            match effect:
                case effects.Say():
                    self._message(effect, local_minute(at[effect.number], self._where))
                case effects.Notice():
                    self._dim(f"({fit_to_show(effect.text)})")
                case effects.CaptureLead():
                    answers = (f"{label}: {value}" for _, label, value in effect.answers)
                    self._team(effect.team, "\n    ".join([effect.title, *answers]))
                case effects.Notify() | effects.HandOver() | effects.Relay():
                    self._team(effect.team, effect.text)
                case effects.TakeBack():
                    self._dim(self._say("    разговор снова у бота", "    the bot is back"))

    def _message(self, effect: effects.Say, at: str) -> None:
        head, *rest = [*message_lines(effect.message, self._say.language)] or [""]
        typer.echo(f"{typer.style(at, dim=True)}  {head}")
        for line in rest:
            typer.echo(f"{' ' * (len(at) + 2)}{line}")
        self._buttons = [(effect.number, button) for button in buttons_of(effect.message)]

    def _team(self, team: str, text: str) -> None:
        self._dim(f"    {self._say('команде', 'to the team')} {team}: {fit_to_show(text)}")

    def _dim(self, text: str) -> None:
        typer.secho(text, dim=True)

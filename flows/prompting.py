"""How a conversation is held to the lines of its test, whatever plays it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any, Literal
from zoneinfo import ZoneInfo

from flows.agreement import as_expected, whole
from flows.differences import Came, DiffLine, difference, expectations
from flows.durations import written
from flows.messages import CHOSEN_SIGN
from flows.problems import Mark
from flows.transcripts import Line, Transcript

LONGEST_US = 400 * 24 * 3_600 * 1_000_000
"""How far the clock runs forward to find a message."""
HEARD = frozenset({"bot", "team"})


@dataclass(frozen=True, slots=True)
class Said:
    """What came out: a message to the person, or a notice to the team."""

    kind: Literal["bot", "team"]
    text: str
    buttons: tuple[str, ...] = ()
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """How things stand for ``expect``: the last run, its lead, the person."""

    fields: dict[str, Any]
    tags: list[str]
    score: float
    source: str
    place: str
    ended: bool
    consents: dict[str, str]
    goals: list[str]
    lead: dict[str, Any] | None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a performance asks of its stage.

    ``do`` a line of a person; ``next``: run the clock to the next thing that is due (no answer is
    due when the reply is None); ``until`` the moment ``us``; ``look`` for :class:`Seen`.
    """

    what: Literal["do", "next", "until", "look"]
    line: Line | None = None
    us: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a conversation left its lines: what the line wants and what came, in two languages.

    ``diff`` is the whole turn: what was awaited beside what came.
    """

    mark: Mark
    ru: str
    en: str
    diff: tuple[DiffLine, ...] = ()


Performance = Generator[Ask, Any, "Failure | None"]


@dataclass(slots=True)
class Prompter:
    """Follows a conversation line by line; the stage may be the engine alone or the runtime.

    ``came`` is what the turn brought up to now, ``act`` the line that began it, ``offered`` the
    newest buttons.
    """

    zone: ZoneInfo
    now_us: int
    waiting: list[Said] = field(default_factory=list)
    anything: bool = False
    came: list[Said] = field(default_factory=list)
    act: Line | None = None
    offered: tuple[str, ...] = ()

    def perform(self, test: Transcript) -> Performance:
        """Ask the stage for what each line needs; the first failure comes back, or None."""
        for each_line in test.talk:
            failure = yield from self._follow(each_line)
            if failure is not None:
                return (yield from self._shown(failure, test.talk))
        failure = self._nothing_extra(test.talk[-1].mark) if test.talk else None
        return failure and (yield from self._shown(failure, test.talk))

    def explained(self, failure: Failure) -> Failure:
        """A failure that the stage found at the line in hand, with the buttons that there were."""
        wanted = DiffLine("-", acted(self.act), failure.mark.line) if self.act else None
        offered = DiffLine("+", f"buttons: [{', '.join(self.offered)}]")
        return replace(failure, diff=(wanted, offered) if wanted else ())

    def _shown(self, failure: Failure, talk: Sequence[Line]) -> Performance:
        """The failure with the diff of its turn; the stage plays on to what the turn still awaits."""
        if failure.diff:
            return failure
        lines = awaited(self.act, talk)
        known = len(self.came)
        for _ in lines if failure.mark in [each.mark for each in lines] else ():
            if any(_fit(lines[-1], said) for said in self.came):
                break
            reply = yield Ask("next", us=self.now_us + LONGEST_US)
            if reply is None:
                break
            self._take(reply)
        while len(self.came) > known and not any(_fit(each, self.came[-1]) for each in lines):
            self.came.pop()
        came = [
            Came(s.kind, s.text, s.buttons, local_minute(s.at_us, self.zone)) for s in self.came
        ]
        act = (DiffLine(" ", acted(self.act), self.act.mark.line),) if self.act else ()
        return replace(failure, diff=(*act, *difference(lines, came, _fit)))

    def _follow(self, now: Line) -> Performance:
        if now.kind in HEARD:
            if now.kind == "bot" and now.value == "...":
                self.anything = True
                return None
            return (yield from self._hear(now))
        failure = self._nothing_extra(now.mark)
        if failure is not None:
            return failure
        if now.kind == "expect":
            return compare(now, (yield Ask("look")))
        self.act, self.came = now, []
        if now.kind == "silence":
            return (yield from self._be_silent(now))
        self._take((yield Ask("do", line=now)))
        return None

    def _take(self, reply: tuple[list[Said], int]) -> None:
        said, self.now_us = reply
        self.waiting.extend(said)
        self.came.extend(said)
        self.offered = next((one.buttons for one in reversed(said) if one.buttons), self.offered)

    def _nothing_extra(self, mark: Mark) -> Failure | None:
        self._pass_over(None)
        if not self.waiting:
            return None
        extra = self.waiting[0]
        ru = f"лишнее сообщение{_when_said(extra, self.zone)}: {quoted(extra)}"
        en = f"an extra message{_when_said(extra, self.zone)}: {quoted(extra)}"
        return Failure(mark, ru, en)

    def _hear(self, now: Line) -> Performance:
        start = self.now_us
        self._pass_over(now)
        while not self.waiting:
            reply = yield Ask("next", us=start + LONGEST_US)
            if reply is None:
                wanted = now.value
                return Failure(
                    now.mark, f"нет сообщения «{wanted}»", f"no message “{wanted}” came"
                )
            self._take(reply)
        if now.at:  # by the clock that the person is known to have by now
            known = (yield Ask("look")).zone
            self.zone = ZoneInfo(known) if known else self.zone
        return self._matched(now, self.waiting.pop(0))

    def _pass_over(self, wanted: Line | None) -> None:
        """``bot: ...`` passes over what the bot said up to the wanted line, never a notice."""
        if self.anything:
            while self.waiting and self.waiting[0].kind == "bot":
                if wanted is not None and _fit(wanted, self.waiting[0]):
                    break
                self.waiting.pop(0)
        self.anything = False

    def _matched(self, now: Line, said: Said) -> Failure | None:
        if not _fit(now, said):
            got = quoted(said)
            who = {"bot": ("бот", "the bot"), "team": ("команде", "the team")}
            ru = f"ждали ({who[now.kind][0]}) «{now.value}», пришло ({who[said.kind][0]}) {got}"
            en = f"wanted ({who[now.kind][1]}) “{now.value}”, got ({who[said.kind][1]}) {got}"
            return Failure(now.mark, ru, en)
        if now.buttons is not None and now.buttons != said.buttons:
            wanted, got = ", ".join(now.buttons), ", ".join(said.buttons)
            return Failure(
                now.mark, f"кнопки [{got}], а ждали [{wanted}]", f"buttons [{got}], not [{wanted}]"
            )
        at = local_minute(said.at_us, self.zone)
        if now.at and now.at != at:
            return Failure(
                now.mark, f"пришло в {at}, а ждали в {now.at}", f"at {at}, not {now.at}"
            )
        return None

    def _be_silent(self, now: Line) -> Performance:
        self._take((yield Ask("until", us=self.now_us + now.value)))
        return self._nothing_extra(now.mark)


def _fit(wanted: Line, said: Said | Came) -> bool:
    return said.kind == wanted.kind and smooth(wanted.value) in smooth(said.text)


def awaited(act: Line | None, talk: Sequence[Line]) -> list[Line]:
    """What the turn that begins with the line awaits of the bot and for the team."""
    begin = next((i + 1 for i, each in enumerate(talk) if each is act), 0)
    rest = takewhile(lambda line: line.kind in {*HEARD, "expect"}, talk[begin:])
    return [line for line in rest if line.kind in HEARD]


def acted(line: Line) -> str:
    """The line of an action as the test has it."""
    value = line.value
    if line.kind == "silence":
        value = written(timedelta(microseconds=value))
    if line.kind == "event":
        value = {value["name"]: value["data"]} if value["data"] else value["name"]
    return f"{line.kind}: {value}"


def smooth(text: str) -> str:
    """The text with any white space, no-break ones too, as one space."""
    return " ".join(text.split())


def bare(label: str) -> str:
    """A button's words as a test names them: without the mark of a chosen option."""
    return smooth(label.removeprefix(CHOSEN_SIGN))


def quoted(said: Said) -> str:
    """The beginning of what was said."""
    text = smooth(said.text)
    return f"«{text[:120]}{'…' if len(text) > 120 else ''}»"


def local_minute(us: int, where: ZoneInfo) -> str:
    """The local time to the minute."""
    moment_utc = datetime.fromtimestamp(us / 1_000_000, UTC)
    return moment_utc.astimezone(where).strftime("%Y-%m-%d %H:%M")


def _when_said(said: Said, where: ZoneInfo) -> str:
    return f" ({local_minute(said.at_us, where)})"


def compare(now: Line, seen: Seen) -> Failure | None:
    """The first thing that is not as ``expect`` says, or None."""
    told = [(name, wanted, _seen(seen, name)) for name, wanted in now.value.items()]
    wrong = [each for each in told if not as_expected(*each)]
    if not wrong:
        return None
    name, wanted, got = wrong[0]
    return Failure(
        now.mark,
        f"{name}: {got!r}, а ждали {wanted!r}",
        f"{name}: {got!r}, not {wanted!r}",
        expectations(now, [(each[0], each[1], whole(each[2])) for each in told], as_expected),
    )


def _seen(seen: Seen, name: str) -> Any:
    if name == "no_lead":
        return seen.lead is None
    return getattr(seen, name)

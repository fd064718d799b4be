"""Tests in a funnel's file: conversations it must keep having, and how one is held to its lines."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from flows.problems import Mark
from flows.reading import (
    NOT_BUILT,
    Reading,
    Unread,
    as_mapping,
    as_scalar,
    as_sequence,
    each,
    integer,
    key,
    one_of,
    record,
    table_of,
    word,
)
from flows.source import Mapping, Node, Scalar
from flows.timing_keys import duration, zone

DEFAULT_START = "2026-01-12 12:00"
ACTIONS = ("open", "type", "press", "contact", "comment", "click", "block")
NOT_BUILT_LINES = ("send", "event", "manager")
OTHERS = ("bot", "team", "silence", "expect")
LONGEST_US = 400 * 24 * 3_600 * 1_000_000


def literal(node: Node, reading: Reading) -> str:
    """A text as it stands."""
    return as_scalar(node, reading).text


def moment(node: Node, reading: Reading) -> str:
    """``2026-03-06 11:00``."""
    scalar = as_scalar(node, reading)
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", scalar.text):
        try:
            datetime.fromisoformat(scalar.text)
        except ValueError:
            pass
        else:
            return scalar.text
    raise reading.refuse("bad-date", scalar.mark, date=scalar.text)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation; ``value`` is what stands under its key."""

    mark: Mark
    kind: str
    value: Any
    buttons: tuple[str, ...] | None = None
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """A test: who comes, when, and the whole conversation."""

    mark: Mark
    name: str = key(word, name="test")
    talk: tuple[Line, ...] = key(
        lambda node, reading: tuple(each(as_sequence(node, reading), line, reading))
    )
    at: str = key(moment, default=DEFAULT_START)
    zone: str = key(zone, default="")
    channel: str = key(one_of("telegram", "vk", "web", "terminal"), default="")
    person: dict[str, str] = key(table_of(literal), default=None)
    fields: dict[str, str] = key(table_of(literal), default=None)
    seed: int = key(integer, default=0)
    world: None = key(NOT_BUILT, default=None)  # type: ignore[arg-type]


def line(node: Node, reading: Reading) -> Line:
    """One line: exactly one kind."""
    table = as_mapping(node, reading)
    kinds = [scalar for scalar, _ in table if scalar.text in (*ACTIONS, *NOT_BUILT_LINES, *OTHERS)]
    if not kinds:
        first = table.entries[0][0] if table.entries else None
        raise reading.refuse("unknown-test-line", table.mark, key=first.text if first else "")
    scalar = kinds[0]
    if scalar.text in NOT_BUILT_LINES:
        raise reading.refuse("not-built-yet", scalar.mark, key=scalar.text)
    return _line(table, scalar, reading)


def _line(table: Mapping, scalar: Scalar, reading: Reading) -> Line:
    value = table.get(scalar.text)
    assert value is not None
    known = {scalar.text, "buttons", "at"} if scalar.text == "bot" else {scalar.text}
    for other, _ in table:
        if other.text not in known:
            reading.note("unknown-key", other.mark, key=other.text, close="")
    buttons, at = table.get("buttons"), table.get("at")
    return Line(
        table.mark,
        scalar.text,
        _value(scalar.text, value, reading),
        tuple(each(as_sequence(buttons, reading), literal, reading)) if buttons else None,
        moment(at, reading) if at is not None else "",
    )


def _value(kind: str, node: Node, reading: Reading) -> Any:
    if kind == "silence":
        return duration(node, reading)
    if kind == "expect":
        return _plain(as_mapping(node, reading))
    return as_scalar(node, reading).text


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {scalar.text: _plain(value) for scalar, value in node}
    return [_plain(item) for item in node.items]


def read_tests(node: Node | None, reading: Reading) -> list[Transcript]:
    """The tests of a funnel's file; problems are in ``reading``."""
    if node is None:
        return []
    try:
        return each(as_sequence(node, reading), _transcript, reading)
    except Unread:
        return []


def _transcript(node: Node, reading: Reading) -> Transcript:
    return record(Transcript, node, reading, mark=node.mark)


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
    """Where a conversation left its lines: what the line wants and what came, in two languages."""

    mark: Mark
    ru: str
    en: str


Performance = Generator[Ask, Any, "Failure | None"]


@dataclass(slots=True)
class Prompter:
    """Follows a conversation line by line; the stage may be the engine alone or the runtime."""

    zone: ZoneInfo
    now_us: int
    waiting: list[Said] = field(default_factory=list)
    anything: bool = False

    def perform(self, test: Transcript) -> Performance:
        """Ask the stage for what each line needs; the first failure comes back, or None."""
        for each_line in test.talk:
            failure = yield from self._follow(each_line)
            if failure is not None:
                return failure
        return self._nothing_extra(test.talk[-1].mark) if test.talk else None

    def _follow(self, now: Line) -> Performance:
        if now.kind in {"bot", "team"}:
            if now.kind == "bot" and now.value == "...":
                self.anything = True
                return None
            return (yield from self._hear(now))
        failure = self._nothing_extra(now.mark)
        if failure is not None:
            return failure
        if now.kind == "silence":
            return (yield from self._be_silent(now))
        if now.kind == "expect":
            return compare(now, (yield Ask("look")))
        self._take((yield Ask("do", line=now)))
        return None

    def _take(self, reply: tuple[list[Said], int]) -> None:
        said, self.now_us = reply
        self.waiting.extend(said)

    def _nothing_extra(self, mark: Mark) -> Failure | None:
        if self.anything:
            self.waiting.clear()
            self.anything = False
        if not self.waiting:
            return None
        extra = self.waiting[0]
        ru = f"лишнее сообщение{_when_said(extra, self.zone)}: {quoted(extra)}"
        en = f"an extra message{_when_said(extra, self.zone)}: {quoted(extra)}"
        return Failure(mark, ru, en)

    def _hear(self, now: Line) -> Performance:
        start = self.now_us
        while not self.waiting or (self.anything and not any(map(_fits(now), self.waiting))):
            reply = yield Ask("next", us=start + LONGEST_US)
            if reply is None:
                wanted = now.value
                return Failure(
                    now.mark, f"нет сообщения «{wanted}»", f"no message “{wanted}” came"
                )
            if self.anything:
                self.waiting.clear()
            self._take(reply)
        if self.anything:
            while not _fits(now)(self.waiting[0]):
                self.waiting.pop(0)
            self.anything = False
        return self._matched(now, self.waiting.pop(0))

    def _matched(self, now: Line, said: Said) -> Failure | None:
        if not _fits(now)(said):
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


def _fits(wanted: Line) -> Any:
    def fits(said: Said) -> bool:
        return said.kind == wanted.kind and smooth(wanted.value) in smooth(said.text)

    return fits


def smooth(text: str) -> str:
    """The text with any white space, no-break ones too, as one space."""
    return " ".join(text.split())


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


def start_of(test: Transcript, funnel_zone: str) -> datetime:
    """The moment at which the test begins, UTC."""
    where = ZoneInfo(test.zone or funnel_zone)
    return datetime.fromisoformat(test.at).replace(tzinfo=where).astimezone(UTC)


def compare(now: Line, seen: Seen) -> Failure | None:
    """The first thing that is not as ``expect`` says, or None."""
    for name, wanted in now.value.items():
        got = _seen(seen, name)
        if not _as_expected(name, wanted, got):
            return Failure(
                now.mark,
                f"{name}: {got!r}, а ждали {wanted!r}",
                f"{name}: {got!r}, not {wanted!r}",
            )
    return None


def _seen(seen: Seen, name: str) -> Any:
    if name == "no_lead":
        return seen.lead is None
    return getattr(seen, name, None)


def _as_expected(name: str, wanted: Any, got: Any) -> bool:
    if name in {"no_lead", "ended"}:
        return got is (wanted.lower() in {"true", "yes", "да"})
    if name in {"tags", "goals"}:
        return sorted(wanted) == sorted(got)
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(_equal(v, got.get(k)) for k, v in wanted.items())
    return _equal(wanted, got)


def _equal(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(_equal(v, got.get(k)) for k, v in wanted.items())
    if isinstance(got, bool):
        return bool(wanted.lower() == str(got).lower())
    if isinstance(got, int | float):
        return re.fullmatch(r"-?\d+([.,]\d+)?", wanted) is not None and float(
            wanted.replace(",", ".")
        ) == float(got)
    if isinstance(wanted, list):
        return isinstance(got, list) and wanted == got
    return smooth(wanted) == smooth(str(got if got is not None else ""))

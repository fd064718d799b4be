"""A broadcast as it is written: to whom, when, how fast, and the message."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal

from flows.funnel import Busy, link
from flows.messages import Button, MessageKind
from flows.nodes.message_keys import SayButton, kind_key
from flows.nodes.say import Say
from flows.problems import Mark
from flows.reading import (
    Reading,
    Unread,
    as_scalar,
    items_of,
    key,
    list_of,
    name,
    one_of,
    record,
    some_words,
    source_node,
)
from flows.shapes import Schema, shaped, written_as
from flows.source import Mapping, Node, read_source
from flows.texts import WrittenCondition, condition
from flows.timing_keys import duration
from flows.timing_keys import when as any_when
from flows.when import Moment, Now

if TYPE_CHECKING:
    from flows.scene import Scene

NOW = Now()
_RATE = re.compile(r"([1-9][0-9]{0,6})\s*/\s*([smhdсмчд])")
_SECOND_US = 1_000_000
_UNITS = {
    **dict.fromkeys("sс", _SECOND_US),
    **dict.fromkeys("mм", 60 * _SECOND_US),
    **dict.fromkeys("hч", 3_600 * _SECOND_US),
    **dict.fromkeys("dд", 86_400 * _SECOND_US),
}


@shaped(written_as(r"^\s*([Nn]ow|[0-9]{4}-[0-9]{2}-[0-9]{2}[\sT]+[0-9]{1,2}:[0-9]{2})\s*$"))
def moment(node: Node, reading: Reading) -> Now | Moment:
    """``now``, or a date with a time."""
    found = any_when(node, reading)
    if isinstance(found, Now | Moment):
        return found
    raise reading.refuse("broadcast-when", node.mark, text=as_scalar(node, reading).text)


@shaped(written_as(_RATE.pattern, "600/h", "20/m"))
def rate(node: Node, reading: Reading) -> int:
    """``600/h`` as the microseconds between two people."""
    scalar = as_scalar(node, reading)
    found = _RATE.fullmatch(scalar.text.strip().lower())
    if found is None:
        raise reading.refuse("broadcast-rate", scalar.mark, text=scalar.text)
    return max(1, _UNITS[found[2]] // int(found[1]))


@dataclass(frozen=True, kw_only=True)
class Segment:
    """To whom: every condition that stands here holds for the person."""

    mark: Mark
    node: Mapping | None = source_node()
    funnel: str = key(name, default="")
    condition: WrittenCondition | None = key(condition, name="if", default=None)
    tags: tuple[str, ...] = key(some_words, default=())
    without_tags: tuple[str, ...] = key(some_words, default=())
    source: tuple[str, ...] = key(some_words, default=())
    place: tuple[str, ...] = key(some_words, default=())
    active: int = key(duration, default=0)
    silent: int = key(duration, default=0)


@shaped(lambda drawing: drawing.record(Segment))
def segment(node: Node, reading: Reading) -> Segment:
    """The conditions under ``to``."""
    return record(Segment, node, reading, mark=node.mark)


@dataclass(frozen=True, kw_only=True)
class BroadcastButton(SayButton):
    """A button of a ``say``, or one that enters a funnel by the code of a link."""

    FORM: ClassVar[Schema] = {
        "oneOf": [
            *({"required": [each]} for each in ("url", "go", "open")),
            {"anyOf": [{"required": [each]} for each in ("tag", "untag", "set")]},
        ]
    }

    open: tuple[str, ...] = key(link, default=())


@shaped(lambda drawing: drawing.record(BroadcastButton))
def broadcast_button(node: Node, reading: Reading) -> BroadcastButton:
    """One button: exactly one of ``url``, ``open``, ``go`` and the marks."""
    button = record(BroadcastButton, node, reading, mark=node.mark)
    meanings = [bool(button.url), bool(button.go), bool(button.open), button.marks]
    if sum(meanings) != 1:
        raise reading.refuse("button-meaning", node.mark)
    if button.track and not button.url:
        raise reading.refuse("track-without-url", node.mark)
    return button


@dataclass(frozen=True, kw_only=True)
class Broadcast(Say):
    """One file: a ``say`` with a name for good, to whom and when it goes."""

    broadcast: str = key(name)
    bots: tuple[str, ...] = key(items_of(name), default=())
    kind: MessageKind = key(kind_key, default="advertising")
    to: Segment = key(segment, default=None)
    when: Now | Moment = key(moment, default=NOW)
    zone: Literal["person", "project"] = key(one_of("person", "project"), default="person")
    late: int = key(duration, default=0)
    rate: int = key(rate, default=0)
    busy: Busy | None = key(one_of("hold", "send", "skip"), default=None)
    buttons: tuple[BroadcastButton, ...] = key(list_of(broadcast_button), default=())

    @property
    def when_busy(self) -> Busy:
        """What becomes of it while the person answers a question: as with letters."""
        return self.busy or ("send" if self.kind == "service" else "hold")

    @property
    def place_name(self) -> str:
        """What the transcript and the journal call it."""
        return f"broadcast:{self.broadcast}"

    def frozen(self, scene: Scene) -> tuple[Button, ...]:
        """The buttons with what they mean to this person."""
        return tuple(_frozen(scene, button) for button in self.buttons)


def _frozen(scene: Scene, button: BroadcastButton) -> Button:
    if not button.open:
        return scene.say_button(button)
    return Button(scene.plain(button.text), {"do": "open", "code": button.open[0]})


def read_broadcast(node: Node, reading: Reading) -> Broadcast | None:
    """The broadcast, or None when it could not be put together; problems are in ``reading``."""
    try:
        made = record(Broadcast, node, reading, mark=node.mark)
    except Unread:
        return None
    return replace(made, to=made.to or Segment(mark=node.mark))


@lru_cache(maxsize=32)
def broadcast_of(text: str, file: str) -> tuple[Broadcast | None, Reading]:
    """The broadcast of a file's text with what was wrong in it."""
    reading = Reading(file)
    node, problems = read_source(text, file)
    reading.problems.extend(problems)
    return (read_broadcast(node, reading) if node is not None else None), reading

"""A funnel as it was written: entries, fields, flows, series of letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, get_args

from flows import shapes
from flows.late import Late, default_late
from flows.messages import MessageKind
from flows.nodes.base import NOT_BUILT, Block, step_of
from flows.nodes.base import steps as block
from flows.nodes.message_keys import kind_key
from flows.nodes.outside import json_path
from flows.nodes.question import Question
from flows.nodes.silence import Reminder, silence
from flows.own_phrases import own_phrases
from flows.problems import Mark
from flows.reading import (
    Reading,
    Unread,
    as_scalar,
    boolean,
    items_of,
    key,
    keys_of,
    list_of,
    name,
    one_of,
    record,
    some_words,
    source_node,
    table_of,
    word,
)
from flows.shapes import Drawing, Schema, shaped, written_as
from flows.source import Mapping, Node, Scalar
from flows.texts import WrittenCondition, WrittenValue, condition, value
from flows.timing_keys import days, late, when, window, zone
from flows.when import When
from flows.windows import Days, Window

Trigger = Literal["start", "link", "words", "command", "comment", "event", "subscribed", "any"]
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
FIELD_TYPES = (
    "text",
    "integer",
    "number",
    "phone",
    "email",
    "boolean",
    "datetime",
    "date",
    "time",
    "rating",
    "city",
    "list",
)
LINK = re.compile(r"[A-Za-z0-9_-]{1,64}|[A-Za-z0-9_-]{0,63}\*")
Busy = Literal["hold", "send", "skip"]


@shaped(written_as(f"^({LINK.pattern})$", "ads_may", "gift_*", also=("number", "boolean")))
def link(node: Node, reading: Reading) -> tuple[str, ...]:
    """A deep link's code, maybe with a trailing ``*``."""
    scalar = as_scalar(node, reading)
    if not LINK.fullmatch(scalar.text):
        raise reading.refuse("bad-link", scalar.mark, link=scalar.text)
    return (scalar.text,)


@shaped(written_as("^[a-z0-9_]{1,32}$", also=("integer", "boolean")))
def command(node: Node, reading: Reading) -> tuple[str, ...]:
    """A command without its slash: 1–32 of ``a-z0-9_``."""
    scalar = as_scalar(node, reading)
    if not re.fullmatch(r"[a-z0-9_]{1,32}", scalar.text):
        raise reading.refuse("bad-command", scalar.mark, command=scalar.text)
    return (scalar.text,)


@shaped(shapes.NAME)
def event_name(node: Node, reading: Reading) -> tuple[str, ...]:
    """An event's name."""
    return (name(node, reading),)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One way in: a trigger with what it matches, and what it writes down."""

    FORM: ClassVar[Schema] = {"oneOf": [{"required": [trigger]} for trigger in TRIGGERS]}

    mark: Mark
    node: Mapping | None = source_node()
    trigger: Trigger
    matches: tuple[str, ...] = ()
    link: tuple[str, ...] = key(link, default=())
    words: tuple[str, ...] = key(some_words, default=())
    command: tuple[str, ...] = key(command, default=())
    comment: tuple[str, ...] = key(some_words, default=())
    start: Any = key(boolean, default=None)
    any: Any = key(boolean, default=None)
    set: dict[str, WrittenValue] = key(table_of(value), default=None)
    tag: tuple[str, ...] = key(some_words, default=())
    flow: str = key(name, default="")
    restart: bool = key(boolean, default=False)
    once: bool = key(boolean, default=False)
    event: tuple[str, ...] = key(event_name, default=())
    save: dict[str, str] = key(table_of(json_path), default=None)
    subscribed: Any = key(boolean, default=None)


def _entry_shape(drawing: Drawing) -> Schema:
    bare = [trigger for trigger in TRIGGERS if keys_of(Entry)[trigger][1] is boolean]
    return {"anyOf": [{"enum": bare}, drawing.record(Entry)]}


@shaped(_entry_shape)
def entry(node: Node, reading: Reading) -> Entry:
    """One item of ``entry``."""
    if isinstance(node, Scalar):
        if node.text in {"start", "subscribed", "any"}:
            return Entry(mark=node.mark, trigger=node.text)  # type: ignore[arg-type]
        raise reading.refuse("bad-entry", node.mark, entry=node.text)
    made = record(Entry, node, reading, mark=node.mark, trigger="any")
    assert isinstance(node, Mapping)
    found = [scalar.text for scalar, _ in node if scalar.text in TRIGGERS]
    if len(found) != 1:
        raise reading.refuse("entry-trigger", node.mark, triggers=", ".join(TRIGGERS))
    if made.save and found[0] != "event":
        reading.note("entry-save", node.mark)
    matches = getattr(made, found[0])
    return replace(made, trigger=found[0], matches=matches if isinstance(matches, tuple) else ())


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """A declared field: its label for people, its type, whether it is personal, its start value."""

    mark: Mark
    node: Mapping | None = source_node()
    label: str = key(word, default="")
    type: str = key(one_of(*FIELD_TYPES), default="")
    personal: bool | None = key(boolean, default=None)
    value: WrittenValue | None = key(value, default=None)

    @property
    def is_personal(self) -> bool:
        """Phones and e-mails are, unless the author says otherwise."""
        return self.type in {"phone", "email"} if self.personal is None else self.personal


@shaped(lambda drawing: drawing.record(FieldSpec))
def field_spec(node: Node, reading: Reading) -> FieldSpec:
    """One field."""
    return record(FieldSpec, node, reading, mark=node.mark)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A timed letter: when it goes, under what conditions, and what it plays."""

    mark: Mark
    node: Mapping | None = source_node()
    id: str = key(name)
    when: When = key(when)
    steps: Block = key(block, default=())
    condition: WrittenCondition | None = key(condition, name="if", default=None)
    window: Window | None = key(window, default=None)
    days: Days | None = key(days, default=None)
    kind: MessageKind | None = key(kind_key, default=None)
    busy: Busy | None = key(one_of("hold", "send", "skip"), default=None)
    late: Late | None = key(late, default=None)
    otherwise: Block = key(block, default=())

    @property
    def late_rule(self) -> Late:
        """The letter's own rule, or the one of its form of ``when``."""
        return self.late or default_late(self.when)


@shaped(lambda drawing: drawing.step_in(Letter))
def letter(node: Node, reading: Reading) -> Letter:
    """One letter: its own keys, and either ``steps`` or the keys of a message."""
    own = keys_of(Letter)
    if not isinstance(node, Mapping):
        raise reading.refuse("letter-form", node.mark)
    rest = Mapping(node.mark, tuple(pair for pair in node.entries if pair[0].text not in own))
    made = record(Letter, node, reading, mark=node.mark, extra=[k.text for k, _ in rest])
    if node.get("steps") is not None:
        for scalar, _ in rest:
            reading.note("unknown-key", scalar.mark, key=scalar.text, close="")
        return made
    step = step_of(rest, reading)
    if isinstance(step, Question) and not step.place():
        step = replace(step, id=made.id)  # the letter's id names its question as well
    return replace(made, steps=(step,))


@dataclass(frozen=True, kw_only=True)
class Series:
    """Letters in order, and what holds for all of them."""

    mark: Mark
    node: Mapping | None = source_node()
    letters: tuple[Letter, ...] = key(list_of(letter))
    stop_when: WrittenCondition | None = key(condition, default=None)
    window: Window | None = key(window, default=None)
    days: Days | None = key(days, default=None)
    kind: MessageKind | None = key(kind_key, default=None)
    busy: Busy | None = key(one_of("hold", "send", "skip"), default=None)
    late: Late | None = key(late, default=None)
    zone: Literal["person", "funnel"] = key(one_of("person", "funnel"), default="person")

    def letter(self, name: str) -> Letter | None:
        """The letter of that id."""
        return next((item for item in self.letters if item.id == name), None)

    def after(self, name: str) -> Letter | None:
        """The letter that follows."""
        ids = [item.id for item in self.letters]
        index = ids.index(name) + 1 if name in ids else len(ids)
        return self.letters[index] if index < len(ids) else None


@shaped(lambda drawing: drawing.record(Series))
def series(node: Node, reading: Reading) -> Series:
    """One series; what it says for all its letters is put into each."""
    made = record(Series, node, reading, mark=node.mark)
    filled = tuple(
        replace(
            item,
            window=item.window or made.window,
            days=item.days or made.days,
            kind=item.kind or made.kind,
            busy=item.busy or made.busy,
            late=item.late or made.late,
        )
        for item in made.letters
    )
    return replace(made, letters=filled)


@shaped(shapes.NAME)
def flow_name(node: Node, reading: Reading) -> str:
    """A flow's name."""
    return name(node, reading)


def _tests_shape(drawing: Drawing) -> Schema:
    from flows.transcripts import Transcript

    return {"type": ["array", "null"], "items": drawing.record(Transcript)}


@shaped(_tests_shape)
def tests(node: Node, _reading: Reading) -> Node:
    """The tests, to be read when they are played."""
    return node


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """One file of the language."""

    mark: Mark
    node: Mapping | None = source_node()
    funnel: str = key(name)
    title: str = key(word, default="")
    language: Literal["ru", "en"] = key(one_of("ru", "en"), default="ru")
    timezone: str = key(zone, default="")
    back: str = key(word, default="")
    entry: tuple[Entry, ...] = key(items_of(entry))
    fields: dict[str, FieldSpec] = key(table_of(field_spec), default=None)
    flows: dict[str, Block] = key(table_of(block, flow_name))
    series: dict[str, Series] = key(table_of(series), default=None)
    silence: tuple[Reminder, ...] | None = key(silence, default=None)
    phrases: dict[str, str] = key(own_phrases, default=None)
    moved: None = key(NOT_BUILT, default=None)  # type: ignore[arg-type]
    tests: Node | None = key(tests, default=None)


def read_funnel(node: Node, reading: Reading) -> Funnel | None:
    """The funnel, or None when it could not be put together; problems are in ``reading``."""
    language = node.get("language") if isinstance(node, Mapping) else None
    if isinstance(language, Scalar) and language.text == "en":
        reading.language = "en"
    try:
        made = record(Funnel, node, reading, mark=node.mark)
    except Unread:
        return None
    return replace(
        made, fields=made.fields or {}, series=made.series or {}, phrases=made.phrases or {}
    )

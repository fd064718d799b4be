"""The keys that every message shares: media, buttons, typing, kind and the marks of advertising."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, get_args

from flows.messages import MEDIA_KINDS, Media, MessageKind
from flows.nodes.base import Step
from flows.problems import Mark
from flows.reading import (
    Reading,
    as_scalar,
    items_of,
    key,
    list_of,
    name,
    one_of,
    record,
    some_words,
    source_node,
    table_of,
    word,
)
from flows.shapes import Schema, shaped, written_as
from flows.source import Mapping, Node
from flows.texts import WrittenText, WrittenValue, value, written_text
from flows.timing_keys import duration

kind_key = one_of(*get_args(MessageKind))


@shaped(written_as("^media/", "media/photo.jpg"))
def media_path(node: Node, reading: Reading) -> str:
    """A path below ``media/`` beside the funnel; it is looked for when all files are read."""
    scalar = as_scalar(node, reading)
    parts = scalar.text.split("/")
    if parts[0] != "media" or ".." in parts or len(parts) < 2 or "\\" in scalar.text:
        raise reading.refuse("media-outside", scalar.mark, file=scalar.text)
    reading.media.append((scalar.text, scalar.mark))
    return scalar.text


media_paths = items_of(media_path)
"""A reader of one path or an album."""


_MARKS = {"anyOf": [{"required": [key]} for key in ("tag", "untag", "set")]}


@dataclass(frozen=True, kw_only=True)
class SayButton:
    """A button that does not wait: opens a link, starts a flow, or marks the person."""

    FORM: ClassVar[Schema] = {"oneOf": [{"required": [key]} for key in ("url", "go")] + [_MARKS]}

    mark: Mark
    node: Mapping | None = source_node()
    text: WrittenText = key(written_text)
    url: WrittenText | None = key(written_text, default=None)
    track: str = key(name, default="")
    go: str = key(name, default="")
    tag: tuple[str, ...] = key(some_words, default=())
    untag: tuple[str, ...] = key(some_words, default=())
    set: dict[str, WrittenValue] | None = key(table_of(value), default=None)
    reply: WrittenText | None = key(written_text, default=None)

    @property
    def marks(self) -> bool:
        """Whether it marks the person."""
        return bool(self.tag or self.untag or self.set)


@shaped(lambda drawing: drawing.record(SayButton))
def say_button(node: Node, reading: Reading) -> SayButton:
    """One button of a ``say``: exactly one of ``url``, ``go`` and the marks."""
    button = record(SayButton, node, reading, mark=node.mark)
    meanings = [bool(button.url), bool(button.go), button.marks]
    if sum(meanings) != 1:
        raise reading.refuse("button-meaning", node.mark)
    if button.track and not button.url:
        raise reading.refuse("track-without-url", node.mark)
    return button


say_buttons = list_of(say_button)
"""A reader of the buttons of a ``say``."""


@dataclass(frozen=True, kw_only=True)
class MessageStep(Step):
    """A step that shows a message."""

    photo: tuple[str, ...] = key(media_paths, default=())
    video: tuple[str, ...] = key(media_paths, default=())
    audio: tuple[str, ...] = key(media_paths, default=())
    voice: tuple[str, ...] = key(media_paths, default=())
    video_note: tuple[str, ...] = key(media_paths, default=())
    document: tuple[str, ...] = key(media_paths, default=())
    typing: int = key(duration, default=0)
    kind: MessageKind | None = key(kind_key, default=None)
    erid: str = key(word, default="")
    advertiser: str = key(word, default="")

    def media(self) -> Iterator[Media]:
        """The step's media in the order of the kinds."""
        for kind in MEDIA_KINDS:
            for path in getattr(self, kind):
                yield Media(kind, path)

    def files(self) -> Iterator[Media]:
        """Everything that the step may show, under any of its words."""
        yield from self.media()

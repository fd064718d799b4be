"""``ask``: a question with ready answers, a typed free answer, or both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flows import booking
from flows.answers import Answer
from flows.answers.location import Location
from flows.answers.phone import Phone
from flows.answers.slot import Slot
from flows.markup import RichText
from flows.messages import CHOSEN_SIGN, Button, Media, MessageKind
from flows.nodes.answer_key import answer
from flows.nodes.base import Block, Move, steps
from flows.nodes.jumps import target
from flows.nodes.message_keys import MessageStep, media_path
from flows.nodes.question import Question
from flows.problems import Mark
from flows.reading import (
    Reading,
    as_scalar,
    as_sequence,
    boolean,
    each,
    integer,
    key,
    name,
    number,
    record,
    some_words,
    source_node,
)
from flows.shapes import MAYBE_EMPTY, TEXT, Drawing, Schema, shaped
from flows.source import Mapping, Node, Scalar
from flows.texts import WrittenText, written_text

if TYPE_CHECKING:
    from flows.scene import Scene


@shaped(MAYBE_EMPTY)
def literal(node: Node, reading: Reading) -> str:
    """A text that is saved as it stands."""
    return as_scalar(node, reading).text


@dataclass(frozen=True, kw_only=True)
class Option:
    """A ready answer. ``then`` is played after it, ``go`` leads elsewhere, ``url`` answers nothing."""

    mark: Mark
    node: Mapping | None = source_node()
    text: WrittenText = key(written_text)
    value: str | None = key(literal, default=None)
    tag: tuple[str, ...] = key(some_words, default=())
    score: float = key(number, default=0)
    go: str = key(target, default="")
    then: Block = key(steps, default=())
    url: WrittenText | None = key(written_text, default=None)
    photo: str = key(media_path, default="")


def _options_shape(drawing: Drawing) -> Schema:
    listed = {"type": ["array", "null"], "items": drawing.of(option)}
    return {"anyOf": [listed, {"type": "object", "additionalProperties": drawing.of(steps)}]}


@shaped(_options_shape)
def options(node: Node, reading: Reading) -> tuple[Option, ...]:
    """A list of texts and mappings, or a mapping ``text: [steps]``."""
    if isinstance(node, Mapping):
        return tuple(each(map(_pair, node.entries), option, reading))
    return tuple(each(as_sequence(node, reading), option, reading))


def _pair(entry: tuple[Scalar, Node]) -> Mapping:
    label, block = entry
    mark = label.mark
    keys = ((Scalar(mark, "text"), label), (Scalar(mark, "then"), block))
    return Mapping(mark, keys)


@shaped(lambda drawing: {"anyOf": [TEXT, drawing.record(Option)]})
def option(node: Node, reading: Reading) -> Option:
    """One option."""
    if isinstance(node, Scalar):
        node = Mapping(node.mark, ((Scalar(node.mark, "text"), node),))
    made = record(Option, node, reading, mark=node.mark)
    if made.url and (made.go or made.then or made.tag or made.score):
        raise reading.refuse("option-url-answers", node.mark)
    if made.go and made.then:
        raise reading.refuse("option-go-and-then", node.mark)
    return made


@dataclass(frozen=True, kw_only=True)
class Ask(Question, MessageStep):
    """A question; its place is its ``id``, else the field that it saves."""

    VERB = "ask"
    FORM: ClassVar[Schema] = {"anyOf": [{"required": ["save"]}, {"required": ["id"]}]}

    ask: WrittenText = key(written_text)
    save: str = key(name, default="")
    options: tuple[Option, ...] = key(options, default=())
    columns: int | None = key(integer, default=None)
    answer: Answer | None = key(answer, default=None)
    invalid: WrittenText | None = key(written_text, default=None)
    attempts: int | None = key(integer, default=None)
    otherwise: Block = key(steps, default=())
    skip: WrittenText | None = key(written_text, default=None)
    many: bool = key(boolean, default=False)
    min: int | None = key(integer, default=None)
    max: int | None = key(integer, default=None)

    def place(self) -> str:
        """Its ``id``, else its field."""
        return self.id or self.save

    @property
    def least(self) -> int:
        """How many options must be chosen of many, one unless ``min`` says otherwise."""
        return 1 if self.min is None else self.min

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """The options' steps, what follows bad answers, what follows silence."""
        for index, item in enumerate(self.options):
            yield f"option{index}", item.then
        yield "otherwise", self.otherwise
        yield from super().blocks()

    def enter(self, scene: Scene) -> Move:
        """Ask; a question for a free time looks first what is free."""
        if isinstance(self.answer, Slot):
            return booking.look(scene, self.answer)
        return super().enter(scene)

    def told(self, scene: Scene, result: dict[str, Any]) -> Move:
        """What is free, or how a booking ended."""
        return booking.told(scene, self, result)

    def words(self, scene: Scene) -> RichText:
        """The question."""
        return scene.render(self.ask)

    def buttons(self, scene: Scene) -> tuple[Button, ...]:
        """The options, then skip, then back; first of all the one that shares."""
        found = []
        if isinstance(self.answer, Phone):
            found.append(Button(scene.phrase("share_contact"), contact=True))
        if isinstance(self.answer, Location):
            found.append(Button(scene.phrase("share_location"), location=True))
        if (
            isinstance(self.answer, Slot)
            and scene.play is not None
            and scene.play.rest is not None
        ):
            found += booking.buttons(scene, scene.play.rest)
        for index, item in enumerate(self.options):
            found.append(self._option_button(scene, index, item))
        if self.answer is not None and not self.options:
            found.extend(
                Button(label, scene.answer_action("value", text=label))
                for label in self.answer.buttons(scene.language)
            )
        if self.many:
            found.append(Button(scene.phrase("done"), scene.answer_action("done")))
        if self.skip:
            found.append(Button(scene.plain(self.skip), scene.answer_action("skip")))
        back = scene.back_text()
        if back:
            found.append(Button(back, scene.answer_action("back")))
        return tuple(found)

    def _option_button(self, scene: Scene, index: int, item: Option) -> Button:
        label = scene.plain(item.text)
        if item.url:
            return Button(label, url=scene.plain(item.url))
        if not self.many:
            return Button(label, scene.answer_action("option", option=index))
        assert scene.play is not None
        assert scene.play.rest is not None
        sign = CHOSEN_SIGN if index in scene.play.rest.chosen else ""
        return Button(sign + label, scene.answer_action("toggle", option=index))

    def pictures(self, words_of: Callable[[WrittenText], str]) -> tuple[Media, ...]:
        """The options' pictures, numbered where the number is an answer."""
        found = []
        for place, item in enumerate(self.options, 1):
            if item.photo:
                words = words_of(item.text)
                label = words if self.answer else f"{place}. {words}"
                found.append(Media("photo", item.photo, label))
        return tuple(found)

    def files(self) -> Iterator[Media]:
        """Its media and the options' pictures."""
        yield from super().files()
        yield from (Media("photo", item.photo) for item in self.options if item.photo)

    def shown(self) -> tuple[tuple[Media, ...], MessageKind | None, int | None]:
        """Its media, kind and columns."""
        return tuple(self.media()), self.kind, self.columns

"""One step in words: what it is, what it says, what follows which answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from flows.messages import MEDIA_KINDS
from flows.nodes.base import Step
from flows.problems import Language
from flows.program import Program
from flows.source import Mapping as Table
from flows.source import Node, Scalar
from flows.telling.texts import plain_words
from flows.telling.tongue import Tongue
from flows.templates import Text
from flows.texts import WrittenText

Kind = Literal["message", "question", "consent", "choice", "wait", "mark", "team", "jump", "other"]
MEDIA = {
    "photo": ("Картинка", "A picture"),
    "video": ("Видео", "A video"),
    "audio": ("Музыка", "Music"),
    "voice": ("Голосовое", "A voice message"),
    "video_note": ("Видеокружок", "A round video"),
    "document": ("Файл", "A file"),
}
ADVERTISING = ("Реклама", "Advertising")
_BLOCKS = {
    "then": ("да", "yes"),
    "else": ("нет", "no"),
    "otherwise": ("не получилось", "it did not work"),
    "steps": ("дальше", "then"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A line about a step: a label, and maybe a text of the author; pictures leave ``minor`` out."""

    label: str
    text: Text | None = None
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A way on: a button, an answer, a rule.

    ``block`` names the nested steps that follow, ``to`` a flow or a place elsewhere; with neither
    of them play goes on below, unless the choice leads nowhere (``leads``).
    """

    label: str
    block: str = ""
    to: str = ""
    notes: tuple[str, ...] = ()
    leads: bool = True
    button: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A step in words: ``to`` is the flow or place that it leads to, ``series`` the one it is about.

    It ``ends`` when play goes on only by its choices.
    """

    kind: Kind
    title: str
    text: Text | None = None
    notes: tuple[Note, ...] = ()
    choices: tuple[Choice, ...] = ()
    to: str = ""
    series: str = ""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """What a funnel's steps are told by: its program, the titles of documents, the language."""

    program: Program
    tongue: Tongue
    labels: Mapping[str, str]
    documents: Mapping[str, str] = field(default_factory=dict)

    def plain(self, text: Text | WrittenText) -> str:
        """A text in one line."""
        compiled = text.compiled if isinstance(text, WrittenText) else text
        return plain_words(compiled, self.labels, self.tongue)

    def document(self, name: str) -> str:
        """A document's title; its name when the project is not known."""
        return self.documents.get(name, name)

    def label(self, name: str) -> str:
        """What a field is called for people."""
        return self.labels.get(name, name)


def book_of(
    program: Program, documents: Mapping[str, str] | None = None, language: Language | None = None
) -> Book:
    """The book of a funnel, in its own language unless another is asked for."""
    fields = program.funnel.fields
    labels = {name: spec.label for name, spec in fields.items() if spec.label}
    tongue = Tongue(language or program.funnel.language)
    return Book(program, tongue, labels, documents or {})


Tell = Callable[[Any, Book], Told]
TELLERS: dict[type[Step], tuple[Tell, frozenset[str]]] = {}
"""How each type of step is told, and which of its keys its words hold."""


def tells(cls: type[Step], *keys: str) -> Callable[[Tell], Tell]:
    """A decorator of the function that tells this type of step; ``keys`` are those it speaks of."""

    def keep(tell: Tell) -> Tell:
        TELLERS[cls] = (tell, frozenset(keys))
        return tell

    return keep


def told(step: Step, book: Book) -> Told:
    """The step in words; a key that its words do not hold is shown as it is written."""
    tell, keys = TELLERS.get(type(step), (_generic, frozenset({step.VERB})))
    made = tell(step, book)
    notes = (*made.notes, *_media(step, book), *_rest(step, keys))
    return replace(made, notes=notes, choices=(*made.choices, *_unsaid(step, made, book)))


def _generic(step: Step, book: Book) -> Told:
    del book
    head = step.VERB
    value = step.node.get(step.VERB) if step.node is not None else None
    title = f"{head}: {written(value)}" if value is not None else head
    return Told("wait" if step.RESTS else "other", title)


def _media(step: Step, book: Book) -> Iterator[Note]:
    for kind in MEDIA_KINDS:
        for path in getattr(step, kind, ()):
            yield Note(f"{book.tongue(*MEDIA[kind])}: {path}")
    if getattr(step, "kind", None) == "advertising":
        marks = [words for words in (getattr(step, "advertiser", ""), _erid(step)) if words]
        yield Note(": ".join([book.tongue(*ADVERTISING), *([", ".join(marks)] if marks else [])]))


def _erid(step: Step) -> str:
    erid = getattr(step, "erid", "")
    return f"erid {erid}" if erid else ""


def _rest(step: Step, keys: frozenset[str]) -> Iterator[Note]:
    """Keys that no teller speaks of: nothing that is written may be left out."""
    shown = {*keys, *MEDIA_KINDS, "kind", "erid", "advertiser", "id"}
    blocks = {key for key, _ in step.blocks()}
    for scalar, value in step.node or ():
        if scalar.text not in shown | blocks:
            yield Note(f"{scalar.text}: {written(value)}")


def _unsaid(step: Step, made: Told, book: Book) -> Iterator[Choice]:
    """Nested steps that no choice leads to, and the way below them."""
    named = {choice.block for choice in made.choices}
    unsaid = [key for key, block in step.blocks() if block and key not in named]
    for key in unsaid:
        yield Choice(book.tongue(*_BLOCKS.get(key, (key, key))), key)
    if unsaid and type(step) not in TELLERS:
        full = {key for key, block in step.blocks() if block}
        if not {"then", "else"} <= full:
            yield Choice("")


def written(node: Node | None) -> str:
    """A value as it is written, in one line."""
    if node is None:
        return ""
    if isinstance(node, Scalar):
        return " ".join(node.text.split())
    if isinstance(node, Table):
        return ", ".join(f"{key.text}: {written(value)}" for key, value in node)
    return ", ".join(written(item) for item in node.items)

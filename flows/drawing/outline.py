"""A funnel as cards in authored order: what stands below what, and what leads elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flows.problems import Language
from flows.telling import Kind

ChipKind = Literal["end", "back", "go", "call", "series"]


@dataclass(frozen=True, slots=True)
class Chip:
    """A way elsewhere that is named instead of drawn; ``target`` is the card or lane it leads to."""

    text: str
    kind: ChipKind
    target: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a card: words, maybe a chip behind them.

    ``button`` is what a person presses, ``head`` what the bot says, ``way`` an answer or a rule.
    """

    text: str = ""
    chip: Chip | None = None
    style: Literal["plain", "head", "button", "way"] = "plain"


@dataclass(frozen=True, slots=True)
class Card:
    """What stands together: a place or a fork, or a run of simple steps.

    ``caption`` names the flow that begins here, when it is drawn inside another.
    """

    id: str
    kind: Kind
    title: str
    lines: tuple[Line, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A way from a card into cards of its own."""

    label: str
    items: tuple[Item, ...]

    @property
    def falls(self) -> bool:
        """Whether play can come out of it to what stands below."""
        return not self.items or self.items[-1].falls


@dataclass(frozen=True, slots=True)
class Item:
    """A card with its branches; ``passes`` are the ways straight to the card below, by label."""

    card: Card
    branches: tuple[Branch, ...] = ()
    passes: tuple[str, ...] = ()

    @property
    def falls(self) -> bool:
        """Whether play can come to what stands below."""
        return bool(self.passes) or any(branch.falls for branch in self.branches)


@dataclass(frozen=True, slots=True)
class LetterOutline:
    """A letter: when it goes and on what terms, what it plays, what plays when it is skipped."""

    id: str
    name: str
    when: str
    notes: tuple[str, ...]
    items: tuple[Item, ...]
    otherwise: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A flow, or a series with its letters."""

    id: str
    name: str
    items: tuple[Item, ...] = ()
    letters: tuple[LetterOutline, ...] = ()
    notes: tuple[str, ...] = ()
    series: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A way in: in words, and the flow that it leads to."""

    words: str
    flow: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole funnel, ready to be drawn."""

    title: str
    language: Language
    ways: tuple[Way, ...]
    lanes: tuple[Lane, ...]


def flow_id(name: str) -> str:
    """The id of a flow's lane."""
    return f"flow-{name}"


def series_id(name: str) -> str:
    """The id of a series' lane."""
    return f"series-{name}"


def cards_of(items: tuple[Item, ...]) -> Iterator[Card]:
    """Every card of the items and their branches."""
    for item in items:
        yield item.card
        for branch in item.branches:
            yield from cards_of(branch.items)


def all_cards(outline: Outline) -> Iterator[Card]:
    """Every card of the outline."""
    for lane in outline.lanes:
        yield from cards_of(lane.items)
        for letter in lane.letters:
            yield from cards_of(letter.items)
            yield from cards_of(letter.otherwise)

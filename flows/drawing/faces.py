"""A card's face: its lines wrapped to the card's width, each piece at its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flows.drawing.measure import shortened, width_of, wrapped
from flows.drawing.mermaid import chip_words
from flows.drawing.outline import Card, Chip, Line

WIDTH = 250.0
PAD = 12.0
INNER = WIDTH - 2 * PAD
TEXT, SMALL = 13.0, 11.5
ROW = 17.0
MOST_ROWS = {"head": 4, "plain": 2, "button": 2, "way": 2}

Look = Literal["title", "head", "plain", "button", "way", "chip"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one look from ``y`` down; ``x`` and ``y`` count from the card's corner."""

    look: Look
    x: float
    y: float
    width: float
    rows: tuple[str, ...]
    chip: Chip | None = None

    @property
    def height(self) -> float:
        """From the piece's top to its bottom."""
        return ROW * len(self.rows) + (6 if self.look in {"button", "chip"} else 0)


@dataclass(frozen=True, slots=True)
class Face:
    """A card with its pieces and its height."""

    card: Card
    pieces: tuple[Piece, ...]
    height: float


def face_of(card: Card) -> Face:
    """The card, ready to be placed."""
    pieces: list[Piece] = []
    y = PAD - 2
    if card.title:
        rows = tuple(wrapped(card.title, INNER, TEXT * 1.06, 2))  # bold is wider
        pieces.append(Piece("title", PAD, y, INNER, rows))
        y += pieces[-1].height + 2
    for line in card.lines:
        for piece in _pieces(line, y):
            pieces.append(piece)
            y = max(y, piece.y + piece.height + (4 if piece.look in {"button", "chip"} else 2))
    return Face(card, tuple(pieces), y + PAD - 4)


def size_of(look: Look) -> float:
    """The font's size of that look."""
    return TEXT if look in {"title", "head", "button"} else SMALL


def _pieces(line: Line, y: float) -> list[Piece]:
    chip = _chip(line.chip, y) if line.chip is not None else None
    if not line.text:
        return [chip] if chip is not None else []
    look: Look = line.style
    room = INNER - 16 if look == "button" else INNER - (10 if look == "way" else 0)
    x = PAD + (10 if look == "way" else 0)
    if chip is not None and look != "head":
        left = room - chip.width - 8
        words = width_of(line.text, size_of(look))
        if words <= left:
            width = INNER - chip.width - 6 if look == "button" else left
            text = Piece(look, x, y, width, (line.text,))
            return [text, _beside(chip, text)]
    rows = tuple(wrapped(line.text, room, size_of(look), MOST_ROWS[look]))
    text = Piece(look, x, y, INNER if look == "button" else room, rows)
    below = text.y + text.height + 3
    return [text, *([_chip(line.chip, below)] if line.chip is not None else [])]


def _chip(chip: Chip, y: float) -> Piece:
    words = shortened(chip_words(chip), INNER - 18, SMALL)
    return Piece("chip", PAD, y, width_of(words, SMALL) + 18, (words,), chip)


def _beside(chip: Piece, text: Piece) -> Piece:
    """The chip at the right end of the text's row."""
    y = text.y + (text.height - chip.height) / 2
    return Piece("chip", WIDTH - PAD - chip.width, y, chip.width, chip.rows, chip.chip)

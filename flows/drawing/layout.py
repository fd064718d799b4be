"""Where everything stands: branches side by side in authored order, what follows them below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flows.drawing.faces import SMALL, WIDTH, Face, face_of
from flows.drawing.measure import width_of, wrapped
from flows.drawing.outline import Branch, Item

GAP = 28.0
FALL = 34.0
"""How far below a card the next one stands."""
BUS = 13.0
CAPTION = 20.0
LABEL_ROW = 15.0
LABEL_WIDTH = 190.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A card's face with its upper left corner."""

    x: float
    y: float
    face: Face

    def moved(self, dx: float, dy: float) -> Placed:
        """The same, elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True, slots=True)
class Wire:
    """A line between cards."""

    points: tuple[Point, ...]
    arrow: bool = False

    def moved(self, dx: float, dy: float) -> Wire:
        """The same, elsewhere."""
        return replace(self, points=tuple((x + dx, y + dy) for x, y in self.points))


@dataclass(frozen=True, slots=True)
class Words:
    """Rows of words around the axis ``x`` (or from it rightwards), from ``y`` down."""

    x: float
    y: float
    rows: tuple[str, ...]
    look: str = "label"

    def moved(self, dx: float, dy: float) -> Words:
        """The same, elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


Thing = Placed | Wire | Words


@dataclass(slots=True)
class Block:
    """Things around an axis: how far they reach to its sides and down, and where play comes out."""

    left: float = 0.0
    right: float = 0.0
    height: float = 0.0
    things: list[Thing] = field(default_factory=list)
    exits: list[Point] = field(default_factory=list)

    def put(self, other: Block, x: float, y: float) -> list[Point]:
        """Put another block with its axis at ``x``; its exits come back as they lie here."""
        self.things += [thing.moved(x, y) for thing in other.things]
        self.left = max(self.left, other.left - x)
        self.right = max(self.right, other.right + x)
        self.height = max(self.height, y + other.height)
        return [(ex + x, ey + y) for ex, ey in other.exits]


def stacked(items: Iterable[Item]) -> Block:
    """The items one below another, each joined to the next."""
    whole = Block()
    y = 0.0
    for item in items:
        block = _item(item)
        if whole.things:
            y = whole.height + (FALL if whole.exits else GAP)
            caption = CAPTION if item.card.caption else 0.0
            _join(whole, y + caption)
        whole.exits = whole.put(block, 0.0, y)
    return whole


def _join(whole: Block, top: float) -> None:
    """Wires from where play comes out to the axis at ``top``."""
    for x, y in whole.exits:
        bus = y + BUS
        points = ((x, y), (0.0, top)) if x == 0 else ((x, y), (x, bus), (0.0, bus), (0.0, top))
        whole.things.append(Wire(points, arrow=True))


def _item(item: Item) -> Block:
    block = Block()
    face = face_of(item.card)
    top = 0.0
    if item.card.caption:
        block.things.append(Words(-WIDTH / 2, 0.0, (item.card.caption,), "caption"))
        top = CAPTION
    block.put(Block(WIDTH / 2, WIDTH / 2, face.height, [Placed(-WIDTH / 2, 0.0, face)]), 0.0, top)
    if item.branches:
        _spread(block, item)
    elif item.passes:
        block.exits = [(0.0, block.height)]
    return block


def _spread(block: Block, item: Item) -> None:
    """Put the branches below the card: the way straight down first, the others to its right."""
    start = block.height
    bus = start + BUS
    label = _label(" · ".join(item.passes)) if item.passes else ()
    columns = [(branch, stacked(branch.items), _label(branch.label)) for branch in item.branches]
    deep = max(len(rows) for rows in (label, *(rows for _, _, rows in columns)))
    top = bus + 8 + deep * LABEL_ROW + 14
    exits: list[Point] = []
    x = _first_axis(item, columns, label)
    for number, (branch, inner, rows) in enumerate(columns):
        half = _half(rows)
        if number:
            x += max(inner.left, half)
        caption = CAPTION if branch.items[0].card.caption else 0.0
        block.things.append(
            Wire(((0.0, start), (0.0, bus), (x, bus), (x, top + caption)), arrow=True)
        )
        block.things.append(Words(x, bus + 6, rows))
        exits += block.put(inner, x, top)
        x += max(inner.right, half) + GAP
    ends = [(0.0, start)] * bool(item.passes) + exits
    if item.passes:
        block.things.append(Words(0.0, bus + 6, label))
    for ex, ey in ends:
        if ey < block.height:
            block.things.append(Wire(((ex, ey), (ex, block.height))))
    block.exits = [(ex, block.height) for ex, _ in ends]


def _first_axis(
    item: Item, columns: list[tuple[Branch, Block, tuple[str, ...]]], label: tuple[str, ...]
) -> float:
    """Where the first branch stands: right of the way down, or so that all lie around the card."""
    _, first, rows = columns[0]
    if item.passes:
        return _half(label) + GAP + max(first.left, _half(rows))
    if len(columns) == 1:
        return 0.0
    inner = sum(max(b.left, _half(r)) + max(b.right, _half(r)) for _, b, r in columns)
    _, last, end = columns[-1]
    inner -= max(first.left, _half(rows)) + max(last.right, _half(end))
    return -(inner + GAP * (len(columns) - 1)) / 2


def _label(text: str) -> tuple[str, ...]:
    return tuple(wrapped(text, LABEL_WIDTH, SMALL, 3))


def _half(rows: tuple[str, ...]) -> float:
    return max((width_of(row, SMALL) for row in rows), default=0.0) / 2 + 8

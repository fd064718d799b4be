"""A panel for every flow, series and for the entries, and how panels share a sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flows.drawing.faces import SMALL, TEXT, WIDTH
from flows.drawing.layout import CAPTION, FALL, GAP, Block, Point, Thing, Wire, Words, stacked
from flows.drawing.measure import width_of, wrapped
from flows.drawing.outline import Item, Lane, LetterOutline, Outline
from flows.telling.tongue import Tongue

TALLEST = 2000.0
"""A taller flow goes on in a column beside it; a very long one has taller columns."""
WIDEST = 1900.0
EDGE = 22.0
BAR = 34.0
BESIDE = 190.0
"""The room for a letter's time, left of its cards."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A frame with a title; ``things`` count from its corner."""

    id: str
    title: str
    series: bool
    width: float
    height: float
    things: tuple[Thing, ...]
    x: float = 0.0
    y: float = 0.0


def panels_of(outline: Outline) -> list[Panel]:
    """The panels at their places on the sheet."""
    tongue = Tongue(outline.language)
    made = [_ways(outline, tongue), *(_lane(lane, tongue) for lane in outline.lanes)]
    return _packed(made)


def _packed(panels: Iterable[Panel]) -> list[Panel]:
    """Each panel at the highest place that it fits, in order."""
    found: list[Panel] = []
    made = list(panels)
    widest = max(WIDEST, *(panel.width for panel in made))
    for panel in made:
        starts = [0.0, *(each.x + each.width + GAP for each in found)]
        fits = [x for x in starts if x + panel.width <= widest] or [0.0]
        y, x = min((_free(found, x, panel.width), x) for x in fits)
        found.append(replace(panel, x=x, y=y))
    return found


def _free(found: list[Panel], x: float, width: float) -> float:
    under = [
        p.y + p.height + GAP for p in found if p.x < x + width + GAP and x < p.x + p.width + GAP
    ]
    return max(under, default=0.0)


def _framed(name: str, title: str, block: Block, *, series: bool = False) -> Panel:
    width = max(block.left + block.right + 2 * EDGE, width_of(title, TEXT * 1.1) + 2 * EDGE)
    things = tuple(thing.moved(block.left + EDGE, BAR + EDGE - 4) for thing in block.things)
    return Panel(name, title, series, width, block.height + BAR + 2 * EDGE - 4, things)


def _lane(lane: Lane, tongue: Tongue) -> Panel:
    if lane.series:
        title = tongue(f"Серия «{lane.name}»", f"Series “{lane.name}”")
        return _framed(lane.id, title, _series(lane, tongue), series=True)
    return _framed(
        lane.id, tongue(f"Поток «{lane.name}»", f"Flow “{lane.name}”"), _flow(lane.items)
    )


def _flow(items: tuple[Item, ...]) -> Block:
    """The flow in as many columns as its height asks for."""
    whole = Block()
    number = 0
    x = 0.0
    before: tuple[str, ...] = ()
    for part in _parts(items):
        block = stacked(part)
        column = Block()
        top = 0.0
        if before:
            top = 22 + FALL
            first = top + (CAPTION if part[0].card.caption else 0.0)
            column.things.append(Words(0.0, 0.0, before, "joint"))
            column.things.append(Wire(((0.0, 22.0), (0.0, first)), arrow=True))
        exits = column.put(block, 0.0, top)
        last = part[-1] is items[-1]
        if exits and not last:
            number += 1
        before = (str(number),) if exits and not last else ()
        _close(column, exits, before)
        whole.put(column, x + column.left if x else 0.0, 0.0)
        x = whole.right + 2 * GAP
    return whole


def _parts(items: tuple[Item, ...]) -> list[list[Item]]:
    """The items in columns, so that the whole is about as wide as it is high."""
    parts: list[list[Item]] = []
    height = 0.0
    blocks = [stacked([item]) for item in items]
    width = max((block.left + block.right for block in blocks), default=0.0)
    most = max(TALLEST, (width * sum(block.height + FALL for block in blocks)) ** 0.5)
    for item, block in zip(items, blocks, strict=True):
        tall = block.height + FALL
        if not parts or height + tall > most:
            parts.append([])
            height = 0.0
        parts[-1].append(item)
        height += tall
    return parts


def _close(block: Block, exits: list[Point], joint: tuple[str, ...]) -> None:
    """Where play comes out: a dot at the end of a flow, a numbered joint where it goes on."""
    if not exits:
        return
    end = block.height + FALL
    for x, y in exits:
        bus = y + 13
        points = ((x, y), (0.0, end)) if x == 0 else ((x, y), (x, bus), (0.0, bus), (0.0, end))
        block.things.append(Wire(points, arrow=bool(joint)))
    block.things.append(Words(0.0, end, joint, "joint" if joint else "dot"))
    block.height = end + (22 if joint else 6)


def _series(lane: Lane, tongue: Tongue) -> Block:
    whole = Block()
    y = 0.0
    for note in lane.notes:
        rows = tuple(wrapped(note, BESIDE + WIDTH, SMALL, 3))
        whole.things.append(Words(0.0, y, rows, "note"))
        y += 16.0 * len(rows) + 2
    top = y = y + 8 if lane.notes else 0.0
    x = 0.0
    for letter in lane.letters:
        block = _letter(letter, tongue)
        if y > top and y + block.height > TALLEST:
            x, y = whole.right + 2 * GAP, top
        whole.put(block, x, y)
        y += block.height + GAP
    whole.right = max(whole.right, BESIDE + WIDTH)
    whole.height = max(whole.height, top)
    return whole


def _letter(letter: LetterOutline, tongue: Tongue) -> Block:
    """A letter: its name and time at the left, its cards at the right."""
    block = Block()
    y = 0.0
    rows = tuple(wrapped(letter.name, BESIDE - 30, TEXT * 1.06, 2))
    block.things.append(Words(16.0, y, rows, "name"))
    y += 18.0 * len(rows)
    for text, look in [(letter.when, "when"), *((note, "note") for note in letter.notes)]:
        rows = tuple(wrapped(text, BESIDE - 30, SMALL, 4))
        block.things.append(Words(16.0, y, rows, look))
        y += 16.0 * len(rows) + 2
    block.height = y
    x = BESIDE
    for items, title in (
        (letter.items, ""),
        (letter.otherwise, tongue("если не ушло", "if not sent")),
    ):
        if not items:
            continue
        inner = stacked(items)
        head = 20.0 if title else 0.0
        if title:
            block.things.append(Words(x, 0.0, (title,), "note"))
        block.put(inner, x + inner.left, head)
        x += inner.left + inner.right + GAP
    block.things.insert(0, Wire(((4.0, 8.0), (4.0, block.height))))
    block.things.insert(1, Words(4.0, 5.0, (), "dot"))
    return block


def _ways(outline: Outline, tongue: Tongue) -> Panel:
    block = Block(right=330.0)
    y = 0.0
    for way in outline.ways:
        rows = tuple(wrapped(way.words, 330.0, TEXT, 3))
        block.things.append(Words(0.0, y, rows, "way"))
        y += 18.0 * len(rows)
        notes = [f"→ {way.flow}", *way.notes]
        rows = tuple(wrapped(" · ".join(notes), 330.0, SMALL, 2))
        block.things.append(Words(0.0, y, rows, "note"))
        y += 16.0 * len(rows) + 8
    block.height = y
    return _framed("entries", tongue("Входы", "Ways in"), block)

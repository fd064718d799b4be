"""A funnel as a Mermaid graph: text that GitHub and many editors draw."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.drawing.outline import Card, Chip, Item, Lane, Line, Outline, all_cards
from flows.telling.tongue import Tongue

MOST_WORDS = 60
MOST_LINES = 12
MOST_INTO = 2
"""More ways into one place than this are named on the cards instead of drawn."""
COLOURS = {
    "question": "fill:#e8f1fd,stroke:#2b6cb0,color:#1a202c",
    "consent": "fill:#f3ebfc,stroke:#6b46c1,color:#1a202c",
    "message": "fill:#ffffff,stroke:#718096,color:#1a202c",
    "choice": "fill:#fff7e0,stroke:#b7791f,color:#1a202c",
    "wait": "fill:#eef2f7,stroke:#4a5568,color:#1a202c",
    "team": "fill:#e6f6ec,stroke:#2f855a,color:#1a202c",
    "entry": "fill:#2d3748,stroke:#2d3748,color:#ffffff",
}
_SIGNS = {"end": "■", "back": "↩", "go": "→", "call": "⇄", "series": "✉"}
_ESCAPED = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"}

Exit = tuple[str, str]
"""A card that play comes out of, and the label of its way."""


def as_mermaid(outline: Outline) -> str:
    """The graph, ready for a ``mermaid`` block."""
    return "\n".join(["flowchart TD", *_Graph(outline).lines()]) + "\n"


def chip_words(chip: Chip) -> str:
    """A chip in one line: ``→ booking``."""
    return f"{_SIGNS[chip.kind]} {chip.text}"


@dataclass(slots=True)
class _Graph:
    outline: Outline
    names: dict[str, str] = field(default_factory=dict)
    into: Counter[str] = field(default_factory=Counter)
    links: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        cards = [*all_cards(self.outline)]
        self.names = {card.id: f"n{number}" for number, card in enumerate(cards)}
        self.into = Counter(
            line.chip.target for card in cards for line in card.lines if line.chip is not None
        )
        for number, way in enumerate(self.outline.ways):
            yield f'  e{number}(["{_words(way.words)}"]):::entry'
            self._link(f"e{number}", self._first(f"flow-{way.flow}"))
        for lane in self.outline.lanes:
            yield f'  subgraph {_lane(lane.id)}["{_words(self._title(lane))}"]'
            yield from (f"    {line}" for line in self._lane_lines(lane))
            yield "  end"
        yield from (f"  {link}" for link in self.links)
        yield from (f"  classDef {kind} {colours}" for kind, colours in COLOURS.items())

    def _title(self, lane: Lane) -> str:
        if not lane.series:
            return lane.name
        return f"{Tongue(self.outline.language)('Серия', 'Series')} {lane.name}"

    def _lane_lines(self, lane: Lane) -> Iterator[str]:
        if not lane.items and not lane.letters:
            yield f'{_lane(lane.id)}_empty["…"]'
        yield from self._nodes(lane.items)
        self._ways(lane.items, [])
        before = ""
        for letter in lane.letters:
            yield from self._nodes((*letter.items, *letter.otherwise))
            self._ways(letter.items, [])
            self._ways(letter.otherwise, [])
            start = _lane(letter.id)
            if letter.items:
                start = self.names[letter.items[0].card.id]
            else:
                yield f'{start}["…"]'
            if not before:
                before = f"{_lane(lane.id)}_start"
                yield f'{before}(["{_words(lane.name)}"]):::entry'
            self._link(before, start, f"{letter.name}: {letter.when}", dotted=True)
            if letter.otherwise:
                instead = Tongue(self.outline.language)("если не ушло", "if not sent")
                self._link(before, self.names[letter.otherwise[0].card.id], instead, dotted=True)
            before = start

    def _nodes(self, items: tuple[Item, ...]) -> Iterator[str]:
        for item in items:
            yield self._node(item.card)
            for branch in item.branches:
                yield from self._nodes(branch.items)

    def _node(self, card: Card) -> str:
        lines = [f"<i>{_words(card.caption)}</i>"] if card.caption else []
        lines += [f"<b>{_words(card.title)}</b>"] if card.title else []
        rows = [row for row in (self._line(line, card) for line in card.lines) if row]
        lines += rows if len(rows) <= MOST_LINES else rows[: MOST_LINES - 1]
        if len(rows) > MOST_LINES:
            lines.append(f"… +{len(rows) - MOST_LINES + 1}")
        kind = card.kind if card.kind in COLOURS else "message"
        opened, closed = ("{{", "}}") if kind == "choice" else ("[", "]")
        return f'{self.names[card.id]}{opened}"{"<br/>".join(lines)}"{closed}:::{kind}'

    def _line(self, line: Line, card: Card) -> str:
        words = line.text
        if line.chip is not None:
            if self._is_drawn(line.chip):
                self._link(self.names[card.id], self._first(line.chip.target), line.text)
            words = f"{words} {chip_words(line.chip)}".strip()
        return _words(words) if line.style != "button" else f"[{_words(words)}]"

    def _is_drawn(self, chip: Chip) -> bool:
        known = bool(self._first(chip.target))
        return (
            known and chip.kind in {"go", "call", "series"} and self.into[chip.target] <= MOST_INTO
        )

    def _first(self, target: str) -> str:
        """The node that a lane or a card begins with; empty when there is none."""
        lane = next((each for each in self.outline.lanes if each.id == target), None)
        if lane is None:
            return self.names.get(target, "")
        if lane.series:
            return f"{_lane(lane.id)}_start" if lane.letters else f"{_lane(lane.id)}_empty"
        return self.names[lane.items[0].card.id] if lane.items else f"{_lane(lane.id)}_empty"

    def _ways(self, items: tuple[Item, ...], entries: list[Exit]) -> list[Exit]:
        """Draw the ways between the items; what comes out at their end comes back."""
        for item in items:
            node = self.names[item.card.id]
            for start, label in entries:
                self._link(start, node, label)
            entries = [(node, " · ".join(item.passes))] if item.passes else []
            for branch in item.branches:
                entries += self._ways(branch.items, [(node, branch.label)])
        return entries

    def _link(self, start: str, end: str, label: str = "", *, dotted: bool = False) -> None:
        if start and end:
            arrow = "-.->" if dotted else "-->"
            words = f'|"{_words(label)}"|' if label else ""
            self.links.append(f"{start} {arrow}{words} {end}")


def _lane(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _words(text: str) -> str:
    """The words shortened, with all that Mermaid would read as its own."""
    words = " ".join(text.split())
    short = words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1].rstrip()}…"
    return "".join(_ESCAPED.get(sign, sign) for sign in short)

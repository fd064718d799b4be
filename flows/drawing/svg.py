"""A funnel as an SVG picture: no scripts, no fonts, no resources of others."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flows.drawing.faces import ROW, SMALL, TEXT, WIDTH, Piece, size_of
from flows.drawing.layout import LABEL_ROW, Placed, Thing, Wire, Words
from flows.drawing.measure import width_of
from flows.drawing.outline import Outline
from flows.drawing.panels import Panel, panels_of
from flows.telling.tongue import Tongue
from flows.values import fit_to_show

MARGIN = 24.0
HEAD = 84.0
FONT = "Arial, 'Helvetica Neue', 'Liberation Sans', 'DejaVu Sans', sans-serif"
KINDS = {
    "question": ("#2b6cb0", "#f2f7fd", "вопрос", "a question"),
    "consent": ("#6b46c1", "#f8f4fd", "согласие", "a consent"),
    "message": ("#718096", "#ffffff", "сообщение", "a message"),
    "choice": ("#b7791f", "#fffaf0", "развилка", "a fork"),
    "wait": ("#4a5568", "#f3f5f8", "ожидание", "a wait"),
    "team": ("#2f855a", "#f2faf5", "заявка, команда", "a lead, the team"),
    "mark": ("#a0aec0", "#fbfcfd", "пометка", "a mark"),
}
"""The colour of the edge and of the card, and the legend's words, by the kind of a card."""
CHIPS = {
    "go": ("#ebf4ff", "#2a4365"),
    "back": ("#fefcbf", "#5f4b00"),
    "call": ("#e6fffa", "#234e52"),
    "series": ("#faf5ff", "#44337a"),
    "end": ("#edf2f7", "#2d3748"),
}
_STYLE = f"""\
text{{font-family:{FONT};fill:#1a202c;font-size:{SMALL}px}}
.t{{font-size:{TEXT}px;font-weight:bold}}.h{{font-size:{TEXT}px}}.p{{fill:#4a5568}}
.b{{font-size:{TEXT}px}}.n{{fill:#4a5568}}.w{{font-weight:bold;fill:#2c5282}}
.wire{{fill:none;stroke:#718096;stroke-width:1.4}}a:hover text{{text-decoration:underline}}"""

_ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
    'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#718096"/></marker></defs>'
)


def as_svg(outline: Outline) -> str:
    """The whole picture as the text of a file."""
    panels = panels_of(outline)
    width = max(panel.x + panel.width for panel in panels) + 2 * MARGIN
    width = max(width, width_of(outline.title, 22) + 2 * MARGIN, 900.0)
    height = max(panel.y + panel.height for panel in panels) + HEAD + MARGIN
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" lang="{outline.language}">',
        f"<title>{_safe(outline.title)}</title>",
        f"<style>{_STYLE}</style>",
        _ARROW,
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        *_head(outline),
        *(line for panel in panels for line in _panel(panel)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _head(outline: Outline) -> Iterator[str]:
    yield _text(MARGIN, 36, outline.title, 'font-weight="bold" style="font-size:21px"')
    tongue = Tongue(outline.language)
    x = MARGIN
    for edge, fill, ru, en in KINDS.values():
        words = tongue(ru, en)
        yield (
            f'<rect x="{x:.1f}" y="52" width="14" height="14" rx="3" fill="{fill}" stroke="{edge}" '
            f'stroke-width="2"/><text x="{x + 20:.1f}" y="63.5">{words}</text>'
        )
        x += 20 + width_of(words, SMALL) + 18


def _panel(panel: Panel) -> Iterator[str]:
    fill, edge = ("#fdfbff", "#d6bcfa") if panel.series else ("#fcfdfe", "#cbd5e0")
    x, y = panel.x + MARGIN, panel.y + HEAD
    yield f'<g id="{_safe(panel.id)}" transform="translate({x:.1f} {y:.1f})">'
    yield (
        f'<rect width="{panel.width:.1f}" height="{panel.height:.1f}" rx="10" fill="{fill}" '
        f'stroke="{edge}"/><text class="t" x="16" y="23">{_safe(panel.title)}</text>'
        f'<path d="M0 34H{panel.width:.1f}" stroke="{edge}"/>'
    )
    ordered = sorted(panel.things, key=lambda thing: not isinstance(thing, Wire))
    for thing in ordered:
        yield from _thing(thing)
    yield "</g>"


def _thing(thing: Thing) -> Iterator[str]:
    match thing:
        case Wire():
            yield _wire(thing)
        case Placed():
            yield from _card(thing)
        case Words():
            yield from _words(thing)


def _wire(wire: Wire) -> str:
    points = [point for index, point in enumerate(wire.points) if point not in wire.points[:index]]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    arrow = ' marker-end="url(#arrow)"' if wire.arrow else ""
    return f'<path class="wire" d="M{path}"{arrow}/>'


def _words(words: Words) -> Iterator[str]:
    x, y = words.x, words.y
    if words.look == "dot":
        yield f'<circle cx="{x:.1f}" cy="{y + 3:.1f}" r="4.5" fill="#718096"/>'
    elif words.look == "joint":
        yield f'<circle cx="{x:.1f}" cy="{y + 11:.1f}" r="11" fill="#4a5568"/>'
        yield _text(x, y + 15, words.rows[0], 'text-anchor="middle" style="fill:#fff"')
    elif words.look == "label":
        yield from _label(words)
    elif words.look == "caption":
        yield _text(x, y + 13, words.rows[0], 'class="n" font-style="italic"')
    else:
        step = 18.0 if words.look in {"name", "way"} else 16.0
        name = {"name": "t", "way": "h", "when": "w"}.get(words.look, "n")
        for number, row in enumerate(words.rows):
            yield _text(x, y + 12 + step * number, row, f'class="{name}"')


def _label(words: Words) -> Iterator[str]:
    width = max((width_of(row, SMALL) for row in words.rows), default=0.0) + 10
    height = LABEL_ROW * len(words.rows) + 4
    if words.rows and any(words.rows):
        yield (
            f'<rect x="{words.x - width / 2:.1f}" y="{words.y:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}" rx="6" fill="#ffffff" stroke="#e2e8f0"/>'
        )
    for number, row in enumerate(words.rows):
        yield _text(words.x, words.y + 13 + LABEL_ROW * number, row, 'text-anchor="middle"')


def _card(placed: Placed) -> Iterator[str]:
    face = placed.face
    edge, fill, *_ = KINDS.get(face.card.kind, KINDS["mark"])
    name = _safe(face.card.id)
    yield f'<g id="{name}" data-step="{name}" transform="translate({placed.x:.1f} {placed.y:.1f})">'
    whole = "\n".join(filter(None, [face.card.title, *(line.text for line in face.card.lines)]))
    yield f"<title>{_safe(whole)}</title>"
    yield (
        f'<rect width="{WIDTH:.0f}" height="{face.height:.1f}" rx="8" fill="{fill}" stroke="{edge}"/>'
        f'<rect width="5" height="{face.height:.1f}" rx="2.5" fill="{edge}"/>'
    )
    for piece in face.pieces:
        yield from _piece(piece)
    yield "</g>"


def _piece(piece: Piece) -> Iterator[str]:
    x, y = piece.x, piece.y
    if piece.look == "chip" and piece.chip is not None:
        yield _chip(piece)
        return
    if piece.look == "button":
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{piece.width:.1f}" height="{piece.height:.1f}" '
            'rx="6" fill="#ffffff" stroke="#a0aec0"/>'
        )
        x, y = x + 8, y + 3
    if piece.look == "way":
        yield f'<circle cx="{x - 6:.1f}" cy="{y + 8:.1f}" r="2.2" fill="#718096"/>'
    name = {"title": "t", "head": "h", "button": "b"}.get(piece.look, "p")
    for number, row in enumerate(piece.rows):
        yield _text(x, y + ROW * number + size_of(piece.look), row, f'class="{name}"')


def _chip(piece: Piece) -> str:
    assert piece.chip is not None
    fill, ink = CHIPS[piece.chip.kind]
    words = _text(piece.x + 9, piece.y + 15.5, piece.rows[0], f'style="fill:{ink}"')
    body = (
        f'<rect x="{piece.x:.1f}" y="{piece.y:.1f}" width="{piece.width:.1f}" height='
        f'"{piece.height:.1f}" rx="11" fill="{fill}" stroke="{ink}" stroke-opacity=".35"/>{words}'
    )
    target = piece.chip.target
    return f'<a href="#{_safe(target)}">{body}</a>' if target else body


def _text(x: float, y: float, words: str, attributes: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{_safe(words)}</text>'


def _safe(words: str) -> str:
    return escape(fit_to_show(words))

"""Pictures of figures in SVG: the funnel, columns by day, shares of a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voronka.simulating.page import told
from voronka.simulating.results import WHAT_WORDS, Result, Stop, grouped, percent
from voronka.speech import Speech

WIDTH = 930
ROW = 46
LEFT, RIGHT = 330, 150
MAIN, SOFT, STOP = "#2f6fed", "#eef2f8", "#e8a33d"
LETTER = "#8aa8d8"
LONGEST = 46


def funnel(result: Result, say: Speech) -> str:
    """A bar for each place and letter: who came, and how many stayed there."""
    stops = result.stops()
    bars = "".join(_bar(n, stop, result, say) for n, stop in enumerate(stops))
    return _svg(WIDTH, len(stops) * ROW + 4, bars, say("Воронка", "The funnel"))


def _bar(number: int, stop: Stop, result: Result, say: Speech) -> str:
    top = number * ROW
    room = WIDTH - LEFT - RIGHT
    full = room * result.share(stop.reached)
    stayed = room * result.share(stop.stopped)
    row = stop.row
    title = say(*WHAT_WORDS[row.what]) if row.what in WHAT_WORDS else row.what
    colour = LETTER if row.what == "letter" else MAIN
    mark = "✉ " if row.what == "letter" else ""
    left = grouped(stop.stopped)
    staying = say(f"−{left} тут", f"−{left} here") if stop.stopped else ""
    return (
        f'<text x="0" y="{top + 19}" class="strong">{mark}{told(_cut(row.place, 38))}</text>'
        f'<text x="0" y="{top + 35}" class="dim small">{told(_cut(row.title or title, LONGEST))}</text>'
        f'<rect x="{LEFT}" y="{top + 8}" width="{room}" height="26" rx="5" fill="{SOFT}"/>'
        f'<rect x="{LEFT}" y="{top + 8}" width="{full:.1f}" height="26" rx="5" fill="{colour}"/>'
        + (
            f'<rect x="{LEFT + full - stayed:.1f}" y="{top + 8}" width="{stayed:.1f}" height="26"'
            f' rx="5" fill="{STOP}"/>'
            if stop.stopped
            else ""
        )
        + f'<text x="{WIDTH - RIGHT + 12}" y="{top + 19}" class="strong">{grouped(stop.reached)}'
        f" · {percent(result.share(stop.reached), say)}</text>"
        f'<text x="{WIDTH - RIGHT + 12}" y="{top + 35}" class="dim small">{staying}</text>'
    )


def columns(values: Sequence[float], names: Sequence[str], show: Callable[[float], str]) -> str:
    """A column for each value; the highest is told in figures."""
    width, height, foot = 430, 170, 22
    most = max(values, default=0)
    step = width / max(len(values), 1)
    every = max(1, -(-len(values) // 15))
    pieces = []
    for at, value in enumerate(values):
        tall = (height - foot - 22) * value / most if most else 0
        x, y = at * step, height - foot - tall
        pieces.append(
            f'<rect x="{x + step * 0.12:.1f}" y="{y:.1f}" width="{step * 0.76:.1f}"'
            f' height="{tall:.1f}" rx="2" fill="{MAIN}"/>'
        )
        if at % every == 0:
            pieces.append(_middle(x + step / 2, height - 6, told(names[at]), "dim small"))
        if value == most and most and value not in values[:at]:
            x_told = min(max(x + step / 2, 22), width - 22)
            pieces.append(_middle(x_told, y - 6, told(show(value)), "strong small"))
    line = f'<path d="M0 {height - foot + 0.5}H{width}" stroke="#cfd6e0"/>'
    return _svg(width, height, "".join(pieces) + line, "")


def shares(parts: Sequence[tuple[str, int, str]], say: Speech) -> str:
    """One bar cut into shares, with what each is under it."""
    whole = sum(n for _, n, _ in parts) or 1
    x, bars, legend = 0.0, [], []
    for at, (name, number, colour) in enumerate(parts):
        wide = WIDTH * number / whole
        bars.append(f'<rect x="{x:.1f}" y="0" width="{wide:.1f}" height="30" fill="{colour}"/>')
        x += wide
        left, top = (at % 2) * WIDTH / 2, 54 + (at // 2) * 24
        legend.append(
            f'<rect x="{left}" y="{top - 11}" width="12" height="12" rx="3" fill="{colour}"/>'
            f'<text x="{left + 20}" y="{top}">{name} — {grouped(number)}'
            f' <tspan class="dim">{percent(number / whole, say)}</tspan></text>'
        )
    height = 54 + ((len(parts) + 1) // 2) * 24 - 12
    clip = f'<clipPath id="round"><rect width="{WIDTH}" height="30" rx="6"/></clipPath>'
    joined = f'{clip}<g clip-path="url(#round)">{"".join(bars)}</g>{"".join(legend)}'
    return _svg(WIDTH, height, joined, "")


def _middle(x: float, y: float, text: str, classes: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" class="{classes}">{text}</text>'


def _svg(width: float, height: float, inside: str, name: str) -> str:
    label = f' role="img" aria-label="{told(name)}"' if name else ' aria-hidden="true"'
    return f'<svg viewBox="0 0 {width} {height}"{label}>{inside}</svg>'


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"

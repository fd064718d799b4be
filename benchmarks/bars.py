"""Draws the published picture of F4: a bar of stuck people for each program, as SVG.

.venv/bin/python benchmarks/bars.py docs/images/kills.svg "voronka (VK)=0/60" …
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

WIDTH, ROW, LEFT, RIGHT, TOP = 720, 34, 210, 120, 44
OURS, THEIRS = "#2e7d32", "#c0392b"
TITLE = "Люди, которые не дождались ответа / people left without an answer"


def drawn(bars: list[tuple[str, int, int]]) -> str:
    """The picture of (program, stuck, people)."""
    height = TOP + ROW * len(bars) + 12
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
            f' viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif" font-size="14">'
        ),
        f"<title>{TITLE}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="26" font-weight="bold" fill="#222">{TITLE}</text>',
    ]
    for number, (name, stuck, people) in enumerate(bars):
        lines += _bar(TOP + ROW * number, name, stuck, people)
    return "\n".join([*lines, "</svg>", ""])


def _bar(y: int, name: str, stuck: int, people: int) -> list[str]:
    length = max(2, round((WIDTH - LEFT - RIGHT) * stuck / people))
    colour = OURS if not stuck else THEIRS
    middle = y + 19
    return [
        f'<text x="{LEFT - 10}" y="{middle}" text-anchor="end" fill="#222">{escape(name)}</text>',
        f'<rect x="{LEFT}" y="{y + 4}" width="{length}" height="20" fill="{colour}"/>',
        f'<text x="{LEFT + length + 8}" y="{middle}" fill="#222">{stuck} / {people}</text>',
    ]


if __name__ == "__main__":
    bars = []
    for word in sys.argv[2:]:
        name, _, counts = word.rpartition("=")
        stuck, people = counts.split("/")
        bars.append((name, int(stuck), int(people)))
    Path(sys.argv[1]).write_text(drawn(bars), encoding="utf-8")

"""How wide words are, guessed on the safe side: a picture cannot ask the font of who looks at it."""

from __future__ import annotations

import unicodedata

WIDE = "МШЩЖЮФЫДЪшщжюфмMWQOGm@%wЬ—…"
NARROW = " ijltfrI.,:;'|!()[]{}-"
"""Shares of the font's size are those of the widest common fonts (DejaVu Sans, Verdana)."""


def width_of(text: str, size: float) -> float:
    """The width of a line of that font size, at most."""
    return size * sum(map(_share, text))


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """At most so many lines, none wider than ``width``; what does not fit ends with an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, width, size):
            longer = f"{line} {piece}".strip()
            if line and width_of(longer, size) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
    lines += [line] if line else []
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), width, size)]


def shortened(text: str, width: float, size: float) -> str:
    """The text in one line no wider than ``width``."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _pieces(word: str, width: float, size: float) -> list[str]:
    """A word cut where it is wider than a whole line."""
    pieces = [""]
    for sign in word:
        if pieces[-1] and width_of(pieces[-1] + sign, size) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _share(sign: str) -> float:
    if sign in NARROW:
        return 0.4
    if sign in WIDE:
        return 1.0
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0.0
    if sign > "\u2e7f" or unicodedata.category(sign) == "So":
        return 1.45
    return 0.78 if sign.isupper() else 0.63

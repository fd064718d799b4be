"""The author's marks in a text, read into spans; what is substituted stays literal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import quote

from flows.markup import RichText, Span, merge

HOLE = "\x00"
"""Where a substituted value goes: the author's text cannot hold this character."""

SCHEMES = ("https://", "http://", "tg://", "mailto:", "tel:")

_MARK = re.compile(
    r"(?P<address>https?://[^\s*]*[^\s*_.,!?:;)\]>\"'»])"
    r"|(?P<code>`[^`\n]+`)"
    r"|\[(?P<words>[^\[\]\n]+)\]\((?P<url>[^\s()]++(?:\([^\s()]*\)[^\s()]*)*+)\)"
    r"|(?P<bold>\*\*)"
    r"|(?P<italic>_+)"
)


def format_text(skeleton: str, values: Sequence[str] = ()) -> RichText:
    """The author's marks turned into styles, each :data:`HOLE` filled with its value, literally."""
    return RichText(merge(_fill(_styled(skeleton, Span("")), iter(values))))


def fill_url(skeleton: str, values: Iterable[str]) -> str:
    """The address with each :data:`HOLE` filled, percent-encoded."""
    rest = iter(values)
    return "".join(_encode(next(rest, "")) if sign == HOLE else sign for sign in skeleton)


def _encode(value: str) -> str:
    return quote(value.encode("utf-8", "replace"), safe="")


def _fill(spans: Iterable[Span], values: Iterator[str]) -> Iterator[Span]:
    for url, group in groupby(spans, key=lambda span: span.url):
        filled = [replace(span, text=fill_text(span.text, values)) for span in group]
        address = fill_url(url, values)
        yield from (replace(span, url=address) for span in filled)


def fill_text(skeleton: str, values: Iterator[str]) -> str:
    """The words with each :data:`HOLE` filled."""
    if HOLE not in skeleton:
        return skeleton
    return "".join(next(values, "") if sign == HOLE else sign for sign in skeleton)


@dataclass(slots=True)
class _Mark:
    """A ``**`` or ``_`` of the text, literal until it finds its pair."""

    sign: str
    start: int
    opens: bool = False
    closes: bool = False
    paired: bool = False


def _styled(text: str, style: Span) -> list[Span]:
    spans: list[Span | _Mark] = []
    at = 0
    for match in _MARK.finditer(text):
        piece = _piece(match, style)
        if piece is None:
            continue
        spans.append(replace(style, text=text[at : match.start()]))
        spans.extend(piece)
        at = match.end()
    spans.append(replace(style, text=text[at:]))
    _pair([piece for piece in spans if isinstance(piece, _Mark)])
    return list(_emphasised(spans, style))


def _piece(match: re.Match[str], style: Span) -> list[Any] | None:
    kind, words = match.lastgroup, match[0]
    if kind == "address":
        return [replace(style, text=words)]
    if kind == "code":
        return [replace(style, text=words[1:-1], code=True)]
    if kind == "url":
        link = replace(style, url=match["url"])
        return list(_styled(match["words"], link)) if match["url"].startswith(SCHEMES) else None
    return [_mark(match)] if words in ("**", "_") else None


def _mark(match: re.Match[str]) -> _Mark:
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    opens, closes = bool(after.strip()), bool(before.strip())
    if match[0] == "_":
        opens, closes = opens and not _in_word(before), closes and not _in_word(after)
    return _Mark(match[0], match.start(), opens, closes)


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign in {HOLE, "_"}


def _pair(marks: list[_Mark]) -> None:
    waiting: dict[str, _Mark] = {}
    for mark in marks:
        opener = waiting.get(mark.sign)
        if mark.closes and opener and mark.start > opener.start + len(mark.sign):
            opener.paired = mark.paired = True
            opener.closes = mark.opens = False
            waiting = {sign: m for sign, m in waiting.items() if m.start < opener.start}
        elif mark.opens:
            waiting[mark.sign] = mark


def _emphasised(pieces: Iterable[Span | _Mark], style: Span) -> Iterator[Span]:
    bold = italic = False
    for piece in pieces:
        if isinstance(piece, Span):
            yield replace(piece, bold=piece.bold or bold, italic=piece.italic or italic)
        elif not piece.paired:
            yield replace(style, text=piece.sign, bold=bold, italic=italic)
        elif piece.sign == "**":
            bold = not bold
        else:
            italic = not italic

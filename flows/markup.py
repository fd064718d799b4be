"""Formatted text: spans with bold, italic, code and links, and how they become words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from typing import Any

_BORDERS = tuple(
    re.compile(border)
    for border in (
        r"\n\s*\n",
        r"\n",
        r"[.!?…]+[)»\"']*\s",
        r"[^\S\u00a0\u202f]+",
        r"[-\u2013\u2014/]",
    )
)
_SHORTEST_PART = 4
_JOINER = "\u200d"
_MODIFIERS = ("Mn", "Me", "Sk")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; ``url`` makes it a link."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class RichText:
    """Text of spans in order, neighbours of different style."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, text: str) -> RichText:
        """The words as they are, without any formatting."""
        return cls(merge([Span(text)]))

    @classmethod
    def from_json(cls, data: Iterable[Any]) -> RichText:
        """The text that :meth:`to_json` wrote."""
        return cls(tuple(Span(**({"text": s} if isinstance(s, str) else s)) for s in data))

    def to_json(self) -> list[Any]:
        """A JSON list: words for a plain span, an object for one with a style."""
        return [_span_to_json(span) for span in self.spans]

    @property
    def plain(self) -> str:
        """The words without formatting and addresses."""
        return "".join(span.text for span in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __add__(self, other: RichText) -> RichText:
        return RichText(merge([*self.spans, *other.spans]))

    def cut(self, start: int, end: int | None = None) -> RichText:
        """The part between two positions of :attr:`plain`, styles kept."""
        end = len(self.plain) if end is None else end
        pieces, at = [], 0
        for span in self.spans:
            text = span.text[max(0, start - at) : max(0, end - at)]
            pieces.append(replace(span, text=text))
            at += len(span.text)
        return RichText(merge(pieces))


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans with empty ones left out and equal neighbours joined."""
    filled = (span for span in spans if span.text)
    groups = groupby(filled, key=lambda span: replace(span, text=""))
    return tuple(replace(style, text="".join(s.text for s in group)) for style, group in groups)


def to_telegram_html(rich: RichText) -> str:
    """HTML for Telegram's ``parse_mode``: only ``b``, ``i``, ``code``, ``a``; the rest escaped."""
    return "".join(_telegram_span(span) for span in rich.spans)


def to_plain(rich: RichText, *, links: bool = True) -> str:
    """The words, each link followed by its address in brackets unless ``links`` is false."""
    pieces = []
    for url, spans in groupby(rich.spans, key=lambda span: span.url):
        words = "".join(span.text for span in spans)
        spoken = words in (url, url.removeprefix("https://"), url.removeprefix("mailto:"))
        pieces.append(words if not url or not links or spoken else f"{words} ({url})")
    return "".join(pieces)


def utf16_length(text: str) -> int:
    """How long the text is to Telegram and to JavaScript: in UTF-16 units."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def _span_to_json(span: Span) -> Any:
    styles = {"bold": span.bold, "italic": span.italic, "code": span.code, "url": span.url}
    chosen = {name: style for name, style in styles.items() if style}
    return {"text": span.text, **chosen} if chosen else span.text


def _telegram_span(span: Span) -> str:
    html = escape(span.text, quote=False)
    if span.code:  # Telegram lets code hold no other style
        return f"<code>{html}</code>"
    html = f"<i>{html}</i>" if span.italic else html
    html = f"<b>{html}</b>" if span.bold else html
    return f'<a href="{escape(span.url)}">{html}</a>' if span.url else html


def split(rich: RichText, limit: int, measure: Callable[[RichText], int]) -> list[RichText]:
    """Parts that each measure at most ``limit``: cut between paragraphs, sentences or words.

    A cut falls inside a link or a piece of code, or a word, only when there is no other place.
    """
    if measure(rich) <= limit:
        return [rich]
    parts = []
    rest = _trim(rich)
    while rest and measure(rest) > limit:
        cut = _border(rest, _longest(rest, limit, measure))
        part = _trim(rest.cut(0, cut))
        parts += [part] if part else []
        rest = _trim(rest.cut(cut))
    return [*parts, rest] if rest or not parts else parts


def _longest(rich: RichText, limit: int, measure: Callable[[RichText], int]) -> int:
    low, high = 1, len(rich.plain)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(rich.cut(0, middle)) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _border(rich: RichText, longest: int) -> int:
    text, closed = rich.plain[: longest + 1], _unbreakable(rich)
    for border in _BORDERS:
        ends = [m.end() for m in border.finditer(text) if m.start() <= longest]
        fit = [end for end in ends if min(end, longest) not in closed]
        if fit and fit[-1] * _SHORTEST_PART >= longest:
            return min(fit[-1], longest)
    return _between_characters(text, longest)


def _unbreakable(rich: RichText) -> set[int]:
    inner: set[int] = set()
    at = 0
    for whole, spans in groupby(rich.spans, key=lambda span: span.url or span.code):
        length = sum(len(span.text) for span in spans)
        inner.update(range(at + 1, at + length) if whole else ())
        at += length
    return inner


def _between_characters(text: str, longest: int) -> int:
    at = longest
    while at > 0 and at < len(text) and _joins(text[at - 1], text[at]):
        at -= 1
    return at or longest


def _joins(before: str, after: str) -> bool:
    return _JOINER in (before, after) or unicodedata.category(after) in _MODIFIERS


def _trim(rich: RichText) -> RichText:
    text = rich.plain
    start = len(text) - len(text.lstrip())
    return rich.cut(start, max(start, len(text.rstrip())))

"""The consent texts as pages: a few marks of Markdown, everything else literal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from flows.formatting import format_text
from flows.markup import Span

BlockKind = Literal["title", "heading", "list", "paragraph"]

_HEADING = re.compile(r"(#{1,6})\s+(.+)")
_ITEM = re.compile(r"(?:[-*•]|\d{1,3}[.)])\s+(.+)")


@dataclass(frozen=True, slots=True)
class WebDocument:
    """A consent text or a policy as it is in force; ``language`` is that of its readers."""

    title: str
    version: str
    text: str
    language: str = "ru"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page: one line of spans, or several of a list."""

    kind: BlockKind
    lines: tuple[tuple[Span, ...], ...]


def blocks(text: str) -> Iterator[Block]:
    """The pieces of a text, parted by empty lines, headings and lists."""
    lines = [line.strip() for line in text.replace("\0", "").splitlines()]
    kept: list[str] = []
    for kind, group in groupby(lines, key=_kind):
        kept = list(group)
        if kind == "list":
            yield Block("list", tuple(_spans(_ITEM.sub(r"\1", line)) for line in kept))
        elif kind == "paragraph":
            yield Block("paragraph", (_spans(" ".join(kept)),))
        elif kind:
            yield from (_heading(line) for line in kept)


def _kind(line: str) -> str:
    if not line:
        return ""
    if _HEADING.fullmatch(line):
        return "heading"
    return "list" if _ITEM.fullmatch(line) else "paragraph"


def _heading(line: str) -> Block:
    match = _HEADING.fullmatch(line)
    assert match
    return Block("title" if match[1] == "#" else "heading", (_spans(match[2]),))


def _spans(line: str) -> tuple[Span, ...]:
    return format_text(line).spans

"""What the page gets of one message: plain JSON with nothing to trust and nothing to hide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from bots.rows import rows_of
from bots.vault import SENT
from flows.channels import WEB
from flows.markup import Span
from flows.media import fitness
from flows.messages import Button, Media, Message

Entry = dict[str, Any]

_OPENABLE = ("http", "https", "mailto", "tel")


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it is now.

    ``author`` is "person", "bot" or "manager". ``tokens`` and ``links`` stand for
    ``message.buttons`` one by one, as in :class:`bots.channel.Call`; ``chosen`` is the pressed
    option. ``hidden`` keeps out of the page what is no message to see (the start button's press).
    """

    id: int
    at_us: int
    author: str
    message: Message
    tokens: Sequence[str] = ()
    links: Sequence[str] = ()
    chosen: str = ""
    hidden: bool = False


def entry(said: Said, known_media: Collection[str]) -> Entry:
    """The message for the page; empty parts are left out."""
    parts: Entry = {
        "id": said.id,
        "at": said.at_us // 1000,
        "from": said.author,
        "text": [_span(span) for span in said.message.text.spans],
        "media": [_media(one) for one in said.message.media if _is_known(one, known_media)],
        "rows": _rows(said),
        "chosen": said.chosen,
        "hidden": said.hidden,
    }
    return {name: part for name, part in parts.items() if part}


def media_address(path: str) -> str:
    """Where the page finds the file that a message names."""
    return f"/media/{quote(path)}"


def is_openable(url: str) -> bool:
    """Whether a link may be shown: web, mail and phone, never a script."""
    try:
        return urlsplit(url).scheme in _OPENABLE
    except ValueError:
        return False


def _span(span: Span) -> str | Mapping[str, Any]:
    style: dict[str, Any] = {"bold": span.bold, "italic": span.italic, "code": span.code}
    style["url"] = span.url if is_openable(span.url) else ""
    chosen = {name: value for name, value in style.items() if value}
    return {"text": span.text, **chosen} if chosen else span.text


def _is_known(media: Media, known_media: Collection[str]) -> bool:
    return media.path in known_media or media.path.startswith(SENT)


def _media(media: Media) -> Entry:
    """The file; one that browsers do not play is a link, whatever it was meant to be."""
    if media.path.startswith(SENT):
        ref = media.path.removeprefix(SENT)
        return {"kind": media.kind, "own": ref, "name": media.label}
    name = PurePosixPath(media.path).name
    shown = fitness(WEB.name, media, 0) == "fits"
    parts = {"kind": media.kind if shown else "document", "url": media_address(media.path)}
    return {**parts, "name": name, **({"label": media.label} if media.label else {})}


def _rows(said: Said) -> list[list[Entry]]:
    drawn = [
        shown
        for index, button in enumerate(said.message.buttons)
        if (shown := _button(button, _at(said.tokens, index), _at(said.links, index)))
    ]
    labels = [button["text"] for button in drawn]
    keyboard = WEB.inline
    laid = rows_of(
        labels, said.message.columns, per_row=keyboard.per_row, rows=max(keyboard.rows, len(drawn))
    )
    return [[drawn[index] for index in row] for row in laid]


def _at(values: Sequence[str], index: int) -> str:
    return values[index] if index < len(values) else ""


def _button(button: Button, token: str, link: str) -> Entry | None:
    if token:
        return {"text": button.text, "token": token}
    if link and (link.startswith("/r/") or is_openable(link)):
        return {"text": button.text, "href": link}
    return None

"""A message as the requests that VK gets: plain text in parts, attachments, the keyboard last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from bots.vk.keyboard import Board, keyboard
from flows.channels import VK
from flows.markup import RichText, split, to_plain
from flows.media import albums, label_lines
from flows.messages import Media, Message

_MENTION = re.compile(r"\[(?=(?:id|club|public|event|app)\d+\|)")
_JOINER = "\u2060"  # takes no room; «[id1|Name]» is shown as it was typed and names nobody
_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Part:
    """One ``messages.send``, without the peer; ``media`` are the files to attach in order."""

    text: str
    media: tuple[Media, ...] = ()
    board: Board | None = None


def parts(message: Message, tokens: Sequence[str], links: Sequence[str]) -> list[Part]:
    """The requests to make, in order; attachments stand with the first words, the keyboard last.

    Pictures of options have no words of their own on VK: a list stands with them.
    """
    shown = keyboard(message, tokens, links)
    text = _with_lines(message.text, shown.lines)
    pieces = split(text, VK.text, lambda piece: len(words(piece)))
    first, *others = [Part(words(piece)) for piece in pieces]
    groups = albums(VK.name, message.media, VK.album)
    *before, album = groups if groups and not groups[-1][0].label else [*groups, ()]
    sent = [
        *(Part(_labels(media), media) for media in before),
        replace(first, media=album),
        *others,
    ]
    return [*sent[:-1], replace(sent[-1], board=shown.board)]


def edited(message: Message, tokens: Sequence[str], links: Sequence[str], chosen: str) -> Part:
    """What the sent message becomes: its last part, with «✓ chosen» under its words."""
    last = parts(message, tokens, links)[-1]
    text = f"{last.text}\n\n✓ {chosen}".strip() if chosen else last.text
    return replace(last, text=text if len(text) <= VK.text else last.text)


def words(text: RichText) -> str:
    """The text as VK shows it: links beside their words, typed mentions made harmless."""
    return _MENTION.sub(f"[{_JOINER}", to_plain(text))


def random_id_of(random_id: int, part: int) -> int:
    """The part's own random id, the same for every repeat: int32, not zero.

    The first part keeps the row's. 0 asks for no check, and so stays 0.
    """
    if part == 0 or random_id == 0:
        return random_id
    digest = blake2b(f"{random_id}:{part}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % _LARGEST + 1


def _labels(media: Sequence[Media]) -> str:
    return words(RichText.of("\n".join(label_lines(media, VK.inline.label))))


def _with_lines(text: RichText, lines: Sequence[str]) -> RichText:
    if not lines:
        return text
    return text + RichText.of(("\n\n" if text else "") + "\n".join(lines))

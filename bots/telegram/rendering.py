"""A message as the requests that Telegram gets: text in parts, media, the keyboard on the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bots.telegram.keyboard import REMOVE, Markup, keyboard
from flows.channels import TELEGRAM
from flows.markup import RichText, split, to_plain, to_telegram_html, utf16_length
from flows.media import albums, label_lines
from flows.messages import Media, MediaKind, Message

METHODS: dict[MediaKind, str] = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "audio": "sendAudio",
    "voice": "sendVoice",
    "video_note": "sendVideoNote",
    "document": "sendDocument",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One request of a message, without the chat.

    ``text`` stands under ``text`` or ``caption`` as the method wants it, with an album under its
    first file. ``media`` are the files to attach in order: one for ``sendPhoto`` and the like, two
    to ten for ``sendMediaGroup``.
    """

    method: str
    text: RichText = field(default_factory=RichText)
    media: tuple[Media, ...] = ()
    markup: Markup | None = None

    def words(self, *, formatted: bool = True) -> dict[str, Any]:
        """The request's words: HTML with all that was typed escaped, or as plain text."""
        name = "text" if self.method in ("sendMessage", "editMessageText") else "caption"
        if not self.text:
            return {}
        if not formatted:
            return {name: to_plain(self.text)}
        return {name: to_telegram_html(self.text), "parse_mode": "HTML"}


def parts(
    message: Message, tokens: Sequence[str], links: Sequence[str], *, private: bool = True
) -> list[Part]:
    """The requests to make, in order; the last one carries the keyboard.

    In a private chat a message without buttons takes away a keyboard that an earlier question
    left under the input field; Telegram shows nothing where there was none.
    """
    shown = keyboard(message, tokens, links)
    markup = shown.markup or (REMOVE if private else None)
    text = _with_lines(message.text, shown.lines)
    groups = albums(TELEGRAM.name, message.media, TELEGRAM.album)
    if not groups:
        return _text_parts(text, markup)
    *first, last = groups
    before = [_media_part(album) for album in first]
    if len(last) == 1 and _fits_caption(last[0], text):
        return [*before, replace(_media_part(last), text=text, markup=markup)]
    if not text and (markup is None or markup == REMOVE):
        return [*before, _media_part(last)]
    return [*before, _media_part(last), *_text_parts(text or RichText.of("⬆️"), markup)]


def edited(
    message: Message, tokens: Sequence[str], links: Sequence[str], chosen: str
) -> Part | None:
    """The request that changes the sent message to this one, with «✓ chosen» under its words.

    The message's last part is the one with the keyboard, so that one changes. None: it cannot be
    edited (Telegram edits no message with a keyboard under the input field).
    """
    if any(button.shares for button in message.buttons):
        return None
    sent = parts(message, tokens, links, private=False)[-1]
    changed = sent.text + RichText.of(f"\n\n✓ {chosen}") if chosen and sent.text else sent.text
    limit = TELEGRAM.caption if sent.media else TELEGRAM.text
    if not sent.text or utf16_length(changed.plain) > limit:
        return Part("editMessageReplyMarkup", markup=sent.markup)
    method = "editMessageCaption" if sent.media else "editMessageText"
    return Part(method, changed, markup=sent.markup)


def _with_lines(text: RichText, lines: Sequence[str]) -> RichText:
    if not lines:
        return text
    return text + RichText.of(("\n\n" if text else "") + "\n".join(lines))


def _text_parts(text: RichText, markup: Markup | None) -> list[Part]:
    pieces = split(text, TELEGRAM.text, lambda piece: utf16_length(piece.plain))
    *first, last = [Part("sendMessage", piece) for piece in pieces]
    return [*first, replace(last, markup=markup)]


def _media_part(album: tuple[Media, ...]) -> Part:
    method = METHODS[album[0].kind] if len(album) == 1 else "sendMediaGroup"
    # one caption shows under the whole album; several would show only where a file is opened
    return Part(method, RichText.of("\n".join(label_lines(album, TELEGRAM.inline.label))), album)


def _fits_caption(media: Media, text: RichText) -> bool:
    bare = media.kind != "video_note" and not media.label
    return bare and utf16_length(text.plain) <= TELEGRAM.caption

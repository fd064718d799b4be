"""Messages as a terminal shows them: words, links beside them, media by name, numbered buttons."""

from __future__ import annotations

from collections.abc import Iterator

from flows.channel_words import ELEMENTS
from flows.markup import to_plain
from flows.messages import Button, Message
from flows.values import fit_to_show


def message_lines(message: Message, language: str) -> Iterator[str]:
    """The message line by line; signs that steer a terminal are left out."""
    text = fit_to_show(to_plain(message.text))
    yield from text.split("\n") if text else ()
    for media in message.media:
        kind = ELEMENTS[media.kind][0 if language == "ru" else 1]
        label = f" — {' '.join(fit_to_show(media.label).split())}" if media.label else ""
        yield f"[{kind}: {fit_to_show(media.path)}{label}]"
    for number, button in enumerate(buttons_of(message), 1):
        label = " ".join(fit_to_show(button.text).split())
        yield f"  {number}. {label}{f' → {fit_to_show(button.url)}' if button.url else ''}"


def buttons_of(message: Message) -> list[Button]:
    """The buttons that can be pressed here: a terminal shares nothing by itself."""
    return [button for button in message.buttons if not button.shares]

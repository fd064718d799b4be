"""Telegram's two keyboards from a message's buttons, and what did not fit them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bots.rows import cut, rows_of
from flows.channels import TELEGRAM, opens_everywhere
from flows.messages import Button, Message

Markup = dict[str, Any]

REMOVE: Markup = {"remove_keyboard": True}


@dataclass(frozen=True, slots=True)
class Shown:
    """The keyboard (None: no buttons) and the lines that the text gets for what does not fit it."""

    markup: Markup | None
    lines: tuple[str, ...] = ()


def keyboard(message: Message, tokens: Sequence[str], links: Sequence[str]) -> Shown:
    """The keyboard of the message; a button without a token or a link is not drawn, but
    for one that the messenger itself answers.

    A message that asks for a contact or a place gets the keyboard under the input field, as only
    that one can share it and Telegram does not mix the two: the other buttons are then words that the
    person sends, and links are lines of the text. The keyboard hides after one use; the next
    message without buttons removes it (``REMOVE``).
    """
    drawn = _drawn(message.buttons, tokens, links)
    if any(button.shares for button, _, _ in drawn):
        return _ordinary(drawn, message.columns)
    return _inline(drawn, message.columns)


def _drawn(
    buttons: Sequence[Button], tokens: Sequence[str], links: Sequence[str]
) -> list[tuple[Button, str, str]]:
    met = []
    for index, button in enumerate(buttons):
        token = tokens[index] if index < len(tokens) else ""
        link = links[index] if index < len(links) else ""
        if token or link or button.shares:
            met.append((button, token, link))
    return met


def _inline(drawn: list[tuple[Button, str, str]], columns: int | None) -> Shown:
    limits = TELEGRAM.inline
    pressed: list[Markup] = []
    lines: list[str] = []
    for button, token, link in drawn:
        text = cut(button.text, limits.label)
        if link and not opens_everywhere(link):
            lines.append(f"{button.text}: {link}")
        elif len(pressed) == limits.buttons:
            lines.append(f"• {button.text}" + (f": {link}" if link else ""))
        else:
            pressed.append({"text": text, **({"url": link} if link else {"callback_data": token})})
    return Shown(_markup("inline_keyboard", pressed, columns), tuple(lines))


def _ordinary(drawn: list[tuple[Button, str, str]], columns: int | None) -> Shown:
    keys = [
        {"text": cut(button.text, TELEGRAM.inline.label)}
        | ({"request_contact": True} if button.contact else {})
        | ({"request_location": True} if button.location else {})
        for button, _, link in drawn
        if not link
    ]
    lines = tuple(f"{button.text}: {link}" for button, _, link in drawn if link)
    markup = _markup("keyboard", keys, columns) or {}
    return Shown({**markup, "resize_keyboard": True, "one_time_keyboard": True}, lines)


def _markup(name: str, keys: list[Markup], columns: int | None) -> Markup | None:
    if not keys:
        return None
    limits = TELEGRAM.inline
    labels = [key["text"] for key in keys]
    rows = rows_of(labels, columns, per_row=limits.per_row, rows=limits.rows)
    return {name: [[keys[index] for index in row] for row in rows]}

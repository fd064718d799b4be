"""Messages as the transcript keeps them: the body sealed, the buttons' meanings sealed apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flows.messages import Message, message_from_json, message_to_json
from storage.seal import Seal

BODY = "messages.body_sealed"
BUTTONS = "messages.buttons_sealed"


def sealed_message(seal: Seal, message: Message) -> dict[str, bytes | None]:
    """The columns ``body_sealed`` and ``buttons_sealed`` of a message."""
    bare = tuple(replace(button, action=None) for button in message.buttons)
    body = message_to_json(replace(message, buttons=bare))
    meanings = [
        None if button.action is None else [button.text, button.action]
        for button in message.buttons
    ]
    return {
        "body_sealed": seal.seal_json(BODY, body),
        "buttons_sealed": seal.seal_json(BUTTONS, meanings) if any(meanings) else None,
    }


def opened_message(seal: Seal, body_sealed: bytes, buttons_sealed: bytes | None) -> Message:
    """The message of the two columns, its buttons with their meanings."""
    message = message_from_json(seal.open_json(BODY, body_sealed))
    if buttons_sealed is None:
        return message
    meanings = seal.open_json(BUTTONS, buttons_sealed)
    whole = [
        replace(button, action=meaning[1]) if meaning else button
        for button, meaning in zip(message.buttons, meanings, strict=True)
    ]
    return replace(message, buttons=tuple(whole))


def frozen_button(
    seal: Seal, buttons_sealed: bytes | None, index: int
) -> tuple[str, dict[str, Any]] | None:
    """A button's label and what it meant when it was sent; None when there is no such button."""
    meanings = seal.open_json(BUTTONS, buttons_sealed) if buttons_sealed else []
    if index >= len(meanings) or meanings[index] is None:
        return None
    text, action = meanings[index]
    return text, action

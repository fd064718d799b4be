"""Button tokens and tracked links: the message, the button's place, and a proof that they are ours."""

from __future__ import annotations

import re

from flows.messages import Message
from storage.seal import Seal

_TOKEN = re.compile(r"([0-9]{1,19})\.([0-9]{1,3})\.([A-Za-z0-9_-]{8})")


def token(seal: Seal, message_id: int, index: int) -> str:
    """What the messenger gives back when the button is pressed: at most 32 characters."""
    return _signed(seal, "button", message_id, index)


def read_token(seal: Seal, written: str) -> tuple[int, int] | None:
    """The message's row and the button's place; None when we did not write the token."""
    return _read(seal, "button", written)


def link(seal: Seal, message_id: int, index: int) -> str:
    """The last part of a tracked link's address."""
    return _signed(seal, "link", message_id, index)


def read_link(seal: Seal, written: str) -> tuple[int, int] | None:
    """The message's row and the button's place; None when we did not write the link."""
    return _read(seal, "link", written)


def tokens_of(seal: Seal, message_id: int, message: Message) -> tuple[str, ...]:
    """A token for each button that means something, "" for the others."""
    return tuple(
        token(seal, message_id, index) if button.action is not None else ""
        for index, button in enumerate(message.buttons)
    )


def links_of(seal: Seal, message_id: int, message: Message, public_url: str) -> tuple[str, ...]:
    """The address each button opens; a tracked one passes through ours when we have one."""
    base = public_url.rstrip("/")
    return tuple(
        f"{base}/r/{link(seal, message_id, index)}" if base and button.track else button.url
        for index, button in enumerate(message.buttons)
    )


def _signed(seal: Seal, purpose: str, message_id: int, index: int) -> str:
    named = f"{message_id}.{index}"
    return f"{named}.{seal.mac(f'{purpose}:{named}')}"


def _read(seal: Seal, purpose: str, written: str) -> tuple[int, int] | None:
    match = _TOKEN.fullmatch(written)
    if match is None:
        return None
    message_id, index, mac = match.groups()
    if not seal.is_mac(f"{purpose}:{message_id}.{index}", mac):
        return None
    return int(message_id), int(index)

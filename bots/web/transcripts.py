"""Rows of the transcript opened for the page of their own visitor."""

from __future__ import annotations

from bots.bodies import opened_message
from bots.buttons import link, tokens_of
from bots.web.entries import Said
from flows.choosing import with_marks
from flows.messages import Message
from storage.seal import Seal
from storage.work import Row

_START = "/start"


def said(seal: Seal, row: Row, edit: bytes | None) -> Said:
    """The message as it is now.

    ``edit`` is the payload of its last edit; one with a chosen option took the keyboard away. The
    press of the start button is no message to see.
    """
    message = opened_message(seal, row.body_sealed, row.buttons_sealed)
    told = seal.open_json("outbox.payload_sealed", edit) if edit else {}
    gone = "chosen" in told
    if "marked" in told:
        message = with_marks(message, told["marked"])
    words = message.text.plain
    return Said(
        id=row.id,
        at_us=row.at_us,
        author=row.author,
        message=message,
        tokens=() if gone else tokens_of(seal, row.id, message),
        links=() if gone else _links(seal, row.id, message),
        chosen=str(told.get("chosen", "")),
        hidden=row.direction == "in" and (words == _START or words.startswith(f"{_START} ")),
    )


def _links(seal: Seal, message_id: int, message: Message) -> tuple[str, ...]:
    """Tracked links pass through ours by its path alone: the page is on the same host."""
    return tuple(
        f"/r/{link(seal, message_id, index)}" if button.url and button.track else button.url
        for index, button in enumerate(message.buttons)
    )

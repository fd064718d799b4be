"""Rows of the transcript opened for the page of their own visitor."""

from __future__ import annotations

import re

from bots.bodies import opened_message
from bots.buttons import link, tokens_of
from bots.web.entries import Said
from flows.messages import Message
from storage.seal import Seal
from storage.work import Row

_CLIENT = re.compile(r"web:[0-9a-f]+:([A-Za-z0-9_-]{8,64})")


def said(seal: Seal, row: Row) -> Said:
    """The message as it is now; an edited one has lost the buttons that were taken away."""
    message = opened_message(seal, row.body_sealed, row.buttons_sealed)
    client = _CLIENT.search(row.key)
    return Said(
        id=row.id,
        at_us=row.at_us,
        author=row.author,
        message=message,
        tokens=tokens_of(seal, row.id, message),
        links=_links(seal, row.id, message),
        client=client[1] if client else "",
    )


def _links(seal: Seal, message_id: int, message: Message) -> tuple[str, ...]:
    """Tracked links pass through ours by its path alone: the page is on the same host."""
    return tuple(
        f"/r/{link(seal, message_id, index)}" if button.url and button.track else button.url
        for index, button in enumerate(message.buttons)
    )

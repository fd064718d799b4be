"""Tracked links: the click becomes a row of the inbox, the visitor goes on to the stored address."""

from __future__ import annotations

import json

from bots.bodies import opened_message
from bots.buttons import read_link
from bots.house import House
from bots.web.entries import is_openable
from storage import inbox, messages, people
from storage.work import Row, StorageFailed


class Clicks:
    """Follows the tracked links of all bots, whatever the channel they were sent on."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def follow(self, written: str) -> str | None:
        """The address of a link that we made; None for any other.

        The first click is recorded, later ones change nothing. When it cannot be recorded the
        visitor goes on all the same.
        """
        named = read_link(self._house.seal, written)
        rows = await self._house.database.fetch(messages.load([named[0]])) if named else []
        if named is None or not rows:
            return None
        message = opened_message(self._house.seal, rows[0].body_sealed, rows[0].buttons_sealed)
        button = message.buttons[named[1]] if named[1] < len(message.buttons) else None
        if button is None or not button.url or not is_openable(button.url):
            return None
        try:
            await self._record(rows[0], named[1], button.track)
        except StorageFailed as failed:
            self._house.alarm("database", {"reason": str(failed)})
        return button.url

    async def _record(self, message: Row, index: int, track: str) -> None:
        identities = await self._house.database.fetch(people.identity(message.identity_id or 0))
        if not identities or message.run_id is None:
            return
        row = {
            "source_key": f"click:{message.id}.{index}",
            "kind": "click",
            "bot_id": identities[0].bot_id,
            "identity_id": identities[0].id,
            "person_id": identities[0].person_id,
            "payload": json.dumps({"track": track, "run": message.run_id}),
            "received_us": self._house.now_us,
        }
        await self._house.database.commit(inbox.add([row]))
        self._house.play.ring()

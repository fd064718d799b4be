"""The web chat put together with the runtime: the same ingest, the same keys, the same clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from bots import inbox
from bots.channel import Arrival, Batch
from bots.house import House
from bots.web.chat import WebChat
from bots.web.clicks import Clicks
from bots.web.documents import WebDocument
from bots.web.pages import WebBot
from bots.web.transcripts import said


def web_chat(
    house: House,
    bots: Iterable[WebBot],
    *,
    media: Mapping[str, Path] | None = None,
    documents: Mapping[str, WebDocument] | None = None,
) -> WebChat:
    """The chats of the bots; each has a station in the house under its id before people come."""

    async def ingest(bot: WebBot, arrival: Arrival) -> None:
        await inbox.store(house, house.stations[bot.id], Batch((arrival,)))

    return WebChat(
        house.database,
        house.clock.now,
        bots,
        ingest=ingest,
        read=lambda row, edit: said(house.seal, row, edit),
        follow=Clicks(house).follow,
        public_url=house.public_url,
        media=media,
        documents=documents,
    )

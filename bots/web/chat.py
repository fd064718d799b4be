"""The web chat as one object: what its pages need of the rest of the program."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bots.channel import Arrival
from bots.vault import Vault
from bots.web.bells import Bells
from bots.web.channel import WebChannel, arrival
from bots.web.documents import WebDocument
from bots.web.entries import Said, entry
from bots.web.feed import Cursor, News, Stream, news
from bots.web.limits import Limit
from bots.web.pages import WebBot
from bots.web.visiting import Visitor, Visitors
from storage.work import Database, Row

NEW_VISITORS_A_MINUTE = 20
MESSAGES_A_MINUTE = 60
FILES_A_MINUTE = 20

Ingest = Callable[[WebBot, Arrival], Awaitable[None]]
"""Stores the arrival, and returns when it is stored for good; a known source key changes nothing."""

Read = Callable[[Row, bytes | None], Said]
"""A row of ``messages`` opened for its own visitor, with the payload of its last edit, if any."""

Follow = Callable[[str], Awaitable[str | None]]
"""Records the click of a tracked link and gives its address; None when we never made the link."""


class WebChat:
    """Everything about the chats of all web bots.

    ``public_url`` is where visitors see the server ("" when it has no public address yet);
    ``media`` are the files that loaded funnels name by the path in their messages; ``documents``
    the consent texts by name; ``vault`` keeps what visitors send (None: they send nothing). The
    limits' time is the process's own, ``now`` is the program's.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        bots: Iterable[WebBot],
        *,
        ingest: Ingest,
        read: Read,
        follow: Follow,
        bells: Bells | None = None,
        public_url: str = "",
        media: Mapping[str, Path] | None = None,
        documents: Mapping[str, WebDocument] | None = None,
        vault: Vault | None = None,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self.bots = {bot.name: bot for bot in bots}
        self.public_url = public_url
        self.media = media or {}
        self.documents = documents or {}
        self.follow = follow
        self.visitors = Visitors(database)
        self.bells = bells or Bells()
        clock = {"monotonic": monotonic} if monotonic else {}
        self.newcomers = Limit(NEW_VISITORS_A_MINUTE, **clock)
        self.talkers = Limit(MESSAGES_A_MINUTE, **clock)
        self.givers = Limit(FILES_A_MINUTE, **clock)
        self.vault = vault
        self._database = database
        self._now = now
        self._ingest = ingest
        self._read = read

    @property
    def language(self) -> str:
        """The language of pages that belong to no bot: that of the first one."""
        return next((bot.language for bot in self.bots.values()), "ru")

    def channel(self, bot: str, base_url: str = "") -> WebChannel:
        """The channel through which the sender delivers the bot's messages."""
        return WebChannel(bot, self.public_url or base_url, self.bells.show)

    def close(self) -> None:
        """End the streams, so that the server can stop; pages come back by themselves."""
        self.bells.close()

    async def welcome(self, bot: WebBot) -> str:
        """The key of a new visitor."""
        return await self.visitors.welcome(bot.id, int(self._now().timestamp() * 1_000_000))

    async def say(
        self, bot: WebBot, visitor: Visitor, client_id: str, raw: dict[str, Any]
    ) -> None:
        """Store what a visitor did."""
        await self._ingest(bot, arrival(visitor.name, client_id, dict(raw)))
        self.bells.ring(visitor.name)

    async def news(self, bot: WebBot, visitor: Visitor, after: Cursor) -> News:
        """What came after the cursor; nothing while the visitor has not spoken."""
        identity_id = await self.visitors.identity(visitor, bot.id)
        if identity_id is None:
            return News([], after)
        return await news(self._database, self._draw, identity_id, after)

    def stream(self, bot: WebBot, visitor: Visitor) -> Stream:
        """The visitor's stream for one open page."""

        async def find() -> int | None:
            return await self.visitors.identity(visitor, bot.id)

        return Stream(self._database, self._draw, self.bells, find)

    def _draw(self, row: Row, edit: bytes | None) -> dict[str, object]:
        return entry(self._read(row, edit), self.media)

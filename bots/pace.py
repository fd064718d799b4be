"""The pace of a sender: how soon its bot and their chats may be called, kept over restarts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from bots.rates import Bucket, Chats, Limits
from storage import bots, outbox
from storage.work import Database, Row, Work

ASKED: Final = "asked to wait: "
"""How the error of a call begins that waits because the messenger wants it."""
EVERYBODY: Final = 8
"""So many chats refused in a row, and it is the bot that must wait: Telegram does not say which."""
_GENTLY, _BY_HALF = 0.8, 0.5
_CALM_SECONDS = 10.0
_LONGEST_SECONDS = 86_400.0


class Pace:
    """Monotonic time says how fast; what the messenger asked for is kept by the wall's clock.

    ``limits`` are the messenger's (None: nobody counts). Seconds of the wall come from ``wall_us``.
    """

    def __init__(
        self,
        channel: str,
        limits: Limits | None,
        wall_us: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.monotonic = monotonic
        self.bucket = Bucket(channel, self._now)
        self._chats = Chats(limits)
        self._wall_us = wall_us
        self._names_the_chat = channel != "telegram"
        self._rests_until = 0.0
        self._narrowed_until = 0.0
        self._refused: set[str] = set()
        self._asked_until_us: int | None = None
        self._kept: tuple[int, int | None] = (self._rate, None)

    def resting(self) -> float:
        """Seconds during which the bot calls nobody."""
        return max(0.0, self._rests_until - self.monotonic())

    def rest(self, seconds: float) -> None:
        """The bot calls nobody for so long."""
        until = self.monotonic() + min(seconds, _LONGEST_SECONDS)
        self._rests_until = max(self._rests_until, until)

    def spend(self, chat: str, messages: int = 1) -> None:
        """So many messages go to the chat."""
        self._chats.spend(chat, self.monotonic(), messages)

    def full(self) -> Mapping[str, float]:
        """The chats that must wait, with the seconds that each must."""
        return self._chats.full(self.monotonic(), self._wall_us() / 1_000_000)

    def went(self) -> None:
        """A call was taken: the bot as a whole may call."""
        self._refused.clear()

    def refused(self, chat: str, seconds: float, *, whole_bot: bool, bulk: bool) -> None:
        """The messenger asked to wait before the next call to the chat, or to anybody.

        The whole bot waits too when many chats in a row are refused. Letters slow down, but not
        again before the slowing could show.
        """
        now = self.monotonic()
        if not whole_bot:
            self._chats.hold(chat, self._wall_us() / 1_000_000 + seconds)
            self._refused.add(chat)
            whole_bot = not self._names_the_chat and len(self._refused) >= EVERYBODY
        if whole_bot:
            self._refused.clear()
            self.rest(seconds)
            until_us = self._wall_us() + int(min(seconds, _LONGEST_SECONDS) * 1_000_000)
            self._asked_until_us = max(self._asked_until_us or 0, until_us)
        if (bulk or whole_bot) and now >= self._narrowed_until:
            self.bucket.narrow(_BY_HALF if whole_bot else _GENTLY)
            self._narrowed_until = now + max(_CALM_SECONDS, seconds)

    def to_keep(self, bot_id: int) -> Work:
        """What the bot's row must learn; nothing while it knows well enough."""
        until_us = self._asked_until_us
        if until_us is not None and until_us <= self._wall_us():
            until_us = self._asked_until_us = None
        rate, (kept, kept_until_us) = self._rate, self._kept
        if abs(rate - kept) < 1_000 and until_us == kept_until_us:  # thousandths of a call
            return []
        self._kept = (rate, until_us)
        return bots.keep_pace(bot_id, rate, until_us)

    async def restore(self, database: Database, row: Row) -> None:
        """Go on as the bot's row and its queue tell: who was asked to wait waits on."""
        now_us = self._wall_us()
        if row.rate is not None:
            self.bucket.begin_at(row.rate / 1_000)
        if row.retry_until_us is not None and row.retry_until_us > now_us:
            self._asked_until_us = row.retry_until_us
            self.rest((row.retry_until_us - now_us) / 1_000_000)
        for one in await database.fetch(outbox.put_off(row.id, now_us, ASKED)):
            self._chats.hold(one.chat, one.due_us / 1_000_000)
        self._kept = (self._rate, row.retry_until_us)

    def _now(self) -> float:
        return self.monotonic()  # a test may set another one

    @property
    def _rate(self) -> int:
        return round(self.bucket.rate * 1_000)

"""The queue of updates of one bot and the rules of getUpdates."""

import asyncio
from collections import deque
from typing import Any

from tests.emulators.telegram.errors import OTHER_POLLER, WEBHOOK_ACTIVE, ApiError, conflict

Update = dict[str, Any]

MAX_LIMIT = 100  # getUpdates.limit: "Values between 1-100 are accepted. Defaults to 100."
MAX_TIMEOUT = 50  # the open-source server holds a poll for at most 50 seconds
FIRST_UPDATE = 700_000_001  # "starts from a certain positive number and increases sequentially"

# "Specify an empty list to receive all update types except chat_member, message_reaction, and
# message_reaction_count (default)."
OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Updates that wait until the bot confirms them."""

    def __init__(self) -> None:
        self.pending: deque[Update] = deque()
        self.allowed: frozenset[str] | None = None
        self.webhook_url = ""
        self.wake = asyncio.Event()
        self._next_id = FIRST_UPDATE
        self.poller: asyncio.Future[None] | None = None

    def push(self, kind: str, body: dict[str, Any]) -> Update | None:
        """Add an update unless its kind is not asked for; a waiting poll wakes at once."""
        if kind not in self.allowed if self.allowed is not None else kind in OPT_IN:
            return None
        update: Update = {"update_id": self._next_id, kind: body}
        self._next_id += 1
        self._append(update)
        return update

    def _append(self, update: Update) -> None:
        self.pending.append(update)
        self.wake.set()
        if self.poller is not None and not self.poller.done():
            self.poller.set_result(None)

    def push_raw(self, body: dict[str, Any]) -> Update:
        """Add an update of any shape under the next number."""
        update: Update = {"update_id": self._next_id, **body}
        self._next_id += 1
        self._append(update)
        return update

    def allow(self, kinds: list[str] | None) -> None:
        """Remember the kinds asked for; None leaves the earlier choice, [] is the default.

        "This parameter doesn't affect updates created before the call."
        """
        if kinds is not None:
            self.allowed = frozenset(kinds) if kinds else None

    def stop_poller(self, reason: str | None = None) -> None:
        """End a waiting poll: with 409 for the reason, or with an empty answer without one."""
        poller, self.poller = self.poller, None
        if poller is not None and not poller.done():
            if reason is None:
                poller.set_result(None)
            else:
                poller.set_exception(conflict(reason))

    def confirm(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one keeps that many of the last.

        "An update is considered confirmed as soon as getUpdates is called with an offset higher
        than its update_id."
        """
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while offset > 0 and self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    async def get(self, offset: int, limit: int, timeout_seconds: int) -> list[Update]:
        """Answer one getUpdates."""
        if self.webhook_url:
            raise conflict(WEBHOOK_ACTIVE)
        self.stop_poller(OTHER_POLLER)
        self.confirm(offset)
        if not self.pending and timeout_seconds > 0:
            await self._wait(min(timeout_seconds, MAX_TIMEOUT))
        count = min(max(limit, 1), MAX_LIMIT)
        return [update for update, _ in zip(self.pending, range(count), strict=False)]

    async def _wait(self, seconds: int) -> None:
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.poller = poller
        try:
            async with asyncio.timeout(seconds):
                await poller
        except TimeoutError:
            pass
        except ApiError:
            poller.exception()
            raise
        finally:
            if self.poller is poller:
                self.poller = None

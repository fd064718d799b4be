"""VK's Bots Long Poll, one answer at a time, from the place that the caller has stored.

https://dev.vk.com/api/bots-long-poll/getting-started
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bots.channel import Doubtful, TryLater
from bots.vk.client import Client

_SLACK_SECONDS = 15  # how much longer than asked a poll may take
_PATIENCE = 3  # refusals in a row before the caller is asked to wait

_LOST = "VK no longer keeps the events since the last fetch"


class LongPoll:
    """Asks for events after a ``ts``; what VK answers with ``failed`` is mended here."""

    def __init__(self, client: Client, wait: int) -> None:
        self.group = 0
        self._client = client
        self._wait = wait
        self._server: dict[str, str] = {}
        self._failures = 0

    async def after(self, ts: str) -> tuple[list[Any], str, str]:
        """Events after ``ts``, the ts that follows them, and a word when VK lost some.

        Without a ts there are no events yet, only the place to begin at: once the caller has stored
        it, nothing that happens from then on is missed, whenever the process dies.
        Raises :class:`TryLater` when VK cannot be reached or refuses again and again.
        """
        if not self._server:
            self._server = await self._asked_server()
        if not ts:
            return [], self._server["ts"], ""
        try:
            answer = await self._polled(ts)
        except (Doubtful, TryLater) as lost:
            raise TryLater(str(lost), timedelta(seconds=1), whole_bot=True) from None
        if "failed" in answer or "ts" not in answer:
            return await self._mended(answer, ts)
        self._failures = 0
        return list(answer.get("updates") or ()), str(answer["ts"]), ""

    async def _polled(self, ts: str) -> dict[str, Any]:
        query = {"act": "a_check", "key": self._server["key"], "ts": ts, "wait": str(self._wait)}
        return await self._client.poll(self._server["server"], query, self._wait + _SLACK_SECONDS)

    async def _mended(self, answer: dict[str, Any], ts: str) -> tuple[list[Any], str, str]:
        """Nothing, and from where to go on (R8).

        1: events are lost, a new ts is given; 2: a new key, the ts stays; 3: key and ts are lost;
        4 and what is not known: everything is asked for anew, the ts stays.
        """
        self._failures += 1
        failed = answer.get("failed")
        if failed == 1 and "ts" in answer:
            following, lost = str(answer["ts"]), _LOST
        else:
            self._server = await self._asked_server()
            following, lost = (self._server["ts"], _LOST) if failed == 3 else (ts, "")
        if self._failures > _PATIENCE:
            self._failures = 0
            raise TryLater("the long poll refuses", timedelta(seconds=1), whole_bot=True)
        return [], following, lost

    async def _asked_server(self) -> dict[str, str]:
        try:
            given = await self._client.method("groups.getLongPollServer", group_id=self.group)
        except Doubtful as lost:
            raise TryLater(str(lost), timedelta(seconds=1), whole_bot=True) from None
        return {name: str(given[name]) for name in ("server", "key", "ts")}

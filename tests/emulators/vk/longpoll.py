"""The Bots Long Poll server of one community (dev.vk.com/api/bots-long-poll/getting-started)."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

VERSION = "5.199"
WAIT = 25
LONGEST_WAIT = 90
VERSIONS = (0, 3)


class LongPoll:
    """Events by number: `ts` is how many there were; a poll waits for the next one."""

    def __init__(
        self, group_id: int, types: dict[str, bool], hear: Callable[..., None] = lambda *_: None
    ) -> None:
        self.group_id = group_id
        self._hear = hear  # who else is told of events: the Callback API
        self.enabled = True
        self.version = VERSION
        self.types = types  # what groups.setLongPollSettings switched on
        self.key = secrets.token_hex(20)
        self.forgotten = 0  # the events up to this number are no longer kept
        self.closed = False
        self._events: list[dict[str, Any]] = []
        self._waiting: set[asyncio.Future[bool]] = set()

    @property
    def ts(self) -> int:
        """Return the number of the last event."""
        return self.forgotten + len(self._events)

    @property
    def waiting(self) -> int:
        """Return how many polls wait at this moment."""
        return len(self._waiting)

    def produce(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """Append an event and wake the polls; a type that is switched off yields None."""
        event = {
            "group_id": self.group_id,
            "type": kind,
            "event_id": secrets.token_hex(20),
            "v": self.version,
            "object": content,
        }
        self._hear(kind, event)
        if not self.enabled or not self.types.get(kind, False):
            return None
        return self.repeat(event)

    def repeat(self, event: dict[str, Any]) -> dict[str, Any]:
        """Append an event as it is: VK may send the same event_id again (callback.json)."""
        self._events.append(event)
        self.wake()
        return event

    @property
    def last_event(self) -> dict[str, Any]:
        """Return the newest event."""
        return self._events[-1]

    def expire_key(self) -> None:
        """Make the key invalid: polls answer failed 2 until a new one is asked for."""
        self.key = secrets.token_hex(20)
        self.wake()

    def forget(self) -> None:
        """Drop the kept events: a poll with an older ts answers failed 1."""
        self.forgotten += len(self._events)
        self._events.clear()
        self.wake()

    def wake(self, *, finish: bool = False) -> None:
        """Let every waiting poll look again, or answer at once."""
        for future in self._waiting:
            if not future.done():
                future.set_result(finish)

    def close(self) -> None:
        """Answer the waiting polls for good."""
        self.closed = True
        self.wake(finish=True)

    async def check(self, query: dict[str, str]) -> dict[str, Any]:
        """Return the answer to act=a_check; it waits when there is nothing yet."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _wait(query.get("wait", ""))
        finish = self.closed
        while True:
            answer, left = self.answer(query), deadline - loop.time()
            if answer.get("updates") != [] or left <= 0 or finish:
                return answer
            finish = await self._woken(left)

    def answer(self, query: dict[str, str]) -> dict[str, Any]:
        """Return what the server has to say now: updates (maybe none) or failed 1-4."""
        version = query.get("version", "3")
        if not version.isdecimal() or not VERSIONS[0] <= int(version) <= VERSIONS[1]:
            return {"failed": 4, "min_version": VERSIONS[0], "max_version": VERSIONS[1]}
        if query.get("key") != self.key:
            return {"failed": 2}
        ts = query.get("ts", "")
        if not ts.isdecimal():
            return {"failed": 3, "error": "invalid ts"}
        if not self.forgotten <= int(ts) <= self.ts:
            return {"failed": 1, "ts": self.ts}  # dev.vk.com: the number to go on with
        return {"ts": str(self.ts), "updates": self._events[int(ts) - self.forgotten :]}

    async def _woken(self, seconds: float) -> bool:
        """Return whether the poll is to be answered now, after a wake-up or the whole time."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return True
        finally:
            self._waiting.discard(future)


def _wait(text: str) -> float:
    """Return the seconds to wait: VK takes up to 90."""
    return min(float(text) if text.isdecimal() else WAIT, LONGEST_WAIT)

"""Updates that a messenger brings by itself: what every channel's webhook is made of."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from bots.channel import Arrival
from flows.secrecy import Secret
from storage import notes
from storage.work import Database

BODY_LIMIT = 4 * 1024 * 1024
"""Far more than any update has; a longer body is refused before it is read."""
SHORTEST = 32
SECRET = re.compile(rf"[A-Za-z0-9_-]{{{SHORTEST},}}")
"""What a secret looks like: Telegram takes these signs only."""
_NOTE = "hook:"

Take = Callable[[Arrival], Awaitable[None]]
"""Stores an arrival, or knows it already; raises when it is not stored."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the messenger is answered; ``outcome`` is for the count: ``stored``, ``refused`` …"""

    status: int
    body: str = ""
    outcome: str = "stored"


REFUSED = Reply(401, outcome="refused")


class Memory(Protocol):
    """Where it is kept what we told the messenger last; the secret only as a digest."""

    async def known(self) -> str:
        """What was kept, "" if nothing was."""

    async def keep(self, told: str) -> None:
        """Keep it over what was kept before."""


class StoredMemory:
    """The memory of one bot in the database."""

    def __init__(self, database: Database, bot: str) -> None:
        self._database = database
        self._key = f"{_NOTE}{bot}"

    async def known(self) -> str:
        """What was kept."""
        rows = await self._database.fetch(notes.find(self._key))
        return str(rows[0].value) if rows else ""

    async def keep(self, told: str) -> None:
        """Keep it."""
        if told != await self.known():
            await self._database.commit(notes.put(self._key, told))


class NoMemory:
    """For commands, which need none: a messenger told again is the same."""

    async def known(self) -> str:
        """Nothing."""
        return ""

    async def keep(self, told: str) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a bot's updates come (``url``, "" without an address) and what proves whose they are.

    ``bot`` is the bot's key in source keys. The messenger is told the first secret; the others are
    of older keys and still open. Without ``on`` the bot polls, and the webhook is only known.
    """

    bot: str
    url: str
    secrets: tuple[Secret, ...] = ()
    on: bool = False
    memory: Memory = field(default_factory=NoMemory, repr=False)

    def fits(self, given: str) -> bool:
        """Whether it is one of the secrets; takes the same time for all (R10)."""
        found = [hmac.compare_digest(one.reveal().encode(), given.encode("utf-8", "replace"))
                 for one in self.secrets]  # fmt: skip
        return any(found)

    @property
    def secret(self) -> str:
        """The one that the messenger is told."""
        return self.secrets[0].reveal()

    @property
    def mark(self) -> str:
        """What is kept once the messenger knows: a digest of address and secret, and the address."""
        digest = hashlib.sha256(f"{self.url}\0{self.secret}".encode()).hexdigest()
        return f"{digest[:32]} {self.url}"

    async def is_known(self) -> bool:
        """Whether there may be a webhook of ours at all."""
        return bool(self.url or await self.memory.known())

    async def is_ours(self, url: str) -> bool:
        """Whether the address is the bot's own, or was when the messenger was last told."""
        known = (await self.memory.known()).partition(" ")[2]
        return bool(url) and url in (self.url, known)


@dataclass(frozen=True, slots=True)
class HookState:
    """How a webhook stands at the messenger.

    ``host`` is where it leads ("" if nowhere): the path may be somebody's secret. ``pending`` is
    how many updates wait (None: the messenger does not tell), ``status`` its own word, ``trouble``
    its last failure to deliver, ``trouble_at`` when (Unix seconds), ``lacking`` the events that are
    not switched on.
    """

    host: str = ""
    ours: bool = False
    pending: int | None = None
    status: str = ""
    trouble: str = ""
    trouble_at: int = 0
    lacking: tuple[str, ...] = ()


class Webhook(Protocol):
    """One bot's updates as its messenger brings them."""

    hook: Hook
    sweeps: bool
    """Whether what the webhook missed can be fetched while it stands."""

    def twin(self, raw: dict[str, Any]) -> str:
        """What happened, where it may come both ways under different numbers; else ""."""

    async def stand(self, *, consent: bool, anew: bool = False) -> HookState:
        """Make the messenger bring updates here; ``anew`` even if it seems to do so already.

        Nothing that waits is dropped. A foreign webhook gives way only with ``consent``, else
        :class:`bots.channel.Conflict` names its host. Raises :class:`bots.channel.CallFailed`.
        """

    async def look(self) -> HookState:
        """How it stands; nothing is changed."""

    async def fall(self) -> bool:
        """Remove what is ours and keep what waits; whether anything was removed."""

    async def answer(self, headers: Mapping[str, str], body: bytes, take: Take) -> Reply:
        """Store what the request brings, and what to answer; header names are in lower case."""


def host_of(url: str) -> str:
    """The host of an address; "?" when it has none."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def readable(body: bytes) -> Any:
    """The JSON of a body, None when it is none or could not be written down again."""
    try:
        told = json.loads(body)
        json.dumps(told, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return told

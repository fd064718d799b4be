"""The Callback API of one community: its servers, their confirmation, events and repeats.

https://dev.vk.com/api/callback/getting-started
"""

import asyncio
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.emulators.vk.refusals import Refusal

MAX_SERVERS = 10
DELAYS = (10, 180, 600, 1800, 3600)  # seconds until each repeat; then VK gives the event up
LONGEST_WAIT = 3 * 3600  # Retry-After is honoured up to three hours
PATIENT = {410, 429, 503}  # the answers whose Retry-After counts
VERSION = "5.199"


@dataclass
class CallbackServer:
    """One address that gets events once it has answered with the confirmation code."""

    id: int
    url: str
    title: str
    secret_key: str
    types: dict[str, bool]
    status: str = "unconfigured"
    version: str = VERSION


@dataclass
class Callbacks:
    """`haste` shortens VK's hours; `repeats` says how often an event comes though it was taken."""

    group_id: int
    kinds: tuple[str, ...]
    haste: float = 0.02
    repeats: Callable[[], int] = field(default=lambda: 1)
    dice: random.Random = field(default_factory=lambda: random.Random(0))
    own_numbers: bool = False  # an event has another event_id than in the long poll
    code: str = ""
    servers: dict[int, CallbackServer] = field(default_factory=dict)
    given_up: list[dict[str, Any]] = field(default_factory=list)
    taken: int = 0
    tries: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None
    _number: int = 0

    # --- the servers --------------------------------------------------------------------------

    def add(self, url: str, title: str, secret_key: str) -> CallbackServer:
        """Add a server and ask it for the confirmation."""
        if len(self.servers) >= MAX_SERVERS:
            raise Refusal(2000)
        self._number += 1
        types = {kind: kind == "message_new" for kind in self.kinds}
        server = CallbackServer(self._number, url, title, secret_key, types)
        self.servers[server.id] = server
        self._confirm(server)
        return server

    def edit(self, server: CallbackServer, url: str, title: str, secret_key: str) -> None:
        """Change a server; it must confirm again."""
        server.url, server.title, server.secret_key = url, title, secret_key
        self._confirm(server)

    def find(self, server_id: int) -> CallbackServer:
        """Return the server, or refuse."""
        if server_id not in self.servers:
            raise Refusal(104)
        return self.servers[server_id]

    def _confirm(self, server: CallbackServer) -> None:
        """Ask for the code; "the confirmation string changes" with every server that is set."""
        self.code = secrets.token_hex(4)
        server.status = "wait"
        self._begin(self._confirmed(server))

    async def _confirmed(self, server: CallbackServer) -> None:
        body = {"type": "confirmation", "group_id": self.group_id}
        status, told, _ = await self._post(server, body, 0)
        server.status = "ok" if (status, told.strip()) == (200, self.code) else "failed"

    # --- the events ---------------------------------------------------------------------------

    def hear(self, kind: str, event: dict[str, Any]) -> None:
        """Bring an event to every server that wants its kind."""
        for server in self.servers.values():
            if server.status == "ok" and server.types.get(kind):
                own = {"event_id": secrets.token_hex(20)} if self.own_numbers else {}
                self._begin(self._bring(server, {**event, **own, "v": server.version}))

    @property
    def quiet(self) -> bool:
        """Tell whether nothing is on its way."""
        return not self._tasks

    async def _bring(self, server: CallbackServer, event: dict[str, Any]) -> None:
        if not await self._taken(server, event):
            self.given_up.append(event)
            return
        self.taken += 1
        for _ in range(self.repeats() - 1):
            await asyncio.sleep(self.dice.random() * self.haste)
            await self._post(server, event, 0)

    async def _taken(self, server: CallbackServer, event: dict[str, Any]) -> bool:
        for counter, delay in enumerate((*DELAYS, None)):
            status, told, wait = await self._post(server, event, counter)
            if status == 200 and told.strip() == "remove":  # VK deletes the server
                self.servers.pop(server.id, None)
                return False
            if (status, told.strip()) == (200, "ok"):
                return True
            if delay is None or server.id not in self.servers:
                return False
            await asyncio.sleep((wait if status in PATIENT and wait else delay) * self.haste)
        return False

    async def _post(
        self, server: CallbackServer, body: dict[str, Any], counter: int
    ) -> tuple[int, str, int]:
        """Return status, text and Retry-After of the answer; 0 without an answer."""
        self.tries += 1
        sent = {**body, "secret": server.secret_key} if server.secret_key else body
        headers = {"X-Retry-Counter": str(counter)} if counter else {}
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        try:
            async with self._session.post(server.url, json=sent, headers=headers) as answer:
                told = answer.headers.get("Retry-After", "")
                wait = min(int(told), LONGEST_WAIT) if told.isdecimal() else 0
                return answer.status, await answer.text(), wait
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return 0, "", 0

    def _begin(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Bring nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

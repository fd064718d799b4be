"""The emulated VK: api.vk.ru/method/*, the Bots Long Poll server and the uploads over HTTP."""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from tests.emulators import clock
from tests.emulators.faults import Fault, FaultPlan
from tests.emulators.vk import (
    control,
    parameters,
    scripts,
    uploads,
    wire,
)
from tests.emulators.vk.calls import Call
from tests.emulators.vk.journal import Called, Journal
from tests.emulators.vk.methods import METHODS
from tests.emulators.vk.people import People
from tests.emulators.vk.refusals import OF_ONE_PEER, Refusal
from tests.emulators.vk.strikes import refusal_of
from tests.emulators.vk.world import Access, Community, User, World

RATE = 20  # platforms.md 5.2: requests a second with one community key
FORM_SIZE = 64 * 2**20


@dataclass
class Request:
    """One request to /method/…, as far as it was understood."""

    method: str
    params: dict[str, str]
    group: int | None = None
    error: str = ""
    failed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def chat(self) -> str | None:
        """Return the only peer it is about, for the faults of one dialog."""
        peer = self.params.get("peer_id") or self.params.get("peer_ids")
        peer = peer or self.params.get("user_id")
        return None if not peer or "," in peer else peer


class VkEmulator:
    """VK on a port of this machine; `async with VkEmulator() as vk`."""

    def __init__(self, journal: Path | None = None, port: int = 0) -> None:
        self.journal = Journal(journal)
        self.faults = FaultPlan()
        self.world = World(self.journal)
        self.people = People(self.world)
        self.url = ""
        self._port = port
        self._rate: int | None = None
        self._held: set[asyncio.Event] = set()
        self._holding = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def method_url(self) -> str:
        """Return what stands for https://api.vk.ru/method/."""
        return f"{self.url}/method/"

    async def start(self) -> None:
        """Open the port."""
        app = web.Application(client_max_size=FORM_SIZE)
        app.add_routes(control.routes(self))
        app.router.add_route("*", "/method/{method}", self._method)
        app.router.add_route("*", "/lp/{group}", self._long_poll)
        app.router.add_post("/_upload/{kind}/{group}", self._upload)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = self.world.base_url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Answer what still waits and close the port."""
        for community in self.world.communities.values():
            community.longpoll.close()
            await community.callbacks.stop()
        self.release()
        if self._runner is not None:
            await self._runner.cleanup()
        self.journal.close()

    def add_community(self, group_id: int, token: str, **details: Any) -> Community:
        """Register a community and its key."""
        return self.world.add_community(group_id, token, **details)

    def add_user(self, user_id: int, **details: Any) -> User:
        """Register a person."""
        return self.world.add_user(user_id, **details)

    def fault(self, kind: str, **details: Any) -> Fault:
        """Plan a fault; the long poll's ones strike polls that already wait, too."""
        fault = self.faults.add_json({"kind": kind, **details})
        for community in self.world.communities.values():
            if fault.matches("longpoll", community.id):
                community.longpoll.wake(finish=True)
        return fault

    def limit_rate(self, per_second: int | None = RATE) -> None:
        """Refuse more calls a second than this with error 6; None lets all pass."""
        self._rate = per_second

    def release(self) -> None:
        """Let the answers go that a fault of kind "hold" keeps back."""
        self._holding.clear()
        for held in self._held:
            held.set()

    def held(self) -> int:
        """Return how many answers are kept back."""
        return len(self._held)

    async def until_held(self) -> None:
        """Wait until an answer is kept back."""
        await self._holding.wait()

    async def _method(self, http: web.Request) -> web.Response:
        request = Request(http.match_info["method"], await wire.read_params(http))
        fault = self.faults.take(request.method, request.chat)
        if fault is not None:
            broken = wire.broken_answer(fault, http)
            if broken is not None:
                self._record(request, fault.kind)
                return broken
        body = self._outcome(request, fault)
        return await self._finish(http, body, fault)

    def _outcome(self, request: Request, fault: Fault | None) -> dict[str, Any]:
        try:
            body = {"response": self._perform(request, refusal_of(fault) if fault else None)}
        except Refusal as refusal:
            request.error = refusal.text
            self._record(request, str(refusal.code))
            return refusal.body(request.method, request.params)
        self._record(request, fault.kind if fault and fault.kind == "cut_after" else "ok")
        return {**body, "execute_errors": request.failed} if request.failed else body

    def _perform(self, request: Request, planned: Refusal | None) -> Any:
        access = self._identify(request)
        request.group = access.community.id
        self._count(access.community)
        return self._carried_out(request, access, planned)

    def _carried_out(self, request: Request, access: Access, planned: Refusal | None) -> Any:
        if planned is not None and not _of_one_peer(request, planned):
            raise planned
        params = parameters.read(request.method, request.params)
        if planned is not None:
            params["planned"] = planned
        if request.method == "execute":
            within = partial(self._within, access)
            results, request.failed = scripts.run(params["code"], within)
            return results
        return METHODS[request.method](Call(self.world, access, params, self.faults))

    def _within(self, access: Access, method: str, params: dict[str, str]) -> Any:
        """Return what a call of a script answers."""
        request = Request(method, params, access.community.id)
        if method not in METHODS:
            raise Refusal(3)
        parameters.check_access(method, access.kind)
        fault = self.faults.take(method, request.chat)
        return self._carried_out(request, access, refusal_of(fault) if fault else None)

    def _identify(self, request: Request) -> Access:
        """Return whose call it is; the order of VK: method, version, token, kind of token."""
        if request.method not in METHODS and request.method != "execute":
            raise Refusal(3)
        if not request.params.get("v"):
            raise Refusal(8, "v is required")
        token = request.params.get("access_token")
        if not token:
            raise Refusal(5, "no access_token passed.")
        access = self.world.tokens.get(token)
        if access is None:
            raise Refusal(5, "invalid access_token (4).")
        parameters.check_access(request.method, access.kind)
        return access

    def _count(self, community: Community) -> None:
        """Refuse the calls over the limit of the last second."""
        if self._rate is None:
            return
        now = clock.now().timestamp()
        while community.recent and now - community.recent[0] >= 1:
            community.recent.popleft()
        if len(community.recent) >= self._rate:
            raise Refusal(6)
        community.recent.append(now)

    def _record(self, request: Request, outcome: str) -> None:
        shown = {k: v for k, v in request.params.items() if k != "access_token"}
        known = request.method in METHODS
        ignored = parameters.unknown_names(request.method, shown) if known else []
        entry = Called(request.group, request.method, shown, outcome, request.error, ignored)
        self.journal.add(entry)

    async def _finish(
        self, http: web.Request, body: dict[str, Any], fault: Fault | None
    ) -> web.Response:
        """Return the answer, late or never when a fault wants it so."""
        if fault is None:
            return wire.answer(body)
        if fault.kind == "cut_after":
            return wire.cut(http)
        if fault.kind == "page_after":
            return web.Response(text=wire.PAGE, status=502, content_type="text/html")
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay)
        if fault.kind == "hold":
            await self._hold()
        return wire.answer(body)

    async def _hold(self) -> None:
        """Keep an answer back until `release`."""
        held = asyncio.Event()
        self._held.add(held)
        self._holding.set()
        try:
            await held.wait()
        finally:
            self._held.discard(held)

    async def _long_poll(self, http: web.Request) -> web.Response:
        query = await wire.read_params(http)
        community = self.world.communities.get(int(http.match_info["group"]))
        if community is None or query.get("act") != "a_check":
            return wire.answer({"failed": 3})
        fault = self.faults.take("longpoll", community.id)
        if fault is None:
            return wire.answer(await community.longpoll.check(query))
        broken = wire.broken_answer(fault, http)
        if broken is not None:
            return broken
        if fault.kind == "error":
            ts = {"ts": community.longpoll.ts} if fault.status == 1 else {}
            return wire.answer({"failed": fault.status, **ts})
        return await self._finish(http, community.longpoll.answer(query), fault)

    async def _upload(self, http: web.Request) -> web.Response:
        fault = self.faults.take("upload", http.match_info["group"])
        broken = wire.broken_answer(fault, http) if fault else None
        if broken is not None:
            return broken
        file = await wire.read_file(http)
        kind, group_id = http.match_info["kind"], int(http.match_info["group"])
        owner = int(http.query.get("owner", -group_id))
        held = uploads.receive(self.world, kind, group_id, owner, file)
        return await self._finish(http, held, fault)


def _of_one_peer(request: Request, planned: Refusal) -> bool:
    """Tell whether the refusal belongs beside a peer in the array instead of the whole call."""
    return bool(request.params.get("peer_ids")) and planned.code in OF_ONE_PEER

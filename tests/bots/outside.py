"""A small server outside, and a runtime whose funnel asks it."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web
from aiohttp.abc import AbstractResolver

from bots.clocks import SetClock
from bots.runner import Runner
from flows.loading import bundle_of, load, read_program
from flows.secrecy import Secret
from storage.tables import requests
from tests.bots.paper import PaperChannel
from tests.bots.runtime import SEAL, START, World

SETTINGS = {"KEY": "s3cret-of-the-server", "SIGN": "shared", "VORONKA_KEYS": "k1:never"}

PROJECT = """
project: demo
bots: {{tg: {{channel: telegram, token: $TG, funnels: [school]}}}}
documents:
  personal_data: {{title: Согласие, url: "https://example.ru/pd"}}
teams: {{sales: {{notify: {{telegram: -100}}}}}}
http: {{{http}}}
"""


class OutsideServer:
    """Answers as it is told; `heard` is every request with its body."""

    def __init__(self) -> None:
        self.heard: list[dict] = []
        self.answers: list = []
        self.usual: tuple[int, object] = (200, {"data": {"total": 4500}})
        self.arrived = asyncio.Event()
        self.gate: asyncio.Event | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.heard.append(
            {
                "method": request.method,
                "path": request.path_qs,
                "headers": dict(request.headers),
                "body": body,
            }
        )
        self.arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        status, answer, *headers = self.answers.pop(0) if self.answers else self.usual
        if isinstance(answer, bytes):
            return web.Response(body=answer, status=status, headers=dict(*headers))
        return web.Response(text=json.dumps(answer), status=status, headers=dict(*headers))

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self.gate is not None:
            self.gate.set()
        await self._runner.cleanup()


class Names(AbstractResolver):
    """Resolves every name to the next of its addresses; the last one stays."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked = 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked += 1
        address = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    async def close(self) -> None:
        """Nothing to let go."""


class Asking(World):
    """A runtime with a funnel that asks; the wall's clock is the people's."""

    def __init__(self, database, funnel: str, http: str = "", folder=None, clock=None) -> None:
        self.text = funnel
        self.http = http
        super().__init__(database, clock or SetClock(START), folder)

    def made(self) -> Runner:
        files = {
            "voronka.yaml": PROJECT.format(http=self.http).encode(),
            "funnels/school.yaml": self.text.encode(),
        }
        loaded = load(files, {}, "2026-01-01")
        assert not loaded.errors, loaded.errors
        bundle = bundle_of(loaded, loaded.project.bots["tg"])
        bots = {"tg": (self.channels["tg"], bundle)}
        return Runner(
            self.database,
            SEAL,
            self.clock,
            self.clock,
            bots,
            public_url="https://bots.example.ru",
            texts={p.hash: loaded.texts[name] for name, p in loaded.programs.items()},
            read=lambda name, text: read_program(text, f"funnels/{name}.yaml"),
            alarm=lambda kind, facts: self.alarms.append((kind, dict(facts))),
            alone=True,
            settings=lambda name: Secret(SETTINGS.get(name, "")),
        )

    @property
    def tg(self) -> PaperChannel:
        return self.channels["tg"]

    async def requests(self):
        """The rows of requests."""
        return await self.rows(requests)

    async def waits(self, seconds: float) -> None:
        """Time goes by."""
        self.clock.move(timedelta(seconds=seconds))
        await self.runner.settle()


@asynccontextmanager
async def asking(database, funnel: str, http: str = ""):
    """An opened runtime; its connections are let go."""
    world = Asking(database, funnel, http)
    await world.open()
    try:
        yield world
    finally:
        await world.runner.outside.close()

"""F25: a funnel's request never opens a socket to this machine, a cloud's inside or a private network.

A real server listens on this machine and counts. The project allows every host that is tried, so
that only the look at the socket's own address stands between (R53).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession

from bots.channel import TryLater
from bots.outside import http
from bots.outside.asked import Asked
from bots.outside.http import HttpCaller
from flows.extending import Call
from flows.hosts import HttpRules
from flows.problems import Mark
from flows.secrecy import Secret
from tests.bots.outside import Names
from tests.experiments.figures import tell
from voronka.clocks import SystemClock

SPELLINGS = (
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "127.0.1", "2130706433", "0x7f000001",
    "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "017700000001", "0177.0.0.01", "127.0.0.1.", "0", "0.0.0.0",
    "localhost", "LOCALHOST", "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[::127.0.0.1]",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1", "%31%32%37.0.0.1", "anna@127.0.0.1",
    "example.com@127.0.0.1", "127.0.0.1#@example.com", "127.0.0.1%2f@example.com",
)  # fmt: skip
"""This machine in many spellings; what is no address to anybody must not become one."""
RESOLVED = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1",
    "64:ff9b::7f00:1", "2002:7f00:1::1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "fd00:ec2::254", "fe80::1", "fc00::1", "224.0.0.1", "255.255.255.255",
)  # fmt: skip
"""What names such as ``127-0-0-1.nip.example`` may be resolved to."""


class Everything(HttpRules):
    """A project that allows every host."""

    def allows(self, asked: str) -> bool:
        return bool(asked)

    def is_private(self, asked: str) -> bool:
        return False


RULES = Everything(mark=Mark("voronka.yaml", 1, 1))


class Counter:
    """A server on this machine, IPv4 and IPv6; `connections` are those that came."""

    def __init__(self) -> None:
        self.connections = 0
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answer)
        await writer.drain()
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """The port, on every address of this machine."""
        hosts = ["0.0.0.0", "::"] if socket.has_ipv6 else ["0.0.0.0"]
        first = await asyncio.start_server(self.serve, hosts[0], 0)
        port = first.sockets[0].getsockname()[1]
        servers = [first]
        for host in hosts[1:]:
            try:
                servers.append(await asyncio.start_server(self.serve, host, port))
            except OSError:
                continue
        try:
            yield port
        finally:
            for server in servers:
                server.close()


async def asked(url: str, names: Names | None = None, rules: HttpRules = RULES) -> str:
    """How a request to the address ends: ``answered``, or why not."""
    caller = HttpCaller(lambda _: Secret(""), lambda: "own", SystemClock(), names)
    body: dict[str, Any] = {"url": url, "method": "get"}
    request = Asked(1, "key", 1, "http", "main.1", body, 1, 1, 1, 1, 1)
    try:
        result = (await caller.ask(request, rules, Call("key", "tg", "p", "main.1", 1))).result
        return "answered" if result.get("ok") else str(result.get("error"))
    except TryLater as later:
        return str(later)
    finally:
        await caller.close()


async def test_no_spelling_of_this_machine_is_connected_to():
    counter = Counter()
    async with counter.listening() as port:
        ends = {each: await asked(f"http://{each}:{port}/") for each in SPELLINGS}
        ends |= {f"{each} (no port)": await asked(f"http://{each}/") for each in SPELLINGS[:3]}
    assert "answered" not in ends.values(), ends
    assert counter.connections == 0, ends
    refused = [each for each, end in ends.items() if end == "the server has a private address"]
    assert len(refused) >= 20, ends
    tell("F25", spellings=len(ends), refused_at_the_socket=len(refused), connections=0)


async def test_no_name_leads_to_an_address_inside():
    counter = Counter()
    async with counter.listening() as port:
        for address in RESOLVED:
            end = await asked(f"http://hooks.example.ru:{port}/", Names(address))
            assert end == "the server has a private address", address
    assert counter.connections == 0
    tell("F25", names_resolved_inside=len(RESOLVED), connections=0)


async def test_a_name_that_changes_between_look_and_connect_is_refused():
    counter = Counter()
    async with counter.listening() as port:
        for first in ("203.0.113.77", "8.8.8.8"):
            names = Names(first, "127.0.0.1")
            await names.resolve("hooks.example.ru")  # whoever looked first saw a public address
            end = await asked(f"http://hooks.example.ru:{port}/", names)
            assert end == "the server has a private address"
    assert counter.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_inside_is_not_followed(status):
    inside, allowed = Counter(), Counter()
    async with inside.listening() as forbidden, allowed.listening() as port:
        target = f"http://127.0.0.1:{forbidden}/latest/meta-data"
        head = f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
        allowed.answer = head.encode()
        rules = HttpRules(mark=RULES.mark, private=(f"127.0.0.1:{port}",))
        end = await asked(f"http://127.0.0.1:{port}/", None, rules)
    assert end == f"the server answered {status}"
    assert (allowed.connections, inside.connections) == (1, 0)


async def test_the_count_can_fail(monkeypatch):
    """Without the look at the socket the same requests arrive."""
    monkeypatch.setattr(http, "guarded", lambda **_: None)
    monkeypatch.setattr(http, "ClientSession", lambda connector, **more: ClientSession(**more))
    counter = Counter()
    async with counter.listening() as port:
        ends = [await asked(f"http://{each}:{port}/") for each in ("127.0.0.1", "2130706433")]
    assert counter.connections >= 1, ends

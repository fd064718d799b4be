"""The emulated Callback API: a server confirms itself and gets its events, again until it says ok."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.emulators.vk.callbacks import DELAYS, MAX_SERVERS
from tests.emulators.vk.stage import ANNA, GROUP, stage


class Receiver:
    """Somebody's server: `answers` are given in turn, then `ok`."""

    def __init__(self, callbacks) -> None:
        self.callbacks = callbacks
        self.answers: list[tuple[int, str, dict]] = []
        self.got: list[tuple[dict, str]] = []
        self.code: str | None = None

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["type"] == "confirmation":
            return web.Response(text=self.callbacks.code if self.code is None else self.code)
        self.got.append((body, request.headers.get("X-Retry-Counter", "")))
        status, text, headers = self.answers.pop(0) if self.answers else (200, "ok", {})
        return web.Response(status=status, text=text, headers=headers)

    async def settled(self) -> None:
        while not self.callbacks.quiet:
            await asyncio.sleep(0.005)


@asynccontextmanager
async def received(scene):
    """A server on a port of this machine, and its address."""
    callbacks = scene.vk.world.communities[GROUP].callbacks
    callbacks.haste = 0.0001
    receiver = Receiver(callbacks)
    app = web.Application()
    app.router.add_post("/vk", receiver.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield receiver, f"http://127.0.0.1:{runner.addresses[0][1]}/vk"
    await receiver.settled()
    await runner.cleanup()


@pytest.fixture
async def scene():
    async with stage(events=["all"]) as ready:
        yield ready


async def _added(scene, receiver, url, **events) -> int:
    told = {"group_id": GROUP, "url": url, "title": "test", "secret_key": "s" * 50}
    server = (await scene.get("groups.addCallbackServer", **told))["server_id"]
    if events:
        given = {"group_id": GROUP, "server_id": server, "api_version": "5.199"}
        await scene.get("groups.setCallbackSettings", **given, **events)
    await receiver.settled()
    return server


async def _status(scene) -> str:
    (server,) = (await scene.get("groups.getCallbackServers", group_id=GROUP))["items"]
    return server["status"]


async def test_a_server_that_answers_the_code_gets_what_it_asked_for(scene):
    async with received(scene) as (receiver, url):
        server = await _added(scene, receiver, url, message_deny=1)
        assert await _status(scene) == "ok"
        scene.vk.people.write(GROUP, ANNA, "Привет")
        scene.vk.people.allow(GROUP, ANNA)
        scene.vk.people.deny(GROUP, ANNA)
        await receiver.settled()
        assert sorted(body["type"] for body, _ in receiver.got) == ["message_deny", "message_new"]
        assert {body["secret"] for body, _ in receiver.got} == {"s" * 50}
        polled = scene.vk.world.communities[GROUP].longpoll._events
        assert {body["event_id"] for body, _ in receiver.got} < {one["event_id"] for one in polled}
        await scene.get("groups.deleteCallbackServer", group_id=GROUP, server_id=server)
        scene.vk.people.write(GROUP, ANNA, "Ещё")
        await receiver.settled()
        assert len(receiver.got) == 2


async def test_a_wrong_code_fails_and_an_edited_server_is_asked_anew(scene):
    async with received(scene) as (receiver, url):
        receiver.code = "wrong"
        server = await _added(scene, receiver, url)
        assert await _status(scene) == "failed"
        scene.vk.people.write(GROUP, ANNA, "Привет")
        await receiver.settled()
        assert receiver.got == []
        receiver.code = None
        told = {"group_id": GROUP, "server_id": server, "url": url, "title": "test"}
        await scene.get("groups.editCallbackServer", **told)
        await receiver.settled()
        assert await _status(scene) == "ok"


async def test_an_event_is_repeated_until_ok_and_then_given_up(scene):
    async with received(scene) as (receiver, url):
        await _added(scene, receiver, url)
        receiver.answers = [(500, "", {}), (200, "OK", {}), (503, "", {"Retry-After": "5"})]
        scene.vk.people.write(GROUP, ANNA, "Привет")
        await receiver.settled()
        assert [counter for _, counter in receiver.got] == ["", "1", "2", "3"]
        assert len({body["event_id"] for body, _ in receiver.got}) == 1
        receiver.answers = [(500, "", {})] * (len(DELAYS) + 1)
        scene.vk.people.write(GROUP, ANNA, "Ещё")
        await receiver.settled()
        assert len(receiver.callbacks.given_up) == 1


async def test_who_answers_remove_is_removed(scene):
    async with received(scene) as (receiver, url):
        await _added(scene, receiver, url)
        receiver.answers = [(200, "remove", {})]
        scene.vk.people.write(GROUP, ANNA, "Привет")
        await receiver.settled()
        assert receiver.callbacks.servers == {}


async def test_ten_servers_are_the_most_and_an_unknown_one_is_refused(scene):
    async with received(scene) as (receiver, url):
        for number in range(MAX_SERVERS):
            await _added(scene, receiver, f"{url}?{number}")
        told = {"group_id": GROUP, "url": url, "title": "test"}
        assert (await scene.refused("groups.addCallbackServer", **told))[0] == 2000
        gone = {"group_id": GROUP, "server_id": 99}
        assert (await scene.refused("groups.deleteCallbackServer", **gone))[0] == 104
        long = {"group_id": GROUP, "url": url, "title": "fifteen letters"}
        assert (await scene.refused("groups.addCallbackServer", **long))[0] == 100

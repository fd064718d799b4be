"""The emulated VK breaks as planned, and its journal tells what was delivered nevertheless."""

import asyncio

import aiohttp
import pytest

from tests.emulators.vk.stage import ANNA, BORIS, GROUP, stage

MESSAGE = {"peer_id": ANNA, "random_id": 7, "message": "Привет"}


@pytest.fixture
async def scene():
    async with stage() as ready:
        yield ready


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (6, "Too many requests per second"),
        (9, "Flood control"),
        (10, "Internal server error"),
        (14, "Captcha needed"),
        (29, "Rate limit reached"),
        (901, "Can't send messages for users without permission"),
    ],
)
async def test_an_error_code_once(scene, code, text):
    scene.vk.fault("error", method="messages.send", status=code)
    assert await scene.refused("messages.send", **MESSAGE) == (code, text)
    assert scene.vk.journal.delivered() == []
    assert await scene.get("messages.send", **MESSAGE) > 0


async def test_captcha_brings_its_picture(scene):
    scene.vk.fault("error", status=14)
    error = (await scene.call("messages.send", **MESSAGE))["error"]
    assert error["captcha_sid"]
    assert error["captcha_img"].startswith("https://")


@pytest.mark.parametrize(("kind", "code"), [("flood", 6), ("blocked", 901)])
async def test_faults_named_for_all_messengers(scene, kind, code):
    scene.vk.fault(kind, chat=ANNA)
    assert await scene.send(BORIS) > 0
    assert (await scene.refused("messages.send", **MESSAGE))[0] == code


async def test_a_blocked_peer_stands_in_the_array(scene):
    scene.vk.fault("blocked", method="messages.send", chat=BORIS)
    both = {"peer_ids": f"{ANNA},{BORIS}", "random_id": 7, "message": "Всем"}
    first, second = await scene.get("messages.send", **both)
    assert "error" not in first
    assert second["error"]["code"] == 901
    scene.vk.fault("error", method="messages.send", chat=ANNA, status=900)
    [only] = await scene.get("messages.send", peer_ids=ANNA, random_id=8, message="Одной")
    assert only["error"]["code"] == 900


async def test_flood_refuses_the_whole_array(scene):
    scene.vk.fault("flood", method="messages.send")
    refusal = await scene.refused("messages.send", peer_ids=ANNA, random_id=8, message="?")
    assert refusal[0] == 6


@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("server_error", 500, '{"error"'),
        ("server_error_html", 502, "<html>"),
        ("server_error_empty", 503, ""),
    ],
)
async def test_a_server_that_is_ill(scene, kind, status, start):
    scene.vk.fault(kind, status=status)
    async with scene.http.post(scene.vk.method_url + "messages.send", data=MESSAGE) as answer:
        assert answer.status == status
        assert (await answer.text()).startswith(start)
    assert scene.vk.journal.calls()[-1].outcome == kind


@pytest.mark.parametrize(("kind", "delivered"), [("cut_before", 0), ("cut_after", 1)])
async def test_a_connection_that_breaks(scene, kind, delivered):
    scene.vk.fault(kind, method="messages.send")
    with pytest.raises(aiohttp.ClientError):
        await scene.send(random_id=7)
    assert len(scene.vk.journal.delivered()) == delivered
    await scene.send(random_id=7)
    assert len(scene.vk.journal.delivered()) == 1
    assert scene.vk.journal.duplicates == delivered


async def test_an_answer_that_is_kept_back(scene):
    scene.vk.fault("hold", method="messages.send")
    sending = asyncio.create_task(scene.send(random_id=7))
    await scene.vk.until_held()
    assert len(scene.vk.journal.delivered()) == 1
    assert not sending.done()
    scene.vk.release()
    assert await sending > 0


async def test_a_slow_answer_comes(scene):
    scene.vk.fault("slow", delay=0.01)
    assert await scene.send() > 0


@pytest.mark.parametrize("failed", [1, 2, 3, 4])
async def test_the_long_poll_fails_on_demand(scene, failed):
    poll = await scene.long_poll()
    scene.vk.people.write(GROUP, ANNA, "Привет")
    scene.vk.fault("error", method="longpoll", status=failed)
    assert (await poll.check())["failed"] == failed
    assert len(await poll.events()) == 1


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
async def test_a_long_poll_that_breaks_loses_nothing(scene, kind):
    poll = await scene.long_poll()
    scene.vk.people.write(GROUP, ANNA, "Привет")
    scene.vk.fault(kind, method="longpoll", chat=GROUP)
    # a GET would be sent again by aiohttp itself
    with pytest.raises(aiohttp.ClientError):
        await poll.check()
    assert len(await poll.events()) == 1


async def test_a_fault_reaches_the_poll_that_waits(scene):
    poll = await scene.long_poll()
    waiting = asyncio.create_task(poll.check(wait=90))
    polled = scene.vk.world.communities[GROUP].longpoll
    async with asyncio.timeout(10):
        while not polled.waiting:
            await asyncio.sleep(0)
    scene.vk.fault("error", method="longpoll", status=2)
    assert (await waiting)["updates"] == []
    assert await poll.check(wait=90) == {"failed": 2}


async def test_an_upload_that_fails(scene):
    where = await scene.get("photos.getMessagesUploadServer")
    scene.vk.fault("server_error_html", method="upload", status=502)
    async with scene.http.post(where["upload_url"], data={"photo": "x"}) as answer:
        assert answer.status == 502


async def test_two_hundred_dialogs(scene):
    people = range(1000, 1200)
    for number in people:
        scene.vk.add_user(number)
        scene.vk.people.start(GROUP, number)
    for turn in range(5):
        await asyncio.gather(*(scene.send(one, random_id=turn * 1000 + one) for one in people))
    assert len(scene.vk.journal.delivered()) == 1000
    assert len(scene.vk.journal.delivered(peer=1100)) == 5

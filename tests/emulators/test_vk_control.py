"""The control side of the emulated VK: over HTTP, and in a process of its own."""

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.emulators.vk.stage import ANNA, BORIS, GROUP, button, keyboard, stage

SERVE = Path(__file__).with_name("vk") / "serve.py"


@pytest.fixture
async def scene():
    async with stage(events=["all"]) as ready:
        yield ready


async def _act(http, url, action, **arguments):
    async with http.post(f"{url}/_control/{action}", json=arguments) as answer:
        return answer.status, await answer.json()


async def test_a_conversation_from_outside(scene):
    async def act(action, **arguments):
        status, body = await _act(scene.http, scene.vk.url, action, **arguments)
        assert status == 200, body
        return body["result"]

    await act("add_user", user_id=31, first_name="Ольга", city="Омск")
    await act("open_link", group_id=GROUP, user_id=31, ref="promo")
    await act("start", group_id=GROUP, user_id=31)
    await scene.send(31, keyboard=keyboard([button("Да", "callback")], inline=True))
    pressed = await act("press", group_id=GROUP, user_id=31, label="Да")
    assert pressed["type"] == "callback"
    seen = await act("screen", group_id=GROUP, peer_id=31)
    assert seen["messages"][1]["buttons"] == [["Да"]]


async def test_the_journal_is_read_on_from_a_place(scene):
    await scene.send(ANNA, random_id=1)
    async with scene.http.get(f"{scene.vk.url}/_control/journal") as answer:
        first = await answer.json()
    assert [entry["kind"] for entry in first["entries"]] == ["delivered", "call"]
    await scene.send(BORIS, random_id=2, keyboard=keyboard([button("Да")]))
    url = f"{scene.vk.url}/_control/journal?after={first['last']}"
    async with scene.http.get(url) as answer:
        rest = await answer.json()
    assert rest["entries"][0]["peer"] == BORIS
    assert rest["entries"][0]["buttons"] == [[{"label": "Да", "type": "text"}]]
    assert rest["entries"][0]["seq"] == first["last"] + 1


async def test_faults_are_planned_from_outside(scene):
    fault = {"kind": "error", "method": "messages.send", "status": 9, "times": 2}
    await _act(scene.http, scene.vk.url, "fault", **fault)
    assert (await scene.refused("messages.send", peer_id=ANNA, random_id=1, message="?"))[0] == 9
    async with scene.http.get(f"{scene.vk.url}/_control/faults") as answer:
        assert [one["status"] for one in (await answer.json())["faults"]] == [9]
    await _act(scene.http, scene.vk.url, "clear_faults")
    assert await scene.send() > 0


@pytest.mark.parametrize(
    ("action", "arguments", "status"),
    [
        ("fly", {}, 404),
        ("press", {"group_id": GROUP, "user_id": ANNA, "label": "Нет такой"}, 409),
        ("write", {"group_id": GROUP, "user_id": 404}, 409),
        ("write", {"group_id": 404, "user_id": ANNA}, 409),
        ("write", {"somebody": ANNA}, 409),
        ("fault", {"kind": "meteorite"}, 409),
        ("add_community", {"group_id": 7, "token": "t", "events": ["message_newer"]}, 409),
    ],
)
async def test_what_cannot_be_done_says_why(scene, action, arguments, status):
    answered, body = await _act(scene.http, scene.vk.url, action, **arguments)
    assert answered == status
    assert body["error"]


async def test_every_action_is_listed(scene):
    async with scene.http.get(f"{scene.vk.url}/_control/actions") as answer:
        actions = (await answer.json())["actions"]
    assert {"write", "start", "press", "deny", "comment", "add_user", "fault"} <= set(actions)


async def test_a_process_of_its_own(tmp_path):
    journal = tmp_path / "journal.jsonl"
    command = [str(SERVE), "--port", "0", "--journal", str(journal)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE
    )
    try:
        where = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession() as http:
            community = {"group_id": GROUP, "token": "key"}
            _, made = await _act(http, where["url"], "add_community", **community)
            assert made["result"]["method_url"] == where["method"]
            await _act(http, where["url"], "add_user", user_id=ANNA)
            await _act(http, where["url"], "start", group_id=GROUP, user_id=ANNA)
            message = {"peer_id": ANNA, "random_id": 1, "message": "Привет"}
            form = {"access_token": "key", "v": "5.199", **message}
            async with http.post(where["method"] + "messages.send", data=form) as answer:
                assert "response" in await answer.json()
    finally:
        process.terminate()
        await process.wait()
    assert process.returncode == 0
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert [line["kind"] for line in lines] == ["delivered", "call"]
    assert "access_token" not in lines[1]["params"]

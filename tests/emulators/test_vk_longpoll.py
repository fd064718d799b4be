"""The emulated Bots Long Poll: it waits, wakes, keeps events and fails as VK's does."""

import asyncio
import re

import pytest

from tests.emulators.vk.stage import ANNA, BORIS, GROUP, stage

KINDS = ["message_new", "message_allow", "message_deny", "group_join", "wall_reply_new"]


@pytest.fixture
async def scene():
    async with stage() as ready:
        yield ready


async def _waits(scene, count: int = 1) -> None:
    polled = scene.vk.world.communities[GROUP].longpoll
    async with asyncio.timeout(10):
        while polled.waiting < count:
            await asyncio.sleep(0)


async def test_an_answer_without_events(scene):
    poll = await scene.long_poll()
    assert await poll.check(wait=0) == {"ts": "0", "updates": []}


async def test_a_waiting_poll_wakes_at_once(scene):
    poll = await scene.long_poll()
    waiting = asyncio.create_task(poll.check(wait=90))
    await _waits(scene)
    scene.vk.people.write(GROUP, ANNA, "Привет")
    answer = await waiting
    assert answer["ts"] == "1"
    assert [event["type"] for event in answer["updates"]] == ["message_new"]


async def test_two_polls_get_the_same_events(scene):
    poll = await scene.long_poll()
    waiting = [asyncio.create_task(poll.check(wait=90)) for _ in range(2)]
    await _waits(scene, 2)
    scene.vk.people.write(GROUP, ANNA, "Привет")
    first, second = await asyncio.gather(*waiting)
    assert first == second


async def test_events_stay_until_ts_moves(scene):
    poll = await scene.long_poll()
    scene.vk.people.write(GROUP, ANNA, "раз")
    scene.vk.people.write(GROUP, ANNA, "два")
    again = [await poll.check(), await poll.check()]
    assert again[0] == again[1]
    texts = [event["object"]["message"]["text"] for event in await poll.events()]
    assert texts == ["раз", "два"]
    assert await poll.events() == []


async def test_an_event_as_vk_writes_it(scene):
    poll = await scene.long_poll()
    scene.vk.people.write(GROUP, ANNA, "Привет")
    [event] = await poll.events()
    assert event["group_id"] == GROUP
    assert event["v"] == "5.199"
    assert re.fullmatch(r"[0-9a-f]{40}", event["event_id"])
    message = event["object"]["message"]
    assert (message["peer_id"], message["from_id"], message["out"]) == (ANNA, ANNA, 0)
    assert event["object"]["client_info"]["inline_keyboard"] is True


async def test_event_ids_differ_until_vk_repeats_one(scene):
    poll = await scene.long_poll()
    scene.vk.people.write(GROUP, ANNA, "раз")
    scene.vk.people.write(GROUP, ANNA, "два")
    scene.vk.people.repeat_event(GROUP)
    first, second, third = [event["event_id"] for event in await poll.events()]
    assert first != second == third


async def test_only_the_events_switched_on_are_produced(scene):
    poll = await scene.long_poll()
    scene.vk.people.allow(GROUP, ANNA)
    scene.vk.people.write(GROUP, ANNA, "Привет")
    assert [event["type"] for event in await poll.events()] == ["message_new"]
    await scene.get("groups.setLongPollSettings", group_id=GROUP, message_allow=1, message_new=0)
    scene.vk.people.write(GROUP, ANNA, "не видно")
    scene.vk.people.allow(GROUP, ANNA, key="banner")
    [event] = await poll.events()
    assert event["type"] == "message_allow"
    assert event["object"] == {"user_id": ANNA, "key": "banner"}


async def test_every_kind_of_event(scene):
    scene.vk.people.set_long_poll(GROUP, events=KINDS)
    poll = await scene.long_poll()
    post = scene.vk.people.add_post(GROUP)
    scene.vk.people.write(GROUP, ANNA, "Привет")
    scene.vk.people.allow(GROUP, ANNA)
    scene.vk.people.deny(GROUP, ANNA)
    scene.vk.people.join(GROUP, BORIS)
    scene.vk.people.comment(GROUP, BORIS, post, "+")
    events = await poll.events()
    assert [event["type"] for event in events] == KINDS
    assert events[3]["object"] == {"user_id": BORIS, "join_type": "join"}
    comment = events[4]["object"]
    assert (comment["post_id"], comment["from_id"], comment["text"]) == (post, BORIS, "+")


async def test_settings_are_told_back(scene):
    await scene.get(
        "groups.setLongPollSettings", group_id=GROUP, enabled=1, api_version="5.131", group_join=1
    )
    settings = await scene.get("groups.getLongPollSettings", group_id=GROUP)
    assert settings["is_enabled"] is True
    assert settings["api_version"] == "5.131"
    on = {name for name, switched in settings["events"].items() if switched}
    assert on == {"message_new", "group_join"}


async def test_a_disabled_long_poll_has_no_server(scene):
    await scene.get("groups.setLongPollSettings", group_id=GROUP, enabled=0)
    code, text = await scene.refused("groups.getLongPollServer", group_id=GROUP)
    assert code == 100
    assert text.endswith("invalid: longpoll for this group is not enabled")


@pytest.mark.parametrize("ts", ["0", "99"])
async def test_failed_1_gives_the_ts_to_go_on_with(scene, ts):
    poll = await scene.long_poll()
    scene.vk.people.write(GROUP, ANNA, "Привет")
    scene.vk.people.forget_events(GROUP)
    assert await poll.check(ts=ts) == {"failed": 1, "ts": 1}
    assert await poll.check(ts="1") == {"ts": "1", "updates": []}


async def test_failed_2_when_the_key_expires_even_while_waiting(scene):
    poll = await scene.long_poll()
    waiting = asyncio.create_task(poll.check(wait=90))
    await _waits(scene)
    scene.vk.people.expire_key(GROUP)
    assert await waiting == {"failed": 2}
    assert await poll.check() == {"failed": 2}
    renewed = await scene.long_poll()
    assert "updates" in await renewed.check()


async def test_failed_3_and_4(scene):
    poll = await scene.long_poll()
    assert (await poll.check(ts="yesterday"))["failed"] == 3
    assert (await poll.check(version="9"))["failed"] == 4


async def test_get_works_like_post(scene):
    poll = await scene.long_poll()
    params = {"act": "a_check", "key": poll.server["key"], "ts": "0", "wait": "0"}
    async with scene.http.get(poll.server["server"], params=params) as answer:
        assert await answer.json() == {"ts": "0", "updates": []}


async def test_communities_do_not_hear_each_other(scene):
    scene.vk.add_community(102, "second-key")
    poll = await scene.long_poll()
    scene.vk.people.write(102, ANNA, "не сюда")
    assert await poll.events() == []
    server = await scene.get("groups.getLongPollServer", access_token="second-key", group_id=102)
    assert server["ts"] == "1"

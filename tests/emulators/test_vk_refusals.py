"""The emulated VK refuses what the real one refuses, with its code and its words."""

import pytest

from tests.emulators.vk.stage import ANNA, BORIS, GROUP, SERVICE, STRANGER, stage
from tests.emulators.vk.world import CHATS

PARAM = "One of the parameters specified was missing or invalid: "
SEND = {"peer_id": ANNA, "random_id": 1, "message": "Привет"}
SNACKBAR = '{"type":"show_snackbar","text":"Готово"}'


@pytest.fixture
async def scene():
    async with stage() as ready:
        yield ready


@pytest.mark.parametrize(
    ("method", "params", "code", "text"),
    [
        ("messages.sent", SEND, 3, "Unknown method passed"),
        ("messages.send", SEND | {"v": None}, 8, "Invalid request: v is required"),
        (
            "messages.send",
            SEND | {"access_token": None},
            5,
            "User authorization failed: no access_token passed.",
        ),
        (
            "messages.send",
            SEND | {"access_token": "?"},
            5,
            "User authorization failed: invalid access_token (4).",
        ),
        (
            "wall.getById",
            {"posts": f"-{GROUP}_1"},
            27,
            "Group authorization failed: method is unavailable with group auth.",
        ),
        (
            "messages.send",
            SEND | {"access_token": SERVICE},
            28,
            "Application authorization failed: method is unavailable with service token.",
        ),
    ],
)
async def test_a_call_that_is_none(scene, method, params, code, text):
    assert await scene.refused(method, **params) == (code, text)


@pytest.mark.parametrize(
    ("method", "params", "detail"),
    [
        ("messages.send", SEND | {"random_id": None}, "random_id is a required parameter"),
        ("messages.send", SEND | {"random_id": "x"}, "random_id not integer"),
        (
            "messages.send",
            SEND | {"random_id": 2**31},
            "random_id should be less or equal to 2147483647",
        ),
        (
            "messages.send",
            SEND | {"peer_id": None},
            "you should specify peer_id, user_id, domain, chat_id or user_ids param",
        ),
        ("messages.send", SEND | {"peer_id": "anna"}, "peer_id not integer"),
        (
            "messages.send",
            SEND | {"peer_ids": ",".join(map(str, range(1, 102)))},
            "peer_ids should contain not more than 100 items",
        ),
        ("messages.send", SEND | {"peer_ids": "11;12"}, "peer_ids not integer"),
        ("messages.send", SEND | {"message": None}, "message is empty or invalid"),
        ("messages.send", SEND | {"message": "  \n"}, "message is empty or invalid"),
        (
            "messages.send",
            SEND | {"message": None, "keyboard": '{"buttons":[]}'},
            "message is empty or invalid",
        ),
        (
            "messages.send",
            SEND | {"attachment": "photo-1_2"},
            "attachment photo-1_2 is invalid",
        ),
        ("messages.send", SEND | {"attachment": "cat.jpg"}, "attachment cat.jpg is invalid"),
        (
            "messages.send",
            SEND | {"attachment": ",".join(["photo-1_2"] * 11)},
            "attachment should contain not more than 10 items",
        ),
        ("messages.send", SEND | {"payload": "{step:1}"}, "payload contains incorrect JSON"),
        (
            "messages.send",
            SEND | {"payload": '"' + "x" * 1000 + '"'},
            "payload should be not more than 1000 letters length",
        ),
        ("messages.send", SEND | {"intent": "spam"}, "intent is invalid"),
        ("messages.send", SEND | {"lat": "north"}, "lat not float"),
        ("messages.send", SEND | {"sticker_id": -1}, "sticker_id should be positive"),
        ("messages.send", SEND | {"template": "{"}, "template contains incorrect JSON"),
        (
            "messages.send",
            SEND | {"template": '{"type":"carousel","elements":[]}'},
            "template should contain from 1 to 10 elements",
        ),
        ("messages.edit", {"message": "Иначе"}, "peer_id is undefined"),
        ("messages.edit", {"peer_id": ANNA, "message": "Иначе"}, "message_id is undefined"),
        (
            "messages.edit",
            {"peer_id": ANNA, "message": "Иначе", "conversation_message_id": 99},
            "message_id is invalid",
        ),
        ("messages.sendMessageEventAnswer", {"user_id": ANNA}, "event_id is undefined"),
        (
            "messages.sendMessageEventAnswer",
            {"event_id": "x", "user_id": ANNA, "peer_id": ANNA, "event_data": SNACKBAR},
            "event_id is invalid",
        ),
        ("messages.getHistory", {"count": 5}, "peer_id is undefined"),
        (
            "messages.getHistory",
            {"peer_id": ANNA, "count": 201},
            "count should be less or equal to 200",
        ),
        ("messages.getHistory", {"peer_id": ANNA, "count": -1}, "count should be positive"),
        ("messages.getConversationsById", {}, "peer_ids is undefined"),
        ("messages.isMessagesFromGroupAllowed", {"group_id": GROUP}, "user_id is undefined"),
        (
            "messages.isMessagesFromGroupAllowed",
            {"group_id": GROUP, "user_id": 0},
            "user_id should be greater than 0",
        ),
        ("messages.setActivity", {"peer_id": ANNA, "type": "dancing"}, "type is invalid"),
        ("groups.getLongPollServer", {}, "group_id is undefined"),
        ("groups.getLongPollServer", {"group_id": "club101"}, "group_id not integer"),
        ("groups.getById", {"group_id": "nobody"}, "group_id is invalid"),
        ("photos.saveMessagesPhoto", {"photo": "[]", "server": 1}, "photo is undefined"),
        ("docs.getMessagesUploadServer", {"type": "video"}, "type is invalid"),
        ("docs.save", {}, "file is undefined"),
        ("wall.createComment", {"owner_id": -GROUP, "message": "!"}, "post_id is undefined"),
    ],
)
async def test_a_parameter_that_is_missing_or_wrong(scene, method, params, detail):
    assert await scene.refused(method, **params) == (100, PARAM + detail)
    assert scene.vk.journal.delivered() == []


@pytest.mark.parametrize(
    ("method", "params", "code", "text"),
    [
        ("messages.send", {"message": "ж" * 4097}, 914, "Message is too long"),
        ("messages.send", {"domain": "nobody", "peer_id": None}, 113, "Invalid user id"),
        (
            "messages.send",
            {"peer_id": STRANGER},
            901,
            "Can't send messages for users without permission",
        ),
        (
            "messages.send",
            {"peer_id": 404},
            901,
            "Can't send messages for users without permission",
        ),
        ("messages.send", {"peer_id": CHATS + 1}, 917, "You don't have access to this chat"),
        (
            "messages.send",
            {"chat_id": 1, "peer_id": None},
            917,
            "You don't have access to this chat",
        ),
        ("messages.getHistory", {"peer_id": CHATS + 1}, 927, "Chat does not exist"),
        (
            "messages.isMessagesFromGroupAllowed",
            {"group_id": GROUP, "user_id": 404},
            113,
            "Invalid user id",
        ),
        ("groups.getLongPollServer", {"group_id": 102}, 15, "Access denied"),
        ("docs.save", {"file": "made-up"}, 105, "Couldn't save file"),
        (
            "docs.getMessagesUploadServer",
            {"peer_id": None, "type": "doc"},
            100,
            PARAM + "peer_id is required for community messages",
        ),
        ("docs.getMessagesUploadServer", {"type": "video"}, 100, PARAM + "type is invalid"),
        (
            "docs.getWallUploadServer",
            {"group_id": 102},
            15,
            "Access denied: User can't upload docs to this group",
        ),
        (
            "video.save",
            {"group_id": GROUP},
            27,
            "Group authorization failed: method is unavailable with group auth.",
        ),
        (
            "photos.getMessagesUploadServer",
            {"peer_id": STRANGER},
            901,
            "Can't send messages for users without permission",
        ),
        (
            "wall.createComment",
            {"owner_id": -GROUP, "post_id": 9},
            212,
            "Access to post comments denied",
        ),
    ],
)
async def test_what_vk_does_not_let_the_community_do(scene, method, params, code, text):
    assert await scene.refused(method, **{**SEND, **params}) == (code, text)


@pytest.mark.parametrize(
    ("state", "code"),
    [({"blacklisted": True}, 900), ({"allowed": False}, 901), ({"private": True}, 902)],
)
async def test_a_person_who_wants_no_messages(scene, state, code):
    scene.vk.people.set_relation(GROUP, ANNA, **state)
    assert (await scene.refused("messages.send", **SEND))[0] == code


async def test_a_deleted_person(scene):
    scene.vk.people.deactivate(ANNA)
    assert await scene.refused("messages.send", **SEND) == (18, "User was deleted or banned")


async def test_a_key_without_the_right(scene):
    scene.vk.people.set_community(GROUP, permissions=["manage"])
    answer = await scene.refused("messages.send", **SEND)
    assert answer == (7, "Permission to perform this action is denied")


async def test_each_peer_is_refused_beside_the_others(scene):
    sent = await scene.get(
        "messages.send", random_id=0, message="Всем", peer_ids=f"{ANNA},{STRANGER},{BORIS}"
    )
    assert [item["peer_id"] for item in sent] == [ANNA, STRANGER, BORIS]
    assert sent[1]["error"] == {
        "code": 901,
        "description": "Can't send messages for users without permission",
    }
    assert [one.peer for one in scene.vk.journal.delivered()] == [ANNA, BORIS]


async def test_the_refusal_repeats_the_request_but_not_the_key(scene):
    error = (await scene.call("messages.send", peer_id=ANNA, message="Привет"))["error"]
    named = {pair["key"]: pair["value"] for pair in error["request_params"]}
    assert named["method"] == "messages.send"
    assert named["peer_id"] == str(ANNA)
    assert "access_token" not in named


async def test_a_json_body_is_not_read(scene):
    url = scene.vk.method_url + "utils.getServerTime"
    async with scene.http.post(url, json={"v": "5.199"}) as answer:
        assert (await answer.json())["error"]["error_code"] == 8


async def test_too_many_calls_in_one_second(scene, tmp_path, monkeypatch):
    watch = tmp_path / "clock"
    watch.write_text("2026-11-22T10:00:00+00:00")
    monkeypatch.setenv("VORONKA_TEST_CLOCK", str(watch))
    scene.vk.limit_rate()
    for _ in range(20):
        await scene.get("utils.getServerTime")
    assert await scene.refused("utils.getServerTime") == (6, "Too many requests per second")
    watch.write_text("2026-11-22T10:00:01+00:00")
    await scene.get("utils.getServerTime")


async def test_a_misspelt_parameter_is_found_in_the_journal(scene):
    await scene.get("messages.send", **SEND, mesage="?")
    assert scene.vk.journal.calls()[-1].ignored == ["mesage"]

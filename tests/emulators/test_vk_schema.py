"""The emulated VK is what the official schema says, checked where the schema is at hand."""

import json
import os
from pathlib import Path

import pytest
import vkbottle_types.objects as models
from vkbottle_types.events.objects import group_event_objects as events

from tests.emulators.vk.parameters import METHODS
from tests.emulators.vk.refusals import TEXTS
from tests.emulators.vk.stage import ANNA, GROUP, button, keyboard, stage

SPECS = Path(os.environ.get("VORONKA_SPECS") or Path(__file__).parents[3] / "shared" / "specs")
KEPT = ("type", "required", "minimum", "maximum", "maxLength", "maxItems", "enum")


def _schema(name: str):
    path = SPECS / "vk" / name
    if not path.is_file():
        pytest.skip(f"VK's official schema is not here: set VORONKA_SPECS to find vk/{name}.")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
async def scene():
    async with stage(events=["all"]) as ready:
        yield ready


@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_parameters_are_the_schemas(method):
    official = {one["name"]: one for one in _schema("methods.json")["methods"]}[method]
    assert METHODS[method]["access_token_type"] == official["access_token_type"]
    listed = {one["name"]: one for one in official.get("parameters", [])}
    kept = METHODS[method]["parameters"]
    assert list(kept) == list(listed)
    for name, rule in kept.items():
        described = {key: listed[name][key] for key in KEPT if key in listed[name]}
        assert {key: value for key, value in rule.items() if key != "items"} == described


def test_the_texts_of_the_refusals_are_the_schemas():
    official = {
        one["code"]: one["description"] for one in _schema("errors.json")["errors"].values()
    }
    assert {code: official.get(code) for code in TEXTS} == TEXTS


def _check(value, rule, definitions, place="answer"):
    """Assert that a value has the shape of a definition: required fields and plain types."""
    if "$ref" in rule:
        rule = definitions[rule["$ref"].rsplit("/", 1)[1]]
    for part in rule.get("allOf", []):
        _check(value, part, definitions, place)
    kinds = {"integer": int, "string": str, "boolean": bool, "array": list, "object": dict}
    kind = rule.get("type")
    if isinstance(kind, str) and kind in kinds:
        assert isinstance(value, kinds[kind]), f"{place}: {value!r} is no {kind}"
    if isinstance(value, list) and isinstance(rule.get("items"), dict):
        for number, item in enumerate(value):
            _check(item, rule["items"], definitions, f"{place}[{number}]")
    for name, field in rule.get("properties", {}).items():
        if field.get("required") is True:
            assert name in value, f"{place}: {name} is missing"
        if isinstance(value, dict) and name in value:
            _check(value[name], field, definitions, f"{place}.{name}")


async def _answers(scene) -> dict[str, object]:
    """Return one answer of every kind, by the name of its schema."""
    get, post = scene.get, scene.vk.people.add_post(GROUP, "Новинка")
    scene.vk.people.write(GROUP, ANNA, "Привет")
    message = {"random_id": 1, "message": "?", "keyboard": keyboard([button()])}
    where = await get("photos.getMessagesUploadServer")
    photo = await scene.upload(where["upload_url"], "photo", b"GIF89a")
    drawer = await get("docs.getMessagesUploadServer", peer_id=ANNA)
    doc = await scene.upload(drawer["upload_url"], "file", b"%PDF")
    chat = scene.vk.people.add_chat(GROUP, [ANNA])
    scene.vk.people.write(GROUP, ANNA, "Привет", peer_id=chat)
    named, both = {"group_id": GROUP}, f"{ANNA},{chat}"
    told = {"url": "http://127.0.0.1:9/", "title": "voronka"}
    server = await get("groups.addCallbackServer", **named, **told)
    return {
        "messages_send_user_ids": await get("messages.send", peer_ids=f"{ANNA},404", **message),
        "messages_send_deprecated": await get("messages.send", peer_id=ANNA, **message),
        "messages_getHistory": await get("messages.getHistory", peer_id=ANNA),
        "messages_getConversationsById": await get("messages.getConversationsById", peer_ids=both),
        "messages_isMessagesFromGroupAllowed": await get(
            "messages.isMessagesFromGroupAllowed", user_id=ANNA, **named
        ),
        "groups_getById_object": await get("groups.getById"),
        "groups_getLongPollServer": await get("groups.getLongPollServer", **named),
        "groups_addCallbackServer": server,
        "groups_getCallbackServers": await get("groups.getCallbackServers", **named),
        "groups_getCallbackSettings": await get("groups.getCallbackSettings", **named, **server),
        "groups_getCallbackConfirmationCode": await get(
            "groups.getCallbackConfirmationCode", **named
        ),
        "groups_getTokenPermissions": await get("groups.getTokenPermissions"),
        "users_get": await get("users.get", user_ids=ANNA, fields="sex,screen_name"),
        "photos_getMessagesUploadServer": where,
        "photos_saveMessagesPhoto": await get("photos.saveMessagesPhoto", **photo),
        "docs_getUploadServer": drawer,
        "docs_save": await get("docs.save", **doc),
        "wall_createComment": await get(
            "wall.createComment", owner_id=-GROUP, post_id=post, message="+"
        ),
        "utils_getServerTime": await get("utils.getServerTime"),
    }


async def test_the_answers_are_the_schemas(scene):
    responses = _schema("responses.json")
    definitions = _schema("objects.json")
    definitions = definitions.get("definitions", definitions)
    shapes = responses.get("definitions", responses)
    for name, answer in (await _answers(scene)).items():
        rule = shapes[f"{name}_response"]["properties"]["response"]
        _check(answer, rule, definitions, name)


async def test_the_events_are_the_models_of_vkbottle(scene):
    """Strangers to the schema's files: the library's models read every event."""
    poll = await scene.long_poll()
    post = scene.vk.people.add_post(GROUP)
    await scene.send(keyboard=keyboard([button("Да", "callback", payload={"a": 1})], inline=True))
    scene.vk.people.press(GROUP, ANNA, "Да")
    scene.vk.people.write(GROUP, ANNA, "Привет")
    scene.vk.people.write(GROUP, ANNA, "Да", reply_to=1)
    scene.vk.people.allow(GROUP, ANNA)
    scene.vk.people.deny(GROUP, ANNA)
    scene.vk.people.join(GROUP, ANNA)
    scene.vk.people.comment(GROUP, ANNA, post, "+")
    named = {
        "message_event": events.MessageEventObject,
        "message_new": events.MessageNewObject,
        "message_allow": events.MessageAllowObject,
        "message_deny": events.MessageDenyObject,
        "group_join": events.GroupJoinObject,
        "wall_reply_new": events.WallReplyNewObject,
        "message_reply": models.MessagesMessage,
    }
    seen = set()
    for event in await poll.events():
        named[event["type"]].model_validate(event["object"])
        seen.add(event["type"])
    assert seen == set(named)

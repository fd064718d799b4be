"""Who may be written to, what a body may be, and what a press and a file allow."""

import io
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.emulators.telegram import official
from tests.emulators.telegram.media import MAX_PHOTO, sample_png
from tests.emulators.telegram.wire import (
    ANNA,
    BLOCKER,
    GHOST,
    GROUP,
    MET,
    OLD_GROUP,
    OTHER,
    TOKEN,
    TOO_OLD,
    Wire,
    inline,
    open_wire,
    say,
    wide,
)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as wire:
        yield wire


async def test_a_token_nobody_has_is_unauthorized(wire: Wire) -> None:
    assert await wire.call("getMe", "44:CCC") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )


async def test_a_method_that_does_not_exist_is_not_found(wire: Wire) -> None:
    assert await wire.call("sendMesage", text="Hi") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )


@pytest.mark.parametrize(
    ("chat", "description"),
    [
        (BLOCKER, "bot was blocked by the user"),
        (GHOST, "user is deactivated"),
        (MET, "bot can't initiate conversation with a user"),
    ],
)
async def test_some_people_cannot_be_written_to(wire: Wire, chat: int, description: str) -> None:
    assert await wire.call("sendMessage", chat_id=chat, text="Hi") == (
        403,
        {"ok": False, "error_code": 403, "description": f"Forbidden: {description}"},
    )


async def test_a_bot_thrown_out_of_a_group_is_forbidden(wire: Wire) -> None:
    group = wire.emulator.world.chats[GROUP]
    bot = wire.emulator.world.bots[TOKEN]
    wire.emulator.remove_bot(group, bot, wire.emulator.people[MET])
    status, answer = await wire.call("sendMessage", chat_id=GROUP, text="Hi")
    description = "Forbidden: bot was kicked from the supergroup chat"
    assert (status, answer["description"]) == (403, description)


async def test_a_group_that_moved_names_its_new_id(wire: Wire) -> None:
    assert await wire.call("sendMessage", chat_id=OLD_GROUP, text="Hi") == (
        400,
        {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": wire.names["MOVED"]},
        },
    )
    status, _ = await wire.call("sendMessage", chat_id=wire.names["MOVED"], text="Hi")
    assert status == 200


async def test_a_file_of_another_bot_is_refused(wire: Wire) -> None:
    wire.emulator.people[ANNA].start(bot=wire.emulator.world.bots[OTHER])
    call = {"chat_id": ANNA, "photo": wire.names["FILE"]}
    status, answer = await wire.call("sendPhoto", OTHER, **call)
    wrong = "Bad Request: wrong file identifier/HTTP URL specified"
    assert (status, answer["description"]) == (400, wrong)
    assert (await wire.call("sendPhoto", **call))[0] == 200


TOO_BIG = "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"


@pytest.mark.parametrize(
    ("data", "padded", "description"),
    [
        (b"not a picture", 0, "IMAGE_PROCESS_FAILED"),
        (sample_png(9000, 1001), 0, "PHOTO_INVALID_DIMENSIONS"),
        (sample_png(2100, 100), 0, "PHOTO_INVALID_DIMENSIONS"),
        (sample_png(), MAX_PHOTO + 1, TOO_BIG),
        (b"", 0, "file must be non-empty"),
    ],
)
async def test_photos_have_limits(wire: Wire, data: bytes, padded: int, description: str) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(ANNA))
    form.add_field("photo", io.BytesIO(data.ljust(padded, b"0")), filename="a.png")
    status, answer = await wire.post("sendPhoto", data=form)
    assert (status, answer["description"]) == (400, f"Bad Request: {description}")


async def test_a_body_of_a_foreign_type_is_not_read(wire: Wire) -> None:
    body = json.dumps(say()).encode()
    headers = {"Content-Type": "text/plain"}
    status, answer = await wire.post("sendMessage", data=body, headers=headers)
    assert (status, answer["description"]) == (400, "Bad Request: chat_id is empty")


@pytest.mark.parametrize("body", [b"{oops", b"[1]"])
async def test_a_json_body_must_be_an_object(wire: Wire, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    status, _ = await wire.post("sendMessage", data=body, headers=headers)
    assert status == 400


async def test_all_forms_of_a_body_are_understood(wire: Wire) -> None:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("chat_id", str(ANNA))
    form.add_field("text", "multipart")
    assert (await wire.post("sendMessage", data=form))[0] == 200
    assert (await wire.post("sendMessage", json=say("json", reply_markup=inline(data="x"))))[
        0
    ] == 200
    assert (await wire.post("sendMessage", params={"chat_id": ANNA, "text": "query"}))[0] == 200
    lines = wire.emulator.people[ANNA].chat(wire.emulator.world.bots[TOKEN]).transcript()
    assert lines[-3:] == ["bot: multipart", "bot: json [Yes]", "bot: query"]


async def test_an_album_travels_as_attachments(wire: Wire) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(ANNA))
    media = [{"type": "photo", "media": f"attach://f{n}", "caption": "<b>c</b>"} for n in "ab"]
    form.add_field("media", json.dumps([item | {"parse_mode": "HTML"} for item in media]))
    for n in "ab":
        form.add_field(f"f{n}", sample_png(), filename="x.png")
    status, answer = await wire.post("sendMediaGroup", data=form)
    assert status == 200
    assert [message["caption"] for message in answer["result"]] == ["c", "c"]
    assert len({message["media_group_id"] for message in answer["result"]}) == 1


async def test_a_press_is_answered_once_and_in_time(wire: Wire) -> None:
    anna, bot = wire.emulator.people[ANNA], wire.emulator.world.bots[TOKEN]
    press = anna.press("Yes", bot=bot)
    answer = {"callback_query_id": press.id, "text": "Done"}
    assert await wire.call("answerCallbackQuery", **answer) == (200, {"ok": True, "result": True})
    assert (press.text, press.alert) == ("Done", False)
    status, refusal = await wire.call("answerCallbackQuery", **answer)
    assert (status, refusal["description"]) == (400, f"Bad Request: {TOO_OLD}")
    late = anna.press("Yes", bot=bot)
    wire.emulator.expire_presses()
    status, refusal = await wire.call("answerCallbackQuery", callback_query_id=late.id)
    assert (status, refusal["description"]) == (400, f"Bad Request: {TOO_OLD}")


async def test_limits_themselves_are_accepted(wire: Wire) -> None:
    accepted = [
        say("<b>" + "a" * 4096 + "</b>", parse_mode="HTML"),
        say("Hi", reply_markup=inline(data="d" * 64)),
        say("Hi", reply_markup=wide(96, 8)),
        say("Hi", reply_markup=inline(url="tg://user?id=1001")),
        say("Hi", disable_web_page_preview=True),
    ]
    for params in accepted:
        status, answer = await wire.call("sendMessage", **params)
        assert status == 200, answer


async def test_the_published_description_knows_what_the_models_do_not(wire: Wire) -> None:
    if not official.available():
        pytest.skip("The reference folder with the Bot API description is not here.")
    form = say(reply_markup={"keyboard": [[{"text": "a"}]], "resize_keyboard": True})
    assert (await wire.post("sendMessage", json=form))[0] == 200
    status, answer = await wire.post("sendMessage", json=say(disable_notification="yes"))
    assert status == 200, answer
    status, answer = await wire.post("sendMessage", json=say(disable_notification=[1]))
    assert status == 400, answer

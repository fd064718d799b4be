"""Malformed messages, written from the Bot API description and sent as bare HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulators.telegram.wire import (
    ANNA,
    GROUP,
    STRANGER,
    Wire,
    inline,
    open_wire,
    reply,
    say,
    wide,
)

PARSE = "can't parse entities: "
BUTTON = "can't parse inline keyboard button: "

REQUESTS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "Hi"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": ANNA}, "message text is empty"),
    ("sendMessage", say(""), "message text is empty"),
    ("sendMessage", say(" \n "), "text must be non-empty"),
    ("sendMessage", say("a" * 4097), "message is too long"),
    ("sendMessage", say("😀" * 2049), "message is too long"),
    ("sendMessage", say("Hi", chat_id=STRANGER), "chat not found"),
    ("sendMessage", say("Hi", chat_id=999), "chat not found"),
    ("sendMessage", say("Hi", chat_id="@nobody_here"), "chat not found"),
    ("sendMessage", say("Hi", chat_id="nobody"), "chat not found"),
    ("sendMessage", say("Hi", parse_mode="BBCode"), "unsupported parse_mode"),
    (
        "sendMessage",
        say("<b>bold", parse_mode="HTML"),
        PARSE + 'Can\'t find end tag corresponding to start tag "b"',
    ),
    (
        "sendMessage",
        say("да <div>x</div>", parse_mode="HTML"),
        PARSE + 'Unsupported start tag "div" at byte offset 5',
    ),
    (
        "sendMessage",
        say("<b><i>x</b></i>", parse_mode="HTML"),
        PARSE + 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    (
        "sendMessage",
        say("x</b>", parse_mode="HTML"),
        PARSE + "Unexpected end tag at byte offset 1",
    ),
    ("sendMessage", say("1 <", parse_mode="HTML"), PARSE + "Unclosed start tag at byte offset 2"),
    (
        "sendMessage",
        say("<span>x</span>", parse_mode="HTML"),
        PARSE + 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
    ("sendMessage", say(reply_markup="{oops"), "can't parse reply keyboard markup JSON object"),
    ("sendMessage", say(reply_markup=[1]), "object expected as reply markup"),
    (
        "sendMessage",
        say(reply_markup={"inline_keyboard": {}}),
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array',
    ),
    (
        "sendMessage",
        say(reply_markup={"inline_keyboard": [{"text": "x"}]}),
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    (
        "sendMessage",
        say(reply_markup=inline()),
        BUTTON + "Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        say(reply_markup={"inline_keyboard": [[{"callback_data": "x"}]]}),
        BUTTON + 'Can\'t find field "text"',
    ),
    (
        "sendMessage",
        say(reply_markup=inline(data="", text="")),
        BUTTON + "Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        say(reply_markup=inline(text="", data="x")),
        "inline keyboard button text must be non-empty",
    ),
    ("sendMessage", say(reply_markup=inline(data="я" * 33)), "BUTTON_DATA_INVALID"),
    (
        "sendMessage",
        say(reply_markup=inline(url="http://127.0.0.1:8080/x")),
        "inline keyboard button URL 'http://127.0.0.1:8080/x' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        say(reply_markup=inline(url="http://localhost/x")),
        "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        say(reply_markup=inline(url="ftp://example.org")),
        "inline keyboard button URL 'ftp://example.org' is invalid: Unsupported URL protocol",
    ),
    ("sendMessage", say(reply_markup=wide(104, 8)), "reply markup is too long"),
    ("sendMessage", say(reply_markup=wide(9, 9)), "reply markup is too long"),
    ("sendMessage", say(reply_markup=reply(*["b"] * 13)), "reply markup is too long"),
    ("sendMessage", say(reply_markup=reply("")), "keyboard button text must be non-empty"),
    (
        "sendMessage",
        say(reply_markup={"keyboard": [[7]]}),
        "can't parse keyboard button: KeyboardButton must be a String or an Object",
    ),
    (
        "sendMessage",
        {
            "chat_id": GROUP,
            "text": "Phone?",
            "reply_markup": {"keyboard": [[{"text": "Mine", "request_contact": True}]]},
        },
        "phone number can be requested in private chats only",
    ),
    (
        "sendMessage",
        say(reply_parameters={"message_id": 90000}),
        "message to be replied not found",
    ),
    ("sendMessage", say(message_thread_id=90000), "message thread not found"),
]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as wire:
        yield wire


@pytest.mark.parametrize(("method", "params", "description"), REQUESTS)
async def test_the_server_refuses_with_the_official_sentence(
    wire: Wire, method: str, params: dict[str, Any], description: str
) -> None:
    assert await wire.refusal(method, **params) == f"Bad Request: {description}"

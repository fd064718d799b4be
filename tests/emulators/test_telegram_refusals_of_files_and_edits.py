"""Malformed files, edits and settings, sent as bare HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulators.telegram.wire import (
    ANNA,
    GROUP,
    SAME,
    TOO_OLD,
    Wire,
    album,
    inline,
    open_wire,
    reply,
    say,
)

REQUESTS: list[tuple[str, dict[str, Any], str]] = [
    ("sendPhoto", {"chat_id": ANNA}, "there is no photo in the request"),
    (
        "sendPhoto",
        {"chat_id": ANNA, "photo": "nonsense"},
        "wrong file identifier/HTTP URL specified",
    ),
    (
        "sendPhoto",
        {"chat_id": ANNA, "photo": "http://127.0.0.1/a.png"},
        "wrong file identifier/HTTP URL specified",
    ),
    (
        "sendPhoto",
        {"chat_id": ANNA, "photo": "https://example.org/a.png", "caption": "c" * 1025},
        "message caption is too long",
    ),
    ("sendPhoto", {"chat_id": ANNA, "photo": "attach://none"}, "there is no photo in the request"),
    ("sendVideo", {"chat_id": ANNA, "video": "FILE"}, "can't use file of type Photo as Video"),
    (
        "sendVideoNote",
        {"chat_id": ANNA, "video_note": "https://example.org/v.mp4"},
        "wrong file identifier/HTTP URL specified",
    ),
    ("sendMediaGroup", {"chat_id": ANNA, "media": "[{"}, "can't parse media JSON object"),
    ("sendMediaGroup", {"chat_id": ANNA, "media": {}}, "expected an Array of InputMedia"),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": album("photo")},
        "too few messages to send as an album",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": album(*["photo"] * 11)},
        "too many messages to send as an album",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": album("photo", "document")},
        "documents can't be mixed with other media types",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": album("photo", "animation")},
        'type "animation" can\'t be used in sendMediaGroup',
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": album("photo", "photo"), "reply_markup": inline(data="x")},
        'unknown parameter "reply_markup" of sendMediaGroup',
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": album("audio", "photo")},
        "audio files can't be mixed with other media types",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": album("photo", "voice")},
        'type "voice" can\'t be used in sendMediaGroup',
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": album("video_note", "video_note")},
        'type "video_note" can\'t be used in sendMediaGroup',
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": [{"type": "photo", "media": "attach://a"}] * 2},
        "there is no photo in the request",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": [{"type": "photo"}] * 2},
        "can't parse InputMedia: media not found",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": [{"type": "photo", "media": "FOREIGN"}] * 2},
        "wrong file identifier/HTTP URL specified",
    ),
    (
        "sendMediaGroup",
        {
            "chat_id": ANNA,
            "media": [
                {"type": "photo", "media": "https://example.org/1.png", "caption": "c" * 1025},
                {"type": "photo", "media": "https://example.org/2.png"},
            ],
        },
        "message caption is too long",
    ),
    ("sendVoice", {"chat_id": ANNA, "voice": "FILE"}, "can't use file of type Photo as VoiceNote"),
    ("sendAudio", {"chat_id": ANNA}, "there is no audio in the request"),
    (
        "sendDocument",
        {"chat_id": ANNA, "document": "?"},
        "wrong file identifier/HTTP URL specified",
    ),
    ("sendChatAction", {"chat_id": ANNA, "action": "sing"}, "wrong parameter action in request"),
    (
        "editMessageText",
        {"chat_id": ANNA, "message_id": "TEXT", "text": "Hello", "reply_markup": inline(data="y")},
        SAME,
    ),
    (
        "editMessageText",
        {"chat_id": ANNA, "message_id": 90000, "text": "New"},
        "message to edit not found",
    ),
    ("editMessageText", {"text": "New"}, "message identifier is not specified"),
    (
        "editMessageText",
        {"chat_id": ANNA, "message_id": 1, "text": "x"},
        "message can't be edited",
    ),
    (
        "editMessageText",
        {"chat_id": ANNA, "message_id": "REPLY", "text": "New"},
        "message can't be edited",
    ),
    (
        "editMessageText",
        {"chat_id": ANNA, "message_id": "PHOTO", "text": "New"},
        "there is no text in the message to edit",
    ),
    (
        "editMessageText",
        {"chat_id": ANNA, "message_id": "TEXT", "text": "New", "reply_markup": reply("One")},
        "inline keyboard expected",
    ),
    (
        "editMessageCaption",
        {"chat_id": ANNA, "message_id": "TEXT", "caption": "New"},
        "there is no caption in the message to edit",
    ),
    ("editMessageCaption", {"chat_id": ANNA, "message_id": "PHOTO", "caption": "Cat"}, SAME),
    (
        "editMessageReplyMarkup",
        {"chat_id": ANNA, "message_id": "TEXT", "reply_markup": inline(data="y")},
        SAME,
    ),
    ("deleteMessage", {"chat_id": ANNA, "message_id": 90000}, "message to delete not found"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "t" * 201}, "MESSAGE_TOO_LONG"),
    ("setMyCommands", {"commands": "nope"}, "can't parse commands JSON object"),
    (
        "setMyCommands",
        {"commands": [{"command": "Старт", "description": "d"}]},
        "BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "start", "description": ""}]},
        "BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    (
        "setWebhook",
        {"url": "http://example.org/hook"},
        "bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "https://example.org:8081/hook"},
        "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    ("getChat", {"chat_id": 999}, "chat not found"),
    ("getChatMember", {"chat_id": GROUP, "user_id": 999}, "invalid user_id specified"),
    ("getFile", {"file_id": "nonsense"}, "invalid file_id"),
    ("sendMessage", say(txt="typo"), 'unknown parameter "txt" of sendMessage'),
    (
        "sendMessage",
        say(disable_notification="maybe"),
        'parameter "disable_notification" must be of type Boolean',
    ),
    (
        "deleteMessage",
        {"chat_id": ANNA, "message_id": "first"},
        'parameter "message_id" must be of type Integer',
    ),
    (
        "sendMessage",
        say(reply_markup=inline(data="x", colour="red")),
        'unknown field "colour" of InlineKeyboardButton in "reply_markup"',
    ),
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

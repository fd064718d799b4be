"""Telegram's raw updates as arrivals and as events: https://core.telegram.org/bots/api#update."""

from __future__ import annotations

import re
from typing import Any

from bots.channel import Arrival, ArrivalKind, Heard
from bots.telegram.files import file_sent, location_sent
from flows.events import (
    BotAllowed,
    BotBlocked,
    Commented,
    ContactShared,
    Event,
    Opened,
    Pressed,
    Profile,
    Typed,
    Unreadable,
)

Raw = dict[str, Any]

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ADDRESSED = re.compile(r"^(/\w+)@\w+")
_UNREADABLE = (
    "animation",  # before "document": an animation is sent as both
    "sticker",
    "voice",
    "video_note",
    "photo",
    "video",
    "audio",
    "document",
    "location",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "checklist",
    "paid_media",
)


def numbered(raw: Any) -> bool:
    """Whether it is an update at all: without a number it can be neither stored nor confirmed."""
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)


def arrival(bot: str, raw: Raw) -> Arrival:
    """What ingest needs of the update, and nothing that could fail: poison becomes "ignored".

    ``bot`` is the bot's key in source keys. The update must be :func:`numbered`.
    """
    source_key = f"tg:{bot}:{raw['update_id']}"
    try:
        if moved := _moved(raw):
            return Arrival(source_key, "ignored", raw, chat=moved[0], moved_to=moved[1])
        kind, chat, sender, token = _address(raw)
    except (LookupError, TypeError, ValueError, OverflowError, AttributeError):
        return Arrival(source_key, "ignored", raw)
    answered = str(raw["message"]["reply_to_message"]["message_id"]) if kind == "reply" else ""
    return Arrival(source_key, kind, raw, sender, chat, token, answered)


def _moved(raw: Raw) -> tuple[str, str] | None:
    """The old and the new id of a group, in the service message that says it became a supergroup."""
    message = raw.get("message") or {}
    new = message.get("migrate_to_chat_id")
    return (_chat(message), str(int(new))) if new else None


def _address(raw: Raw) -> tuple[ArrivalKind, str, str, str]:
    if "message" in raw:
        message = raw["message"]
        return _message_kind(message), _chat(message), _sender(message), ""
    if "callback_query" in raw:
        query = raw["callback_query"]
        kind: ArrivalKind = "person" if _private(query["message"]) else "card"
        return kind, _chat(query["message"]), _sender(query), str(query.get("data", ""))
    if "my_chat_member" in raw:
        change = raw["my_chat_member"]
        return "person" if _private(change) else "group", _chat(change), _sender(change), ""
    return "ignored", "", "", ""


def _message_kind(message: Raw) -> ArrivalKind:
    if message.get("is_automatic_forward") or message["from"].get("is_bot"):
        return "ignored"
    if _private(message):
        return "person"
    if _under_post(message):
        return "comment"
    return "reply" if _answers_a_bot(message) else "group"


def _private(message: Raw) -> bool:
    return bool(message["chat"]["type"] == "private")


def _under_post(message: Raw) -> bool:
    """Whether it answers a channel's post that Telegram forwarded to the discussion group.

    Answers to other people's comments are talk among people, not with the channel.
    """
    return bool((message.get("reply_to_message") or {}).get("is_automatic_forward"))


def _answers_a_bot(message: Raw) -> bool:
    """Whether it answers a message of a bot's; whose it was, the stored messages tell."""
    answered = message.get("reply_to_message") or {}
    return bool((answered.get("from") or {}).get("is_bot")) and "message_id" in answered


def _chat(message: Raw) -> str:
    return str(int(message["chat"]["id"]))


def _sender(message: Raw) -> str:
    return str(int(message["from"]["id"]))


def hear(raw: Raw) -> Heard | None:
    """What the update says; None when it means nothing to a funnel.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` on an update that is not what the Bot API
    promises.
    """
    if "message" in raw:
        return _hear_message(raw["message"])
    if "callback_query" in raw:
        return _hear_press(raw["callback_query"])
    if "my_chat_member" in raw:
        return _hear_change(raw["my_chat_member"])
    return None


def _hear_message(message: Raw) -> Heard | None:
    kind = _message_kind(message)
    if kind == "ignored":
        return None
    if kind == "comment":
        return _hear_comment(message)
    event = _event(message)
    return _heard(event, message["from"]) if event else None


def _event(message: Raw) -> Event | None:
    if "text" in message:
        return _typed(_text(message["text"]))
    contact = message.get("contact")
    if contact is not None:
        return _contact(contact, message["from"])
    if "write_access_allowed" in message:
        return BotAllowed()
    sent = file_sent(message) or location_sent(message)
    if sent is not None:
        return sent
    kind = next((kind for kind in _UNREADABLE if kind in message), "")
    return Unreadable(kind) if kind else None


def _typed(text: str) -> Event:
    text = _ADDRESSED.sub(r"\1", text)
    command, _, rest = text.partition(" ")
    if command != "/start":
        return Typed(text)
    code = rest.strip()
    return Opened(code if _CODE.fullmatch(code) else "")


def _contact(contact: Raw, sender: Raw) -> ContactShared:
    phone = _text(contact["phone_number"])
    if contact.get("user_id") != sender["id"]:
        return ContactShared(phone, verified=False)
    return ContactShared(f"+{phone}" if phone.isdigit() else phone, verified=True)


def _hear_comment(message: Raw) -> Heard:
    post = message["reply_to_message"]
    origin = post.get("forward_origin") or {}
    number = origin.get("message_id") or post.get("forward_from_message_id") or post["message_id"]
    text = _text(message.get("text", message.get("caption", "")))
    return Heard(
        event=Commented(text, post=str(number)),
        profile=_profile(message["from"]),
        comment={"chat": _chat(message), "message": int(message["message_id"])},
        sender_name=_name(message["from"]),
    )


def _hear_press(query: Raw) -> Heard | None:
    message = query.get("message")
    if not message:  # pressed under a message sent in inline mode: not ours
        return None
    return Heard(
        event=Pressed(None),
        profile=_profile(query["from"]),
        token=_text(query.get("data", "")),
        press={"id": _text(query["id"])},
        pressed_external=str(int(message["message_id"])),
        sender_name=_name(query["from"]),
    )


def _hear_change(change: Raw) -> Heard | None:
    if not _private(change):
        return None
    status = change["new_chat_member"]["status"]
    if status == "kicked":
        return _heard(BotBlocked(), change["from"])
    return _heard(BotAllowed(), change["from"]) if status == "member" else None


def _heard(event: Event, sender: Raw) -> Heard:
    return Heard(event=event, profile=_profile(sender), sender_name=_name(sender))


def _profile(sender: Raw) -> Profile:
    language = sender.get("language_code", "")
    return Profile(
        first_name=_text(sender.get("first_name", "")),
        last_name=_text(sender.get("last_name", "")),
        username=_text(sender.get("username", "")),
        extra={"language": _text(language)} if language else {},
    )


def _name(sender: Raw) -> str:
    return " ".join(filter(None, (sender.get("first_name"), sender.get("last_name"))))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("the Bot API promises a text here")
    return value

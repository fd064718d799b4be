"""VK's raw long-poll events as arrivals and as events: https://dev.vk.com/api/community-events."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from bots.channel import Arrival, ArrivalKind, Heard
from bots.vk.files import files_sent, location_sent
from bots.vk.keyboard import token_in
from flows.events import (
    BotAllowed,
    BotBlocked,
    Commented,
    Event,
    FileSent,
    Joined,
    Opened,
    Pressed,
    Typed,
    Unreadable,
)

Raw = dict[str, Any]

EVENT_TYPES = (
    "message_new",
    "message_event",
    "message_allow",
    "message_deny",
    "wall_reply_new",
    "group_join",
)
CHATS = 2_000_000_000  # peer ids of chats are this and the chat's number
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ADDRESSED = re.compile(r"^\[(?:club|public)\d+\|[^\]]*\],?\s*")
_KINDS = {"audio_message": "voice", "doc": "document"}


def arrival(bot: str, raw: Raw) -> Arrival:
    """What ingest needs of the event, and nothing that could fail: poison becomes "ignored".

    ``bot`` is the bot's key in source keys. An event without ``event_id`` is known by its content.
    """
    source_key = f"vk:{bot}:{raw.get('event_id') or _digest(raw)}"
    try:
        kind, chat, sender, token = _address(raw)
    except (LookupError, TypeError, ValueError, OverflowError, AttributeError):
        return Arrival(source_key, "ignored", raw)
    answered = str(_answered(raw["object"]["message"])) if kind == "reply" else ""
    return Arrival(source_key, kind, raw, sender, chat, token, answered)


def twin(raw: Raw) -> str:
    """What happened, whatever number it came under; "" when the event does not tell.

    VK promises one ``event_id`` for an event, not that the long poll and the callbacks agree on it.
    """
    try:
        kind, what = raw["type"], raw["object"]
        if kind == "message_new":
            message = what["message"]
            return f"{kind}:{int(message['peer_id'])}:{int(message['conversation_message_id'])}"
        if kind == "message_event":
            return f"{kind}:{_text(what['event_id'])}"
        if kind == "wall_reply_new":
            return f"{kind}:{int(what['owner_id'])}:{int(what['id'])}"
    except (KeyError, TypeError, ValueError):
        pass
    return ""


def _digest(raw: Raw) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:40]


def _address(raw: Raw) -> tuple[ArrivalKind, str, str, str]:
    kind, what = raw["type"], raw["object"]
    if kind == "message_new":
        return _message_address(what["message"])
    if kind == "message_event":
        user, peer = int(what["user_id"]), int(what["peer_id"])
        place: ArrivalKind = "card" if peer >= CHATS else "person"
        return place, str(peer), str(user), token_in(what.get("payload"))
    if kind == "group_join":  # it is no permission to write in private, just as a comment is none
        return "comment", str(int(what["user_id"])), str(int(what["user_id"])), ""
    if kind in ("message_allow", "message_deny"):
        return "person", str(int(what["user_id"])), str(int(what["user_id"])), ""
    if kind == "wall_reply_new" and int(what["from_id"]) > 0:
        return "comment", str(int(what["owner_id"])), str(int(what["from_id"])), ""
    return "ignored", "", "", ""


def _message_address(message: Raw) -> tuple[ArrivalKind, str, str, str]:
    sender, peer = int(message["from_id"]), int(message["peer_id"])
    if sender <= 0 or message.get("out"):
        return "ignored", "", "", ""
    token = token_in(message.get("payload"))
    if peer < CHATS:
        return "person", str(peer), str(sender), token
    place: ArrivalKind = "card" if token else "reply" if _answered(message) else "group"
    return place, str(peer), str(sender), token


def _answered(message: Raw) -> int:
    """The number in its conversation of the community's message that it answers; 0 for none.

    One that is forwarded alone within the chat is answered as well.
    """
    forwarded: list[Raw] = message.get("fwd_messages") or []
    first: Raw | None = message.get("reply_message") or (
        forwarded[0] if len(forwarded) == 1 else None
    )
    if not first or int(first["from_id"]) > 0:
        return 0
    if int(first.get("peer_id") or message["peer_id"]) != int(message["peer_id"]):
        return 0
    return int(first.get("conversation_message_id") or 0)


def hear(raw: Raw) -> Heard | None:
    """What the event says; None when it means nothing to a funnel.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` on an event that is not what VK promises.
    The person's name is not in it: see ``VkChannel.profile``.
    """
    kind, what = raw["type"], raw["object"]
    if kind == "message_new":
        return _hear_message(what["message"])
    if kind == "message_event":
        return _hear_press(what)
    if kind == "message_allow":
        return Heard(BotAllowed())
    if kind == "message_deny":
        return Heard(BotBlocked())
    if kind == "group_join":
        return Heard(Joined())
    return _hear_comment(what) if kind == "wall_reply_new" else None


def _hear_message(message: Raw) -> Heard | None:
    if _message_address(message)[0] == "ignored":
        return None
    token = token_in(message.get("payload"))
    if token:
        return Heard(Pressed(None), token=token)
    event = _event(message)
    return Heard(event) if event else None


def _event(message: Raw) -> Event | None:
    code = message.get("ref") or ""
    if code or _starts(message.get("payload")):
        return Opened(code if _CODE.fullmatch(_text(code)) else "")
    text = _ADDRESSED.sub("", _text(message["text"]))
    files = files_sent(message)
    if files:
        return FileSent(files, text)
    place = location_sent(message)
    if place is not None:
        return place
    if text:
        return Typed(text)
    kind = _unreadable(message)
    return Unreadable(kind) if kind else None


def _starts(written: Any) -> bool:
    if not isinstance(written, str):
        return False
    try:
        content = json.loads(written)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("command") == "start"


def _unreadable(message: Raw) -> str:
    attachments = message.get("attachments") or []
    if attachments:
        kind = _text(attachments[0]["type"])
        return _KINDS.get(kind, kind)
    if message.get("geo"):
        return "location"
    return "forward" if message.get("fwd_messages") else ""


def _hear_press(what: Raw) -> Heard:
    press = {
        "event_id": _text(what["event_id"]),
        "user_id": int(what["user_id"]),
        "peer_id": int(what["peer_id"]),
    }
    return Heard(
        Pressed(None),
        token=token_in(what.get("payload")),
        press=press,
        pressed_external=str(what.get("conversation_message_id") or ""),
    )


def _hear_comment(what: Raw) -> Heard | None:
    if int(what["from_id"]) <= 0:  # the community's own answer
        return None
    owner, post, reply = int(what["owner_id"]), int(what["post_id"]), int(what["id"])
    return Heard(
        Commented(_text(what["text"]), post=f"{owner}_{post}"),
        comment={"owner": owner, "post": post, "reply": reply},
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("VK promises a text here")
    return value

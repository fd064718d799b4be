"""The other methods of messages.*: history, conversations, permission, activity, callback answers."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from tests.emulators import clock
from tests.emulators.vk.calls import Call
from tests.emulators.vk.journal import Answered
from tests.emulators.vk.refusals import Refusal, invalid
from tests.emulators.vk.world import CHATS, Dialog

PRESS_LIVES = timedelta(minutes=1)  # dev.vk.com json-schema#message_event
CHAT_RIGHTS = (  # schema: messages_chat_settings_acl, what is required of it
    "can_change_info",
    "can_change_invite_link",
    "can_change_pin",
    "can_invite",
    "can_promote_users",
    "can_see_invite_link",
    "can_moderate",
    "can_copy_chat",
    "can_call",
    "can_use_mass_mentions",
)
SNACKBAR = 90  # platforms.md 5.2


def answer_press(call: Call) -> int:
    """Return 1 after answering the press of a callback button: once, within a minute."""
    call.need("messages")
    params = call.params
    press = call.community.presses.get(params["event_id"])
    if press is None or press.answered or clock.now() - press.at > PRESS_LIVES:
        raise invalid("event_id is invalid")
    if (press.user, press.peer) != (params["user_id"], params["peer_id"]):
        raise invalid("user_id or peer_id is invalid")
    data = _event_data(params["event_data"]) if params.get("event_data") else None
    press.answered = True
    call.world.journal.add(
        Answered(call.community.id, press.user, press.peer, params["event_id"], data)
    )
    return 1


def _event_data(text: str) -> dict[str, Any]:
    """Return the action that answers the press (dev.vk.com messages.sendMessageEventAnswer)."""
    try:
        data = json.loads(text)
    except ValueError:
        raise invalid("event_data contains incorrect JSON") from None
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "show_snackbar":
        shown = data.get("text")
        if not isinstance(shown, str) or not shown:
            raise invalid("event_data text is undefined")
        if len(shown) > SNACKBAR:
            raise invalid(f"event_data text should be not more than {SNACKBAR} letters length")
    elif kind == "open_link":
        if urlsplit(str(data.get("link", ""))).scheme not in {"http", "https"}:
            raise invalid("event_data link is invalid")
    elif kind == "open_app":
        if not isinstance(data.get("app_id"), int):
            raise invalid("event_data app_id is undefined")
    else:
        raise invalid("event_data type is invalid")
    return data


def _known_peer(call: Call) -> int:
    """Return the peer of a call that may name it in two ways; a strange chat is refused."""
    peer = call.params.get("peer_id") or call.params.get("user_id")
    if not peer:
        raise invalid("peer_id is undefined")
    _check_chat(call, peer)
    return peer


def _check_chat(call: Call, peer: int) -> None:
    if peer >= CHATS and peer not in call.community.chats:
        raise Refusal(927)  # the schema lists it for these methods
    if peer >= CHATS and not call.community.chats[peer].bot_inside:
        raise Refusal(917)


def history(call: Call) -> dict[str, Any]:
    """Return the messages of a dialog, newest first unless rev=1."""
    call.need("messages")
    dialog = call.community.dialogs.get(_known_peer(call), Dialog(0))
    found = dialog.messages if call.params.get("rev") == 1 else dialog.messages[::-1]
    start = call.params.get("start_message_id")
    if start:
        found = [item for item in found if item.id <= start]
    offset, count = call.params.get("offset", 0), call.params.get("count", 20)
    shown = [call.world.wire(message) for message in found[offset : offset + count]]
    return {"count": len(dialog.messages), "items": shown}


def conversations(call: Call) -> dict[str, Any]:
    """Return the state of dialogs; `can_write` says whether the community may write there."""
    call.need("messages")
    peers = call.params["peer_ids"]
    for peer in peers:
        _check_chat(call, peer)
    items = [_conversation(call, peer) for peer in peers if peer in call.community.dialogs]
    return {"count": len(items), "items": items}


def _conversation(call: Call, peer: int) -> dict[str, Any]:
    dialog, refusal = call.community.dialog(peer), call.world.refusal_for(call.community, peer)
    last = dialog.messages[-1] if dialog.messages else None
    chat = call.community.chats.get(peer)
    can_write = {"allowed": refusal is None} | ({"reason": refusal.code} if refusal else {})
    local = peer - CHATS if chat else peer
    conversation = {
        "peer": {"id": peer, "type": "chat" if chat else "user", "local_id": local},
        "last_message_id": last.id if last else 0,
        "last_conversation_message_id": last.cmid if last else 0,
        "in_read": last.id if last else 0,
        "out_read": last.id if last else 0,
        "can_write": can_write,
        "version": 10_000_000 + len(dialog.messages),
    }
    if chat:
        conversation["chat_settings"] = {
            "owner_id": chat.members[0],
            "title": chat.title,
            "members_count": len(chat.members),
            "state": "in",
            "acl": dict.fromkeys(CHAT_RIGHTS, False),
        }
    return conversation


def is_allowed(call: Call) -> dict[str, int]:
    """Return whether a person lets the community write to them."""
    community, user_id = call.own_group(), call.params["user_id"]
    if user_id not in call.world.users:
        raise Refusal(113)
    return {"is_allowed": int(call.world.refusal_for(community, user_id) is None)}


def set_activity(call: Call) -> int:
    """Return 1: "is typing" was shown."""
    call.need("messages")
    _known_peer(call)
    return 1

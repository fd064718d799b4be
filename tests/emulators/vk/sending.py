"""messages.send and messages.edit: what may be sent to whom, and what a repeat does."""

import json
from datetime import timedelta
from typing import Any

from tests.emulators import clock
from tests.emulators.vk import carousels, keyboards
from tests.emulators.vk.calls import Call
from tests.emulators.vk.journal import Delivered, Duplicate, Edited
from tests.emulators.vk.refusals import Refusal, invalid
from tests.emulators.vk.strikes import refusal_of
from tests.emulators.vk.world import ATTACHMENT, CHATS, Dialog, Message, bare

TEXT = 4096  # platforms.md 5.2
ATTACHMENTS = 10  # platforms.md 5.2
REMEMBERED_FOR = timedelta(hours=1)  # dev.vk.com messages.send, random_id
REMEMBERED_MESSAGES = 100  # the same page
EDITABLE_FOR = timedelta(hours=24)  # platforms.md 5.2


def send(call: Call) -> Any:
    """Return the message id, or an array of results when peer_ids were given."""
    call.need("messages")
    peers, many = _peers(call)
    content = _content(call)
    if not many:
        refusal = call.world.refusal_for(call.community, peers[0])
        if refusal is not None:
            raise refusal
        message = _deliver(call, peers[0], content)
        return 0 if message.peer >= CHATS else message.id
    return [_result(call, peer, content) for peer in peers]


def _peers(call: Call) -> tuple[list[int], bool]:
    """Return the recipients, and whether the answer is to be an array (schema: userIdsResponse)."""
    params = call.params
    if params.get("peer_ids"):
        return params["peer_ids"], True
    for name in ("peer_id", "user_id"):
        if params.get(name):
            return [params[name]], False
    if params.get("chat_id"):
        return [CHATS + params["chat_id"]], False
    if params.get("domain"):
        found = [u.id for u in call.world.users.values() if u.screen_name == params["domain"]]
        if not found:
            raise Refusal(113)
        return found, False
    raise invalid("you should specify peer_id, user_id, domain, chat_id or user_ids param")


def _result(call: Call, peer: int, content: dict[str, Any]) -> dict[str, Any]:
    """Return one item of the array; a refused peer does not spoil the others."""
    refusal = _planned(call, peer) or call.world.refusal_for(call.community, peer)
    if refusal is not None:
        error = {"code": refusal.code, "description": refusal.text}
        item = {"peer_id": peer, "message_id": 0, "conversation_message_id": 0}
        return {**item, "error": error}
    message = _deliver(call, peer, content)
    shown = 0 if peer >= CHATS else message.id
    return {"peer_id": peer, "message_id": shown, "conversation_message_id": message.cmid}


def _planned(call: Call, peer: int) -> Refusal | None:
    fault = call.faults.take("messages.send", peer) if len(call.params["peer_ids"]) > 1 else None
    return refusal_of(fault) if fault else call.params.get("planned")


def _content(call: Call) -> dict[str, Any]:
    """Return what the message consists of, or refuse it."""
    params = call.params
    text = params.get("message", "")
    if len(text) > TEXT:
        raise Refusal(914)
    content: dict[str, Any] = {"text": text, "attachments": attachments(call, "attachment")}
    if params.get("keyboard"):
        content["keyboard"] = keyboards.read(params["keyboard"])
        if not call.community.bot_features:
            raise Refusal(912)
    if params.get("template"):
        content["template"] = carousels.read(params["template"], text)
    if params.get("payload"):
        _check_json("payload", params["payload"])
        content["payload"] = params["payload"]
    filled = ("sticker_id", "forward", "forward_messages", "lat")
    if not text.strip() and not content["attachments"] and not any(map(params.get, filled)):
        raise invalid("message is empty or invalid")
    return content


def attachments(call: Call, parameter: str) -> list[str]:
    """Return the attachments of the call: each must exist, ten at most."""
    given = call.params.get(parameter, [])
    names = [name.strip() for name in given.split(",")] if isinstance(given, str) else given
    names = [name for name in names if name]
    if len(names) > ATTACHMENTS:
        raise invalid(f"{parameter} should contain not more than {ATTACHMENTS} items")
    for name in names:
        if not ATTACHMENT.match(name) or not _is_open(call, name):
            raise invalid(f"{parameter} {name} is invalid")
    return names


def _is_open(call: Call, name: str) -> bool:
    """Tell whether the community may send it: its own, or what was uploaded for these very peers.

    A key of access, when it is given, must be the right one.
    """
    held = call.world.media.get(bare(name))
    if held is None:
        return False
    key = name.removeprefix(bare(name)).removeprefix("_")
    if key and key != held.get("access_key"):
        return False
    if bare(name) in call.world.sent:  # a person's own goes anywhere by its key, and only so
        return bool(key)
    owner = held.get("owner_id", -call.community.id)
    peers, _ = _peers(call)
    return owner == -call.community.id or all(owner == peer for peer in peers)


def _check_json(name: str, text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        raise invalid(f"{name} contains incorrect JSON") from None  # VK's words, vk-io issue 452


def _deliver(call: Call, peer: int, content: dict[str, Any]) -> Message:
    """Return the message delivered, or the first one when the same random_id was used before."""
    group, random_id = call.community.id, call.params["random_id"]
    dialog = call.community.dialog(peer)
    first = _sent_before(dialog, random_id)
    if first is not None:
        repeat = Duplicate(group, peer, random_id, first.id, content["text"])
        call.world.journal.add(repeat)
        return first
    message = call.world.deliver(call.community, peer, -group, random_id=random_id, **content)
    if random_id:
        dialog.sent[random_id] = message
    show_keyboard(dialog, message)
    message.record = call.world.journal.add(
        Delivered(
            group=group,
            peer=peer,
            message_id=message.id,
            conversation_message_id=message.cmid,
            text=message.text,
            random_id=random_id,
            buttons=buttons_of(message.keyboard),
            inline=bool(message.keyboard and message.keyboard["inline"]),
            attachments=message.attachments,
        )
    )
    call.community.longpoll.produce("message_reply", call.world.wire(message))
    return message


def _sent_before(dialog: Dialog, random_id: int) -> Message | None:
    """Return the message sent with this random_id in the last hour and 100 messages."""
    first = dialog.sent.get(random_id) if random_id else None
    if first is None or clock.now() - first.date > REMEMBERED_FOR:
        return None
    return first if first.cmid > len(dialog.messages) - REMEMBERED_MESSAGES else None


def show_keyboard(dialog: Dialog, message: Message) -> None:
    """Put an ordinary keyboard under the input field; one without buttons takes it away."""
    board = message.keyboard
    if board is not None and not board["inline"]:
        dialog.board = message if board["buttons"] else None


def buttons_of(board: dict[str, Any] | None) -> list[list[dict[str, str]]]:
    """Return the rows of a keyboard as labels and types."""
    return [
        [
            {"label": button["action"].get("label", ""), "type": button["action"]["type"]}
            for button in row
        ]
        for row in (board or {}).get("buttons", [])
    ]


def edit(call: Call) -> int:
    """Return 1 after changing a message of the community's own."""
    call.need("messages")
    message = _edited_message(call)
    content = _content(call)
    if message.sender != -call.community.id:
        raise Refusal(920)
    if clock.now() - message.date > EDITABLE_FOR:
        raise Refusal(909)
    message.text, message.attachments = content["text"], content["attachments"]
    message.keyboard, message.template = content.get("keyboard"), content.get("template")
    message.edited = clock.now()
    show_keyboard(call.community.dialog(message.peer), message)
    entry = Edited(
        group=call.community.id,
        peer=message.peer,
        conversation_message_id=message.cmid,
        text=message.text,
        buttons=buttons_of(message.keyboard),
        attachments=message.attachments,
    )
    call.world.journal.add(entry)
    if message.record is not None:
        change = {"at": entry.at, "text": entry.text, "buttons": entry.buttons}
        message.record.edits.append({**change, "attachments": entry.attachments})
    call.community.longpoll.produce("message_edit", call.world.wire(message))
    return 1


def _edited_message(call: Call) -> Message:
    """Return the message named by the call; messages.edit takes either of two numbers."""
    params, peer = call.params, call.params["peer_id"]
    refusal = call.world.refusal_for(call.community, peer)
    if refusal is not None:
        raise refusal
    dialog = call.community.dialog(peer)
    cmid = params.get("conversation_message_id") or params.get("cmid")
    if cmid:
        message = dialog.message(cmid)
    elif params.get("message_id"):
        wanted = params["message_id"]
        message = next((item for item in dialog.messages if item.id == wanted), None)
    else:
        raise invalid("message_id is undefined")
    if message is None:
        raise invalid("message_id is invalid")
    return message

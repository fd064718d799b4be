"""The send methods: what becomes a new message in a chat."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.telegram.entities import FormattedText, read_caption, read_message
from tests.emulators.telegram.errors import refuse
from tests.emulators.telegram.journal import Journal
from tests.emulators.telegram.keyboards import check_markup
from tests.emulators.telegram.media import FileStore, media_content
from tests.emulators.telegram.places import forward_to_discussion
from tests.emulators.telegram.requests import Call
from tests.emulators.telegram.signatures import check_types
from tests.emulators.telegram.world import Bot, Chat, Message, World

# sendMediaGroup: "must include 2-10 items"; "Documents and audio files can be only grouped in
# an album with messages of the same type"
MIN_GROUP, MAX_GROUP = 2, 10
_ALONE = {"audio": "Audio files", "document": "Documents"}

# sendChatAction.action
ACTIONS = frozenset(
    f"{verb}_{kind}"
    for verb in ("upload", "record")
    for kind in ("photo", "video", "voice", "document", "video_note")
) - {"record_photo", "record_document"} | {"typing", "choose_sticker", "find_location"}


@dataclass
class Api:
    """What the methods work on."""

    world: World
    files: FileStore
    journal: Journal
    callback_seconds: int = 15  # platforms.md §5.1: "roughly 15 s+"
    local_webhooks: bool = False
    albums: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))


@dataclass
class _Target:
    chat: Chat
    markup: dict[str, Any] | None
    reply_to: Message | None
    thread: int | None


def _target(api: Api, bot: Bot, call: Call) -> _Target:
    """Return where the call writes to, after all checks that do not depend on the content."""
    params = call.params
    markup = params.get("reply_markup")
    if markup is not None and not isinstance(markup, dict):
        refuse("object expected as reply markup")
    chat = api.world.writable(bot, params["chat_id"])
    if markup is not None:
        check_markup(markup, private=chat.private, inline_only=chat.type == "channel")
    check_types(call)
    thread = params.get("message_thread_id")
    if thread is not None and thread not in chat.messages:
        refuse("message thread not found")
    return _Target(chat, markup, _replied(chat, params), thread)


def _replied(chat: Chat, params: dict[str, Any]) -> Message | None:
    reply = params.get("reply_parameters") or {"message_id": params.get("reply_to_message_id")}
    if reply.get("message_id") is None:
        return None
    message = chat.messages.get(reply["message_id"])
    if message is not None and not message.deleted:
        return message
    if reply.get("allow_sending_without_reply") or params.get("allow_sending_without_reply"):
        return None
    return refuse("message to be replied not found")


def _place(
    api: Api, bot: Bot, call: Call, target: _Target, content: dict[str, Any], html: str
) -> Message:
    chat = target.chat
    message = chat.add(None if chat.type == "channel" else bot.json(), **content)
    if chat.type == "channel":
        message.content["sender_chat"] = chat.json()
    if target.thread is not None:
        message.content["message_thread_id"] = target.thread
    if call.params.get("protect_content"):
        message.content["has_protected_content"] = True
    message.by_bot, message.html = bot.id, html
    message.markup, message.reply_to = target.markup, target.reply_to
    if target.markup and "keyboard" in target.markup:
        chat.keyboard = target.markup
    elif target.markup and target.markup.get("remove_keyboard"):
        chat.keyboard = None
    api.journal.message(bot, call.method, message)
    if chat.type == "channel":
        forward_to_discussion(api.world, message)
    return message


def send_message(api: Api, bot: Bot, call: Call) -> dict[str, Any]:
    """Answer sendMessage."""
    params = call.params
    parsed = read_message(params["text"], params.get("parse_mode"), params.get("entities"))
    target = _target(api, bot, call)
    content: dict[str, Any] = {"text": parsed.text}
    if parsed.entities:
        content["entities"] = parsed.entities
    return _place(api, bot, call, target, content, parsed.html).json()


def _caption(params: dict[str, Any]) -> FormattedText:
    caption = params.get("caption") or ""
    if not isinstance(caption, str):
        refuse('can\'t parse InputMedia: Field "caption" must be of type String')
    return read_caption(caption, params.get("parse_mode"), params.get("caption_entities"))


def _with_caption(content: dict[str, Any], caption: FormattedText) -> dict[str, Any]:
    if caption.text:
        content["caption"] = caption.text
    if caption.entities:
        content["caption_entities"] = caption.entities
    return content


def send_file(api: Api, bot: Bot, call: Call) -> dict[str, Any]:
    """Answer sendPhoto, sendVideo, sendAudio, sendVoice, sendVideoNote and sendDocument."""
    kind = _FILE_METHODS[call.method]
    caption = _caption(call.params)
    target = _target(api, bot, call)
    stored = api.files.resolve(bot, call, kind, call.params.get(kind))
    content = _with_caption(media_content(stored, call.params), caption)
    return _place(api, bot, call, target, content, caption.html).json()


_FILE_METHODS = {
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendAudio": "audio",
    "sendVoice": "voice",
    "sendVideoNote": "video_note",
    "sendDocument": "document",
}


def send_media_group(api: Api, bot: Bot, call: Call) -> list[dict[str, Any]]:
    """Answer sendMediaGroup."""
    items = call.params["media"]
    _check_group(items)
    captions = [_caption(item) for item in items]
    target = _target(api, bot, call)
    contents = []
    for item, caption in zip(items, captions, strict=True):
        stored = api.files.resolve(bot, call, item["type"], item["media"])
        contents.append(_with_caption(media_content(stored, item), caption))
    album = str(next(api.albums))
    return [
        _place(api, bot, call, target, content | {"media_group_id": album}, caption.html).json()
        for content, caption in zip(contents, captions, strict=True)
    ]


def _check_group(items: Any) -> None:
    if not isinstance(items, list):
        refuse("expected an Array of InputMedia")
    for item in items:
        if not isinstance(item, dict):
            refuse("can't parse InputMedia: expected an Object")
        if not isinstance(item.get("media"), str):
            refuse("can't parse InputMedia: media not found")
        if item.get("type") not in ("photo", "video", "audio", "document"):
            refuse(f'type "{item.get("type")}" can\'t be used in sendMediaGroup')
    if len(items) < MIN_GROUP:
        refuse("too few messages to send as an album")
    if len(items) > MAX_GROUP:
        refuse("too many messages to send as an album")
    kinds = {item["type"] for item in items}
    for kind, name in _ALONE.items():
        if kind in kinds and len(kinds) > 1:
            refuse(f"{name} can't be mixed with other media types")


def send_chat_action(api: Api, bot: Bot, call: Call) -> bool:
    """Answer sendChatAction."""
    if call.params["action"] not in ACTIONS:
        refuse("wrong parameter action in request")
    chat = api.world.writable(bot, call.params["chat_id"])
    check_types(call)
    api.journal.notice(bot, chat.id, 0, call.method, call.params["action"])
    return True

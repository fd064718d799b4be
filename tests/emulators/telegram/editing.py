"""Methods about what is already on the screen: edits, removals, answers to presses."""

from typing import Any

from tests.emulators.clock import timestamp
from tests.emulators.telegram.entities import read_caption, read_message, utf16_length
from tests.emulators.telegram.errors import NOT_MODIFIED, QUERY_TOO_OLD, refuse
from tests.emulators.telegram.keyboards import check_markup
from tests.emulators.telegram.requests import Call
from tests.emulators.telegram.sending import Api
from tests.emulators.telegram.signatures import check_types
from tests.emulators.telegram.world import Bot, Message

MAX_NOTICE = 200  # answerCallbackQuery.text: "0-200 characters"
DELETABLE_SECONDS = 48 * 3600  # "can only be deleted if it was sent less than 48 hours ago"


def _message(api: Api, bot: Bot, call: Call) -> Message:
    """Return the bot's own message that the call edits, or refuse."""
    params = call.params
    if params.get("inline_message_id"):
        refuse("MESSAGE_ID_INVALID")  # this emulator has no inline mode
    if params.get("chat_id") is None:
        refuse(
            "message identifier is not specified"
            if "message_id" not in params
            else "chat_id is empty"
        )
    if "message_id" not in params:
        refuse("message identifier is not specified")
    chat = api.world.writable(bot, params["chat_id"])
    message = chat.messages.get(params["message_id"])
    if message is None or message.deleted:
        refuse("message to edit not found")
    # tdlib: a message that carries a reply keyboard cannot be edited
    if message.by_bot != bot.id or (message.markup and "inline_keyboard" not in message.markup):
        refuse("message can't be edited")
    return message


def _markup(call: Call) -> dict[str, Any] | None:
    markup = call.params.get("reply_markup")
    if markup is None:
        return None
    check_markup(markup, private=True, inline_only=True)
    return markup if markup.get("inline_keyboard") else None


def _state(message: Message) -> tuple[Any, ...]:
    names = ("text", "entities", "caption", "caption_entities")
    return (*(message.content.get(name) for name in names), message.markup)


def _finish(api: Api, bot: Bot, call: Call, message: Message, before: tuple[Any, ...]) -> Any:
    if _state(message) == before:
        refuse(NOT_MODIFIED)
    if call.method != "editMessageReplyMarkup":
        message.edited = timestamp()
    api.journal.message(bot, call.method, message)
    return message.json()


def edit_message_text(api: Api, bot: Bot, call: Call) -> Any:
    """Answer editMessageText."""
    params = call.params
    parsed = read_message(params.get("text", ""), params.get("parse_mode"), params.get("entities"))
    markup = _markup(call)
    message = _message(api, bot, call)
    check_types(call)
    if message.media:
        refuse("there is no text in the message to edit")
    before = _state(message)
    message.set_text("text", parsed)
    message.markup = markup
    return _finish(api, bot, call, message, before)


def edit_message_caption(api: Api, bot: Bot, call: Call) -> Any:
    """Answer editMessageCaption."""
    params = call.params
    parsed = read_caption(
        params.get("caption", ""), params.get("parse_mode"), params.get("caption_entities")
    )
    markup = _markup(call)
    message = _message(api, bot, call)
    check_types(call)
    if not message.media or "video_note" in message.media:
        refuse("there is no caption in the message to edit")
    before = _state(message)
    message.set_text("caption", parsed)
    message.markup = markup
    return _finish(api, bot, call, message, before)


def edit_message_reply_markup(api: Api, bot: Bot, call: Call) -> Any:
    """Answer editMessageReplyMarkup."""
    markup = _markup(call)
    message = _message(api, bot, call)
    check_types(call)
    before = _state(message)
    message.markup = markup
    return _finish(api, bot, call, message, before)


def delete_message(api: Api, bot: Bot, call: Call) -> bool:
    """Answer deleteMessage."""
    chat = api.world.writable(bot, call.params["chat_id"])
    check_types(call)
    message = chat.messages.get(call.params["message_id"])
    if message is None or message.deleted:
        refuse("message to delete not found")
    own = message.by_bot == bot.id or chat.private
    if not own and chat.members.get(bot.id) != "administrator":
        refuse("message can't be deleted")
    if timestamp() - message.date > DELETABLE_SECONDS:
        refuse("message can't be deleted for everyone")
    message.deleted = True
    api.journal.removal(bot, message)
    return True


def answer_callback_query(api: Api, bot: Bot, call: Call) -> bool:
    """Answer answerCallbackQuery."""
    check_types(call)
    press = bot.presses.get(call.params["callback_query_id"])
    text = call.params.get("text", "")
    if utf16_length(text) > MAX_NOTICE:
        refuse("MESSAGE_TOO_LONG")
    if press is None or press.answered or press.expired:
        refuse(QUERY_TOO_OLD)
    if timestamp() - press.date > api.callback_seconds:
        refuse(QUERY_TOO_OLD)
    url = call.params.get("url", "")
    if url and not url.startswith(f"https://t.me/{bot.username}?start="):
        refuse("URL_INVALID")  # "use links like t.me/your_bot?start=XXXX"
    press.answered, press.text, press.url = True, text, url
    press.alert = bool(call.params.get("show_alert"))
    api.journal.notice(bot, press.chat.id, press.message.id, call.method, text)
    return True

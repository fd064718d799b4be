"""The methods this server has, by name, and the way a call goes through its checks."""

import inspect
from typing import Any

from tests.emulators.telegram import asking, editing, sending
from tests.emulators.telegram.asking import Handler
from tests.emulators.telegram.errors import method_not_found
from tests.emulators.telegram.requests import Call
from tests.emulators.telegram.sending import Api
from tests.emulators.telegram.signatures import check_call
from tests.emulators.telegram.world import Bot

_METHODS: dict[str, Handler] = {
    "getMe": asking.get_me,
    "getUpdates": asking.get_updates,
    "setWebhook": asking.set_webhook,
    "deleteWebhook": asking.delete_webhook,
    "getWebhookInfo": asking.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_file,
    "sendVideo": sending.send_file,
    "sendAudio": sending.send_file,
    "sendVoice": sending.send_file,
    "sendVideoNote": sending.send_file,
    "sendDocument": sending.send_file,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": editing.answer_callback_query,
    "setMyCommands": asking.set_my_commands,
    "getMyCommands": asking.get_my_commands,
    "getChat": asking.get_chat,
    "getChatMember": asking.get_chat_member,
    "getFile": asking.get_file,
}
# "All methods in the Bot API are case-insensitive."
_BY_LOWER_NAME = {name.lower(): name for name in _METHODS}


def method_name(name: str) -> str:
    """Return the method's name as the description spells it, or refuse."""
    if name.lower() not in _BY_LOWER_NAME:
        raise method_not_found()
    return _BY_LOWER_NAME[name.lower()]


async def perform(api: Api, bot: Bot, call: Call) -> Any:
    """Check and carry out a call; return its result."""
    check_call(call)
    result = _METHODS[call.method](api, bot, call)
    return await result if inspect.isawaitable(result) else result

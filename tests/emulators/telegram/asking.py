"""Methods that ask or set up: the bot itself, its commands, chats, files, updates."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tests.emulators.telegram.errors import refuse
from tests.emulators.telegram.media import MAX_DOWNLOAD
from tests.emulators.telegram.members import chat_member
from tests.emulators.telegram.requests import Call
from tests.emulators.telegram.sending import Api
from tests.emulators.telegram.signatures import check_types
from tests.emulators.telegram.world import Bot, Chat

MAX_COMMANDS = 100  # setMyCommands: "At most 100 commands can be specified"
_COMMAND = re.compile(r"^[a-z0-9_]{1,32}$")  # BotCommand.command
MAX_DESCRIPTION = 256  # BotCommand.description: "1-256 characters"
WEBHOOK_PORTS = {80, 88, 443, 8443}  # setWebhook: "Ports currently supported for webhooks"
_SECRET = re.compile(r"^[A-Za-z0-9_-]{1,256}$")  # setWebhook.secret_token

Handler = Callable[[Api, Bot, Call], Any | Awaitable[Any]]


def get_me(api: Api, bot: Bot, call: Call) -> dict[str, Any]:
    """Answer getMe."""
    return bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": bot.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(api: Api, bot: Bot, call: Call) -> list[dict[str, Any]]:
    """Answer getUpdates."""
    check_types(call)
    params = call.params
    bot.queue.allow(params.get("allowed_updates"))
    return await bot.queue.get(
        params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0)
    )


def set_webhook(api: Api, bot: Bot, call: Call) -> bool:
    """Answer setWebhook; an empty address removes the webhook."""
    url = call.params.get("url", "")
    if not url:
        return delete_webhook(api, bot, call)
    check_types(call)
    parts = urlsplit(url)
    if not api.local_webhooks:
        if parts.scheme != "https":
            refuse("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in WEBHOOK_PORTS:
            refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = call.params.get("secret_token", "")
    if secret and not _SECRET.match(secret):
        refuse("secret token contains unallowed characters")
    bot.queue.allow(call.params.get("allowed_updates"))
    if call.params.get("drop_pending_updates"):
        bot.queue.pending.clear()
    bot.webhook = {
        "url": url,
        "secret_token": secret,
        "max_connections": call.params.get("max_connections", 40),
    }
    bot.queue.webhook_url = url
    bot.queue.stop_poller("terminated by setWebhook request")
    bot.queue.wake.set()
    return True


def delete_webhook(api: Api, bot: Bot, call: Call) -> bool:
    """Answer deleteWebhook."""
    if call.params.get("drop_pending_updates"):
        bot.queue.pending.clear()
    bot.webhook, bot.queue.webhook_url = {}, ""
    return True


def get_webhook_info(api: Api, bot: Bot, call: Call) -> dict[str, Any]:
    """Answer getWebhookInfo."""
    info: dict[str, Any] = {
        "url": bot.queue.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(bot.queue.pending),
    }
    if bot.webhook:
        info["max_connections"] = bot.webhook["max_connections"]
        for name in ("last_error_date", "last_error_message"):
            if name in bot.webhook:
                info[name] = bot.webhook[name]
    if bot.queue.allowed is not None:
        info["allowed_updates"] = sorted(bot.queue.allowed)
    return info


def _commands_key(call: Call) -> str:
    scope = call.params.get("scope") or {"type": "default"}
    return json.dumps([scope, call.params.get("language_code", "")], sort_keys=True)


def set_my_commands(api: Api, bot: Bot, call: Call) -> bool:
    """Answer setMyCommands."""
    commands = call.params["commands"]
    if not isinstance(commands, list):
        refuse("expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            refuse("can't parse BotCommand: expected an Object")
        for name in ("command", "description"):
            if not isinstance(command.get(name), str):
                refuse(f"can't parse BotCommand: Can't find field \"{name}\"")
        if not _COMMAND.match(command["command"].removeprefix("/")):
            refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= MAX_DESCRIPTION:
            refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    check_types(call)
    bot.commands[_commands_key(call)] = commands
    return True


def get_my_commands(api: Api, bot: Bot, call: Call) -> list[dict[str, Any]]:
    """Answer getMyCommands."""
    check_types(call)
    return bot.commands.get(_commands_key(call), [])


def get_chat(api: Api, bot: Bot, call: Call) -> dict[str, Any]:
    """Answer getChat."""
    check_types(call)
    chat = api.world.find(bot, call.params["chat_id"])
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    info = chat.json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), True),
    }
    if chat.linked is not None:
        info["linked_chat_id"] = chat.linked.id
    return info


def get_chat_member(api: Api, bot: Bot, call: Call) -> dict[str, Any]:
    """Answer getChatMember."""
    check_types(call)
    chat = api.world.find(bot, call.params["chat_id"])
    user_id = call.params["user_id"]
    if chat.type == "channel" and chat.members.get(bot.id) != "administrator":
        refuse("member list is inaccessible")
    return member_json(api, chat, user_id)


def member_json(api: Api, chat: Chat, user_id: int) -> dict[str, Any]:
    """Return the ChatMember object of a user or a bot."""
    account = api.world.users.get(user_id) or api.world.bot_by_id(user_id)
    if account is None:
        refuse("invalid user_id specified")
    if chat.user is not None:
        status = "member" if user_id == chat.user.id or user_id == _owner(api, chat) else "left"
    else:
        status = chat.members.get(user_id, "left")
    return chat_member(status, account.json())


def _owner(api: Api, chat: Chat) -> int:
    owners = (bot.id for bot in api.world.bots.values() if bot.chats.get(chat.id) is chat)
    return next(owners, 0)


def get_file(api: Api, bot: Bot, call: Call) -> dict[str, Any]:
    """Answer getFile."""
    stored = api.files.get(bot, call.params["file_id"])
    if stored is None:
        refuse("invalid file_id")
    if len(stored.data) > MAX_DOWNLOAD:
        refuse("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": stored.path,
    }

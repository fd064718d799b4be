"""A look at a bot on Telegram through its real client: whose token, whose webhook, which chats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiogram import Bot
from aiogram.methods import GetChat, GetChatMember, GetMe, TelegramMethod
from aiogram.utils.token import TokenValidationError

from bots.channel import CallFailed, Doubtful, TryLater
from bots.findings import Finding, hook_findings
from bots.hooks import Hook
from bots.telegram.client import Session, request
from bots.telegram.failures import failure
from bots.telegram.webhook import TelegramWebhook

_SILENT = ("left", "kicked")


async def examine(
    token: str,
    chats: Iterable[str],
    *,
    hook: Hook | None = None,
    api_url: str = "",
    proxy: str = "",
    seconds: float = 5,
) -> list[Finding]:
    """What was found; nothing is changed, and each question waits so long at most."""
    try:
        bot = Bot(token, session=Session(api_url, proxy))
    except TokenValidationError:
        return [Finding("no_token")]
    try:
        return await _examined(bot, chats, hook or Hook("", ""), seconds)
    finally:
        await bot.session.close()


async def _examined(bot: Bot, chats: Iterable[str], hook: Hook, seconds: float) -> list[Finding]:
    try:
        me = await _ask(bot, GetMe(), seconds)
        webhook = TelegramWebhook(lambda method: _ask(bot, method, seconds), hook)
        state = await webhook.look()
    except (TryLater, Doubtful) as away:
        return [Finding("away", {"reason": str(away)})]
    except CallFailed as refused:
        return [Finding("refused", {"reason": str(refused)})]
    found = [Finding("account", {"account": f"@{me.username}"})]
    found += hook_findings(hook, state)
    return [*found, *[await _chat(bot, me.id, chat, seconds) for chat in chats]]


async def _chat(bot: Bot, me: int, chat: str, seconds: float) -> Finding:
    facts = {"chat": chat}
    try:
        await _ask(bot, GetChat(chat_id=int(chat)), seconds)
        if int(chat) > 0:
            return Finding("chat", facts)
        member = await _ask(bot, GetChatMember(chat_id=int(chat), user_id=me), seconds)
    except (TryLater, Doubtful) as away:
        return Finding("chat_unknown", {**facts, "reason": str(away)})
    except CallFailed as refused:
        return Finding("chat_closed", {**facts, "reason": str(refused)})
    mute = _is_mute(member)
    reason = "the bot may not write there" if mute else ""
    return Finding("chat_closed" if mute else "chat", {**facts, "reason": reason})


def _is_mute(member: Any) -> bool:
    told = member if isinstance(member, dict) else vars(member)
    status = str(getattr(told.get("status"), "value", told.get("status")))
    return status in _SILENT or (status == "restricted" and not told.get("can_send_messages"))


async def _ask(bot: Bot, method: TelegramMethod[Any], seconds: float) -> Any:
    try:
        return await request(bot, method, seconds=seconds)
    except Exception as error:  # noqa: BLE001  # whatever it is, it must not show the URL
        problem = failure(error)
    raise problem

"""A look at a community on VK through its real client: whose key, its rights, which chats."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from bots.channel import CallFailed, Doubtful, TryLater
from bots.findings import Finding, hook_findings
from bots.hooks import Hook
from bots.vk.callback import VkCallback
from bots.vk.client import Client
from bots.vk.updates import EVENT_TYPES

_RIGHTS = ("messages", "manage")


async def examine(
    token: str,
    chats: Iterable[str],
    *,
    group: str = "",
    hook: Hook | None = None,
    api_url: str = "",
    proxy: str = "",
    seconds: float = 5,
) -> list[Finding]:
    """What was found; nothing is changed, and each question waits so long at most."""
    look = _Look(Client(token, api_url, proxy), hook or Hook("", ""), seconds)
    try:
        return await look.all(chats, group)
    except (TryLater, Doubtful) as away:
        return [Finding("away", {"reason": str(away)})]
    except CallFailed as refused:
        return [Finding("refused", {"reason": str(refused)})]
    finally:
        await look.client.close()


class _Look:
    def __init__(self, client: Client, hook: Hook, seconds: float) -> None:
        self.client = client
        self._hook = hook
        self._seconds = seconds

    async def all(self, chats: Iterable[str], group: str) -> list[Finding]:
        told = await self._ask("groups.getById")
        groups = told.get("groups") if isinstance(told, dict) else told
        if not groups:
            return [Finding("no_token")]
        number = str(groups[0]["id"])
        if group and group != number:
            return [Finding("other_group", {"group": number, "meant": group})]
        found = [Finding("account", {"account": f"club{number}"})]
        found += await self._rights()
        found += await self._polling(number)
        found += await self._callbacks(int(number))
        return [*found, *[await self._chat(number, chat) for chat in chats]]

    async def _rights(self) -> list[Finding]:
        told = await self._ask("groups.getTokenPermissions")
        given = {one.get("name") for one in told.get("permissions", ())}
        missing = [name for name in _RIGHTS if name not in given]
        return [Finding("rights", {"rights": ", ".join(missing)})] if missing else []

    async def _polling(self, number: str) -> list[Finding]:
        try:
            told = await self._ask("groups.getLongPollSettings", group_id=number)
        except (TryLater, Doubtful):
            raise
        except CallFailed as refused:
            return [Finding("polling_closed", {"reason": str(refused)})]
        events = told.get("events", {})
        off = [name for name in EVENT_TYPES if not events.get(name)]
        if not told.get("is_enabled") or off:
            return [Finding("polling_off", {"events": ", ".join(off)})]
        return [Finding("polling")]

    async def _callbacks(self, number: int) -> list[Finding]:
        if not self._hook.url:
            return []
        try:
            state = await VkCallback(self._ask, lambda: number, self._hook).look()
        except (TryLater, Doubtful):
            raise
        except CallFailed as refused:
            return [Finding("hook_closed", {"reason": str(refused)})] if self._hook.on else []
        return hook_findings(self._hook, state)

    async def _chat(self, number: str, chat: str) -> Finding:
        facts = {"chat": chat}
        try:
            told = await self._ask("messages.getConversationsById", peer_ids=chat, group_id=number)
        except (TryLater, Doubtful) as away:
            return Finding("chat_unknown", {**facts, "reason": str(away)})
        except CallFailed as refused:
            return Finding("chat_closed", {**facts, "reason": str(refused)})
        items = told.get("items", ())
        if not items:
            return Finding("chat_unknown", {**facts, "reason": "VK tells nothing of it"})
        allowed = items[0].get("can_write", {}).get("allowed", True)
        reason = "" if allowed else "VK does not let the community write there"
        return Finding("chat" if allowed else "chat_closed", {**facts, "reason": reason})

    async def _ask(self, method: str, **params: Any) -> Any:
        try:
            async with asyncio.timeout(self._seconds):
                return await self.client.method(method, **params)
        except TimeoutError:
            raise TryLater("no answer in time") from None

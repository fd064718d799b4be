"""Telegram's webhook: https://core.telegram.org/bots/api#setwebhook."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiogram.methods import DeleteWebhook, GetWebhookInfo, SetWebhook, TelegramMethod

from bots.channel import Conflict
from bots.hooks import REFUSED, Hook, HookState, Reply, Take, host_of, readable
from bots.telegram import updates

HEADER = "x-telegram-bot-api-secret-token"
MAX_CONNECTIONS = 40

Ask = Callable[[TelegramMethod[Any]], Awaitable[Any]]


class TelegramWebhook:
    """A :class:`bots.hooks.Webhook`; ``ask`` asks Telegram as the bot."""

    sweeps = False  # getUpdates is refused while a webhook stands

    def __init__(self, ask: Ask, hook: Hook) -> None:
        self._ask = ask
        self.hook = hook

    def twin(self, raw: dict[str, Any]) -> str:  # noqa: ARG002  # one update, one number
        """Nothing: an update has one number whichever way it comes."""
        return ""

    async def stand(self, *, consent: bool, anew: bool = False) -> HookState:
        """Set the webhook unless it is set; updates that wait are kept."""
        info = await self._ask(GetWebhookInfo())
        if info.url and not consent and not await self.hook.is_ours(info.url):
            raise Conflict(f"a webhook at {host_of(info.url)} gets this bot's updates")
        known = await self.hook.memory.known()
        if anew or known != self.hook.mark or not self._stands(info):
            told = SetWebhook(
                url=self.hook.url,
                secret_token=self.hook.secret,
                allowed_updates=list(updates.ALLOWED_UPDATES),
                max_connections=MAX_CONNECTIONS,
            )
            await self._ask(told)
            await self.hook.memory.keep(self.hook.mark)
            info = await self._ask(GetWebhookInfo())
        return await self._state(info)

    def _stands(self, info: Any) -> bool:
        return (
            info.url == self.hook.url
            and set(info.allowed_updates or ()) == set(updates.ALLOWED_UPDATES)
            and info.max_connections == MAX_CONNECTIONS
        )

    async def look(self) -> HookState:
        """What ``getWebhookInfo`` says."""
        return await self._state(await self._ask(GetWebhookInfo()))

    async def _state(self, info: Any) -> HookState:
        lacking = set(updates.ALLOWED_UPDATES) - set(info.allowed_updates or ())
        at = info.last_error_date
        return HookState(
            host=host_of(info.url) if info.url else "",
            ours=await self.hook.is_ours(info.url),
            pending=info.pending_update_count,
            trouble=info.last_error_message or "",
            trouble_at=int(at.timestamp()) if at is not None else 0,
            lacking=tuple(sorted(lacking)) if info.url else (),
        )

    async def fall(self) -> bool:
        """Delete our webhook; what waits comes by ``getUpdates`` then."""
        if not await self.hook.is_known():
            return False
        info = await self._ask(GetWebhookInfo())
        ours = await self.hook.is_ours(info.url)
        if ours:
            await self._ask(DeleteWebhook(drop_pending_updates=False))
        await self.hook.memory.keep("")
        return ours

    async def answer(self, headers: Mapping[str, str], body: bytes, take: Take) -> Reply:
        """200 once the update is stored; a wrong secret stores nothing (R10).

        What is no update though the secret fits is answered 200 as well: Telegram would repeat it,
        and the chat's next updates would wait behind it.
        """
        if not self.hook.fits(headers.get(HEADER, "")):
            return REFUSED
        raw = readable(body)
        if not updates.numbered(raw):
            return Reply(200, outcome="unreadable")
        await take(updates.arrival(self.hook.bot, raw))
        return Reply(200)

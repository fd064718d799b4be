"""Delivery of updates to a webhook: in order, again until the bot answers 2xx."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.emulators.clock import timestamp
from tests.emulators.telegram.world import Bot

Perform = Callable[..., Awaitable[Any]]  # bot, method, and its parameters by name
RETRY_SECONDS = 0.2  # the real server slows down with every error; a test need not wait


class WebhookSender:
    """One task for each bot that has ever set a webhook."""

    def __init__(self, perform: Perform) -> None:
        self._perform = perform
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def look(self, bot: Bot) -> None:
        """Begin to deliver if the bot has a webhook now."""
        if bot.queue.webhook_url and bot.id not in self._tasks:
            self._tasks[bot.id] = asyncio.create_task(self._deliver(bot))

    async def stop(self) -> None:
        """End all deliveries."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    async def _deliver(self, bot: Bot) -> None:
        queue = bot.queue
        async with aiohttp.ClientSession() as session:
            while True:
                queue.wake.clear()
                if not queue.webhook_url or not queue.pending:
                    await queue.wake.wait()
                    continue
                update = queue.pending[0]
                problem = await self._post(session, bot, update)
                if problem is None:
                    if queue.pending and queue.pending[0] is update:
                        queue.pending.popleft()
                else:
                    bot.webhook |= {"last_error_date": timestamp(), "last_error_message": problem}
                    await asyncio.sleep(RETRY_SECONDS)

    async def _post(
        self, session: aiohttp.ClientSession, bot: Bot, update: dict[str, Any]
    ) -> str | None:
        """Send one update; return what went wrong, if anything."""
        headers = {}
        if secret := bot.webhook.get("secret_token"):
            # setWebhook.secret_token: sent "in every webhook request"
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        try:
            timeout = aiohttp.ClientTimeout(total=60)  # platforms.md §5.1 "webhook timeout"
            async with session.post(
                bot.queue.webhook_url, json=update, headers=headers, timeout=timeout
            ) as answer:
                if not answer.ok:
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}"
                body = await answer.json() if answer.content_type == "application/json" else None
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            return f"Connection failed: {problem}"
        if isinstance(body, dict) and "method" in body:
            name = str(body.pop("method"))
            await self._perform(bot, name, **body)
        return None

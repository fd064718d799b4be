"""Delivery of updates to a webhook: chats side by side, each in order, again until 2xx."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.emulators.clock import timestamp
from tests.emulators.telegram.world import Bot

Perform = Callable[..., Awaitable[Any]]  # bot, method, and its parameters by name
RETRY_SECONDS = 0.2  # the real server slows down with every error; a test need not wait


class WebhookSender:
    """One task for each bot that has ever set a webhook.

    `repeats` says how often an update is delivered in all: what exceeds one comes later, out of
    order and side by side with the others. `route` may send a request to one of several workers.
    """

    def __init__(self, perform: Perform) -> None:
        self._perform = perform
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._echoes: set[asyncio.Task[None]] = set()
        self.repeats: Callable[[], int] = lambda: 1
        self.route: Callable[[str], str] = str
        self.dice = random.Random(0)
        self.tries = 0

    def look(self, bot: Bot) -> None:
        """Begin to deliver if the bot has a webhook now."""
        if bot.queue.webhook_url and bot.id not in self._tasks:
            self._tasks[bot.id] = asyncio.create_task(self._deliver(bot))

    @property
    def quiet(self) -> bool:
        """Tell whether no repeat is on its way."""
        return not self._echoes

    async def stop(self) -> None:
        """End all deliveries."""
        tasks = [*self._tasks.values(), *self._echoes]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()

    async def _deliver(self, bot: Bot) -> None:
        queue = bot.queue
        busy: dict[int, asyncio.Task[None]] = {}
        async with aiohttp.ClientSession() as session:
            try:
                while True:
                    queue.wake.clear()
                    for update in self._next(bot, busy):
                        task = asyncio.create_task(self._bring(session, bot, update, busy))
                        busy[_chat(update)] = task
                    await queue.wake.wait()
            finally:
                for task in busy.values():
                    task.cancel()
                await asyncio.gather(*busy.values(), return_exceptions=True)

    def _next(self, bot: Bot, busy: dict[int, Any]) -> list[dict[str, Any]]:
        """Return the oldest updates of chats that wait for no answer, as many as may go at once."""
        chosen: dict[int, dict[str, Any]] = {}
        if not bot.queue.webhook_url:
            return []
        free = bot.webhook["max_connections"] - len(busy)
        for update in bot.queue.pending:
            if len(chosen) >= free:
                break
            if _chat(update) not in busy:
                chosen.setdefault(_chat(update), update)
        return list(chosen.values())

    async def _bring(
        self,
        session: aiohttp.ClientSession,
        bot: Bot,
        update: dict[str, Any],
        busy: dict[int, Any],
    ) -> None:
        queue = bot.queue
        try:
            problem = await self._post(session, bot, update)
            if problem is None:
                if update in queue.pending:
                    queue.pending.remove(update)
                self._echo(session, bot, update)
            elif queue.webhook_url:
                bot.webhook |= {"last_error_date": timestamp(), "last_error_message": problem}
                await asyncio.sleep(RETRY_SECONDS)
        finally:
            busy.pop(_chat(update), None)
            queue.wake.set()

    def _echo(self, session: aiohttp.ClientSession, bot: Bot, update: dict[str, Any]) -> None:
        """Deliver again what was taken, some time later."""

        async def again(delay: float) -> None:
            await asyncio.sleep(delay)
            await self._post(session, bot, update)

        for _ in range(self.repeats() - 1):
            task = asyncio.create_task(again(self.dice.random() * RETRY_SECONDS))
            self._echoes.add(task)
            task.add_done_callback(self._echoes.discard)

    async def _post(
        self, session: aiohttp.ClientSession, bot: Bot, update: dict[str, Any]
    ) -> str | None:
        """Send one update; return what went wrong, if anything."""
        self.tries += 1
        headers = {}
        if secret := bot.webhook.get("secret_token"):
            # setWebhook.secret_token: sent "in every webhook request"
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        try:
            timeout = aiohttp.ClientTimeout(total=60)  # platforms.md §5.1 "webhook timeout"
            async with session.post(
                self.route(bot.queue.webhook_url), json=update, headers=headers, timeout=timeout
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


def _chat(update: dict[str, Any]) -> int:
    """Return the chat whose updates wait for each other; 0 for what has none."""
    what = next((value for name, value in update.items() if name != "update_id"), {})
    message = what.get("message", what) if isinstance(what, dict) else {}
    chat = message.get("chat", {}) if isinstance(message, dict) else {}
    return int(chat.get("id", 0)) if isinstance(chat, dict) else 0

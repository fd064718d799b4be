"""aiogram's client as we run it: raw updates, a proxy, time limits that tell before from after."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiohttp import ClientSession

from bots.connections import ANSWER_SECONDS, limits


class RawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """``getUpdates`` with the updates as they came.

    aiogram's own parses the whole batch, so one update it does not understand would block the bot.
    """

    __returning__: ClassVar[Any] = list[Any]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    limit: int = 100
    timeout: int = 25
    allowed_updates: list[str]


class Session(AiohttpSession):
    """aiogram's session over HTTP with an ``http://`` proxy where asked.

    A ``socks5://`` proxy needs the package ``aiohttp-socks``.
    """

    def __init__(self, api_url: str, proxy: str) -> None:
        server = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
        socks = proxy if proxy.startswith("socks") else None
        super().__init__(proxy=socks, api=server)
        self._http_proxy = None if socks else proxy or None
        # aiogram hands the limit to aiohttp as it is, which takes more than a number
        self.timeout = cast("float", limits(ANSWER_SECONDS))

    async def create_session(self) -> ClientSession:
        """The connections of this bot, opened when they are first needed."""
        if self._session is None or self._session.closed:
            connector = self._connector_type(**self._connector_init)
            self._session = ClientSession(connector=connector, proxy=self._http_proxy)
        return self._session


async def request(bot: Bot, method: TelegramMethod[Any], *, seconds: float = 0) -> Any:
    """The method's result; ``seconds`` replaces the usual minute."""
    timeout = cast("int", limits(seconds)) if seconds else None
    return await bot(method, request_timeout=timeout)

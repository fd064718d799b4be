"""Which channel a bot of the project speaks on; the one place that knows them all."""

from __future__ import annotations

from pathlib import Path

from bots.channel import BotHalted, Channel
from bots.rates import LIMITS, Ceiling
from bots.uploads import StoredUploads, Uploads
from flows.project import Bot
from storage.work import Database
from voronka.clocks import time_flies
from voronka.settings import Settings
from voronka.speech import Mistake


def is_ready(bot: Bot, settings: Settings) -> bool:
    """Whether everything that the bot needs to start is set; a terminal has no bot to start."""
    if bot.channel in {"web", "terminal"}:
        return bot.channel == "web"
    return bool(bot.token and settings.read(bot.token))


def messenger_channel(bot: Bot, settings: Settings, media: Path, database: Database) -> Channel:
    """The bot's client in its messenger; a ``Mistake`` when its token cannot be one."""
    return client_of(bot, settings, media, StoredUploads(database, bot.name))


def client_of(bot: Bot, settings: Settings, media: Path, uploads: Uploads) -> Channel:
    """The same with a memory of uploaded files that may be anything."""
    token = settings.read(bot.token).reveal()
    given = {
        "bot": bot.name,
        "media": media,
        "uploads": uploads,
        "api_url": settings.read(bot.api_url).reveal(),
        "proxy": settings.read(bot.proxy).reveal(),
        "ceiling": None if time_flies() else Ceiling(LIMITS[bot.channel].calls),
    }
    hooked = bot.updates == "webhook"
    try:
        if bot.channel == "telegram":
            from bots.telegram.channel import TelegramChannel

            return TelegramChannel(token, hooked=hooked, **given)  # type: ignore[arg-type]
        from bots.vk.channel import VkChannel

        if hooked:  # the long poll is only asked for what the callbacks missed
            given["poll_seconds"] = 1
        return VkChannel(token, group=int(bot.group or 0), **given)  # type: ignore[arg-type]
    except BotHalted:
        raise Mistake(
            f"Бот «{bot.name}»: в {bot.token} — не токен.",
            f"The bot “{bot.name}”: {bot.token} holds no token.",
        ) from None

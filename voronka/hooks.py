"""Webhooks of a project's bots: their addresses, their secrets, and who answers them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bots.hooks import SECRET, SHORTEST, Hook, Memory, NoMemory, StoredMemory, Webhook
from flows.project import Bot, Project
from flows.secrecy import Secret
from voronka.settings import Settings
from voronka.speech import Mistake

if TYPE_CHECKING:
    from storage.seal import Seal
    from storage.work import Database

HOOKED = ("telegram", "vk")
LONGEST = {"telegram": 256, "vk": 50}
"""The messengers' own limits: setWebhook.secret_token, groups.addCallbackServer.secret_key."""


def url_of(project: Project, bot: Bot) -> str:
    """Where the bot's updates come, "" when the project tells no address of its own."""
    public = project.public_url.rstrip("/")
    return f"{public}/hooks/{bot.name}" if public else ""


def secrets_of(bot: Bot, settings: Settings, seal: Seal) -> tuple[Secret, ...]:
    """What proves that updates are the messenger's, the one to tell it first.

    Written nowhere it is derived from the keys, the bot's name and its token. A ``Mistake`` when
    the one that is written could be guessed or the messenger would not take it (R10).
    """
    longest = LONGEST[bot.channel]
    if not bot.secret:
        token = hashlib.sha256(settings.read(bot.token).reveal().encode()).hexdigest()
        made = seal.secrets(f"hook:{bot.name}:{token}")
        return tuple(Secret(one[:longest]) for one in made)
    secret = settings.demand(bot.secret, f"bots → {bot.name} → secret")
    wrong = secret_fault(bot, settings)
    if wrong is not None:
        raise wrong
    return (secret,)


def secret_fault(bot: Bot, settings: Settings) -> Mistake | None:
    """Why the messenger or we would not take the secret that is written; None when it is fit."""
    secret, longest = settings.read(bot.secret).reveal(), LONGEST.get(bot.channel, 0)
    if bot.updates != "webhook" or not secret:
        return None
    if SECRET.fullmatch(secret) and len(secret) <= longest:
        return None
    return Mistake(
        f"Бот «{bot.name}»: secret для вебхука — {SHORTEST}–{longest} знаков A-Z a-z 0-9 _ -."
        " Уберите secret, и он получится из VORONKA_KEYS сам.",
        f"The bot “{bot.name}”: a webhook's secret is {SHORTEST}–{longest} of A-Z a-z 0-9 _ -."
        " Remove secret, and it is made of VORONKA_KEYS.",
    )


@dataclass(frozen=True, slots=True)
class Hooks:
    """The webhooks as the project wants them."""

    project: Project
    settings: Settings
    seal: Seal

    def hook(self, bot: Bot, memory: Memory | None = None) -> Hook:
        """The bot's; without its secrets where the bot polls."""
        on = bot.updates == "webhook"
        secrets = secrets_of(bot, self.settings, self.seal) if on else ()
        return Hook(bot.name, url_of(self.project, bot), secrets, on, memory or NoMemory())

    def of(
        self, ready: Iterable[Bot], database: Database, channels: Mapping[str, Any]
    ) -> dict[str, Webhook]:
        """Those of the bots at work; where a bot polls it is known so that it can end."""
        found = {}
        for bot in ready:
            if bot.channel in HOOKED:
                hook = self.hook(bot, StoredMemory(database, bot.name))
                found[bot.name] = webhook_of(hook, bot, channels[bot.name])
        return found


def webhook_of(hook: Hook, bot: Bot, channel: Any) -> Webhook:
    """The webhook through the bot's own channel."""
    if bot.channel == "telegram":
        from bots.telegram.webhook import TelegramWebhook

        return TelegramWebhook(channel.ask, hook)
    from bots.vk.callback import VkCallback

    return VkCallback(channel.ask, lambda: int(channel.group), hook)

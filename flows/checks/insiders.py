"""Testers and the owner's chats: the bots that they are of are there."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.house import House
from flows.checks.subject import at
from flows.problems import Problem, closest, problem

CHANNELS = ("telegram", "vk")


def accounts_without_bot(house: House) -> Iterator[Problem]:
    """Accounts are of a channel that a bot speaks on."""
    spoken = {bot.channel for bot in house.project.bots.values()}
    for named in (house.project.testers, house.project.alerts):
        for channel in CHANNELS:
            if getattr(named, channel) and channel not in spoken:
                yield problem("channel-without-bot", at(named, channel), channel=channel)


def tellers(house: House) -> Iterator[Problem]:
    """The bot that tells the owner is there, and so is a chat on its channel."""
    alerts, bots = house.project.alerts, house.project.bots
    if not alerts.bot:
        return
    where = at(alerts, "bot")
    bot = bots.get(alerts.bot)
    if bot is None:
        yield problem("alert-bot-unknown", where, name=alerts.bot, close=closest(alerts.bot, bots))
    elif not alerts.on(bot.channel):
        yield problem("alert-bot", where, name=bot.name, channel=bot.channel)

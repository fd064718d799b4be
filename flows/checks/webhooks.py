"""The project file: bots whose updates come by themselves, and the address they come to."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from flows.checks.house import House
from flows.checks.subject import at
from flows.problems import Problem, problem
from flows.project import Bot

HOOKED = ("telegram", "vk")
PORTS = (443, 80, 88, 8443)
"""Where Telegram brings updates: https://core.telegram.org/bots/api#setwebhook."""
_LOCAL = "localhost"


def webhooks_of_pages(house: House) -> Iterator[Problem]:
    """Only a messenger brings updates by itself."""
    for bot in house.project.bots.values():
        if bot.updates == "webhook" and bot.channel not in HOOKED:
            where = at(bot, "updates")
            yield problem("webhook-channel", where, bot=bot.name, channel=bot.channel)


def webhooks_nowhere(house: House) -> Iterator[Problem]:
    """A messenger can find the program, and nobody reads on the way."""
    url = _address(house)
    for bot in _hooked(house):
        if not url.hostname:
            yield problem("webhook-address", at(bot, "updates"), bot=bot.name)
        elif url.scheme != "https" and not is_loopback(url.hostname):
            yield problem("webhook-address", at(house.project, "public_url"), bot=bot.name)


def webhooks_at_odd_ports(house: House) -> Iterator[Problem]:
    """Telegram knocks at four ports; a Bot API server of one's own at any."""
    url = _address(house)
    for bot in _hooked(house):
        official = bot.channel == "telegram" and not bot.api_url
        if official and url.scheme == "https" and _port(url) not in PORTS:
            listed = ", ".join(map(str, PORTS))
            yield problem("webhook-port", at(house.project, "public_url"), ports=listed)
            return


def is_loopback(host: str) -> bool:
    """Whether it is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == _LOCAL


def _hooked(house: House) -> Iterator[Bot]:
    for bot in house.project.bots.values():
        if bot.updates == "webhook" and bot.channel in HOOKED:
            yield bot


def _address(house: House) -> SplitResult:
    try:
        return urlsplit(house.project.public_url)
    except ValueError:
        return urlsplit("")


def _port(url: SplitResult) -> int:
    try:
        return url.port or PORTS[0]
    except ValueError:
        return 0

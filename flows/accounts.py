"""Accounts of the project's own people: who tries the bots out, and where the owner is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.problems import Mark
from flows.reading import Reading, as_scalar, items_of, key, name, source_node
from flows.shapes import shaped, written_as
from flows.source import Mapping, Node


@shaped(written_as("^-?[0-9]{1,20}$", also=("integer",)))
def account(node: Node, reading: Reading) -> str:
    """An id of a chat or an account, as the channel writes it."""
    scalar = as_scalar(node, reading)
    if re.fullmatch(r"-?[0-9]{1,20}", scalar.text):
        return scalar.text
    raise reading.refuse("bad-account", scalar.mark, account=scalar.text)


accounts = items_of(account)
"""A reader of one account or of a list."""


@dataclass(frozen=True, kw_only=True)
class Testers:
    """The accounts that may ``/reset`` themselves and ``/preview`` letters, by channel."""

    mark: Mark
    node: Mapping | None = source_node()
    telegram: tuple[str, ...] = key(accounts, default=())
    vk: tuple[str, ...] = key(accounts, default=())

    def on(self, channel: str) -> frozenset[str]:
        """Those of the channel."""
        return frozenset(getattr(self, channel, ()))


@dataclass(frozen=True, kw_only=True)
class Alerts:
    """The chats that are told when something needs a person, by channel; ``bot`` tells them."""

    mark: Mark
    node: Mapping | None = source_node()
    telegram: tuple[str, ...] = key(accounts, default=())
    vk: tuple[str, ...] = key(accounts, default=())
    bot: str = key(name, default="")

    def on(self, channel: str) -> tuple[str, ...]:
        """The chats of the channel."""
        return tuple(getattr(self, channel, ()))

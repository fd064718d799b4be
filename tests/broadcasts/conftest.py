"""The runtime with people to write to, on both databases."""

from collections.abc import AsyncIterator

import pytest

from storage.database import open_database
from tests.bots.runtime import PROJECT, World, loaded
from tests.broadcasts.mailing import SHOP

LIMITS = "limits: {gap: 3h, requested_per_day: 3, advertising_per_day: 1, quiet: 22:00-09:00}\n"


async def _world(url: str, *names: str) -> AsyncIterator[World]:
    database = await open_database(url, exclusive=True)
    made = World(database, names=names, funnel=SHOP)
    made.project = loaded(SHOP, PROJECT + LIMITS)
    made.runner = made.made()
    yield await made.open()
    await database.close()


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """One bot on Telegram."""
    async for made in _world(database_url, "tg"):
        yield made


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[World]:
    """A bot on Telegram and one on VK."""
    async for made in _world(database_url, "tg", "vk"):
        yield made

"""The runtime on both databases."""

from collections.abc import AsyncIterator

import pytest

from storage.database import open_database
from tests.bots.runtime import World


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """A runtime with one bot, on SQLite and on PostgreSQL."""
    database = await open_database(database_url, exclusive=True)
    yield await World(database).open()
    await database.close()


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[World]:
    """A runtime with a bot on Telegram and one on VK."""
    database = await open_database(database_url, exclusive=True)
    yield await World(database, names=("tg", "vk")).open()
    await database.close()

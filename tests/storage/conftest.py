"""A database of each kind, and the rows that most tests stand on."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert

from storage.database import open_database
from storage.tables import bots, documents, identities, people, programs
from storage.work import Database, Do


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database, on SQLite and on PostgreSQL."""
    opened = await open_database(database_url, exclusive=True)
    yield opened
    await opened.close()


@pytest.fixture
async def crowd(database: Database) -> Database:
    """The database with bot 1, program 1, document 1 and people 1 to 3, an identity each."""
    for table, many in ((bots, 1), (programs, 1), (documents, 1), (people, 3), (identities, 3)):
        assert await database.ids(table, many) == list(range(1, many + 1))
    await database.commit(
        [
            Do(insert(bots), [{"id": 1, "name": "a", "channel": "telegram", "external_id": "7"}]),
            Do(insert(programs), [{"id": 1, "funnel": "f", "hash": "h", "text": "t"}]),
            Do(
                insert(documents),
                [{"id": 1, "name": "pd", "version": "1", "sha256": "s", "text": "t"}],
            ),
            Do(insert(people), [{"id": n, "uid": f"u{n}"} for n in (1, 2, 3)]),
            Do(
                insert(identities),
                [
                    {"id": n, "person_id": n, "bot_id": 1, "external_id": str(100 + n)}
                    for n in (1, 2, 3)
                ],
            ),
        ]
    )
    return database

"""`voronka bots`: a pause is a row's state, the audit knows who asked for it (R32)."""

import asyncio
import json

import pytest
from sqlalchemy import select

from storage import bots
from storage.database import open_database
from storage.tables import audit


@pytest.fixture
def site(voronka, project):
    """A project whose bot `site` was started once."""
    assert voronka("db", "upgrade").exit_code == 0
    url = f"sqlite:///{project}/var/voronka.db"

    async def begin():
        database = await open_database(url, exclusive=False)
        known = {"name": "site", "channel": "web", "external_id": "s"}
        await database.commit(bots.register([known]))
        await database.close()

    asyncio.run(begin())
    return url


def deeds(url):
    async def found():
        database = await open_database(url, exclusive=False)
        rows = await database.fetch(select(audit.c.action, audit.c.subject))
        await database.close()
        return [tuple(row) for row in rows]

    return asyncio.run(found())


def test_a_bot_is_paused_and_goes_on(voronka, site):
    assert voronka("bots", "pause", "site").exit_code == 0
    assert json.loads(voronka("bots", "list", "--json").output)[0]["state"] == "paused"
    assert "на паузе" in voronka("bots", "list").output
    assert voronka("bots", "resume", "site").exit_code == 0
    assert "Так и было" in voronka("bots", "resume", "site").output
    assert deeds(site) == [("paused", "bot:site"), ("resumed", "bot:site")]


def test_an_unknown_bot_is_named_with_those_that_there_are(voronka, site):
    told = voronka("bots", "pause", "sit")
    assert told.exit_code == 2
    assert "site" in told.output


def test_a_halted_bot_is_not_paused(voronka, site):
    async def halt():
        database = await open_database(site, exclusive=False)
        await database.commit(bots.set_state(1, "halted", "the token was revoked"))
        await database.close()

    asyncio.run(halt())
    assert "voronka doctor" in voronka("bots", "pause", "site").output

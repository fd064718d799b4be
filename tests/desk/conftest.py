"""A database with leads whose words are hostile to whatever shows them."""

import secrets
from collections.abc import Callable, Sequence

import pytest

from storage import bots, leads, people
from storage.database import open_database
from storage.seal import Seal, new_keys, read_keys
from storage.tables import identities as identities_table
from storage.tables import leads as leads_table
from storage.tables import people as people_table


@pytest.fixture
def keys():
    """Fresh keys as VORONKA_KEYS holds them."""
    return new_keys()


@pytest.fixture
def seal(keys) -> Seal:
    """The seal of the keys."""
    return Seal(read_keys(keys))


@pytest.fixture
def add_leads(seal) -> Callable:
    """A function that stores a lead of its own person for each of the answers given."""

    async def add(url: str, answers: Sequence[list[list[str]]], **more) -> None:
        database = await open_database(url, exclusive=False)
        try:
            bot = {"name": "site", "channel": "web", "external_id": "site"}
            await database.commit(bots.register([bot]))
            bot_id = (await database.fetch(bots.named("site")))[0].id
            for number, told in enumerate(answers):
                await _add(database, seal, bot_id, number, told, more)
        finally:
            await database.close()

    return add


async def _add(database, seal, bot_id, number, told, more) -> None:
    person_id = (await database.ids(people_table, 1))[0]
    identity_id = (await database.ids(identities_table, 1))[0]
    name = {"first_name": told[0][2] if told else "Анна", "username": "anna"}
    sender = {
        "person_id": person_id,
        "identity_id": identity_id,
        "uid": secrets.token_hex(8),
        "bot_id": bot_id,
        "external_id": str(identity_id),
        "can_write": 1,
        "name_sealed": seal.seal_json("identities.name_sealed", name),
    }
    lead_id = (await database.ids(leads_table, 1))[0]
    lead = {
        "id": lead_id,
        "uid": secrets.token_hex(8),
        "person_id": person_id,
        "run_id": None,
        "title": "Заявка",
        "team": "sales",
        "captured_us": 1_767_225_600_000_000 + number * 60_000_000,  # 2026-01-01 00:00 UTC
        "answers_sealed": seal.seal_json("leads.answers_sealed", {"answers": told, "link": "may"}),
        "source": "Реклама",
        "value": 1500.5,
        **more,
    }
    await database.commit([*people.create([sender]), *leads.capture([lead])])

"""What is old goes a page at a time, what must stay stays, and tables stop growing (R60)."""

import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from bots.vault import Vault
from flows.project import Keep
from storage import retention
from storage.tables import (
    bots,
    consents,
    identities,
    inbox,
    journal,
    messages,
    outbox,
    web_visitors,
)
from storage.tables import leads as leads_table
from storage.tables import people as people_table
from storage.tables import requests as requests_table
from storage.work import Do
from tests.bots.runtime import SEAL, World

DAY_US = 24 * 3_600 * 1_000_000
SWEPT = (inbox, outbox, messages, journal, requests_table, web_visitors)


def keep(**days: int) -> Keep:
    return Keep(**{name: count * DAY_US for name, count in days.items()})


async def sizes(world: World) -> dict[str, int]:
    found = {}
    for table in SWEPT:
        counted = select(func.count().label("n")).select_from(table)
        found[table.name] = (await world.database.fetch(counted))[0].n
    return found


async def test_old_rows_go_and_people_consents_and_leads_stay(world: World):
    await world.reach_lead()
    await world.passes(days=3)
    leads_of = [row.id for row in await world.rows(journal, journal.c.lead_id.is_not(None))]
    assert leads_of
    world.runner.retention.keep = keep(events=30, calls=30, talks=60)
    assert await world.runner.retention.sweep() == 0, "nothing is old yet"
    before = await sizes(world)
    world.clock.move(timedelta(days=40))
    await world.runner.retention.sweep()
    after = await sizes(world)
    assert after["inbox"] == after["outbox"] == 0
    assert after["messages"] == before["messages"]
    assert after["journal"] >= before["journal"]
    world.clock.move(timedelta(days=30))
    await world.runner.retention.sweep()
    assert (await sizes(world))["messages"] == 0
    left = await world.rows(journal)
    assert [row.id for row in left] == leads_of
    assert len(await world.rows(people_table)) == 1
    assert await world.rows(consents)
    (lead,) = await world.rows(leads_table)
    assert lead.answers_sealed


async def test_after_all_is_forgotten_the_person_goes_on(world: World):
    await world.does(start="")
    world.runner.retention.keep = keep(events=2, calls=2, talks=2)
    old = world.tg.button("С нуля", "7")
    world.clock.move(timedelta(days=30))
    await world.runner.retention.sweep()
    assert (await sizes(world))["messages"] == 0
    await world.does(press=old)
    assert "Какой у вас уровень?" in world.tg.texts("7")[-1]
    await world.presses("С нуля")
    assert world.tg.texts("7")[-1] == "Сколько занятий в неделю?"


async def test_what_waits_for_a_person_or_for_its_turn_stays(world: World):
    await world.does(start="")
    await world.database.commit(
        [
            Do(insert(inbox), [event(1, "dead"), event(2, "new"), event(3, "ignored")]),
            Do(insert(requests_table), [request(1, "dead"), request(2, "queued")]),
        ]
    )
    said = {"id": 77, "identity_id": 1, "direction": "out", "key": "k", "at_us": 1, "kind": ""}
    call = {"message_id": 77, "bot_id": 1, "chat": "9", "person_id": 1, "lane": 2, "due_us": 2**60}
    await world.database.commit([Do(insert(messages), [said]), Do(insert(outbox), [call])])
    world.clock.move(timedelta(days=4_000))
    await world.runner.retention.sweep()
    assert [row.state for row in await world.events()] == ["dead", "new"]
    assert [row.state for row in await world.rows(requests_table)] == ["dead", "queued"]
    assert [row.id for row in await world.rows(messages)] == [77]
    assert [row.state for row in await world.calls()] == ["queued"]


def event(number: int, state: str) -> dict:
    return {"source_key": f"x:{number}", "kind": "person", "received_us": 1, "state": state}


def request(number: int, state: str) -> dict:
    return {"key": f"k{number}", "target": "http:a", "due_us": 1, "state": state}


async def test_keys_of_events_outlive_the_shortest_wish(world: World):
    await world.does(start="")
    world.runner.retention.keep = keep(events=0, calls=0, talks=0)
    world.clock.move(timedelta(days=1))
    assert await world.runner.retention.sweep() == 0
    world.clock.move(timedelta(days=2))
    assert await world.runner.retention.sweep() > 0


async def test_pages_follow_each_other_until_the_young_rows(world: World):
    old = [event(number, "done") for number in range(2 * retention.PAGE + 10)]
    young = [
        {**event(number, "done"), "source_key": f"y:{number}", "received_us": 2**60}
        for number in range(20)
    ]
    await world.database.commit([Do(insert(inbox), old), Do(insert(inbox), young)])
    assert await world.runner.retention.sweep() == len(old)
    assert (await sizes(world))["inbox"] == len(young)


async def test_tables_stop_growing_when_the_same_happens_every_day(world: World):
    world.runner.retention.keep = keep(events=3, calls=3, talks=6)
    await world.does(start="")
    seen = []
    for _ in range(16):
        await world.does(text="Чепуха какая-то")
        await world.passes(days=1)
        await world.runner.retention.sweep()
        seen.append(await sizes(world))
    assert seen[-1] == seen[-4] == seen[-7], seen
    assert seen[-1]["messages"] > 0


async def test_files_of_nobody_and_of_the_erased_go(world: World, tmp_path: Path):
    vault = Vault(tmp_path / "uploads", SEAL)
    world.runner.house.vault = vault
    await world.database.commit(
        [
            Do(
                insert(bots), [{"id": 5, "name": "site", "channel": "web", "external_id": "?site"}]
            ),
            Do(
                insert(people_table),
                [
                    {"id": 51, "uid": "a", "erased_us": None},
                    {"id": 52, "uid": "b", "erased_us": 5},
                ],
            ),
            Do(
                insert(identities),
                [
                    {"id": 51, "person_id": 51, "bot_id": 5, "external_id": "known"},
                    {"id": 52, "person_id": 52, "bot_id": 5, "external_id": "erased"},
                ],
            ),
        ]
    )
    for owner in ("known", "erased", "nobody", "young"):
        assert vault.put(owner, "file", b"data")
        if owner != "young":
            os.utime(vault.folder / owner, (1_000, 1_000))
    await world.runner.retention.sweep()
    assert sorted(each.name for each in vault.folder.iterdir()) == ["known", "young"]


async def test_only_the_clocks_holder_forgets_and_once_a_day(world: World):
    assert await world.runner.retention._is_due()
    assert not await world.runner.retention._is_due()
    world.clock.move(timedelta(days=1))
    assert await world.runner.retention._is_due()

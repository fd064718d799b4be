"""Leads, consents, facts and everything else that is kept about people and bots."""

import asyncio

import pytest
from sqlalchemy import delete, select, update

from storage import (
    bots,
    consents,
    contacts,
    documents,
    facts,
    journal,
    leads,
    leases,
    notes,
    programs,
    runs,
    tables,
    uploads,
    visitors,
)
from storage.work import Conflict, Database, Do, RowRefused


def lead(number: int, title: str = "Заявка", **more) -> dict:
    return {
        "id": number,
        "uid": f"L{number}",
        "person_id": 1,
        "run_id": None,
        "title": title,
        "team": "sales",
        "captured_us": number,
        **more,
    }


async def test_r48_a_lead_is_one_per_run_and_title(crowd: Database):
    run = {"id": 1, "identity_id": 1, "person_id": 1, "funnel": "f", "program_id": 1}
    await crowd.commit(runs.add([{**run, "number": 1, "entered_us": 1, "state_sealed": b"s"}]))
    await crowd.commit(leads.capture([lead(1, run_id=1), lead(2, "Другая", run_id=1)]))
    await crowd.commit(leads.take(1, "olga", now_us=5))
    await crowd.commit(leads.capture([lead(3, run_id=1, priority="urgent", value=9.5)]))
    first, second = await crowd.fetch(leads.of_people([1]))
    assert (first.id, first.priority, first.value, first.revision) == (1, "urgent", 9.5, 3)
    assert (first.manager, first.uid) == ("olga", "L1")
    assert second.title == "Другая"


async def test_r49_two_managers_take_a_lead_and_one_wins(crowd: Database):
    await crowd.commit(leads.capture([lead(1)]))
    tries = (crowd.commit(leads.take(1, name, 7)) for name in ("olga", "ivan"))
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in done].count(Conflict) == 1
    (row,) = await crowd.fetch(leads.of_people([1]))
    assert row.taken_us == 7


async def test_leads_are_paged_and_filtered(crowd: Database):
    await crowd.commit(
        leads.capture([lead(n, team="sales" if n % 2 else "vip") for n in range(1, 8)])
    )
    page = await crowd.fetch(leads.page(before_id=6, limit=2, team="sales"))
    assert [row.id for row in page] == [5, 3]
    assert await crowd.fetch(leads.page(before_id=None, limit=2, manager="olga")) == []
    export = await crowd.fetch(leads.export(after_id=2, limit=3, from_us=0, to_us=5))
    assert [row.id for row in export] == [3, 4]


async def test_cards_are_kept_one_a_chat(crowd: Database):
    await crowd.commit(leads.capture([lead(1)]))
    card = {"lead_id": 1, "bot_id": 1, "chat": "-5", "message_id": None, "revision": 1}
    await crowd.commit(leads.put_cards([card]))
    await crowd.commit(leads.put_cards([{**card, "message_id": "88", "revision": 2}]))
    (shown,) = await crowd.fetch(leads.cards_of([1]))
    assert (shown.revision, shown.message_id) == (2, "88")


def consent(key: str, action: str, **more) -> dict:
    return {
        "key": key,
        "identity_id": 1,
        "person_id": 1,
        "document_id": 1,
        "action": action,
        "at_us": 1,
        **more,
    }


async def test_a_consent_is_stored_once_by_its_key(crowd: Database):
    for one in (consent("1:1:0", "given"), consent("1:2:0", "refused")):
        await crowd.commit(consents.add([one]))
        await crowd.commit(consents.add([one]))
    stored = await crowd.fetch(select(tables.consents).order_by(tables.consents.c.id))
    assert [row.action for row in stored] == ["given", "refused"]


async def test_consents_are_only_added(crowd: Database):
    await crowd.commit(consents.add([consent("1", "given")]))
    for statement in (update(tables.consents).values(action="refused"), delete(tables.consents)):
        with pytest.raises(RowRefused, match="only added"):
            await crowd.commit([Do(statement)])
    assert len(await crowd.fetch(select(tables.consents))) == 1


async def test_documents_keep_every_version(crowd: Database):
    await crowd.commit(documents.add([{"name": "pd", "version": "1", "sha256": "x", "text": "y"}]))
    (row,) = await crowd.fetch(documents.find("pd", "1"))
    assert (row.name, row.sha256) == ("pd", "s")


async def test_facts_are_replaced(crowd: Database):
    fact = {"person_id": 1, "funnel": "f", "name": "goal", "value": "exam", "at_us": 1}
    await crowd.commit(facts.put([fact, {**fact, "person_id": 2}]))
    await crowd.commit(facts.put([{**fact, "value": "travel", "at_us": 2}]))
    secret = {"person_id": 1, "funnel": "", "name": "city", "value_sealed": b"s", "at_us": 1}
    await crowd.commit(facts.put([secret]))
    known = select(tables.facts).where(tables.facts.c.name == "goal")
    values = [(row.person_id, row.value) for row in await crowd.fetch(known)]
    assert sorted(values) == [(1, "travel"), (2, "exam")]
    await crowd.commit(facts.forget([{"person_id": 1, "funnel": "f", "name": "goal"}]))
    mine = select(tables.facts).where(tables.facts.c.person_id == 1)
    assert [row.name for row in await crowd.fetch(mine)] == ["city"]


async def test_a_contact_is_verified_for_one_person_only(crowd: Database):
    phone = {"person_id": 1, "kind": "phone", "digest": b"d", "value_sealed": b"v"}
    await crowd.commit(contacts.put([{**phone, "verified_us": 5, "last4_digest": b"4"}]))
    await crowd.commit(contacts.put([phone]))
    known = select(tables.contacts).order_by(tables.contacts.c.person_id)
    (mine,) = await crowd.fetch(known)
    assert mine.verified_us == 5
    await crowd.commit(contacts.put([{**phone, "person_id": 2, "verified_us": 9}]))
    proofs = [(row.person_id, row.verified_us) for row in await crowd.fetch(known)]
    assert proofs == [(1, None), (2, 9)]


async def test_the_journal_is_read_by_person(crowd: Database):
    line = {"at_us": 5, "kind": "held", "person_id": 1, "run_id": 2, "until_us": 9}
    await crowd.commit(journal.add([line, {"at_us": 6, "kind": "taken", "lead_id": 3}]))
    assert [row.until_us for row in await crowd.fetch(journal.of_person(1, None, 5))] == [9]


async def test_bots_keep_their_row_cursor_and_state(crowd: Database):
    await crowd.commit(bots.register([{"name": "a", "channel": "vk", "external_id": "8"}]))
    await crowd.commit([*bots.move_cursor(1, "77"), *bots.set_state(1, "halted", "401")])
    (row,) = await crowd.fetch(bots.named("a"))
    assert (row.id, row.channel, row.cursor, row.state) == (1, "vk", "77", "halted")


async def test_one_program_of_a_funnel_is_live(crowd: Database):
    await crowd.commit(programs.add([{"funnel": "f", "hash": "h2", "text": "new"}]))
    await crowd.commit(programs.add([{"funnel": "f", "hash": "h2", "text": "other"}]))
    await crowd.commit(programs.make_live("f", "h"))
    await crowd.commit(programs.make_live("f", "h2"))
    living = select(tables.programs).where(tables.programs.c.live == 1)
    (live,) = await crowd.fetch(living)
    assert (live.hash, live.text) == ("h2", "new")
    with pytest.raises(Conflict):
        await crowd.commit(programs.make_live("f", "unknown"))
    assert len(await crowd.fetch(living)) == 1
    assert (await crowd.fetch(programs.find("f", "h")))[0].id == 1


async def test_r12_a_lease_has_one_holder_and_a_growing_fence(database: Database):
    async def take(owner: str, seconds: float = 60) -> list[int]:
        return [
            row.fence for row in await database.returning(leases.take("send:1", owner, seconds))
        ]

    assert await take("a") == [1]
    assert await take("b") == []
    assert await take("a", seconds=-1) == [1]
    assert await take("b") == [2]
    await database.commit(leases.give_back("b"))
    assert await take("b") == [3]
    (row,) = await database.fetch(leases.holders())
    assert (row.owner, row.fence) == ("b", 3)


async def test_r12_a_lease_that_ran_out_while_nobody_took_it_keeps_its_fence(database: Database):
    async def take(seconds: float) -> list[int]:
        return [row.fence for row in await database.returning(leases.take("send:1", "a", seconds))]

    assert await take(-3_600) == [1]  # the clock jumped an hour ahead, or the process stood still
    assert await take(60) == [1]


async def test_a_chore_is_claimed_once(database: Database):
    async def claim(now_us: int) -> int:
        return len(await database.returning(leases.claim_chore("prune", now_us, now_us + 10)))

    assert sum(await asyncio.gather(*(claim(100) for _ in range(5)))) == 1
    assert [await claim(109), await claim(110), await claim(111)] == [0, 1, 0]


async def test_r45_the_newest_upload_is_remembered(crowd: Database):
    done = {"bot_id": 1, "sha256": "s", "kind": "photo", "file_ref": "A"}
    await crowd.commit(uploads.put([done]))
    await crowd.commit(uploads.put([{**done, "file_ref": "B"}]))
    (row,) = await crowd.fetch(uploads.find(1, "s", "photo"))
    assert row.file_ref == "B"


async def test_a_visitor_gets_one_identity(crowd: Database):
    await crowd.commit(visitors.add([{"key_hash": b"k", "bot_id": 1, "created_us": 1}]))
    await crowd.commit(visitors.meet(b"k", 1))
    with pytest.raises(Conflict):
        await crowd.commit(visitors.meet(b"k", 2))
    assert [row.identity_id for row in await crowd.fetch(visitors.find(b"k"))] == [1]


async def test_notes_are_kept(database: Database):
    await database.commit(notes.put("hold", "1"))
    await database.commit(notes.put("hold", "2"))
    assert [row.value for row in await database.fetch(notes.find("hold"))] == ["2"]


def test_an_unknown_column_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError, match="journal has no whom"):
        journal.add([{"at_us": 1, "whom": "x", "kind": "taken"}])

"""Leads, consents, facts and everything else that is kept about people and bots."""

import asyncio

import pytest

from storage import (
    audit,
    bots,
    broadcasts,
    codes,
    consents,
    contacts,
    documents,
    facts,
    journal,
    leads,
    leases,
    messages,
    notes,
    outbox,
    programs,
    requests,
    uploads,
    users,
    visitors,
)
from storage.work import Conflict, Database, RowRefused


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
    from storage import runs

    run = {"id": 1, "identity_id": 1, "person_id": 1, "funnel": "f", "program_id": 1}
    await crowd.commit(runs.add([{**run, "number": 1, "entered_us": 1, "state_sealed": b"s"}]))
    await crowd.commit(leads.capture([lead(1, run_id=1), lead(2, "Другая", run_id=1)]))
    await crowd.commit(leads.take(1, "olga", now_us=5))
    await crowd.commit(leads.capture([lead(3, run_id=1, priority="urgent", value=9.5)]))
    first, second = await crowd.fetch(leads.of_runs([1]))
    assert (first.id, first.priority, first.value, first.revision) == (1, "urgent", 9.5, 3)
    assert (first.manager, first.uid) == ("olga", "L1")
    assert second.title == "Другая"


async def test_r49_two_managers_take_a_lead_and_one_wins(crowd: Database):
    await crowd.commit(leads.capture([lead(1)]))
    tries = (crowd.commit(leads.take(1, name, 7)) for name in ("olga", "ivan"))
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in done].count(Conflict) == 1
    (row,) = await crowd.fetch(leads.load([1]))
    assert row.taken_us == 7
    with pytest.raises(Conflict):
        await crowd.commit(leads.give_back(1, "stranger"))
    await crowd.commit(leads.give_back(1, row.manager))
    await crowd.commit(leads.set_status(1, "sold", old_status="new"))
    with pytest.raises(Conflict):
        await crowd.commit(leads.set_status(1, "refused", old_status="new"))


async def test_leads_are_paged_and_filtered(crowd: Database):
    await crowd.commit(
        leads.capture([lead(n, team="sales" if n % 2 else "vip") for n in range(1, 8)])
    )
    page = await crowd.fetch(leads.page(before_id=6, limit=2, team="sales"))
    assert [row.id for row in page] == [5, 3]
    assert await crowd.fetch(leads.page(before_id=None, limit=2, manager="olga")) == []
    export = await crowd.fetch(leads.export(after_id=2, limit=3, from_us=0, to_us=5))
    assert [row.id for row in export] == [3, 4]


async def test_cards_lead_back_to_their_lead(crowd: Database):
    await crowd.commit(leads.capture([lead(1)]))
    card = {"lead_id": 1, "bot_id": 1, "chat": "-5", "message_id": None, "revision": 1}
    await crowd.commit(leads.put_cards([card]))
    await crowd.commit(leads.put_cards([{**card, "message_id": "88", "revision": 2}]))
    (shown,) = await crowd.fetch(leads.cards_of([1]))
    (found,) = await crowd.fetch(leads.card(1, "-5", "88"))
    assert (shown.revision, found.uid) == (2, "L1")


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


async def test_the_last_word_on_a_document_counts(crowd: Database):
    await crowd.commit(documents.add([{"name": "pd", "version": "2", "sha256": "t", "text": "x"}]))
    (second,) = await crowd.fetch(documents.find("pd", "2"))
    for one in (consent("1:1:0", "given"), consent("1:2:0", "refused", document_id=second.id)):
        await crowd.commit(consents.add([one]))
        await crowd.commit(consents.add([one]))
    (last,) = await crowd.fetch(consents.last_of([1, 2]))
    assert (last.name, last.version, last.action) == ("pd", "2", "refused")
    history = await crowd.fetch(consents.history(1))
    assert [(row.version, row.action) for row in history] == [("1", "given"), ("2", "refused")]


async def test_consents_are_only_added(crowd: Database):
    from sqlalchemy import delete, update

    from storage.tables import consents as table
    from storage.work import Do

    await crowd.commit(consents.add([consent("1", "given")]))
    for statement in (update(table).values(action="refused"), delete(table)):
        with pytest.raises(RowRefused, match="only added"):
            await crowd.commit([Do(statement)])
    assert len(await crowd.fetch(consents.history(1))) == 1


async def test_documents_keep_every_version(crowd: Database):
    await crowd.commit(documents.add([{"name": "pd", "version": "1", "sha256": "x", "text": "y"}]))
    (row,) = await crowd.fetch(documents.versions())
    assert (row.name, row.sha256) == ("pd", "s")


async def test_facts_are_replaced_and_counted(crowd: Database):
    fact = {"person_id": 1, "funnel": "f", "name": "goal", "value": "exam", "at_us": 1}
    await crowd.commit(facts.put([fact, {**fact, "person_id": 2}]))
    await crowd.commit(facts.put([{**fact, "value": "travel", "at_us": 2}]))
    secret = {"person_id": 1, "funnel": "", "name": "city", "value_sealed": b"s", "at_us": 1}
    await crowd.commit(facts.put([secret]))
    shares = await crowd.fetch(facts.shares("f", "goal"))
    assert sorted(tuple(row) for row in shares) == [("exam", 1), ("travel", 1)]
    await crowd.commit(facts.forget([{"person_id": 1, "funnel": "f", "name": "goal"}]))
    assert [row.name for row in await crowd.fetch(facts.of_people([1]))] == ["city"]


async def test_a_contact_is_verified_for_one_person_only(crowd: Database):
    phone = {"person_id": 1, "kind": "phone", "digest": b"d", "value_sealed": b"v"}
    await crowd.commit(contacts.put([{**phone, "verified_us": 5, "last4_digest": b"4"}]))
    await crowd.commit(contacts.put([phone]))
    (mine,) = await crowd.fetch(contacts.find("phone", [b"d"]))
    assert mine.verified_us == 5
    await crowd.commit(contacts.put([{**phone, "person_id": 2, "verified_us": 9}]))
    found = await crowd.fetch(contacts.find("phone", [b"d"]))
    assert [(row.person_id, row.verified_us) for row in found] == [(2, 9), (1, None)]
    assert [row.person_id for row in await crowd.fetch(contacts.find_last4([b"4"]))] == [1]
    assert len(await crowd.fetch(contacts.of_people([1, 2, 3]))) == 2


async def test_the_journal_is_read_by_person_run_lead_and_kind(crowd: Database):
    line = {"at_us": 5, "kind": "held", "person_id": 1, "run_id": 2, "until_us": 9}
    await crowd.commit(journal.add([line, {"at_us": 6, "kind": "taken", "lead_id": 3}]))
    assert [row.until_us for row in await crowd.fetch(journal.of_person(1, None, 5))] == [9]
    assert len(await crowd.fetch(journal.of_run(2))) == 1
    assert len(await crowd.fetch(journal.of_lead(3))) == 1
    assert await crowd.fetch(journal.of_kind("held", 0, 5)) == []
    await crowd.commit(journal.forget(6, "held", 10))
    assert await crowd.fetch(journal.of_person(1, None, 5)) == []


async def test_bots_keep_their_row_cursor_and_state(crowd: Database):
    await crowd.commit(bots.register([{"name": "a", "channel": "vk", "external_id": "8"}]))
    await crowd.commit([*bots.move_cursor(1, "77"), *bots.set_state(1, "halted", "401")])
    await crowd.commit(bots.set_rate(1, 2500, 9))
    (row,) = await crowd.fetch(bots.named("a"))
    assert (row.id, row.channel, row.cursor, row.state, row.rate) == (
        1,
        "vk",
        "77",
        "halted",
        2500,
    )
    assert len(await crowd.fetch(bots.every())) == 1


async def test_one_program_of_a_funnel_is_live(crowd: Database):
    await crowd.commit(programs.add([{"funnel": "f", "hash": "h2", "text": "new"}]))
    await crowd.commit(programs.add([{"funnel": "f", "hash": "h2", "text": "other"}]))
    await crowd.commit(programs.make_live("f", "h"))
    await crowd.commit(programs.make_live("f", "h2"))
    (live,) = await crowd.fetch(programs.live())
    assert (live.hash, live.text) == ("h2", "new")
    with pytest.raises(Conflict):
        await crowd.commit(programs.make_live("f", "unknown"))
    assert len(await crowd.fetch(programs.live())) == 1
    await crowd.commit(programs.retire("f"))
    assert await crowd.fetch(programs.live()) == []
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


async def test_a_chore_is_claimed_once(database: Database):
    async def claim(now_us: int) -> int:
        return len(await database.returning(leases.claim_chore("prune", now_us, now_us + 10)))

    assert sum(await asyncio.gather(*(claim(100) for _ in range(5)))) == 1
    assert [await claim(109), await claim(110), await claim(111)] == [0, 1, 0]


async def test_r45_an_upload_is_remembered_until_it_is_refused(crowd: Database):
    done = {"bot_id": 1, "sha256": "s", "kind": "photo", "file_ref": "A"}
    await crowd.commit(uploads.put([done]))
    await crowd.commit(uploads.put([{**done, "file_ref": "B"}]))
    (row,) = await crowd.fetch(uploads.find(1, "s", "photo"))
    assert row.file_ref == "B"
    await crowd.commit(uploads.forget(1, "s", "photo"))
    assert await crowd.fetch(uploads.find(1, "s", "photo")) == []


async def test_a_visitor_gets_one_identity(crowd: Database):
    await crowd.commit(visitors.add([{"key_hash": b"k", "bot_id": 1, "created_us": 1}]))
    await crowd.commit(visitors.add([{"key_hash": b"z", "bot_id": 1, "created_us": 1}]))
    await crowd.commit(visitors.meet(b"k", 1))
    with pytest.raises(Conflict):
        await crowd.commit(visitors.meet(b"k", 2))
    await crowd.commit(visitors.forget_silent(5))
    assert [row.identity_id for row in await crowd.fetch(visitors.find(b"k"))] == [1]
    assert await crowd.fetch(visitors.find(b"z")) == []


async def test_a_request_is_made_once_and_given_up_or_retried(crowd: Database):
    request = {"key": "r1", "target": "crm", "due_us": 5, "request_sealed": b"q"}
    await crowd.commit(requests.add([request, {**request, "key": "r2"}]))
    await crowd.commit(requests.add([request]))
    assert [row.target for row in await crowd.fetch(requests.targets(5))] == ["crm"]
    first, second = await crowd.returning(requests.claim("crm", 5, fence=1, limit=9))
    assert await crowd.returning(requests.claim("crm", 5, fence=1, limit=9)) == []
    dead = {"id": second.id, "state": "dead", "answer_sealed": None, "error": "500"}
    await crowd.commit([*requests.retry(first.id, 8, "502"), *requests.finish([dead])])
    (again,) = await crowd.returning(requests.claim("crm", 8, fence=1, limit=9))
    assert (again.id, again.tries) == (first.id, 2)
    await crowd.commit(requests.reclaim(fence=2))
    assert [row.state for row in await crowd.fetch(requests.load([first.id]))] == ["queued"]
    assert [row.id for row in await crowd.fetch(requests.dead_rows(9))] == [second.id]


async def test_a_code_is_given_to_one_person_and_redeemed_once(crowd: Database):
    await crowd.commit(codes.add("gifts", ["A", "B", "A"]))
    got = await asyncio.gather(
        *(crowd.returning(codes.issue("gifts", n, 1, valid_us=10)) for n in (1, 2, 3))
    )
    assert sorted(row.code for rows in got for row in rows) == ["A", "B"]
    assert (await crowd.fetch(codes.left("gifts")))[0].n == 0
    with pytest.raises(Conflict):
        await crowd.commit(codes.redeem("gifts", "A", now_us=11))
    await crowd.commit(codes.redeem("gifts", "A", now_us=10))
    with pytest.raises(Conflict):
        await crowd.commit(codes.redeem("gifts", "A", now_us=10))


async def test_r46_a_broadcast_is_finished_when_every_call_is_final(crowd: Database):
    await crowd.commit(
        broadcasts.add([{"id": 1, "title": "t", "segment": "{}", "state": "planned"}])
    )
    said = {"id": 1, "broadcast_id": 1, "identity_id": 1, "direction": "out", "at_us": 1}
    call = {"id": 1, "message_id": 1, "bot_id": 1, "chat": "101", "lane": 3, "due_us": 1}
    await crowd.commit(
        [
            *broadcasts.set_state(1, "planned", "running"),
            *broadcasts.move_cursor(1, 0, 1),
            *messages.add([{**said, "key": "bc:1:1"}]),
            *outbox.add([call]),
        ]
    )
    with pytest.raises(Conflict):
        await crowd.commit(broadcasts.move_cursor(1, 0, 1))
    assert len(await crowd.fetch(broadcasts.due(0))) == 1
    assert len(await crowd.fetch(broadcasts.unfinished(1))) == 1
    from storage import delivery

    await crowd.commit(delivery.withdraw([1], 5, "blocked"))
    assert await crowd.fetch(broadcasts.unfinished(1)) == []
    counts = await crowd.fetch(delivery.broadcast_counts(1))
    assert [tuple(row) for row in counts] == [("withdrawn", 1)]


async def test_sessions_end(crowd: Database):
    await crowd.commit(users.put([{"name": "olga", "role": "manager", "hash": "x"}]))
    await crowd.commit(users.put([{"name": "olga", "role": "owner", "hash": "y"}]))
    (olga,) = await crowd.fetch(users.named("olga"))
    await crowd.commit(users.open_session(b"t", olga.id, now_us=1, ends_us=10))
    await crowd.commit(users.see_session(b"t", 5))
    (session,) = await crowd.fetch(users.session(b"t", 9))
    assert (session.role, session.seen_us) == ("owner", 5)
    assert await crowd.fetch(users.session(b"t", 10)) == []
    await crowd.commit(users.forget_ended(9))
    await crowd.commit(users.forget(olga.id))
    assert await crowd.fetch(users.every()) == []


async def test_notes_and_audit_are_kept(database: Database):
    await database.commit(notes.put("hold", "1"))
    await database.commit(notes.put("hold", "2"))
    assert [row.value for row in await database.fetch(notes.find("hold"))] == ["2"]
    await database.commit(notes.forget("hold"))
    assert await database.fetch(notes.find("hold")) == []
    await database.commit(audit.add([{"at_us": 1, "who": "olga", "action": "export"}]))
    assert [row.who for row in await database.fetch(audit.page(None, 5))] == ["olga"]
    assert len(await database.fetch(audit.about(""))) == 1


async def test_an_unknown_column_is_a_mistake_of_the_caller(database: Database):
    with pytest.raises(KeyError, match="audit has no whom"):
        audit.add([{"at_us": 1, "whom": "x", "who": "olga", "action": "export"}])

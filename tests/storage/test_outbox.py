"""Who may send what and when, and how calls end (R36, R37, R39, R43)."""

import asyncio
from collections import Counter
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from storage import delivery, inbox, messages, outbox, retention
from storage.outbox import Lane
from storage.tables import bots
from storage.tables import outbox as outbox_table
from storage.work import Database, Do

NOW = 1000


@pytest.fixture
async def queue(crowd: Database):
    """A function that queues calls: (id, person, lane) and more columns."""

    async def add(*calls: tuple, **more) -> None:
        said = [
            {
                "id": n,
                "identity_id": person,
                "person_id": person,
                "run_id": 11,
                "place": f"main.p{n}",
                "direction": "out",
                "number": n,
                "key": f"m{n}",
                "at_us": 1,
                "body_sealed": b"body",
            }
            for n, person, _ in calls
        ]
        rows = [
            {
                "id": n,
                "message_id": n,
                "bot_id": 1,
                "chat": str(100 + person),
                "person_id": person,
                "lane": lane,
                "due_us": 500,
                **more,
            }
            for n, person, lane in calls
        ]
        await crowd.commit([*messages.add(said), *outbox.add(rows)])

    return add


async def claim(database: Database, limit: int = 10, **more) -> list[int]:
    rows = await database.returning(
        *outbox.claim(1, more.pop("now", NOW), fence=more.pop("fence", 1), limit=limit, **more)
    )
    return [row.id for row in sorted(rows, key=lambda row: (row.lane, row.due_us, row.id))]


async def sent(database: Database, *ids: int) -> None:
    await database.commit(
        delivery.finish(
            [
                {"id": n, "state": "sent", "external_id": f"x{n}", "final_us": NOW, "error": ""}
                for n in ids
            ]
        )
    )


async def states(database: Database) -> dict[str, int]:
    return dict(Counter(row.state for row in await database.fetch(select(outbox_table))))


async def test_lanes_go_in_their_order(crowd: Database, queue):
    await queue((1, 1, Lane.BROADCAST), (2, 2, Lane.LETTER), (3, 3, Lane.REPLY))
    assert await claim(crowd, limit=1) == [3]
    assert await claim(crowd, limit=2) == [2, 1]


async def test_one_lane_after_another_may_be_asked_for(crowd: Database, queue):
    await queue((1, 1, Lane.BROADCAST), (2, 2, Lane.TEAM), (3, 3, Lane.REPLY))
    assert await claim(crowd, first=Lane.ACK, last=Lane.REPLY) == [3]
    assert await claim(crowd, first=Lane.TEAM) == [2]


async def test_r43_a_chat_has_one_call_in_flight_and_keeps_its_order(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 1, Lane.REPLY), (3, 1, Lane.LETTER), (4, 2, Lane.REPLY))
    assert await claim(crowd) == [1, 4]
    assert await claim(crowd) == []
    await sent(crowd, 1)
    assert await claim(crowd) == [2]
    await sent(crowd, 2)
    assert await claim(crowd) == [3]


async def test_a_reply_overtakes_a_letter_that_was_queued_before(crowd: Database, queue):
    await queue((1, 1, Lane.LETTER), (2, 1, Lane.REPLY))
    assert await claim(crowd, first=Lane.LETTER) == []
    assert await claim(crowd) == [2]


async def test_acks_know_no_order_and_hold_nobody_up(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 1, Lane.ACK), (3, 1, Lane.ACK))
    assert await claim(crowd) == [2, 3, 1]


async def test_letters_to_people_with_unread_events_wait(crowd: Database, queue):
    await queue((1, 1, Lane.LETTER), (2, 2, Lane.LETTER), (3, 1, Lane.REPLY), (4, 1, Lane.ACK))
    stop = {"source_key": "tg:1:1", "person_id": 1, "kind": "message", "received_us": 1}
    await crowd.commit(inbox.add([stop]))
    assert await claim(crowd) == [4, 3, 2]
    await sent(crowd, 2, 3, 4)
    assert await claim(crowd) == []
    (row,) = await crowd.fetch(inbox.unread_rows([1], 1))
    await crowd.commit([*inbox.finish([row.id]), *delivery.withdraw([1], NOW, "стоп")])
    assert await claim(crowd) == []
    assert await states(crowd) == {"sent": 3, "withdrawn": 1}


async def test_the_team_hears_of_people_with_unread_events_at_once(crowd: Database, queue):
    await queue((1, 1, Lane.TEAM))
    event = {"source_key": "a", "person_id": 1, "kind": "message", "received_us": 1}
    await crowd.commit(inbox.add([event]))
    assert await claim(crowd) == [1]


async def test_what_is_due_later_waits(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), due_us=NOW + 1)
    assert await claim(crowd) == []
    assert await claim(crowd, now=NOW + 1) == [1]


async def test_many_senders_take_each_call_once(crowd: Database, queue):
    await queue(*((n, n % 3 + 1, Lane.ACK) for n in range(1, 61)))
    taken = await asyncio.gather(*(claim(crowd, limit=10) for _ in range(6)))
    taken.append(await claim(crowd, limit=60))
    assert sorted(n for ids in taken for n in ids) == list(range(1, 61))


async def test_r37_the_random_id_is_given_at_the_first_claim_and_stays(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 2, Lane.REPLY))
    rows = await crowd.returning(*outbox.claim(1, NOW, fence=1, limit=5))
    assert {row.id: row.random_id for row in rows} == {n: random_id(n) for n in (1, 2)}
    await crowd.commit(delivery.postpone(1, NOW, spent=True))
    (row,) = await crowd.returning(*outbox.claim(1, NOW, fence=1, limit=5))
    assert (row.id, row.random_id, row.tries) == (1, random_id(1), 2)


def random_id(row_id: int) -> int:
    """What the database reckons at the first claim."""
    return row_id % outbox.MODULUS * outbox.MULTIPLIER % outbox.MODULUS or 1


def test_r37_random_ids_are_positive_far_apart_and_never_the_same():
    ids = [random_id(n) for n in range(1, 100_000)]
    assert len(set(ids)) == len(ids)
    assert all(0 < one < 2**31 for one in ids)
    assert random_id(2**31) == 1
    assert min(abs(a - b) for a, b in pairwise(ids)) > 1000


async def test_a_call_put_off_holds_its_followers_back(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 1, Lane.REPLY), (3, 2, Lane.REPLY), (4, 1, Lane.LETTER))
    assert await claim(crowd, limit=1) == [1]
    await crowd.commit(delivery.postpone(1, NOW + 50, "429", spent=False))
    assert await claim(crowd) == [3, 4]
    await sent(crowd, 4)
    assert await claim(crowd, now=NOW + 50) == [1]
    rows = await crowd.fetch(delivery.queued([1]))
    assert [(row.id, row.due_us) for row in rows] == [(2, NOW + 50)]


async def test_r39_waiting_for_the_limit_does_not_count_as_a_try(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY))
    for spent, tries in ((False, 0), (True, 1), (False, 1)):
        await claim(crowd)
        await crowd.commit(delivery.postpone(1, NOW, spent=spent))
        (row,) = await crowd.fetch(delivery.queued([1]))
        assert row.tries == tries


async def test_a_chat_asked_to_wait_waits_in_every_lane(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 1, Lane.LETTER), (3, 2, Lane.REPLY))
    await crowd.commit(delivery.hold_chat(1, "101", NOW + 9))
    assert await claim(crowd) == [3]


async def test_r36_calls_of_a_smaller_fence_are_doubtful_and_follow_their_rule(
    crowd: Database, queue
):
    await queue((1, 1, Lane.REPLY))
    await queue((2, 2, Lane.BROADCAST), rule="skip")
    await queue((3, 3, Lane.REPLY))
    assert await claim(crowd, fence=4, limit=2) == [1, 3]
    assert await claim(crowd, fence=4) == [2]
    assert await crowd.returning(delivery.doubtful(1, fence=4)) == []
    left = await crowd.returning(delivery.doubtful(1, fence=5))
    assert {row.id: row.rule for row in left} == {1: "resend", 2: "skip", 3: "resend"}
    await crowd.commit(delivery.postpone(1, NOW, spent=True))
    assert [row.id for row in await crowd.fetch(delivery.undecided(1))] == [2, 3]
    (again,) = await crowd.returning(*outbox.claim(1, NOW, fence=5, limit=9))
    assert (again.id, again.random_id) == (1, random_id(1))


async def test_a_late_answer_to_a_doubtful_call_is_kept(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY))
    await claim(crowd)
    await crowd.returning(delivery.doubtful(1, fence=2))
    await sent(crowd, 1)
    (said,) = await crowd.fetch(messages.load([1]))
    assert said.external_id == "x1"
    assert await crowd.fetch(delivery.undecided(1)) == []


async def test_a_final_call_stays_final(crowd: Database, queue):
    await queue((1, 1, Lane.LETTER))
    await crowd.commit(delivery.withdraw([1], NOW, "blocked"))
    await sent(crowd, 1)
    assert await claim(crowd) == []
    assert await states(crowd) == {"withdrawn": 1}


async def test_acks_expire(crowd: Database, queue):
    await queue((1, 1, Lane.ACK), (2, 2, Lane.ACK), expires_us=NOW)
    assert await claim(crowd) == []
    expired = await crowd.returning(delivery.expire(NOW))
    assert sorted(row.id for row in expired) == [1, 2]
    assert await states(crowd) == {"expired": 2}


async def test_claimed_calls_come_with_their_bodies(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 2, Lane.REPLY))
    ack = {"id": 3, "bot_id": 1, "chat": "101", "lane": Lane.ACK, "due_us": 1, "op": "answer"}
    await crowd.commit(outbox.add([{**ack, "payload_sealed": b"ok"}]))
    rows = await crowd.fetch(delivery.bodies(await claim(crowd)))
    assert [(r.id, r.body_sealed, r.payload_sealed) for r in rows] == [
        (3, None, b"ok"),
        (1, b"body", None),
        (2, b"body", None),
    ]


async def test_the_web_chat_is_fed_with_what_was_sent(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 1, Lane.REPLY), (3, 2, Lane.REPLY))
    word = {"id": 4, "identity_id": 1, "direction": "in", "key": "in4", "at_us": 1}
    await crowd.commit(messages.add([word]))
    await claim(crowd)
    await sent(crowd, 1, 3)
    feed = await crowd.fetch(messages.feed(1, after_id=0))
    assert [row.id for row in feed] == [1, 4]
    assert [row.id for row in await crowd.fetch(messages.feed(1, after_id=1))] == [4]
    changes = await crowd.fetch(messages.changes(1, after_us=0, after_id=0))
    assert [(row.call_id, row.op, row.id, row.body_sealed) for row in changes] == [
        (1, "send", 1, b"body")
    ]
    assert await crowd.fetch(messages.changes(1, NOW, 1)) == []


async def forget_calls(crowd: Database, before_us: int) -> None:
    old = await crowd.fetch(retention.final_calls(before_us))
    await crowd.commit(retention.drop_calls([row.id for row in old]))


async def test_old_final_calls_are_deleted_and_the_transcript_stays(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY))
    await claim(crowd)
    await sent(crowd, 1)
    await forget_calls(crowd, NOW + 1)
    assert await states(crowd) == {}
    assert [row.external_id for row in await crowd.fetch(messages.load([1]))] == ["x1"]


async def test_old_calls_of_a_web_chat_stay_because_its_page_shows_them(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY))
    await claim(crowd)
    await sent(crowd, 1)
    await crowd.commit([Do(update(bots).values(channel="web"))])
    await forget_calls(crowd, NOW + 1)
    assert [row.id for row in await crowd.fetch(messages.feed(1, after_id=0))] == [1]


async def test_full_chats_stay_and_their_acks_go(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 2, Lane.LETTER), (3, 3, Lane.REPLY), (4, 1, Lane.ACK))
    assert await claim(crowd, full=["101", "102", "999"]) == [4, 3]
    assert await claim(crowd) == [1, 2]


async def test_calls_that_go_together_share_a_random_id_and_repeats_keep_it(crowd, queue):
    await queue((1, 1, Lane.LETTER), (2, 2, Lane.LETTER), (3, 3, Lane.LETTER))
    assert await claim(crowd, limit=2) == [1, 2]
    await crowd.commit(outbox.share([1, 2, 3], 77))
    rows = {row.id: row for row in await crowd.fetch(select(outbox_table))}
    assert (rows[1].random_id, rows[2].random_id, rows[3].random_id) == (77, 77, None)
    await crowd.commit(
        [*delivery.postpone(1, NOW, spent=True), *delivery.postpone(2, NOW, spent=False)]
    )
    await claim(crowd)
    rows = {row.id: row for row in await crowd.fetch(select(outbox_table))}
    assert (rows[1].random_id, rows[1].tries, rows[2].random_id, rows[2].tries) == (77, 2, 77, 1)
    assert rows[3].random_id not in (None, 77)


async def test_what_was_claimed_and_not_made_goes_back(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 2, Lane.REPLY), (3, 3, Lane.REPLY))
    assert await claim(crowd, limit=2, fence=4) == [1, 2]
    await crowd.commit(outbox.give_back(1, 4, [2]))
    rows = {row.id: row for row in await crowd.fetch(select(outbox_table))}
    assert [(row.state, row.tries) for row in rows.values()] == [
        ("queued", 0),
        ("sending", 1),
        ("queued", 0),
    ]
    await crowd.commit(outbox.give_back(1, 5, []))  # another holder's
    assert (await states(crowd))["sending"] == 1
    await crowd.commit(outbox.give_back(1, 4, []))
    assert await states(crowd) == {"queued": 3}


async def test_chats_that_were_asked_to_wait_are_told(crowd: Database, queue):
    await queue((1, 1, Lane.REPLY), (2, 2, Lane.REPLY), (3, 3, Lane.REPLY))
    await claim(crowd)
    asked = "asked to wait: too many requests"
    await crowd.commit(
        [
            *delivery.postpone(1, NOW + 50, asked, spent=False),
            *delivery.postpone(2, NOW + 60, "the messenger is away", spent=False),
            *delivery.postpone(3, NOW - 1, asked, spent=False),
        ]
    )
    found = await crowd.fetch(outbox.put_off(1, NOW, "asked to wait: "))
    assert [(row.chat, row.due_us) for row in found] == [("101", NOW + 50)]

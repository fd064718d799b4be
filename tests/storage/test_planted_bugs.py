"""Bugs planted in the statements: the tests of what they promise notice each of them (F8)."""

import pytest
from sqlalchemy import delete, false, true

from storage import inbox, leases, outbox, timers
from storage.tables import timers as table
from storage.work import Database
from tests.storage import test_incoming, test_outbox, test_records, test_timers
from tests.storage.test_outbox import queue
from tests.storage.test_timers import running

__all__ = ["queue", "running"]


async def test_an_order_in_the_chat_that_nobody_keeps_is_noticed(
    crowd: Database, queue, monkeypatch
):
    monkeypatch.setattr(outbox, "_has_elder", lambda _now: false())
    monkeypatch.setattr(outbox, "_chat_is_busy", false)
    monkeypatch.setattr(outbox, "_claim", outbox._claim.__wrapped__)
    with pytest.raises(AssertionError):
        await test_outbox.test_r43_a_chat_has_one_call_in_flight_and_keeps_its_order(crowd, queue)


async def test_a_clock_that_leaves_moved_timers_is_noticed(running: Database, monkeypatch):
    monkeypatch.setattr(timers, "_delete_moved", lambda _due: delete(table).where(false()))
    with pytest.raises(AssertionError):
        await test_timers.test_due_timers_become_events_in_the_order_of_their_moments(running)


async def test_a_lease_that_is_taken_from_the_living_is_noticed(database: Database, monkeypatch):
    monkeypatch.setattr(leases, "or_", lambda *_: true())
    with pytest.raises(AssertionError):
        await test_records.test_r12_a_lease_has_one_holder_and_a_growing_fence(database)


async def test_timers_that_overtake_people_are_noticed(crowd: Database, monkeypatch):
    monkeypatch.setattr(test_incoming.inbox, "TIMERS", inbox.PEOPLE)
    with pytest.raises(AssertionError):
        await test_incoming.test_r4_people_come_before_timers_and_in_order_within_a_person(crowd)

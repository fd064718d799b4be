"""Bugs planted on purpose: a suite that cannot fail would prove nothing (F8)."""

from dataclasses import replace

import pytest

from bots import endings, hearing, inbox, nights
from bots.channel import Doubtful
from bots.sender import Sender
from storage import inbox as inbox_rows
from storage import outbox as outbox_rows
from tests.bots import test_conversations, test_ingest, test_nights, test_sending
from tests.bots.paper import PaperChannel
from tests.bots.runtime import World
from tests.bots.test_nights import evening

__all__ = ["evening"]


async def test_without_its_random_id_vk_is_told_twice(both: World):
    vk = both.channels["vk"]

    class Careless(PaperChannel):
        count = 0

        async def call(self, call):
            Careless.count += 1
            return await super().call(replace(call, random_id=Careless.count))

    vk.__class__ = Careless
    await test_sending.queue(both, bot="vk")
    vk.after = [Doubtful("lost")]
    await test_sending.send(both)
    await both.passes(seconds=5)
    assert len(vk.texts()) == 2


async def test_buttons_that_anybody_may_press_are_noticed(world: World, monkeypatch):
    monkeypatch.setattr(hearing, "_is_theirs", lambda message, item: True)
    with pytest.raises(AssertionError):
        await test_conversations.test_a_button_counts_only_for_the_one_it_was_sent_to(world)


async def test_resending_adverts_is_noticed(world: World, monkeypatch):
    monkeypatch.setattr(endings, "_may_repeat", lambda *_: True)
    with pytest.raises(AssertionError):
        await test_sending.test_a_doubtful_advert_is_left_on_telegram(world)


async def test_letters_that_do_not_wait_for_the_unread_are_noticed(world: World, monkeypatch):
    monkeypatch.setattr(outbox_rows, "PROMPT", tuple(outbox_rows.Lane))
    monkeypatch.setattr(outbox_rows, "_claim", outbox_rows._claim.__wrapped__)
    with pytest.raises(AssertionError):
        await test_conversations.test_stop_beats_a_queued_letter(world)


async def test_confirming_before_storing_is_noticed(world: World, monkeypatch):
    store = inbox.store

    async def early(house, station, batch):
        station.cursor = batch.cursor
        return await store(house, station, batch)

    monkeypatch.setattr(inbox, "store", early)
    with pytest.raises(AssertionError):
        await test_ingest.test_without_the_database_nothing_is_confirmed(world)


async def test_forgetting_which_updates_are_known_is_noticed(world: World, monkeypatch):
    add = inbox_rows.add_from_senders
    count = iter(range(1000))

    def unkeyed(events):
        return add([{**e, "source_key": f"{e['source_key']}:{next(count)}"} for e in events])

    monkeypatch.setattr(inbox_rows, "add_from_senders", unkeyed)
    with pytest.raises(AssertionError):
        await test_conversations.test_a_repeated_update_is_handled_once(world)


async def test_calls_of_a_dead_process_that_nobody_declares_doubtful_are_noticed(
    world: World, monkeypatch
):
    async def forget(sender: Sender) -> None:
        sender.recovered = sender.lease.fence

    monkeypatch.setattr(Sender, "recover", forget)
    with pytest.raises(AssertionError):
        await test_sending.test_calls_left_by_a_dead_process_follow_the_rule(
            world, "tg", "resend", again=True
        )


async def test_a_late_rule_that_nobody_asks_is_noticed(evening, monkeypatch):
    monkeypatch.setattr(nights.Queued, "stale", None)
    with pytest.raises(AssertionError):
        await test_nights.test_r26_a_letter_left_in_the_queue_goes_by_its_late_rule(evening)


async def test_a_block_that_is_taken_for_a_bad_message_is_noticed(world: World, monkeypatch):
    monkeypatch.setattr(endings, "_unreachable", lambda *given: endings._rejected(*given[:4]))
    with pytest.raises((AssertionError, ValueError)):
        await test_sending.test_a_blocked_person_is_left_in_peace_until_they_write(world)

"""Bugs planted on purpose: a suite that cannot fail would prove nothing (F8)."""

from dataclasses import replace

import pytest

from bots import endings, hearing, inbox
from bots.channel import Doubtful
from storage import inbox as inbox_rows
from storage import outbox as outbox_rows
from tests.bots import test_conversations, test_ingest, test_sending
from tests.bots.paper import PaperChannel
from tests.bots.runtime import World


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

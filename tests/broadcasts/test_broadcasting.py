"""Broadcasts in the runtime: who gets them, who does not and why, once each (R46)."""

from datetime import timedelta

import pytest

from bots.channel import Doubtful, PersonUnreachable
from bots.loading import BROADCAST, PERSON
from storage import broadcasts, hold, inbox, people
from storage.outbox import Lane
from storage.tables import identities, messages, outbox
from storage.tables import people as people_table
from storage.work import RowRefused
from tests.bots.runtime import SEAL
from tests.broadcasts.mailing import SALE, figures, goes_on, joins, reasons, sends, state


async def test_everybody_who_agreed_gets_it_once_and_the_others_are_counted(world) -> None:
    await joins(world, "7")
    await joins(world, "8", "Пётр", agrees=False)
    sale = await sends(world)
    await goes_on(world)
    await goes_on(world)
    said = [text for text in world.tg.texts("7") if "скидка" in text]
    assert len(said) == 1
    assert said[0].startswith("Мария, скидка!\n\n")
    assert "стоп" in said[0]
    assert not any("скидка" in text for text in world.tg.texts("8"))
    found = await figures(world, sale)
    assert found.as_object() == {
        "recipients": 2, "sent": 1, "blocked": 0, "failed": 0, "doubtful": 0, "left": 0,
        "skipped": {"consent": 1},
    }  # fmt: skip
    assert await state(world, sale) == "done"
    assert world.told("broadcast_done")[0]["sent"] == "1"


async def test_a_name_is_sent_once(world) -> None:
    await sends(world)
    with pytest.raises(RowRefused):
        await sends(world)


async def test_its_calls_have_the_last_lane_and_the_rule_never_twice(world) -> None:
    await joins(world)
    sale = await sends(world)
    await goes_on(world)
    (call,) = await world.calls(outbox.c.lane == Lane.BROADCAST)
    assert (call.rule, call.state) == ("skip", "sent")
    (said,) = await world.rows(messages, messages.c.broadcast_id == sale)
    assert said.key == f"bc:{sale}:{said.identity_id}"


async def test_it_waits_for_the_end_of_quiet_hours_in_each_persons_zone(world) -> None:
    await joins(world, "7")
    await world.passes(hours=11)  # 23:00 in Moscow
    sale = await sends(world)
    await goes_on(world)
    assert (await figures(world, sale)).left == 1
    assert await reasons(world) == [("planned", "quiet")]
    await world.passes(hours=9, minutes=59)
    await goes_on(world)
    assert (await figures(world, sale)).sent == 0
    await world.passes(minutes=1)
    await goes_on(world)
    assert (await figures(world, sale)).sent == 1


async def test_what_could_not_go_by_then_is_skipped_and_counted(world) -> None:
    await joins(world)
    await world.passes(hours=11)
    sale = await sends(world, SALE + "late: 3h\n")
    await goes_on(world)
    assert (await figures(world, sale)).skipped == {"quiet": 1}


async def test_daily_limits_and_the_gap_hold_over_broadcasts_and_letters(world) -> None:
    await joins(world)
    await sends(world)
    await goes_on(world)
    second = await sends(world, SALE.replace("sale", "second"))
    await goes_on(world)
    assert (await reasons(world))[-1] == ("planned", "limit")
    await world.passes(hours=21)  # 09:00 of the next day
    await goes_on(world)
    assert (await figures(world, second)).sent == 1
    third = await sends(world, SALE.replace("sale", "third") + "kind: requested\n")
    await goes_on(world)
    assert (await reasons(world))[-1] == ("planned", "gap")
    await world.passes(hours=3)
    await goes_on(world)
    assert (await figures(world, third)).sent == 1


async def test_a_committed_stop_beats_a_broadcast_that_is_queued(world) -> None:
    await joins(world)
    sale = await sends(world)
    await world.runner.broadcaster.step()
    while await world.runner.broadcaster.step():
        pass
    await world.runner.player.drain()
    assert [call.state for call in await world.calls(outbox.c.lane == Lane.BROADCAST)] == [
        "queued"
    ]
    world.tg.puts(who="7", text="стоп")
    await world.fetch()
    await world.runner.settle()
    await goes_on(world)
    assert not any("скидка" in text for text in world.tg.texts("7"))
    assert (await figures(world, sale)).skipped == {"unsubscribed": 1}


async def test_who_said_stop_gets_no_kind_of_broadcast_until_they_come_again(world) -> None:
    await joins(world)
    await world.does(who="7", text="стоп")
    first = await sends(world, SALE + "kind: service\n")
    await goes_on(world)
    assert (await figures(world, first)).skipped == {"unsubscribed": 1}
    await world.does(who="7", start="sale")
    second = await sends(world, SALE.replace("sale", "second") + "kind: service\nbusy: send\n")
    await goes_on(world)
    assert (await figures(world, second)).sent == 1


async def test_a_block_takes_back_what_is_queued_and_is_counted_apart(world) -> None:
    await joins(world, "7")
    await joins(world, "8")
    sale = await sends(world)
    world.tg.faults = [PersonUnreachable("blocked")]
    await goes_on(world)
    found = await figures(world, sale)
    assert (found.sent, found.blocked, found.recipients) == (1, 1, 2)
    second = await sends(world, SALE.replace("sale", "second"))
    await goes_on(world)
    assert (await figures(world, second)).blocked == 1


async def test_a_doubtful_one_is_never_repeated_on_telegram_and_is_reported(world) -> None:
    await joins(world, "7")
    sale = await sends(world)
    world.tg.after = [Doubtful("the line broke")]
    await goes_on(world)
    assert sum("скидка" in text for text in world.tg.texts("7")) == 1
    assert (await figures(world, sale)).doubtful == 1
    assert await state(world, sale) == "done"


async def test_what_an_outage_left_in_the_queue_goes_by_late_too(world) -> None:
    await joins(world)
    sale = await sends(world, SALE + "late: 3h\n")
    while await world.runner.broadcaster.step():
        pass
    await world.runner.player.drain()
    world.clock.move(timedelta(hours=4))
    await world.restart()
    await goes_on(world)
    assert (await figures(world, sale)).skipped == {"late": 1}
    assert not any("скидка" in text for text in world.tg.texts("7"))


async def test_a_stopped_broadcast_takes_back_what_is_queued_and_goes_on_when_resumed(
    world, monkeypatch
) -> None:
    monkeypatch.setattr("bots.broadcasting.WINDOW", 1)
    for who in ("7", "8", "9"):
        await joins(world, who)
    sale = await sends(world)
    step = world.runner.broadcaster.step
    while await step():
        pass
    await world.runner.player.drain()
    await world.database.commit(broadcasts.halt(sale))
    await step()
    await world.runner.settle()
    found = await figures(world, sale)
    assert (found.sent, found.left, found.skipped) == (0, 2, {"stopped": 1})
    await world.database.commit(broadcasts.resume(sale))
    await goes_on(world)
    assert (await figures(world, sale)).sent == 2
    assert await state(world, sale) == "done"


async def test_a_turn_that_is_unread_when_it_is_stopped_sends_nothing(world) -> None:
    await joins(world)
    sale = await sends(world)
    while await world.runner.broadcaster.step():
        pass
    await world.database.commit(broadcasts.halt(sale))
    await world.runner.settle()
    assert await reasons(world) == [("skipped", "stopped")]


async def test_who_is_answering_a_question_is_left_alone_for_an_hour(world) -> None:
    await joins(world)
    await world.does(who="7", start="sale")
    sale = await sends(world)
    await goes_on(world)
    assert await reasons(world) == [("planned", "busy")]
    await world.passes(hours=1)
    await goes_on(world)
    assert (await figures(world, sale)).sent == 1
    await world.presses("Базовый")  # the question below is as it was
    assert world.tg.texts("7")[-1] != "Какой курс?"


async def test_a_segment_is_asked_for_tags_fields_source_and_place(world) -> None:
    await joins(world, "7", start="news")
    await joins(world, "8")
    await world.does(who="9", start="sale")
    text = SALE.replace("sale", "{}") + "kind: service\nbusy: send\nto: {}\n"
    for name, to, sent in (
        ("by_source", "{source: news}", 1),
        ("by_field", "{funnel: school, if: 'level == \"a1\"'}", 3),
        ("by_place", "{funnel: school, place: sale.course}", 1),
        ("by_tag", "{tags: [vip]}", 0),
        ("without_tag", "{without_tags: [vip]}", 3),
        ("active", "{active: 1h}", 3),
        ("silent", "{silent: 1h}", 0),
        ("elsewhere", "{funnel: other}", 0),
    ):
        one = await sends(world, text.format(name, to))
        await goes_on(world)
        found = await figures(world, one)
        assert (name, found.recipients, found.sent) == (name, sent, sent)


async def test_waves_go_by_the_persons_own_clock(both) -> None:
    await joins(both, "7")
    await joins(both, "8", bot="vk")
    zones = (("7", "tg", "Asia/Vladivostok"), ("8", "vk", ""))
    await _live_in(both, zones)
    sale = await sends(both, SALE + "when: 2026-03-03 12:00\n")
    await goes_on(both)
    assert (await figures(both, sale)).recipients == 0  # the first of all zones is not there yet
    await both.passes(hours=17)  # 05:00 in Moscow, noon in Vladivostok
    await goes_on(both)
    assert (await figures(both, sale)).sent == 1
    assert any("скидка" in text for text in both.channels["tg"].texts("7"))
    await both.passes(hours=7)
    await goes_on(both)
    assert (await figures(both, sale)).sent == 2
    assert await state(both, sale) == "done"


async def _live_in(world, zones) -> None:
    for who, _, zone in zones:
        (identity,) = await world.rows(identities, identities.c.external_id == who)
        (row,) = await world.rows(people_table, people_table.c.id == identity.person_id)
        told = {**SEAL.open_json(PERSON, row.person_sealed), "zone": zone}
        sealed = SEAL.seal_json(PERSON, told)
        await world.database.commit(
            people.save([{"id": row.id, "zone": zone, "person_sealed": sealed}])
        )


async def test_a_rate_spreads_it(world) -> None:
    for who in ("7", "8", "9"):
        await joins(world, who)
    sale = await sends(world, SALE + "rate: 1/m\n")
    for sent in (1, 2, 3):
        await goes_on(world)
        assert (await figures(world, sale)).sent == sent
        await goes_on(world)
        await world.passes(minutes=1)
    await goes_on(world)
    assert await state(world, sale) == "done"


async def test_a_button_that_opens_enters_the_funnel_by_its_link(world) -> None:
    await joins(world)
    await sends(world, SALE + "buttons: [{text: Хочу, open: sale}]\n")
    await goes_on(world)
    await world.presses("Хочу")
    assert world.tg.texts("7")[-1] == "Какой курс?"


async def test_a_held_database_lists_and_sends_nothing(world) -> None:
    await joins(world)
    sale = await sends(world)
    world.runner.house.hold = hold.Hold(hold.BY_HAND, 0)
    await goes_on(world)
    assert (await state(world, sale), (await figures(world, sale)).recipients) == ("planned", 0)
    world.runner.house.hold = None
    await goes_on(world)
    assert (await figures(world, sale)).sent == 1


async def test_what_a_newer_program_wrote_is_stopped_and_told(world) -> None:
    sealed = SEAL.seal_text(BROADCAST, "broadcast: sale\nsing: Скидка!\n")
    row = {"name": "sale", "bots": '["tg"]', "body_sealed": sealed, "planned_us": 0}
    await world.database.commit(broadcasts.add(row))
    await world.runner.broadcaster.step()
    assert [facts["broadcast"] for facts in world.told("broadcast_stopped")] == ["sale"]
    found = await world.database.fetch(broadcasts.named("sale"))
    assert found[0].state == "stopped"


async def test_a_turn_that_cannot_be_played_is_a_failure_and_the_others_go_on(world) -> None:
    await joins(world, "7")
    await joins(world, "8")
    sale = await sends(world)
    while await world.runner.broadcaster.step():
        pass
    row = (await world.events())[-1]
    await world.database.commit(inbox.dead(row.id, "it broke"))
    await goes_on(world)
    found = await figures(world, sale)
    assert (found.failed, found.sent, found.recipients) == (1, 1, 2)
    assert await state(world, sale) == "done"

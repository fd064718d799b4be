"""What the sender does with every way in which a call can end."""

import asyncio
from datetime import timedelta

import pytest

from bots.channel import (
    BotHalted,
    ChatMoved,
    Doubtful,
    MessageRejected,
    PersonUnreachable,
    TryLater,
)
from bots.rates import Bucket
from storage import outbox as outbox_rows
from storage.work import Do
from tests.bots.runtime import World, inbox, outbox, people

PAPER = {"op": "send", "chat": "7", "text": "…", "external": "m1", "tokens": [], "labels": []}


async def advertise(world: World) -> None:
    """Makes the question that waits in the outbox an advertising one."""
    from sqlalchemy import update

    await world.database.commit([Do(update(outbox).values(rule="skip"))])


async def queue(world: World, **raw) -> None:
    """What follows from an act is queued and not sent."""
    world.channels[raw.pop("bot", "tg")].puts(**{"start": "", **raw})
    await world.fetch()
    await world.runner.player.drain()


async def send(world: World) -> None:
    for sender in world.runner.senders.values():
        await sender.drain()


async def test_try_later_is_no_attempt_and_obeys_retry_after(world: World):
    await queue(world)
    world.tg.faults = [TryLater("slow down", timedelta(seconds=7))]
    await send(world)
    (call,) = await world.calls()
    assert (call.state, call.tries) == ("queued", 0)
    assert not await world.runner.idle()
    await world.passes(seconds=6)
    assert world.tg.texts() == []
    await world.passes(seconds=1)
    assert world.tg.texts() == ["Какой у вас уровень?"]


async def test_only_the_chat_that_was_asked_to_wait_waits(world: World):
    await queue(world, who="7")
    world.tg.faults = [TryLater("slow down", timedelta(seconds=60))]
    await send(world)
    await world.does(who="8", start="")
    assert (world.tg.texts("7"), world.tg.texts("8")) == ([], ["Какой у вас уровень?"])


async def test_a_whole_bot_rests_by_monotonic_time(world: World):
    sender, now = world.runner.senders["tg"], [100.0]
    sender.pace.monotonic = lambda: now[0]
    await queue(world, who="7")
    world.tg.faults = [TryLater("the messenger is down", timedelta(seconds=30), whole_bot=True)]
    await send(world)
    await world.does(who="8", start="")
    assert world.tg.texts("8") == []
    now[0] += 30
    await world.passes(seconds=30)
    assert world.tg.texts("7") == world.tg.texts("8") == ["Какой у вас уровень?"]


async def test_a_doubtful_question_goes_again_on_telegram_and_is_journalled(world: World):
    await queue(world)
    world.tg.after = [Doubtful("the answer was lost")]
    await send(world)
    await world.passes(seconds=5)
    assert world.tg.texts() == ["Какой у вас уровень?"] * 2
    assert [(note.option, note.place) for note in await world.notes("doubtful")] == [
        ("resend", "main.level")
    ]


async def test_a_doubtful_advert_is_left_on_telegram(world: World):
    await queue(world)
    await advertise(world)
    world.tg.after = [Doubtful("the answer was lost")]
    await send(world)
    await world.passes(minutes=1)
    assert world.tg.texts() == ["Какой у вас уровень?"]
    (call,) = await world.calls()
    assert (call.state, call.final_us is not None) == ("doubtful", True)
    assert [note.option for note in await world.notes("doubtful")] == ["skip"]


async def test_telegram_is_not_flooded_by_doubts(world: World):
    await queue(world)
    world.tg.after = [Doubtful("lost")] * 10
    for _ in range(10):
        await send(world)
        await world.passes(seconds=5)
    assert len(world.tg.texts()) == 3
    assert (await world.calls())[0].state == "doubtful"


async def test_deaths_in_a_row_put_few_calls_in_doubt(world: World):
    for who in range(20):
        await queue(world, who=str(who))
    for _ in range(5):  # killed while calls are in hand, again and again
        sender = world.runner.senders["tg"]
        if sender.recovered != sender.lease.fence:
            await sender.recover()
        await sender._claim()
        world.clock.move(timedelta(seconds=1))
        await world.restart()
    assert max(call.tries for call in await world.calls()) == 1
    await send(world)
    assert world.runner.senders["tg"].width == world.runner.senders["tg"].concurrency
    assert [len(world.tg.texts(str(who))) for who in range(20)] == [1] * 20


async def test_vk_repeats_with_the_same_random_id(both: World):
    vk = both.channels["vk"]
    await queue(both, bot="vk")
    await advertise(both)
    vk.after = [Doubtful("lost"), Doubtful("lost")]
    await send(both)
    for _ in range(3):
        await both.passes(seconds=5)
    assert vk.texts() == ["Какой у вас уровень?"]
    sends = [call for call in vk.calls if call.op == "send"]
    assert len(sends) == 3
    assert len({call.random_id for call in sends}) == 1
    assert sends[0].random_id > 0


async def late_doubt(both: World, *, arrived: bool):
    """A question to somebody on VK is doubtful and VK has forgotten its random id."""
    vk = both.channels["vk"]
    await queue(both, bot="vk")
    (vk.after if arrived else vk.faults).append(Doubtful("lost"))
    await send(both)
    vk.knows_repeats = False
    both.clock.move(timedelta(minutes=51))
    return vk


async def test_vk_sends_nothing_after_its_window_that_is_in_the_dialog(both: World):
    vk = await late_doubt(both, arrived=True)
    await send(both)
    (call,) = await both.calls()
    assert (call.state, call.external_id) == ("sent", "m1")
    assert vk.texts() == ["Какой у вас уровень?"]
    assert [note.option for note in await both.notes("doubtful")] == ["resend", "found"]


async def test_vk_sends_after_its_window_what_is_not_in_the_dialog(both: World):
    vk = await late_doubt(both, arrived=False)
    await send(both)
    assert (await both.calls())[0].state == "sent"
    assert vk.texts() == ["Какой у вас уровень?"]
    assert len({call.random_id for call in vk.calls if call.op == "send"}) == 1


async def test_a_process_away_for_hours_looks_before_it_repeats(both: World):
    vk = both.channels["vk"]
    await queue(both, bot="vk")
    sender = both.runner.senders["vk"]
    now_us, fence = both.runner.house.wall_us, sender.lease.fence
    claim = outbox_rows.claim(sender.station.id, now_us, fence=fence, limit=9)
    (row,) = await both.database.returning(*claim)
    vk.delivered.append({**PAPER, "random_id": row.random_id})
    vk.knows_repeats = False
    both.clock.move(timedelta(hours=3))
    await both.restart()
    await both.runner.settle()
    assert len(vk.texts()) == 1
    assert (await both.calls())[0].external_id == "m1"


async def test_a_question_about_the_dialog_may_fail_as_calls_do(both: World):
    vk = await late_doubt(both, arrived=True)
    vk.find_faults = [TryLater("slow down", timedelta(seconds=7)), BotHalted("revoked")]
    await send(both)
    await both.passes(seconds=6)
    assert len(vk.sought) == 1
    await both.passes(seconds=1)
    assert both.told("halted") == [{"bot": "vk", "reason": "revoked"}]
    await both.restart()
    await both.runner.settle()
    assert (await both.calls())[0].state == "sent"
    assert len(vk.texts()) == 1


@pytest.mark.parametrize("refusal", [MessageRejected("access denied"), KeyError("items")])
async def test_a_dialog_that_is_not_shown_leaves_the_message_doubtful(both: World, refusal):
    vk = await late_doubt(both, arrived=True)
    vk.find_faults = [refusal]
    await send(both)
    assert (await both.calls())[0].state == "doubtful"
    assert [note.option for note in await both.notes("doubtful")] == ["resend", "skip"]


async def test_vk_is_not_flooded_by_late_doubts(both: World):
    vk = await late_doubt(both, arrived=False)
    vk.faults = [Doubtful("lost")] * 10
    for _ in range(10):
        await send(both)
        await both.passes(seconds=5)
    assert len([call for call in vk.calls if call.op == "send"]) == 5
    assert (await both.calls())[0].state == "doubtful"


@pytest.mark.parametrize(("bot", "rule", "again"), [("tg", "resend", True), ("tg", "skip", False)])
async def test_calls_left_by_a_dead_process_follow_the_rule(world: World, bot, rule, again):
    await queue(world)
    if rule == "skip":
        await advertise(world)
    claim = outbox_rows.claim(1, world.runner.house.wall_us, fence=1, limit=9)
    assert await world.database.returning(*claim)
    await world.restart()
    await world.runner.settle()
    assert world.tg.texts() == (["Какой у вас уровень?"] if again else [])
    assert len(await world.notes("doubtful")) == 1
    assert not [call for call in await world.calls() if call.state == "sending"]


async def test_a_blocked_person_is_left_in_peace_until_they_write(world: World):
    await world.does(start="")
    world.tg.faults = [PersonUnreachable("blocked")]
    world.tg.puts(text="С нуля")
    await world.fetch()
    await world.runner.settle()
    (event,) = await world.events(inbox.c.kind == "blocked")
    assert event.state == "done"
    made = len(world.tg.calls)
    await world.passes(days=3)
    assert len(world.tg.calls) == made
    await world.does(text="Два")
    assert "Согласие" in world.tg.texts()[-1]
    assert [note.kind for note in await world.notes("revived")] == ["revived"]


async def test_a_rejected_message_is_told_with_its_place(world: World):
    world.tg.faults = [MessageRejected("too long")]
    await world.does(start="")
    (call,) = await world.calls()
    assert call.state == "failed"
    (fact,) = world.told("rejected")
    assert (fact["bot"], fact["place"], fact["reason"]) == ("tg", "main.level", "too long")
    await world.does(text="С нуля")
    assert world.tg.texts() == ["Сколько занятий в неделю?"]


async def test_a_moved_chat_is_remembered_and_the_card_sent_once(world: World):
    await world.reach_lead()
    world.tg.faults = [ChatMoved("-1009")]
    world.tg.puts(who="8", start="")
    await world.fetch()
    await world.runner.settle()  # the fault met the question of 8: private chats may move too
    assert world.tg.texts("-1009") == ["Какой у вас уровень?"]


async def test_a_team_chat_that_became_a_supergroup(world: World):
    await world.does(kind="group", who="5", chat="-100", text="/id")
    world.tg.faults = [ChatMoved("-1009")]
    await world.does(kind="group", who="5", chat="-100", text="/id")
    assert world.tg.texts("-1009") == ["id чата: -100"]
    await world.restart()
    await world.reach_lead()
    assert len(world.tg.texts("-1009")) == 2


async def test_a_revoked_token_halts_the_bot_and_loses_nothing(world: World):
    world.tg.faults = [BotHalted("the token was revoked")]
    await world.does(start="")
    assert world.told("halted") == [{"bot": "tg", "reason": "the token was revoked"}]
    (call,) = await world.calls()
    assert call.state == "queued"
    await world.restart()
    await world.runner.settle()
    assert world.tg.texts() == ["Какой у вас уровень?"]


async def test_answers_to_presses_expire(world: World):
    await world.does(start="")
    token = world.tg.button("С нуля")
    await queue(world, press=token)
    world.clock.move(timedelta(seconds=11))
    await world.runner.settle()
    assert not [call for call in world.tg.calls if call.op == "answer"]
    assert [call.state for call in await world.calls(outbox.c.op == "answer")] == ["expired"]


async def test_one_call_in_flight_per_chat_and_no_more_than_there_are_slots(world: World):
    world.runner.senders["tg"].concurrency = 3
    for who in range(20, 30):
        world.tg.puts(who=str(who), start="")
        world.tg.puts(who=str(who), text="С нуля")
    await world.fetch()
    await world.runner.player.drain()
    world.tg.gate = asyncio.Event()
    sender = world.runner.senders["tg"]
    await sender.step()
    await asyncio.sleep(0)
    assert not await sender.step()
    assert len(sender.flying) == 3
    assert len(await world.calls(outbox.c.state == "sending")) == 3
    world.tg.gate.set()
    await sender.drain()
    assert world.tg.overlaps == 0
    for who in range(20, 30):
        assert world.tg.texts(str(who)) == ["Какой у вас уровень?", "Сколько занятий в неделю?"]


async def test_a_graceful_stop_leaves_nothing_in_sending(world: World):
    await queue(world)
    world.tg.gate = asyncio.Event()
    await world.runner.senders["tg"].step()
    stopping = asyncio.create_task(world.runner.stop())
    await asyncio.sleep(0)
    world.tg.gate.set()
    await stopping
    assert [call.state for call in await world.calls()] == ["sent"]


async def test_a_second_holder_keeps_the_first_one_quiet(world: World):
    sender = world.runner.senders["tg"]
    await queue(world)
    sender.lease.fence = 0
    assert not await sender.step()
    assert world.tg.calls == []


async def test_a_late_answer_is_journalled(world: World):
    await queue(world)
    world.tg.gate = asyncio.Event()
    sender = world.runner.senders["tg"]
    await sender.step()
    await asyncio.sleep(0)
    sender.lease.fence = 0  # the lease went to another process
    world.tg.gate.set()
    await asyncio.gather(*sender.flying.values())
    assert len(await world.notes("late_answer")) == 1


async def test_links_pass_through_ours_when_they_are_tracked(world: World):
    await world.reach_lead()
    await world.passes(days=1)
    letter = next(
        c for c in world.tg.calls if c.message and c.message.text.plain == "Письмо первое"
    )
    assert letter.links[0] == ""
    assert letter.links[1].startswith("https://bots.example.ru/r/")
    assert letter.tokens[1] == ""
    assert len(letter.tokens[0]) <= 32


async def test_people_who_wait_for_a_try_are_not_played(world: World):
    world.tg.puts(poison=True, text="яд")
    await world.fetch()
    await world.runner.settle()
    (person,) = await world.rows(people)
    assert (person.tries, person.retry_us is not None) == (1, True)
    assert not await world.runner.player.step()


def test_the_bucket_fills_by_time_and_narrows_when_asked():
    now = [0.0]
    bucket = Bucket("vk", lambda: now[0])
    assert bucket.room() == 1
    now[0] += 10
    assert bucket.room() == 15
    bucket.spend(15)
    assert bucket.room() == 0
    bucket.narrow()
    now[0] += 1
    assert bucket.room() == 7
    now[0] += 60
    assert bucket.room() > 0
    assert bucket.rate == 15

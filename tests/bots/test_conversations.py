"""Whole conversations: what a person does, what arrives, what the tables hold."""

from dataclasses import replace

from bots.channel import Batch
from tests.bots.runtime import (
    World,
    inbox,
    lead_cards,
    leads,
    messages,
    outbox,
    people,
    runs,
    timers,
)


async def test_a_start_asks_the_first_question(world: World):
    await world.does(start="promo", name="Мария")
    assert world.tg.texts() == ["Какой у вас уровень?"]
    (run,) = await world.rows(runs)
    assert (run.funnel, run.place, run.source, run.link) == (
        "school",
        "main.level",
        "Афиша",
        "promo",
    )
    (timer,) = await world.rows(timers)
    assert timer.due_us == run.entered_us + 45 * 60 * 1_000_000
    assert await world.runner.idle()


async def test_presses_lead_to_a_lead_and_its_card(world: World):
    await world.reach_lead()
    assert world.tg.texts()[-1] == "Спасибо! Менеджер позвонит."
    (lead,) = await world.rows(leads)
    assert (lead.title, lead.team, lead.source, lead.revision) == (
        "Пробный урок", "sales", "Афиша", 1,
    )  # fmt: skip
    (card,) = world.tg.texts("-100")
    assert "Новая заявка: Пробный урок" in card
    assert "Мария, @masha · Telegram" in card
    assert "Уровень: С нуля" in card
    assert "916 ***-**-67" in card
    assert "123" not in card
    (shown,) = await world.rows(lead_cards)
    assert shown.message_id


async def test_a_repeated_update_is_handled_once(world: World):
    await world.does(start="")
    arrival = world.tg.arrival(world.tg.updates[0])
    fetcher = world.runner.fetchers["tg"]
    for _ in range(3):
        await fetcher.take(Batch((arrival, arrival), "1"))
        await world.runner.settle()
    assert fetcher.repeats == 6
    assert world.tg.texts() == ["Какой у вас уровень?"]


async def test_ten_messages_at_once_are_played_in_order(world: World):
    for n in range(4):
        world.tg.puts(who="7", text=["урок", "С нуля", "Два", "ещё"][n])
        world.tg.puts(who="8", text=["урок", "Говорю", "Одно", "ещё"][n])
    await world.fetch()
    await world.runner.settle()
    for who in ("7", "8"):
        texts = world.tg.texts(who)
        assert texts[:2] == ["Какой у вас уровень?", "Сколько занятий в неделю?"]
        assert "Согласие" in texts[2]
    assert world.tg.overlaps == 0


async def test_a_poisoned_row_dies_alone(world: World):
    world.tg.puts(who="7", start="")
    world.tg.puts(who="7", poison=True, text="яд")
    world.tg.puts(who="7", text="С нуля")
    world.tg.puts(who="8", start="")
    await world.fetch()
    await world.runner.settle()
    assert world.tg.texts("8") == ["Какой у вас уровень?"]
    assert world.tg.texts("7") == ["Какой у вас уровень?"]
    for _ in range(3):
        await world.passes(seconds=10)
    assert world.tg.texts("7") == ["Какой у вас уровень?", "Сколько занятий в неделю?"]
    (dead,) = await world.events(inbox.c.state == "dead")
    assert "ValueError" in dead.error
    assert "secret" not in dead.error
    assert world.told("dead")
    assert await world.runner.idle()


async def test_a_double_press_counts_once_and_both_are_answered(world: World):
    await world.does(start="")
    token = world.tg.button("С нуля")
    world.tg.puts(press=token)
    world.tg.puts(press=token)
    await world.fetch()
    await world.runner.settle()
    assert world.tg.texts() == ["Какой у вас уровень?", "Сколько занятий в неделю?"]
    assert len([call for call in world.tg.calls if call.op == "answer"]) == 2


async def test_a_button_counts_only_for_the_one_it_was_sent_to(world: World):
    await world.does(start="", who="7")
    await world.does(start="", who="8")
    await world.does(who="8", press=world.tg.button("С нуля", "7"))
    await world.does(who="8", press=world.tg.button("С нуля", "8")[:-1] + "!")
    assert "Сколько занятий в неделю?" not in world.tg.texts("8")
    popups = [call.text for call in world.tg.calls if call.op == "answer"]
    assert popups == ["Этот вопрос уже позади."] * 2


async def test_silence_reminds_and_then_leaves(world: World):
    await world.does(start="")
    await world.passes(minutes=44)
    assert len(world.tg.texts()) == 1
    await world.passes(minutes=1)
    assert world.tg.texts()[-1] == "Вы ещё здесь?"
    await world.passes(hours=24)
    (run,) = await world.rows(runs)
    assert run.ended_us is not None
    assert await world.rows(timers) == []


async def test_silence_counts_from_the_delivery(world: World):
    world.runner.senders["tg"].station.halted = "the network is down"
    world.tg.puts(start="")
    await world.fetch()
    await world.runner.settle()
    await world.passes(minutes=50)
    world.runner.senders["tg"].station.halted = ""
    await world.passes(minutes=1)
    assert world.tg.texts() == ["Какой у вас уровень?"]
    await world.passes(minutes=44)
    assert len(world.tg.texts()) == 1
    await world.passes(minutes=1)
    assert world.tg.texts() == ["Какой у вас уровень?", "Вы ещё здесь?"]


async def test_letters_come_by_the_clock(world: World):
    await world.reach_lead()
    await world.passes(days=1)
    assert world.tg.texts()[-1] == "Письмо первое"
    (letter,) = await world.rows(messages, messages.c.place == "letters.first")
    assert letter.kind == "requested"
    await world.passes(days=1)
    assert world.tg.texts()[-1] == "Письмо второе"


async def test_stop_beats_a_queued_letter(world: World):
    await world.reach_lead()
    sender = world.runner.senders["tg"]
    sender.lease.fence, held = 0, sender.lease.fence  # the letter is queued and waits
    await world.passes(days=1)
    (queued,) = await world.calls(outbox.c.state == "queued", outbox.c.lane == 2)
    world.tg.puts(text="стоп")
    await world.fetch()
    sender.lease.fence = held
    await sender.drain()  # people with unread events get no letters
    assert world.tg.texts()[-1] != "Письмо первое"
    await world.runner.settle()
    assert world.tg.texts()[-1].startswith("Хорошо, больше не пишем")
    (call,) = await world.calls(outbox.c.id == queued.id)
    assert call.state == "withdrawn"
    assert len(await world.notes("withdrawn")) == 1
    await world.passes(days=3)
    assert not [text for text in world.tg.texts() if text.startswith("Письмо")]


async def test_two_managers_press_and_one_wins(world: World):
    await world.reach_lead()
    token = world.tg.button("Взять в работу", "-100")
    for who in ("111", "222", "999"):
        world.tg.puts(kind="card", who=who, chat="-100", press=token)
    await world.fetch()
    await world.runner.settle()
    (lead,) = await world.rows(leads)
    assert lead.manager == "Анна"
    popups = [call.text for call in world.tg.calls if call.op == "answer"][-3:]
    assert popups == ["Заявка ваша", "Уже в работе: Анна", "Вас нет в списке команды"]
    (edited,) = world.tg.texts("-100", "edit")
    assert "✓ В работе: Анна, 12:00" in edited
    assert "+79161234567" in edited.replace(" ", "").replace("-", "")
    assert len(world.tg.texts("-100")) == 1


async def test_an_update_of_the_lead_edits_its_card(world: World):
    await world.reach_lead()
    await world.passes(days=1)
    await world.presses("Уточнить")
    (lead,) = await world.rows(leads)
    assert lead.revision == 2
    assert len(world.tg.texts("-100")) == 1
    (edited,) = world.tg.texts("-100", "edit")
    assert "Заявка дополнена: Пробный урок" in edited
    assert "Уровень: Говорю" in edited


async def test_a_group_gets_only_its_id(world: World):
    await world.does(kind="group", who="5", chat="-77", text="/id")
    await world.does(kind="group", who="5", chat="-77", text="привет")
    assert world.tg.texts("-77") == ["id чата: -77"]
    assert world.told("chat_id") == [{"bot": "tg", "chat": "-77"}]
    assert await world.rows(people) == []
    assert {row.state for row in await world.events()} == {"ignored"}


async def test_what_means_nothing_is_recorded_as_ignored(world: World):
    await world.does(who="7")
    await world.does(who="", kind="ignored", odd=True)
    assert [row.state for row in await world.events()] == ["ignored", "ignored"]
    assert await world.runner.idle()


async def test_a_comment_is_answered_in_public_until_the_person_writes(both: World):
    await both.does("vk", who="9", comment="Хочу!")
    (answer,) = both.channels["vk"].texts("comment:9", "comment")
    assert "https://paper.test/promo" in answer
    await both.does("vk", who="9", start="promo")
    assert both.channels["vk"].texts("9") == ["Какой у вас уровень?"]
    await both.does("vk", who="9", comment="хочу")
    assert len(both.channels["vk"].texts("9")) == 2


async def test_the_lead_of_a_vk_person_is_told_by_the_telegram_bot(both: World):
    for raw in ({"start": ""}, {"text": "С нуля"}, {"text": "Два"}, {"text": "Согласен"}):
        await both.does("vk", who="9", **raw)
    await both.does("vk", who="9", text="89161234567")
    (card,) = both.tg.texts("-100")
    assert "Лена, https://vk.com/id9" in card


async def test_a_removed_funnel_lives_on_for_those_inside(world: World):
    await world.does(start="")
    bundle = world.runner.house.stations[1].bundle
    await world.runner.replace_bundle("tg", replace(bundle, programs={}, older={}))
    world.runner.house.stations[1].bundle.older.clear()  # as after a restart
    await world.does(text="С нуля")
    assert world.tg.texts()[-1] == "Сколько занятий в неделю?"
    await world.does(who="8", start="")
    assert world.tg.texts("8") == []

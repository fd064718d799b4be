"""What is VK's own: repeats by random_id, the long poll's failures, settings, profiles."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bots.channel import (
    BotHalted,
    Call,
    CallFailed,
    Doubtful,
    MessageRejected,
    PersonUnreachable,
    TryLater,
)
from bots.vk.failures import failure
from bots.vk.updates import EVENT_TYPES
from flows.events import Pressed, Profile, Typed
from flows.messages import Media
from tests.bots.messengers import PERSON, PICTURE, Vk, arrivals, message, put_picture, sending
from tests.emulators.vk.world import User
from tests.samples import ogg


@pytest.fixture
async def vk(tmp_path):
    """The emulated messenger."""
    put_picture(tmp_path)
    side = Vk(tmp_path)
    await side.start()
    yield side
    await side.stop()


@pytest.fixture
async def channel(vk):
    """A prepared channel that has asked once."""
    channel = vk.channel()
    await channel.prepare(consent=False)
    channel.first = (await channel.fetch("")).cursor
    yield channel
    await channel.close()


async def test_prepare_switches_on_the_events_a_funnel_needs(vk):
    channel = vk.channel(group=9)
    assert not vk.community.longpoll.types["message_event"]
    assert await channel.prepare(consent=False) == "9"
    assert all(vk.community.longpoll.types[kind] for kind in EVENT_TYPES)
    await channel.prepare(consent=False)
    assert len(vk.emulator.journal.calls(method="groups.setLongPollSettings")) == 1
    await channel.close()


async def test_another_communitys_key_halts_the_bot(vk):
    channel = vk.channel(group=10)
    with pytest.raises(BotHalted, match="community 9, not 10"):
        await channel.prepare(consent=False)
    await channel.close()


async def test_a_key_without_the_right_to_manage_halts_the_bot(vk):
    vk.people.set_community(9, permissions=["messages"])
    channel = vk.channel()
    with pytest.raises(BotHalted, match="long poll"):
        await channel.prepare(consent=False)
    await channel.close()


async def test_a_repeat_with_the_same_random_id_delivers_once(vk, channel):
    vk.fault("cut_after")
    call = sending(message("слово " * 1500), random_id=77)
    with pytest.raises(Doubtful):
        await channel.call(call)
    await channel.call(call)
    await channel.call(call)
    assert "".join(vk.texts()).replace(" ", "") == "слово" * 1500
    await channel.call(sending(message("ещё"), random_id=78))
    assert vk.texts()[-1] == "ещё"


async def test_a_refusal_beside_the_peer_is_seen(vk, channel):
    vk.people.set_relation(9, PERSON, blacklisted=True)
    with pytest.raises(PersonUnreachable, match="900"):
        await channel.call(sending(message()))


@pytest.mark.parametrize(("failed", "lost"), [(1, True), (2, False), (3, True), (4, False)])
async def test_the_long_poll_goes_on_after_its_failures(vk, channel, failed, lost):
    vk.emulator.fault("error", method="longpoll", status=failed)
    batch = await channel.fetch(channel.first)
    assert batch.arrivals == ()
    assert bool(batch.lost) == lost
    vk.write("привет")
    (arrival,), _ = await arrivals(channel, batch.cursor)
    assert channel.hear(arrival.raw).event == Typed("привет")


async def test_what_happens_after_the_first_place_is_kept_though_the_process_dies(vk, channel):
    vk.write("раз")  # nobody has fetched it: only the place of before is stored
    reborn = vk.channel()
    await reborn.prepare(consent=False)
    (arrival,), _ = await arrivals(reborn, channel.first)
    assert channel.hear(arrival.raw).event == Typed("раз")
    await reborn.close()


async def test_the_place_to_begin_at_is_told_without_waiting(vk):
    vk.write("раз")
    begun = vk.channel()
    await begun.prepare(consent=False)
    poll = vk.emulator.fault("error", method="longpoll", status=1)
    batch = await begun.fetch("")
    assert (batch.arrivals, batch.cursor) == ((), str(vk.community.longpoll.ts))
    assert not poll.struck
    await begun.close()


async def test_an_expired_key_loses_nothing(vk, channel):
    vk.write("раз")
    vk.people.expire_key(9)
    batch = await channel.fetch(channel.first)
    assert (batch.arrivals, batch.cursor) == ((), channel.first)
    (arrival,), _ = await arrivals(channel, batch.cursor)
    assert channel.hear(arrival.raw).event == Typed("раз")


async def test_events_that_vk_forgot_raise_an_alarm(vk, channel):
    vk.write("раз")
    vk.people.forget_events(9)
    batch = await channel.fetch(channel.first)
    assert batch.lost
    vk.write("два")
    (arrival,), _ = await arrivals(channel, batch.cursor)
    assert channel.hear(arrival.raw).event == Typed("два")


async def test_a_long_poll_that_only_refuses_asks_for_a_pause(vk, channel):
    vk.emulator.fault("error", method="longpoll", status=2, times=4)
    for _ in range(3):
        await channel.fetch(channel.first)
    with pytest.raises(TryLater):
        await channel.fetch(channel.first)
    assert (await channel.fetch(channel.first)).cursor == channel.first


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "server_error_html"])
async def test_a_fetch_without_an_answer_is_simply_repeated(vk, channel, kind):
    vk.write("привет")
    vk.emulator.fault(kind, method="longpoll", status=502)
    with pytest.raises(TryLater):
        await channel.fetch(channel.first)
    (arrival,), _ = await arrivals(channel, channel.first)
    assert channel.hear(arrival.raw).event == Typed("привет")


async def test_a_button_of_a_long_list_brings_its_token(vk, channel):
    said = message("Город?", *(f"Город {n}" for n in range(12)))
    await channel.call(sending(said))
    vk.press("Город 7")
    (arrival,), _ = await arrivals(channel, channel.first)
    assert (arrival.kind, arrival.token) == ("person", "1.7.token")
    heard = channel.hear(arrival.raw)
    assert (heard.event, heard.press) == (Pressed(None), {})
    await channel.call(Call("answer", "501", text="Записали", press=heard.press))
    assert vk.popups() == []


async def test_a_pop_up_is_cut_to_what_vk_shows(vk, channel):
    await channel.call(sending(message("Да?", "Да")))
    vk.press("Да")
    (arrival,), _ = await arrivals(channel, channel.first)
    press = channel.hear(arrival.raw).press
    await channel.call(Call("answer", "501", text="я" * 200, press=press))
    assert vk.popups() == ["я" * 90]


@pytest.mark.parametrize(("kind", "name"), [("document", "doc"), ("voice", "audio_message")])
async def test_files_and_voices_are_uploaded_as_documents(vk, channel, kind, name):
    (vk.folder / "file.ogg").write_bytes(ogg())
    await channel.call(sending(message("Файл", media=[Media(kind, "file.ogg")])))
    assert vk.media() == [name]


async def test_a_message_is_found_in_the_dialog_by_its_random_id(vk, channel):
    call = sending(message("Да?", "Да"))
    assert await channel.find(call) is None
    delivery = await channel.call(call)
    vk.write("да")
    assert await channel.find(call) == delivery
    assert await channel.find(sending(message("Да?", "Да"), random_id=78)) is None
    assert await channel.find(sending(message("Да?", "Да"), random_id=0)) is None


async def test_a_message_of_several_parts_is_found_as_far_as_it_went(vk, channel):
    long = sending(message("а" * 10_000))
    vk.emulator.fault("server_error_html", method="messages.send", skip=2)
    with pytest.raises(CallFailed) as failed:
        await channel.call(long)
    assert failed.value.done == 2
    found = await channel.find(long)
    assert (found.external_id, found.done) == ("2", 2)
    assert await channel.find(replace(long, done=2)) is None
    whole = await channel.call(replace(long, done=found.done))
    assert [len(text) for text in vk.texts()] == [4096, 4096, 1808]
    assert await channel.find(long) == whole
    assert await channel.find(replace(long, done=2)) == whole


async def test_a_question_about_a_dialog_may_be_asked_again(vk, channel):
    vk.emulator.fault("cut_before", method="messages.getHistory")
    with pytest.raises(TryLater):
        await channel.find(sending(message("Да?")))
    with pytest.raises(PersonUnreachable, match="927"):
        await channel.find(sending(message("Да?"), chat="2000000099"))


async def test_an_upload_that_broke_may_be_repeated(vk, channel):
    vk.emulator.fault("cut_after", method="upload")
    said = message("История", media=[PICTURE])
    with pytest.raises(TryLater):
        await channel.call(sending(said))
    await channel.call(sending(said))
    assert vk.media() == ["photo"]


async def test_a_repeated_comment_is_written_once(vk, channel):
    vk.comment("+")
    (arrival,), _ = await arrivals(channel, channel.first)
    comment = channel.hear(arrival.raw).comment
    call = Call("comment", arrival.chat, text="Пишем!", comment=comment, random_id=5)
    first = await channel.call(call)
    assert (await channel.call(call)).external_id == first.external_id
    assert vk.comments() == ["Пишем!"]


async def test_profiles_are_asked_once_and_tell_the_gender(vk, channel):
    await channel.profile(str(PERSON))
    found = await channel.profile(str(PERSON))
    assert found == Profile("Анна", "Ли", "anna", "f")
    assert len(vk.emulator.journal.calls(method="users.get")) == 1
    vk.emulator.world.users[6] = User(6, "Пётр", "Ли", sex=2, screen_name="petr")
    assert (await channel.profile("6")).gender == "m"
    vk.emulator.fault("server_error_html", method="users.get")
    assert await channel.profile("7") == Profile()


async def test_keyboards_without_bot_features_halt_the_bot(vk, channel):
    vk.people.set_community(9, bot_features=False)
    with pytest.raises(BotHalted, match="bot features"):
        await channel.call(sending(message("Да?", "Да")))


async def test_an_edit_without_words_changes_nothing(vk, channel):
    delivery = await channel.call(sending(message("Да?", "Да")))
    edited = await channel.call(Call("edit", "501", external_id=delivery.external_id))
    assert edited.note
    assert vk.labels() == [["Да"]]


async def test_a_file_that_vk_does_not_take_is_rejected(vk, channel):
    (vk.folder / "empty.pdf").write_bytes(b"")
    with pytest.raises(MessageRejected, match=r"empty\.pdf"):
        await channel.call(sending(message("Файл", media=[Media("document", "empty.pdf")])))


async def test_a_lost_answer_about_the_long_poll_is_asked_again(vk, channel):
    reborn = vk.channel()
    vk.emulator.fault("cut_before", method="groups.getById")
    with pytest.raises(TryLater):
        await reborn.prepare(consent=False)
    await reborn.prepare(consent=False)
    vk.emulator.fault("cut_before", method="groups.getLongPollServer")
    with pytest.raises(TryLater):
        await reborn.fetch(channel.first)
    assert (await reborn.fetch(channel.first)).cursor == channel.first
    await reborn.close()


async def test_an_edit_too_late_is_rejected(vk, channel):
    vk.emulator.fault("error", method="messages.edit", status=909)
    with pytest.raises(MessageRejected, match="909"):
        await channel.call(Call("edit", "501", message("Да?"), external_id="1", chosen="Да"))


CODES = {
    TryLater: [1, 6, 9, 10, 29],
    BotHalted: [5, 14, 17, 27, 28, 912],
    PersonUnreachable: [18, 113, 900, 901, 902, 917, 927, 936, 945, 1021],
    MessageRejected: [7, 15, 100, 909, 911, 914, 921, 924, 925, 943, 944, 950, 984, 4242],
}


@pytest.mark.parametrize(
    ("kind", "code"), [(k, code) for k, codes in CODES.items() for code in codes]
)
def test_a_code_is_a_decision(kind, code):
    assert type(failure(code)) is kind
    assert f"({code})" in str(failure(code))


def test_some_waits_are_the_whole_bots_and_some_one_chats():
    assert failure(6).whole_bot
    assert failure(6).retry_after == timedelta(seconds=1)
    assert failure(29).whole_bot
    assert not failure(9).whole_bot
    assert failure(9).retry_after >= timedelta(minutes=1)

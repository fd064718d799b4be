"""What every channel must do, over HTTP against the emulated messengers."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bots.channel import (
    BotHalted,
    Call,
    Doubtful,
    MessageRejected,
    PersonUnreachable,
    TryLater,
)
from flows.events import (
    BotAllowed,
    BotBlocked,
    Commented,
    FileSent,
    Opened,
    Pressed,
    Typed,
)
from flows.markup import RichText, Span
from flows.messages import Button, Media, Message
from tests.bots.messengers import (
    CANARY,
    MESSENGERS,
    PERSON,
    PICTURE,
    TOKEN,
    arrivals,
    message,
    put_picture,
    sending,
)


@pytest.fixture(params=sorted(MESSENGERS))
async def messenger(request, tmp_path):
    """One emulated messenger."""
    put_picture(tmp_path)
    side = MESSENGERS[request.param](tmp_path)
    await side.start()
    yield side
    await side.stop()


@pytest.fixture
async def channel(messenger):
    """A prepared channel in that messenger; it has asked once, so events are kept for it."""
    channel = messenger.channel()
    await channel.prepare(consent=False)
    channel.first = (await channel.fetch("")).cursor
    yield channel
    await channel.close()


async def heard(channel):
    """The only thing that came, parsed."""
    (arrival,), _ = await arrivals(channel, channel.first)
    return channel.hear(arrival.raw)


async def test_a_text_is_shown_as_it_was_written(channel, messenger):
    delivery = await channel.call(sending(message("Здравствуйте!")))
    assert messenger.texts() == ["Здравствуйте!"]
    assert int(delivery.external_id) > 0
    assert delivery.note == ""


async def test_a_press_brings_the_token_back_and_is_answered(channel, messenger):
    delivery = await channel.call(sending(message("Уровень?", "С нуля", "Читаю")))
    assert messenger.labels() == [["С нуля", "Читаю"]]
    messenger.press("Читаю")
    (arrival,), _ = await arrivals(channel, channel.first)
    assert (arrival.kind, arrival.sender, arrival.chat) == ("person", "501", "501")
    assert arrival.token == "1.1.token"
    event = channel.hear(arrival.raw)
    assert event.event == Pressed(None)
    assert event.token == "1.1.token"
    assert event.pressed_external == delivery.external_id
    await channel.call(Call("answer", "501", press=event.press, text="Записали"))
    assert messenger.popups() == ["Записали"]


async def test_a_press_is_answered_without_words_too(channel, messenger):
    await channel.call(sending(message("Да?", "Да")))
    messenger.press("Да")
    event = await heard(channel)
    await channel.call(Call("answer", "501", press=event.press))
    again = await channel.call(Call("answer", "501", press=event.press, text="я" * 500))
    assert messenger.popups()[0] == ""
    assert again.external_id == ""


async def test_an_answered_press_too_old_counts_as_done(channel, messenger):
    press = {"id": "404"}
    if messenger.name == "vk":
        press = {"event_id": "404", "user_id": PERSON, "peer_id": PERSON}
    delivery = await channel.call(Call("answer", "501", press=press, text="?"))
    assert "too old" in delivery.note


async def test_the_chosen_option_is_shown_and_the_keyboard_goes(channel, messenger):
    said = message("Уровень?", "С нуля", "Читаю")
    delivery = await channel.call(sending(said))
    edit = Call("edit", "501", said, external_id=delivery.external_id, chosen="С нуля")
    edited = await channel.call(edit)
    assert messenger.texts() == ["Уровень?\n\n✓ С нуля"]
    assert messenger.labels() == []
    assert edited.external_id == delivery.external_id
    await channel.call(edit)  # a repeat is no failure
    assert messenger.texts() == ["Уровень?\n\n✓ С нуля"]


async def test_a_message_can_be_drawn_anew_with_its_buttons(channel, messenger):
    delivery = await channel.call(sending(message("Выберите", "Чай", "Кофе")))
    said = message("Выберите", "✓ Чай", "Кофе")
    again = Call("edit", "501", said, ("1.0.a", "1.1.b"), external_id=delivery.external_id)
    await channel.call(again)
    assert messenger.labels() == [["✓ Чай", "Кофе"]]


async def test_a_picture_stands_with_its_words_and_is_uploaded_once(channel, messenger):
    said = message("История", "Дальше", media=[PICTURE])
    first = await channel.call(sending(said, random_id=1))
    known = dict(messenger.uploads._references)
    await channel.call(sending(said, random_id=2))
    assert messenger.media() == ["photo", "photo"]
    assert messenger.texts() == ["История", "История"]
    assert messenger.labels() == [["Дальше"]]
    assert len(known) == 1
    assert messenger.uploads._references == known
    await channel.call(Call("edit", "501", said, external_id=first.external_id, chosen="Дальше"))
    assert messenger.texts()[0] == "История\n\n✓ Дальше"


async def test_an_album_comes_with_its_words_and_buttons(channel, messenger):
    await channel.call(sending(message("Два фото", "Ещё", media=[PICTURE, PICTURE])))
    assert messenger.media() == ["photo", "photo"]
    assert messenger.texts()[-1] == "Два фото"
    assert messenger.labels() == [["Ещё"]]


async def test_a_missing_file_rejects_the_message(channel, messenger):
    lost = message("?", media=[Media("photo", "nowhere.png")])
    with pytest.raises(MessageRejected, match=r"nowhere\.png"):
        await channel.call(sending(lost))


async def test_a_long_text_comes_whole_with_the_keyboard_at_the_end(channel, messenger):
    words = " ".join(f"слово{n}" for n in range(1500))
    await channel.call(sending(message(words, "Дальше")))
    shown = messenger.texts()
    assert len(shown) > 1
    assert all(len(text) <= messenger.limit for text in shown)
    assert " ".join(shown) == words
    assert messenger.labels() == [["Дальше"]]


async def test_parts_already_delivered_are_not_sent_again(channel, messenger):
    words = " ".join(f"слово{n}" for n in range(1500))
    call = sending(message(words, "Дальше"))
    messenger.fault("flood", skip=1)
    with pytest.raises(TryLater) as caught:
        await channel.call(call)
    assert caught.value.done == 1
    await channel.call(sending(message(words, "Дальше"), done=1))
    assert " ".join(messenger.texts()) == words


HOSTILE = ["<b>Анна</b>", "<3 & co", "{{7*7}}", "\u202eкод", "[club1|x]", "a_b_*c*", "&lt;i&gt;"]


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_a_person_typed_is_shown_literally(channel, messenger, name):
    said = Message(text=RichText((Span("Привет, "), Span(name, bold=True), Span("!"))))
    await channel.call(sending(said))
    assert messenger.texts()[0].replace("\u2060", "") == f"Привет, {name}!"


async def test_a_link_in_the_text_can_be_followed(channel, messenger):
    said = Message(RichText((Span("Вот "), Span("сайт", url="https://example.ru/?a=1&b=2"))))
    await channel.call(sending(said))
    expected = {"telegram": "Вот сайт", "vk": "Вот сайт (https://example.ru/?a=1&b=2)"}
    assert messenger.texts() == [expected[messenger.name]]


async def test_a_button_opens_a_link(channel, messenger):
    buttons = (Button("Смотреть", url="https://example.ru/1"), Button("Нет", action={"a": 1}))
    await channel.call(sending(Message(RichText.of("Урок"), buttons)))
    assert [label for row in messenger.labels() for label in row] == ["Смотреть", "Нет"]


async def test_somebody_who_left_is_unreachable(channel, messenger):
    messenger.block()
    with pytest.raises(PersonUnreachable):
        await channel.call(sending(message()))
    with pytest.raises(PersonUnreachable):
        await channel.call(sending(message(), chat="987654"))


async def test_leaving_and_coming_back_are_heard(channel, messenger):
    messenger.block()
    messenger.allow()
    found, _ = await arrivals(channel, channel.first)
    assert [arrival.kind for arrival in found] == ["person", "person"]
    assert [channel.hear(arrival.raw).event for arrival in found] == [BotBlocked(), BotAllowed()]


async def test_too_many_requests_say_when_to_come_back(channel, messenger):
    messenger.fault("flood", retry_after=1)
    with pytest.raises(TryLater) as caught:
        await channel.call(sending(message()))
    assert caught.value.retry_after == timedelta(seconds=1)
    assert messenger.texts() == []


async def test_a_messenger_out_of_reach_certainly_delivered_nothing(messenger):
    channel = messenger.channel(api_url="http://127.0.0.1:9")
    with pytest.raises(TryLater):
        await channel.call(sending(message()))
    with pytest.raises(TryLater):
        await channel.prepare(consent=False)
    await channel.close()


@pytest.mark.parametrize(
    ("kind", "delivered"),
    [("cut_before", 0), ("cut_after", 1), ("server_error_html", 0), ("server_error_empty", 0)],
)
async def test_a_lost_answer_leaves_doubt(channel, messenger, kind, delivered):
    messenger.fault(kind)
    with pytest.raises(Doubtful):
        await channel.call(sending(message()))
    assert len(messenger.texts()) == delivered


async def test_an_error_that_the_messenger_owns_up_to_leaves_none(channel, messenger):
    messenger.fault("server_error")
    with pytest.raises(TryLater):
        await channel.call(sending(message()))
    assert messenger.texts() == []


async def test_messages_arrive_in_order_with_who_wrote_them(channel, messenger):
    messenger.write("раз")
    messenger.write("/price")
    found, _ = await arrivals(channel, channel.first)
    assert [(a.kind, a.sender, a.chat) for a in found] == [("person", "501", "501")] * 2
    assert [channel.hear(a.raw).event for a in found] == [Typed("раз"), Typed("/price")]
    assert len({arrival.source_key for arrival in found}) == 2
    start = {"telegram": "tg:tg:", "vk": "vk:vk:"}[messenger.name]
    assert all(arrival.source_key.startswith(start) for arrival in found)


async def test_a_deep_link_brings_its_code(channel, messenger):
    messenger.open("ads_may")
    assert (await heard(channel)).event == Opened("ads_may")
    assert (
        channel.deep_link("ads_may")
        == {
            "telegram": "https://t.me/london_bot?start=ads_may",
            "vk": "https://vk.me/club9?ref=ads_may",
        }[messenger.name]
    )


async def test_without_a_code_the_link_just_opens_the_bot(channel, messenger):
    plain = {"telegram": "https://t.me/london_bot", "vk": "https://vk.me/club9"}
    assert channel.deep_link("") == plain[messenger.name]


async def test_a_voice_message_is_a_file(channel, messenger):
    messenger.stick()
    event = (await heard(channel)).event
    assert isinstance(event, FileSent)
    assert [(file.kind, bool(file.ref), file.mime) for file in event.files] == [
        ("voice", True, "audio/ogg")
    ]


async def test_a_comment_under_a_post_is_answered_in_public(channel, messenger):
    messenger.comment("хочу +")
    (arrival, *rest), _ = await arrivals(channel, channel.first)
    assert (arrival.kind, arrival.sender) == ("comment", "501")
    event = channel.hear(arrival.raw)
    assert isinstance(event.event, Commented)
    assert event.event.text == "хочу +"
    await channel.call(Call("comment", arrival.chat, text="Пишем!", comment=event.comment))
    assert messenger.comments() == ["Пишем!"]
    assert all(later.kind == "ignored" for later in rest)


async def test_a_team_chat_starts_no_funnel(channel, messenger):
    chat = messenger.team()
    messenger.write_in_team("/id")
    await channel.call(sending(message("Заявка", "Беру"), chat=chat))
    messenger.press_in_team("Беру")
    (typed, pressed), _ = await arrivals(channel, channel.first)
    assert (typed.kind, typed.chat, typed.sender) == ("group", chat, "501")
    assert channel.hear(typed.raw).event == Typed("/id")
    assert (pressed.kind, pressed.chat, pressed.token) == ("card", chat, "1.0.token")


async def test_what_was_not_stored_comes_again(channel, messenger):
    messenger.write("раз")
    first, after = await arrivals(channel, channel.first)
    again, _ = await arrivals(channel, channel.first)
    assert [a.source_key for a in again] == [a.source_key for a in first]
    messenger.write("два")
    (next_one,), _ = await arrivals(channel, after)
    assert channel.hear(next_one.raw).event == Typed("два")


async def test_a_restart_loses_nothing(channel, messenger):
    messenger.write("раз")
    await arrivals(channel, channel.first)  # and then the process dies
    messenger.write("два")
    reborn = messenger.channel()
    await reborn.prepare(consent=False)
    found, _ = await arrivals(reborn, channel.first)
    assert [reborn.hear(a.raw).event for a in found] == [Typed("раз"), Typed("два")]
    await reborn.close()


async def test_a_fetch_waits_for_the_first_update(channel, messenger):
    waiting = messenger.channel(poll_seconds=20)
    await waiting.prepare(consent=False)
    fetch = asyncio.create_task(waiting.fetch(channel.first))
    await asyncio.sleep(0.3)
    assert not fetch.done()
    messenger.write("привет")
    (arrival,) = (await fetch).arrivals
    assert waiting.hear(arrival.raw).event == Typed("привет")
    await waiting.close()


async def test_a_quiet_fetch_keeps_its_place(channel, messenger):
    found, after = await arrivals(channel, channel.first)
    assert found == []
    assert after == channel.first


async def test_poison_stops_nobody_else(channel, messenger):
    messenger.poison()
    messenger.strange()
    messenger.write("привет")
    (poison, strange, good), _ = await arrivals(channel, channel.first)
    assert poison.kind == "person"
    with pytest.raises(TypeError):
        channel.hear(poison.raw)
    assert strange.kind == "ignored"
    assert channel.hear(strange.raw) is None
    assert channel.hear(good.raw).event == Typed("привет")


async def test_typing_is_shown(channel, messenger):
    delivery = await channel.call(Call("typing", "501"))
    assert delivery.external_id == ""
    assert messenger.texts() == []


async def test_a_wrong_token_halts_the_bot(messenger):
    wrong = {"telegram": "77:" + "x" * 35, "vk": "vk1.a.wrong"}[messenger.name]
    channel = type(messenger.channel())(
        wrong,
        bot="b",
        media=messenger.folder,
        uploads=messenger.uploads,
        api_url=messenger.emulator.url,
        poll_seconds=0,
    )
    with pytest.raises(BotHalted):
        await channel.prepare(consent=False)
    with pytest.raises((BotHalted, TryLater)):
        await channel.fetch("")
    await channel.close()


async def test_the_person_is_known_by_name(channel, messenger):
    messenger.write("привет")
    event = await heard(channel)
    asked = await channel.profile("501")
    profile = asked if messenger.name == "vk" else event.profile
    assert (profile.first_name, profile.last_name, profile.username) == ("Анна", "Ли", "anna")
    assert (await channel.profile("404")).first_name == ""


@pytest.mark.parametrize(
    "kind", ["cut_before", "server_error_html", "server_error", "flood", "blocked", "cant_parse"]
)
async def test_no_error_shows_the_token_or_the_text(channel, messenger, kind, caplog):
    caplog.set_level(logging.DEBUG)
    messenger.fault(kind, times=None, status=502)
    with pytest.raises(Exception) as caught:
        await channel.call(sending(message("секретный текст")))
    shown = f"{caught.value!r} {caught.value} {caught.value.__context__!r} {caplog.text}"
    assert CANARY not in shown
    assert "секретный" not in shown
    assert TOKEN[messenger.name] not in repr(vars(channel))


async def test_a_call_without_a_message_is_rejected(channel):
    with pytest.raises(MessageRejected):
        await channel.call(Call("send", "501"))

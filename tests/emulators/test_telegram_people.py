"""People, groups and channels: what their actions tell the bot, and what the journal keeps."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.telegram import places
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.telegram.world import Bot, Message, Press


@pytest.fixture
async def emulator(tmp_path: Path) -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(journal_path=tmp_path / "journal.jsonl") as emulator:
        yield emulator


@pytest.fixture
def bot(emulator: TelegramEmulator) -> Bot:
    return emulator.add_bot("42:AAA", "shop_bot")


@pytest.fixture
def anna(emulator: TelegramEmulator, bot: Bot) -> Person:
    person = emulator.add_user(1001, "Anna", username="anna", language="en")
    person.start()
    return person


def heard(bot: Bot) -> list[dict[str, Any]]:
    """Return the updates that wait, without their numbers, and forget them."""
    updates = [{k: v for k, v in u.items() if k != "update_id"} for u in bot.queue.pending]
    bot.queue.pending.clear()
    return updates


def yes_no() -> dict[str, Any]:
    buttons = [{"text": "Yes", "callback_data": "y"}, {"text": "Site", "url": "https://e.org"}]
    return {"inline_keyboard": [buttons]}


async def test_a_conversation_reads_like_one(
    emulator: TelegramEmulator, bot: Bot, anna: Person
) -> None:
    await emulator.request(
        bot,
        "sendMessage",
        chat_id=1001,
        text="<b>Coming?</b>",
        parse_mode="HTML",
        reply_markup=yes_no(),
    )
    press = anna.press("Yes")
    assert isinstance(press, Press)
    assert anna.press("Site") == "https://e.org"
    await emulator.request(bot, "answerCallbackQuery", callback_query_id=press.id, text="Noted")
    edited = press.message.id
    await emulator.request(bot, "editMessageText", chat_id=1001, message_id=edited, text="Come!")
    await emulator.request(bot, "sendPhoto", chat_id=1001, photo="https://e.org/m.png")
    anna.write("Thanks")
    assert anna.chat().transcript() == [
        "Anna: /start",
        "bot: Come!",
        "bot: <photo>",
        "Anna: Thanks",
    ]
    assert press.text == "Noted"
    with pytest.raises(LookupError, match="no button 'Yes'"):
        anna.press("Yes")


async def test_the_journal_keeps_what_was_delivered_in_order(
    emulator: TelegramEmulator, bot: Bot, anna: Person
) -> None:
    html = "<i>One</i>"
    await emulator.request(
        bot,
        "sendMessage",
        chat_id=1001,
        text=html,
        parse_mode="HTML",
        reply_markup=yes_no(),
    )
    await emulator.request(bot, "editMessageText", chat_id=1001, message_id=2, text="Two")
    await emulator.request(bot, "sendMessage", chat_id=404, text="Nobody")
    await emulator.request(bot, "deleteMessage", chat_id=1001, message_id=2)
    journal = emulator.journal
    assert [(row.method, row.text) for row in journal.after()] == [
        ("sendMessage", "One"),
        ("editMessageText", "Two"),
        ("deleteMessage", ""),
    ]
    first = journal.after()[0]
    assert (first.html, first.labels, first.deleted) == (html, [["Yes", "Site"]], True)
    assert [edit["text"] for edit in first.edits] == ["Two"]
    assert journal.messages(chat=1001) == [first]
    assert len(journal.after(first.seq, chat=1001)) == 2
    assert [call.status for call in journal.calls] == [200, 200, 400, 200]
    assert journal.path is not None
    lines = [json.loads(line) for line in journal.path.read_text("utf-8").splitlines()]
    assert [line["kind"] for line in lines].count("delivered") == 3
    assert [line["seq"] for line in lines] == sorted(line["seq"] for line in lines)


async def test_the_clock_of_the_test_dates_everything(
    emulator: TelegramEmulator,
    bot: Bot,
    anna: Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2026-03-02T10:00:00+00:00", encoding="utf-8")
    monkeypatch.setenv("VORONKA_TEST_CLOCK", str(clock))
    await emulator.request(bot, "sendMessage", chat_id=1001, text="Morning")
    assert emulator.journal.delivered[-1].at == "2026-03-02T10:00:00+00:00"
    clock.write_text("2026-03-04T10:00:01+00:00", encoding="utf-8")
    await emulator.request(bot, "deleteMessage", chat_id=1001, message_id=2)
    description = "Bad Request: message can't be deleted for everyone"
    assert emulator.journal.calls[-1].description == description


async def test_reply_buttons_send_their_text_or_the_contact(
    emulator: TelegramEmulator, bot: Bot, anna: Person
) -> None:
    keyboard = [["Menu"], [{"text": "My phone", "request_contact": True}]]
    markup = {"keyboard": keyboard, "one_time_keyboard": True}
    await emulator.request(bot, "sendMessage", chat_id=1001, text="Phone?", reply_markup=markup)
    heard(bot)
    sent = anna.press("My phone")
    assert isinstance(sent, Message)
    contact = heard(bot)[0]["message"]["contact"]
    assert contact["user_id"] == 1001
    with pytest.raises(LookupError):
        anna.press("Menu")
    anna.share_contact("+79000000000", foreign=True)
    assert "user_id" not in heard(bot)[0]["message"]["contact"]


def test_blocking_and_unblocking_are_told(bot: Bot, anna: Person) -> None:
    heard(bot)
    anna.block()
    anna.block()
    anna.start("again")
    blocked, unblocked, start = heard(bot)
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert start["message"]["text"] == "/start again"


@pytest.mark.parametrize("payload", ["with space", "x" * 65, "при"])
def test_a_deep_link_of_a_wrong_form_does_not_open(anna: Person, payload: str) -> None:
    with pytest.raises(ValueError, match="deep link"):
        anna.start(payload)


async def test_privacy_mode_hides_group_talk(
    emulator: TelegramEmulator, bot: Bot, anna: Person
) -> None:
    group = emulator.add_group("Managers")
    emulator.put_bot(group, bot, anna)
    added, service = heard(bot)[-2:]
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["id"] == bot.id
    await emulator.request(
        bot, "sendMessage", chat_id=group.id, text="New lead", reply_markup=yes_no()
    )
    lead = emulator.journal.delivered[-1].message_id
    anna.write("just talking", chat=group)
    anna.write("/take", chat=group)
    anna.write("mine", chat=group, reply_to=group.messages[lead])
    assert isinstance(anna.press("Yes", chat=group), Press)
    command, answer, press = heard(bot)
    assert command["message"]["text"] == "/take"
    assert answer["message"]["reply_to_message"]["text"] == "New lead"
    assert press["callback_query"]["message"]["chat"]["id"] == group.id
    bot.reads_all = True
    anna.write("just talking", chat=group)
    assert len(heard(bot)) == 1


async def test_a_channel_post_is_discussed_in_its_group(
    emulator: TelegramEmulator, bot: Bot, anna: Person
) -> None:
    group = emulator.add_group("Talk")
    channel = emulator.add_channel("News", username="news", discussion=group)
    emulator.put_bot(group, bot, anna, admin=True)
    emulator.put_bot(channel, bot, anna, admin=True)
    heard(bot)
    post = places.post(emulator.world, channel, "Read this")
    anna.comment(post, "INFO")
    posted, copy, comment = heard(bot)
    assert posted["channel_post"]["text"] == "Read this"
    assert copy["message"]["is_automatic_forward"] is True
    assert copy["message"]["forward_origin"]["message_id"] == post.id
    assert copy["message"]["from"]["id"] == 777000
    origin = comment["message"]["reply_to_message"]
    assert origin["message_id"] == copy["message"]["message_id"]
    assert origin["sender_chat"]["id"] == channel.id
    await emulator.request(bot, "sendMessage", chat_id="@news", text="By the bot")
    assert heard(bot)[0]["message"]["text"] == "By the bot"
    await emulator.request(bot, "getChatMember", chat_id="@news", user_id=1001)
    assert emulator.journal.calls[-1].status == 200


def test_a_migrated_group_is_announced_in_both(
    emulator: TelegramEmulator, bot: Bot, anna: Person
) -> None:
    group = emulator.add_group("Small", kind="group")
    emulator.put_bot(group, bot, anna)
    heard(bot)
    new = places.migrate(emulator.world, group)
    to, origin = heard(bot)
    assert to["message"]["migrate_to_chat_id"] == new.id
    assert origin["message"]["migrate_from_chat_id"] == group.id


def test_users_coming_and_going_are_told_on_request(
    emulator: TelegramEmulator, bot: Bot, anna: Person
) -> None:
    channel = emulator.add_channel("News")
    emulator.put_bot(channel, bot, anna, admin=True)
    guest = emulator.add_user(1002, "Guest")
    heard(bot)
    places.join(emulator.world, channel, guest.user)
    assert heard(bot) == []
    bot.queue.allow(["chat_member"])
    places.leave(emulator.world, channel, guest.user)
    (change,) = heard(bot)
    assert change["chat_member"]["new_chat_member"]["status"] == "left"


def test_files_and_places_come_as_the_bot_api_shows_them(bot: Bot, anna: Person) -> None:
    heard(bot)
    anna.send_file("document", name="договор.pdf", caption="вот")
    for _ in range(2):
        anna.send_file("photo", album="7")
    anna.send_location(55.75, 37.61)
    anna.send_location(55.75, 37.61, title="Кафе", address="Мира, 1")
    document, *photos, place, venue = (update["message"] for update in heard(bot))
    assert document["caption"] == "вот"
    held = document["document"]
    assert (held["file_name"], held["mime_type"]) == ("договор.pdf", "application/pdf")
    assert [photo["media_group_id"] for photo in photos] == ["7", "7"]
    assert len({photo["photo"][-1]["file_id"] for photo in photos}) == 2
    assert place["location"] == {"latitude": 55.75, "longitude": 37.61}
    assert venue["location"] == venue["venue"]["location"]
    assert (venue["venue"]["title"], venue["venue"]["address"]) == ("Кафе", "Мира, 1")


def test_the_location_button_shares_a_place(bot: Bot, anna: Person) -> None:
    heard(bot)
    keys = [[{"text": "Здесь", "request_location": True}]]
    anna.chat().keyboard = {"keyboard": keys, "one_time_keyboard": True}
    anna.press("Здесь")
    (update,) = heard(bot)
    assert set(update["message"]["location"]) == {"latitude", "longitude"}
    assert anna.chat().keyboard is None

"""Telegram's raw updates: a table of what came and what it says."""

import pytest

from bots.channel import Arrival
from bots.telegram.updates import arrival, hear
from flows.events import (
    BotAllowed,
    BotBlocked,
    Commented,
    ContactShared,
    FileSent,
    LocationSent,
    Opened,
    Pressed,
    Typed,
    Unreadable,
)
from flows.sent import SentFile

ANNA = {"id": 5, "is_bot": False, "first_name": "Анна", "username": "anna", "language_code": "ru"}
PRIVATE = {"id": 5, "type": "private"}
GROUP = {"id": -100, "type": "supergroup"}
OURS = {"message_id": 6, "from": {"id": 77, "is_bot": True, "first_name": "Бот"}}
POST = {
    "message_id": 3,
    "is_automatic_forward": True,
    "forward_origin": {"type": "channel", "message_id": 41},
}


def said(chat=PRIVATE, sender=ANNA, **content):
    """An update with one message."""
    message = {"message_id": 7, "date": 0, "chat": chat, "from": sender, **content}
    return {"update_id": 8, "message": message}


def pressed(chat=PRIVATE, **content):
    """An update with one press."""
    shown = {"message_id": 6, "date": 0, "chat": chat}
    query = {"id": "q1", "from": ANNA, "message": shown, "data": "1.0.abc", **content}
    return {"update_id": 8, "callback_query": query}


def changed(status, chat=PRIVATE):
    """An update about the bot's place in a chat."""
    change = {"chat": chat, "from": ANNA, "new_chat_member": {"status": status}}
    return {"update_id": 8, "my_chat_member": change}


SMALL = {"width": 90, "height": 60, "file_size": 1000}
LARGE = {"file_id": "l", "width": 900, "height": 600, "file_size": 9000}
HEARD = [
    (said(text="привет"), "person", Typed("привет")),
    (said(text="/start"), "person", Opened()),
    (said(text="/start ads_may"), "person", Opened("ads_may")),
    (said(text="/start@london_bot ads-1"), "person", Opened("ads-1")),
    (said(text="/start два слова"), "person", Opened()),
    (said(text="/start " + "x" * 65), "person", Opened()),
    (said(text="/starting"), "person", Typed("/starting")),
    (said(text="/price@london_bot сейчас"), "person", Typed("/price сейчас")),
    (said(contact={"phone_number": "79161234567", "user_id": 5}), "person",
     ContactShared("+79161234567", verified=True)),
    (said(contact={"phone_number": "+79161234567", "user_id": 5}), "person",
     ContactShared("+79161234567", verified=True)),
    (said(contact={"phone_number": "89161234567", "user_id": 6}), "person",
     ContactShared("89161234567", verified=False)),
    (said(contact={"phone_number": "89161234567"}), "person",
     ContactShared("89161234567", verified=False)),
    (said(sticker={}), "person", Unreadable("sticker")),
    (said(voice={}), "person", Unreadable("voice")),
    (said(photo=[], caption="вот"), "person", Unreadable("photo")),
    (said(animation={}, document={}), "person", Unreadable("animation")),
    (said(photo=[{**SMALL, "file_id": "s"}, LARGE], caption="вот", media_group_id="g"), "person",
     FileSent((SentFile("photo", "l", "", 9000, "image/jpeg"),), "вот", "g")),
    (said(document={"file_id": "d", "file_name": "а.pdf", "mime_type": "application/pdf",
                    "file_size": 5}), "person",
     FileSent((SentFile("file", "d", "а.pdf", 5, "application/pdf"),))),
    (said(animation={"file_id": "a"}, document={"file_id": "a"}), "person",
     FileSent((SentFile("animation", "a"),))),
    (said(voice={"file_id": "v", "mime_type": "audio/ogg"}), "person",
     FileSent((SentFile("voice", "v", mime="audio/ogg"),))),
    (said(video={"file_id": "f", "file_name": "к.mp4"}), "person",
     FileSent((SentFile("video", "f", "к.mp4"),))),
    (said(video_note={"file_id": "n"}), "person", FileSent((SentFile("video_note", "n"),))),
    (said(audio={"file_id": "m"}), "person", FileSent((SentFile("audio", "m"),))),
    (said(location={"latitude": 55.75, "longitude": 37.61}), "person", LocationSent(55.75, 37.61)),
    (said(location={"latitude": 55, "longitude": 37}, venue={"title": "Кафе", "address": "Мира, 1"}),
     "person", LocationSent(55.0, 37.0, "Кафе, Мира, 1")),
    (said(write_access_allowed={}), "person", BotAllowed()),
    (changed("kicked"), "person", BotBlocked()),
    (changed("member"), "person", BotAllowed()),
    (pressed(), "person", Pressed(None)),
    (pressed(GROUP), "card", Pressed(None)),
    (said(GROUP, text="/id@london_bot"), "group", Typed("/id")),
    (said(GROUP, text="Да", reply_to_message=OURS), "reply", Typed("Да")),
    (said(GROUP, text="Да", reply_to_message={**OURS, "from": ANNA}), "group", Typed("Да")),
    (said(GROUP, text="Да", reply_to_message={"message_id": 6}), "group", Typed("Да")),
    (said(text="Да", reply_to_message=OURS), "person", Typed("Да")),
    (said(GROUP, text="+", reply_to_message=POST), "comment", Commented("+", post="41")),
    (said(GROUP, photo=[], caption="+", reply_to_message=POST), "comment",
     Commented("+", post="41")),
    (said(GROUP, sticker={}, reply_to_message=POST), "comment", Commented("", post="41")),
]  # fmt: skip
SILENT = [
    (said(pinned_message={}), "person"),
    (changed("member", GROUP), "group"),
    (said(sender={**ANNA, "is_bot": True}, text="я бот"), "ignored"),
    (said(GROUP, is_automatic_forward=True, text="пост"), "ignored"),
    ({"update_id": 8, "edited_message": {"text": "?"}}, "ignored"),
    ({"update_id": 8, "channel_post": {"text": "?"}}, "ignored"),
    ({"update_id": 8, "telepathy": {}}, "ignored"),
]
POISON = [
    said(text=5),
    said(contact={"phone_number": None}),
    said(sender={"id": 5, "first_name": ["?"]}, text="a"),
    pressed(id=7),
    {"update_id": 8, "callback_query": {"id": "q"}, "message": None},
    {"update_id": 8, "my_chat_member": {"chat": PRIVATE, "from": ANNA}},
]


@pytest.mark.parametrize(("raw", "kind", "event"), HEARD)
def test_an_update_says_what_happened(raw, kind, event):
    assert arrival("tg", raw).kind == kind
    assert hear(raw).event == event


@pytest.mark.parametrize(("raw", "kind"), SILENT)
def test_an_update_that_means_nothing_to_a_funnel(raw, kind):
    assert arrival("tg", raw).kind == kind
    assert hear(raw) is None


@pytest.mark.parametrize("raw", POISON)
def test_poison_arrives_and_is_refused_only_when_it_is_parsed(raw):
    assert arrival("tg", raw).source_key == "tg:tg:8"
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        hear(raw)


def test_a_reply_names_the_message_that_it_answers():
    assert arrival("tg", said(GROUP, text="Да", reply_to_message=OURS)).answered == "6"
    assert arrival("tg", said(GROUP, text="Да")).answered == ""


def test_an_arrival_holds_what_ingest_needs():
    raw = pressed(GROUP)
    assert arrival("sales", raw) == Arrival("tg:sales:8", "card", raw, "5", "-100", "1.0.abc")
    broken = {"update_id": 9, "message": {"text": "?"}}
    assert arrival("sales", broken) == Arrival("tg:sales:9", "ignored", broken)


def test_a_press_tells_how_to_answer_it():
    heard = hear(pressed())
    assert heard.token == "1.0.abc"
    assert heard.press == {"id": "q1"}
    assert heard.pressed_external == "6"
    assert heard.sender_name == "Анна"


def test_a_comment_tells_where_to_answer():
    heard = hear(said(GROUP, text="+", reply_to_message=POST))
    assert heard.comment == {"chat": "-100", "message": 7}


def test_the_profile_comes_with_every_update():
    profile = hear(said(text="привет")).profile
    assert (profile.first_name, profile.last_name, profile.username) == ("Анна", "", "anna")
    assert profile.extra == {"language": "ru"}

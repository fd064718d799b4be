"""VK's raw events: a table of what came and what it says."""

import pytest

from bots.channel import Arrival
from bots.vk.updates import CHATS, arrival, hear
from flows.events import (
    BotAllowed,
    BotBlocked,
    Commented,
    FileSent,
    Joined,
    LocationSent,
    Opened,
    Pressed,
    Typed,
    Unreadable,
)
from flows.sent import SentFile

OURS = {"from_id": -9, "conversation_message_id": 6, "text": "Мария: Вы тут?"}


def event(kind, what):
    """One long-poll event."""
    return {"type": kind, "event_id": "e1", "group_id": 9, "v": "5.199", "object": what}


def said(peer=5, sender=5, text="", **content):
    """A message."""
    message = {"from_id": sender, "peer_id": peer, "text": text, "attachments": [], **content}
    return event("message_new", {"message": message, "client_info": {}})


def pressed(peer=5, payload=None, **content):
    """A press of a callback button."""
    payload = {"t": "1.0.abc"} if payload is None else payload
    content = {"event_id": "p1", "payload": payload, "conversation_message_id": 6, **content}
    return event("message_event", {"user_id": 5, "peer_id": peer, **content})


def commented(sender=5, **content):
    """A comment on the wall."""
    reply = {"id": 12, "from_id": sender, "owner_id": -9, "post_id": 3, "text": "+", **content}
    return event("wall_reply_new", reply)


def attached(kind, **content):
    """An attachment."""
    return {"type": kind, kind: {"owner_id": 5, "id": 7, **content}}


DOC = {"title": "а.pdf", "ext": "pdf", "size": 5}
PDF = SentFile("file", "doc5_7", "а.pdf", 5, "application/pdf")
GEO = {"type": "point", "coordinates": {"latitude": 55.75, "longitude": 37.61}}
TOKEN = '{"t":"1.0.abc"}'
HEARD = [
    (said(text="привет"), "person", Typed("привет")),
    (said(text="Начать", payload='{"command":"start"}'), "person", Opened()),
    (said(text="Начать", payload='{"command":"start"}', ref="ads"), "person", Opened("ads")),
    (said(text="хочу", ref="ads-may_1"), "person", Opened("ads-may_1")),
    (said(text="хочу", ref="не код"), "person", Opened()),
    (said(text="хочу", ref=""), "person", Typed("хочу")),
    (said(text="хочу", payload="{broken"), "person", Typed("хочу")),
    (said(text="хочу", payload='"start"'), "person", Typed("хочу")),
    (said(text="Читаю", payload=TOKEN), "person", Pressed(None)),
    (said(attachments=[{"type": "sticker"}]), "person", Unreadable("sticker")),
    (said(attachments=[{"type": "audio_message"}]), "person", Unreadable("voice")),
    (said(attachments=[{"type": "doc"}]), "person", Unreadable("document")),
    (said(text="вот", attachments=[{"type": "photo"}]), "person", Typed("вот")),
    (
        said(text="вот", attachments=[attached("photo", access_key="k"), attached("doc", **DOC)]),
        "person",
        FileSent((SentFile("photo", "photo5_7_k", mime="image/jpeg"), PDF), "вот"),
    ),
    (
        said(attachments=[attached("doc", title="а", ext="pdf", size=5)]),
        "person",
        FileSent((PDF,)),
    ),
    (
        said(attachments=[attached("audio_message", access_key="k")]),
        "person",
        FileSent((SentFile("voice", "audio_message5_7_k", mime="audio/ogg"),)),
    ),
    (
        said(
            attachments=[attached("video", title="Кот"), attached("audio", artist="А", title="Б")]
        ),
        "person",
        FileSent((SentFile("video", "video5_7", "Кот"), SentFile("audio", "audio5_7", "А — Б"))),
    ),
    (said(text="https://a.ru", attachments=[attached("link")]), "person", Typed("https://a.ru")),
    (said(geo=GEO), "person", LocationSent(55.75, 37.61)),
    (
        said(geo={**GEO, "place": {"title": "Москва"}}),
        "person",
        LocationSent(55.75, 37.61, "Москва"),
    ),
    (said(geo={}, fwd_messages=[{}]), "person", Unreadable("forward")),
    (said(geo={"coordinates": {}}), "person", Unreadable("location")),
    (pressed(), "person", Pressed(None)),
    (pressed(payload=TOKEN), "person", Pressed(None)),
    (pressed(CHATS + 1), "card", Pressed(None)),
    (said(CHATS + 1, text="[club9|@london] /id"), "group", Typed("/id")),
    (said(CHATS + 1, text="Да", reply_message=OURS), "reply", Typed("Да")),
    (said(CHATS + 1, text="Да", fwd_messages=[OURS]), "reply", Typed("Да")),
    (said(CHATS + 1, text="Да", fwd_messages=[OURS, OURS]), "group", Typed("Да")),
    (said(CHATS + 1, text="Да", reply_message={**OURS, "from_id": 5}), "group", Typed("Да")),
    (said(CHATS + 1, text="Да", reply_message={**OURS, "peer_id": 5}), "group", Typed("Да")),
    (said(text="Да", reply_message=OURS), "person", Typed("Да")),
    (said(CHATS + 1, text="[club9|Беру]", payload=TOKEN), "card", Pressed(None)),
    (event("message_allow", {"user_id": 5, "key": "k"}), "person", BotAllowed()),
    (event("group_join", {"user_id": 5, "join_type": "join"}), "comment", Joined()),
    (event("message_deny", {"user_id": 5}), "person", BotBlocked()),
    (commented(), "comment", Commented("+", post="-9_3")),
]
SILENT = [
    (said(), "person"),
    (said(sender=-9, text="от сообщества"), "ignored"),
    (said(text="наше", out=1), "ignored"),
    (commented(sender=-9), "ignored"),
    (event("group_leave", {"user_id": 5, "self": 1}), "ignored"),
]
POISON = [
    said(text=None),
    said(attachments=[{}]),
    pressed(event_id=None),
    commented(text=5),
    event("message_new", {}),
    event("message_new", []),
    {"event_id": "e1", "object": {}},
]


@pytest.mark.parametrize(("raw", "kind", "event"), HEARD)
def test_an_event_says_what_happened(raw, kind, event):
    assert arrival("vk", raw).kind == kind
    assert hear(raw).event == event


@pytest.mark.parametrize(("raw", "kind"), SILENT)
def test_an_event_that_means_nothing_to_a_funnel(raw, kind):
    assert arrival("vk", raw).kind == kind
    assert hear(raw) is None


@pytest.mark.parametrize("raw", POISON)
def test_poison_arrives_and_is_refused_only_when_it_is_parsed(raw):
    assert arrival("vk", raw).source_key == "vk:vk:e1"
    with pytest.raises((KeyError, TypeError, ValueError)):
        hear(raw)


def test_a_reply_names_the_message_that_it_answers():
    assert arrival("vk", said(CHATS + 1, text="Да", reply_message=OURS)).answered == "6"
    assert arrival("vk", said(CHATS + 1, text="Да")).answered == ""


def test_an_arrival_holds_what_ingest_needs():
    raw = pressed(CHATS + 1)
    chat = str(CHATS + 1)
    assert arrival("shop", raw) == Arrival("vk:shop:e1", "card", raw, "5", chat, "1.0.abc")
    assert arrival("shop", said(text="Читаю", payload=TOKEN)).token == "1.0.abc"
    assert arrival("shop", commented()).chat == "-9"


def test_an_event_without_an_id_is_known_by_its_content():
    bare = {"type": "message_deny", "object": {"user_id": 5}}
    assert arrival("vk", bare).source_key == arrival("vk", dict(bare)).source_key
    other = {"type": "message_deny", "object": {"user_id": 6}}
    assert arrival("vk", bare).source_key != arrival("vk", other).source_key


def test_a_press_tells_how_to_answer_it():
    heard = hear(pressed())
    assert heard.token == "1.0.abc"
    assert heard.press == {"event_id": "p1", "user_id": 5, "peer_id": 5}
    assert heard.pressed_external == "6"


def test_a_comment_tells_where_to_answer():
    assert hear(commented()).comment == {"owner": -9, "post": 3, "reply": 12}

"""What the web page posts becomes arrivals and events; what the bot sends is there at once."""

import asyncio

import pytest

from bots.channel import Arrival, Call, Delivery
from bots.web import saying
from bots.web.channel import WebChannel, arrival, hear
from bots.web.documents import Block, blocks
from bots.web.entries import Said, entry
from bots.web.limits import Limit, household
from bots.web.phrases import _PHRASES
from flows.events import Opened, Pressed, Typed
from flows.markup import RichText, Span
from flows.messages import Button, Media, Message

POSTED = [
    ({"kind": "open", "code": ""}, Opened()),
    ({"kind": "open", "code": "ads_may"}, Opened("ads_may")),
    ({"kind": "open", "code": "две части"}, Opened()),
    ({"kind": "text", "text": "Привет"}, Typed("Привет")),
    ({"kind": "text", "text": "/start ads_may"}, Opened("ads_may")),
    ({"kind": "text", "text": "/start"}, Opened()),
    ({"kind": "text", "text": "/starting"}, Typed("/starting")),
    ({"kind": "text", "text": "{{ 7*7 }}<b>"}, Typed("{{ 7*7 }}<b>")),
]


@pytest.mark.parametrize(("raw", "event"), POSTED)
def test_what_the_page_posts_is_heard(raw, event):
    assert hear(raw).event == event


def test_a_press_brings_its_token_and_can_be_answered():
    heard = hear({"kind": "press", "token": "7.0.abcdefgh", "text": "С нуля"})
    assert heard.event == Pressed(None, text="С нуля")
    assert heard.token == "7.0.abcdefgh"
    assert heard.press


def test_a_strange_kind_means_nothing_and_a_broken_one_is_poison():
    assert hear({"kind": "dance"}) is None
    for broken in ({}, {"kind": "text"}, {"kind": "press", "token": 7}):
        with pytest.raises((KeyError, TypeError)):
            hear(broken)


def test_an_arrival_is_known_by_visitor_and_client_id():
    raw = {"kind": "press", "token": "7.0.abcdefgh", "text": "Да"}
    assert arrival("a1b2", "client-01", raw) == Arrival(
        "web:a1b2:client-01", "person", raw, sender="a1b2", chat="a1b2", token="7.0.abcdefgh"
    )


async def test_the_channel_delivers_at_once_and_shows_the_call():
    shown = []
    channel = WebChannel("site", "https://bots.example.ru/", shown.append)
    call = Call("send", "a1b2", Message(RichText.of("Привет")))
    assert await channel.call(call) == Delivery("web")
    assert shown == [call]
    assert await channel.prepare(consent=False) == "site"
    assert channel.deep_link("ads") == "https://bots.example.ru/chat/site?start=ads"
    fetching = asyncio.ensure_future(channel.fetch(""))
    await asyncio.sleep(0)
    assert not fetching.done()
    fetching.cancel()
    await channel.close()


GOOD = [
    (b'{"client_id":"abcdefgh","kind":"text","text":" hi "}', {"kind": "text", "text": "hi"}),
    (b'{"client_id":"abcdefgh","kind":"open"}', {"kind": "open", "code": ""}),
    (
        b'{"client_id":"abcdefgh","kind":"press","token":"1.0.abcdefgh","text":"A"}',
        {"kind": "press", "token": "1.0.abcdefgh", "text": "A"},
    ),
    (
        b'{"client_id":"abcdefgh","kind":"text","text":"a\\u0000\\ud800b"}',
        {"kind": "text", "text": "ab"},
    ),
]
BAD = [
    b"",
    b"[]",
    b"{",
    b"[" * 100_000,
    b'{"kind":"text","text":"hi"}',
    b'{"client_id":"../../etc","kind":"text","text":"hi"}',
    b'{"client_id":"abcdefgh","kind":"text","text":7}',
    b'{"client_id":"abcdefgh","kind":"text","text":"  "}',
    b'{"client_id":"abcdefgh","kind":"open","code":"a b"}',
    b'{"client_id":"abcdefgh","kind":"press","text":"A"}',
    b'{"client_id":"abcdefgh","kind":"press","token":"' + b"1" * 99 + b'"}',
    b'{"client_id":"abcdefgh","kind":"erase"}',
    b'{"client_id":["abcdefgh"],"kind":"open"}',
]


@pytest.mark.parametrize(("body", "raw"), GOOD)
def test_a_posted_body_is_read(body, raw):
    assert saying.read(body, "ru") == ("abcdefgh", raw)


@pytest.mark.parametrize("body", BAD)
def test_a_strange_body_is_refused_with_a_sentence(body):
    with pytest.raises(saying.Refused) as refused:
        saying.read(body, "ru")
    assert refused.value.sentence.endswith(".")


def test_a_text_may_be_as_long_as_the_limit_and_no_longer():
    body = '{"client_id":"abcdefgh","kind":"text","text":"%s"}'
    assert saying.read((body % ("ы" * 4096)).encode(), "ru")
    with pytest.raises(saying.Refused) as refused:
        saying.read((body % ("ы" * 4097)).encode(), "en")
    assert (refused.value.status, "4096" in refused.value.sentence) == (413, True)


def test_an_entry_holds_only_what_the_page_may_see():
    message = Message(
        RichText((Span("жми ", bold=True), Span("сюда", url="javascript:alert(1)"))),
        (
            Button("Да", action={"secret": 1}),
            Button("Сайт", url="https://example.ru"),
            Button("Зло", url="javascript:alert(1)"),
            Button("Телефон", contact=True),
        ),
        media=(Media("photo", "media/a b.png"), Media("photo", "../../.env")),
        columns=2,
    )
    tokens, links = ("1.0.abcdefgh", "", "", ""), ("", "https://example.ru", "javascript:1", "")
    assert entry(Said(1, 2_000, "bot", message, tokens, links), {"media/a b.png"}) == {
        "id": 1,
        "at": 2,
        "from": "bot",
        "text": [{"text": "жми ", "bold": True}, "сюда"],
        "media": [{"kind": "photo", "url": "/media/media/a%20b.png", "name": "a b.png"}],
        "rows": [
            [
                {"text": "Да", "token": "1.0.abcdefgh"},
                {"text": "Сайт", "href": "https://example.ru"},
            ]
        ],
    }


def test_files_that_browsers_do_not_play_are_links_and_pictures_of_options_keep_their_labels():
    media = (
        Media("video", "media/film.avi"),
        Media("voice", "media/a.ogg"),
        Media("photo", "media/b.png", "1. Да"),
    )
    shown = entry(Said(1, 0, "bot", Message(RichText(), media=media)), {one.path for one in media})
    assert [(one["kind"], one.get("label")) for one in shown["media"]] == [
        ("document", None),
        ("voice", None),
        ("photo", "1. Да"),
    ]


def test_a_limit_opens_again_after_a_minute():
    moment = [0.0]
    limit = Limit(2, lambda: moment[0])
    assert [limit.allows("a"), limit.allows("a"), limit.allows("a")] == [True, True, False]
    assert limit.allows("b")
    moment[0] = 60.0
    assert limit.allows("a")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8::1:2:3:4", "2001:db8::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_line_counts_as_one(address, counted):
    assert household(address) == counted


def test_a_document_is_paragraphs_headings_and_lists():
    text = "# Согласие\n\nЯ **разрешаю**\nвсё.\n\n- имя\n- <b>телефон</b>\n## Срок\nГод."
    assert list(blocks(text)) == [
        Block("title", ((Span("Согласие"),),)),
        Block("paragraph", ((Span("Я "), Span("разрешаю", bold=True), Span(" всё.")),)),
        Block("list", ((Span("имя"),), (Span("<b>телефон</b>"),))),
        Block("heading", ((Span("Срок"),),)),
        Block("paragraph", ((Span("Год."),),)),
    ]


def test_every_phrase_has_both_languages_and_they_differ():
    assert all(
        russian and english and russian != english for russian, english in _PHRASES.values()
    )

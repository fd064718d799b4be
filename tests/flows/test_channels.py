"""Limits and abilities of the channels, and the page that tells of them."""

from pathlib import Path

import pytest

from flows.channel_table import elements_table, files_table, limits_table
from flows.channel_words import ELEMENTS, WAYS
from flows.channels import (
    CHANNELS,
    TELEGRAM,
    VK,
    degradations,
    opens_everywhere,
    text_length,
    ways,
)
from flows.markup import RichText, Span
from flows.messages import Button, Media, Message

DOCS = Path(__file__).parents[2] / "docs"


def said(text="Привет", buttons=(), media=()):
    """A message."""
    rich = text if isinstance(text, RichText) else RichText.of(text)
    return Message(rich, tuple(buttons), media=tuple(media))


def options(count, label="Да"):
    """So many buttons."""
    return [Button(f"{label} {n}", action={"n": n}) for n in range(count)]


PHOTO, VOICE = Media("photo", "a.png"), Media("voice", "a.ogg")
LABELLED = Media("photo", "1.png", "1. Да")
BOLD = RichText((Span("а", bold=True),))
LINK = RichText((Span("сайт", url="https://example.ru"),))
DEGRADED = [
    ("telegram", said(), []),
    ("telegram", said(BOLD + LINK, options(30), [PHOTO]), []),
    ("telegram", said("я" * 4096), []),
    ("telegram", said("я" * 4097), [("long_text", "split")]),
    ("telegram", said("😀" * 2049), [("long_text", "split")]),
    ("telegram", said("я" * 1025, media=[PHOTO]), [("long_caption", "apart")]),
    ("telegram", said(buttons=options(101)), [("many_buttons", "listed")]),
    ("telegram", said(buttons=[Button("☎", contact=True)]), [("contact_button", "under_input")]),
    ("telegram", said(buttons=options(1), media=[PHOTO] * 2), [("album_buttons", "apart")]),
    ("telegram", said(buttons=[Button("?", url="http://localhost")]), [("local_link", "address")]),
    ("vk", said(buttons=options(10), media=[PHOTO] * 2), []),
    ("vk", said(BOLD), [("formatting", "plain")]),
    ("vk", said(LINK), [("text_link", "address")]),
    ("vk", said(buttons=options(11)), [("many_buttons", "under_input")]),
    ("vk", said(buttons=options(41)),
     [("many_buttons", "under_input"), ("too_many_buttons", "listed")]),
    ("vk", said(buttons=options(1, "я" * 40)), [("long_label", "cut")]),
    ("vk", said(buttons=[Button("☎", contact=True)]), [("contact_button", "typed")]),
    ("vk", said(media=[Media("video", "a.mp4")] * 2), [("video", "as_file")]),
    ("vk", said(media=[Media("audio", "a.mp3")]), [("audio", "file_or_voice")]),
    ("vk", said(media=[PHOTO, VOICE]), [("mixed_album", "split")]),
    ("telegram", said(media=[PHOTO, VOICE]), [("mixed_album", "split")]),
    ("telegram", said(media=[PHOTO] * 11), [("mixed_album", "split")]),
    ("web", said(media=[PHOTO, VOICE]), []),
    ("telegram", said("я" * 1025, options(1), [LABELLED]), [("option_photos", "labels_below")]),
    ("vk", said(buttons=options(1), media=[LABELLED] * 3), [("option_photos", "labels_below")]),
    ("web", said(media=[LABELLED]), []),
    ("terminal", said(media=[LABELLED]), [("option_photos", "named"), ("photo", "named")]),
    ("web", said(buttons=[Button("☎", contact=True)]), [("contact_button", "typed")]),
    ("terminal", said(media=[PHOTO]), [("photo", "named")]),
]  # fmt: skip


@pytest.mark.parametrize(("channel", "message", "expected"), DEGRADED)
def test_what_is_shown_otherwise_than_meant(channel, message, expected):
    assert degradations(channel, message) == expected


def test_a_channel_that_there_is_not():
    with pytest.raises(KeyError):
        degradations("icq", said())


def test_every_element_has_a_way_in_every_channel():
    for name in CHANNELS:
        assert ways(name).keys() == ELEMENTS.keys()
        assert set(ways(name).values()) <= WAYS.keys()


def test_length_is_counted_as_the_channel_counts():
    assert text_length(TELEGRAM, RichText.of("😀а")) == 3
    assert text_length(VK, RichText.of("😀а")) == 2
    assert text_length(TELEGRAM, LINK) == 4
    assert text_length(VK, LINK) == len("сайт (https://example.ru)")


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("https://example.ru/a?b#c", True),
        ("http://example.ru:8080", True),
        ("https://user:pass@example.ru/", True),
        ("https://пример.рф/", True),
        ("http://localhost:8080/r", False),
        ("http://127.0.0.1:8080/r", False),
        ("http://[::1]/", False),
        ("https://intranet/", False),
        ("ftp://example.ru", False),
        ("example.ru", False),
        ("", False),
    ],
)
def test_addresses_that_a_messenger_takes(url, opens):
    assert opens_everywhere(url) == opens


@pytest.mark.parametrize(("page", "language"), [("channels.md", "ru"), ("channels.en.md", "en")])
def test_the_page_tells_what_the_code_does(page, language):
    text = (DOCS / page).read_text(encoding="utf-8")
    assert limits_table(language) in text
    assert elements_table(language) in text
    assert files_table(language) in text

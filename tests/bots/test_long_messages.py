"""Whatever is written, however long: parts that a strict reader of Telegram takes (R42, R55)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from teremok.validation import validate_html

from bots.telegram import rendering
from bots.vk import rendering as vk_rendering
from flows.channels import TELEGRAM, VK
from flows.markup import RichText, Span, merge, utf16_length
from flows.messages import Button, Media, Message
from tests.emulators.telegram.entities import read_caption, read_message

WORDS = st.text(alphabet="аб <>&\"'\n.-/😀\u200d\u0301]*_`{}|\u00a0\u2028;#39", max_size=40)
ADDRESSES = st.sampled_from(["", "", "https://e.ru/?a=1&b=<2>\"'", "tel:+79001234567"])
SPANS = st.builds(
    lambda text, times, bold, italic, code, url: Span(text * times, bold, italic, code, url),
    WORDS,
    st.integers(1, 400),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    ADDRESSES,
)
TEXTS = st.lists(SPANS, min_size=1, max_size=6).map(lambda spans: RichText(merge(spans)))
BUTTONS = st.lists(st.text(min_size=1, max_size=20), max_size=3).map(
    lambda labels: tuple(Button(label, action={"a": label}) for label in labels)
)
MEDIA = st.lists(st.sampled_from([Media("photo", "a.png"), Media("video", "b.mp4")]), max_size=3)


@st.composite
def messages(draw) -> Message:
    """A message of any length that says something, with or without files and buttons."""
    return Message(
        draw(TEXTS.filter(lambda text: bool(text.plain.strip()))),
        draw(BUTTONS),
        media=tuple(draw(MEDIA)),
    )


def bare(text: str) -> str:
    """The words without white space, which may go where a text is parted."""
    return "".join(text.split())


@given(messages())
@settings(max_examples=60)
def test_telegram_takes_every_part_and_nothing_is_lost(said):
    tokens = [f"t{number}" for number in range(len(said.buttons))]
    parts = rendering.parts(said, tokens, [""] * len(tokens))
    for part in parts:
        html = part.words().get("text", part.words().get("caption", ""))
        validate_html(html)  # raises on a tag left open, a bare sign, a style inside code
        reader = read_caption if part.media else read_message  # these on a text too long, too
        shown = reader(html, "HTML", None).text if part.text.plain.strip() else part.text.plain
        assert bare(shown) == bare(part.text.plain)
        assert utf16_length(shown) <= (TELEGRAM.caption if part.media else TELEGRAM.text)
    whole = "".join(part.text.plain for part in parts)
    assert bare(whole).replace("⬆️", "") == bare(said.text.plain).replace("⬆️", "")
    assert [part.markup is not None for part in parts[:-1]] == [False] * (len(parts) - 1)
    assert [item for part in parts for item in part.media] == list(said.media)


@given(messages())
@settings(max_examples=40)
def test_vk_takes_every_part_and_the_keyboard_is_on_the_last(said):
    tokens = [f"t{number}" for number in range(len(said.buttons))]
    parts = vk_rendering.parts(said, tokens, [""] * len(tokens))
    assert all(len(part.text) <= VK.text for part in parts)
    assert not any(part.board for part in parts[:-1])
    whole = bare("".join(part.text for part in parts)).replace("\u2060", "")
    letters = iter(whole)
    assert all(letter in letters for letter in bare(said.text.plain))  # in order, none left out


@pytest.mark.parametrize("length", [1023, 1024, 1025, 4096, 4097, 9000])
def test_captions_go_under_the_picture_up_to_their_limit(length):
    said = Message(RichText.of("я" * length), (Button("Да", action={}),))
    parts = rendering.parts(replace(said, media=(Media("photo", "a.png"),)), ["t"], [""])
    if length <= TELEGRAM.caption:
        assert [part.method for part in parts] == ["sendPhoto"]
    else:
        assert parts[0].method == "sendPhoto"
        assert not parts[0].text
        assert {part.method for part in parts[1:]} == {"sendMessage"}
    assert parts[-1].markup is not None
    assert sum(len(part.text.plain) for part in parts) == length

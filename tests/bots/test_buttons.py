"""Tokens and tracked links: ours are read, all others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.bodies import frozen_button, opened_message, sealed_message
from bots.buttons import link, links_of, read_link, read_token, token, tokens_of
from flows.markup import RichText
from flows.messages import Button, Message
from storage.seal import Seal

SEAL = Seal({"k1": bytes(32)})
SAID = Message(
    RichText.of("Привет"),
    (
        Button("Да", {"do": "answer", "option": 0}),
        Button("Сайт", url="https://example.ru/", track="site"),
        Button("Телефон", contact=True),
        Button("Ссылка", url="https://example.ru/2"),
    ),
)


@given(st.integers(1, 2**63 - 1), st.integers(0, 299))
def test_a_token_is_short_and_comes_back(message_id, index):
    written = token(SEAL, message_id, index)
    assert len(written.encode()) <= 32
    assert read_token(SEAL, written) == (message_id, index)


@given(st.text(max_size=40))
def test_what_others_wrote_is_no_token(written):
    assert read_token(SEAL, written) is None


def test_a_link_is_no_token_and_a_neighbour_neither():
    assert read_token(SEAL, link(SEAL, 5, 1)) is None
    assert read_link(SEAL, token(SEAL, 5, 1)) is None
    mac = token(SEAL, 5, 1).rsplit(".", 1)[1]
    assert read_token(SEAL, f"5.2.{mac}") is None
    assert read_token(Seal({"k2": bytes(31) + b"1"}), token(SEAL, 5, 1)) is None


def test_only_buttons_with_a_meaning_have_tokens():
    assert [bool(one) for one in tokens_of(SEAL, 9, SAID)] == [True, False, False, False]


@pytest.mark.parametrize("base", ["https://b.ru", "https://b.ru/"])
def test_tracked_links_are_ours_when_we_have_an_address(base):
    assert links_of(SEAL, 9, SAID, base) == (
        "", f"https://b.ru/r/{link(SEAL, 9, 1)}", "", "https://example.ru/2",
    )  # fmt: skip
    assert links_of(SEAL, 9, SAID, "")[1] == "https://example.ru/"


def test_a_message_is_sealed_and_opened():
    columns = sealed_message(SEAL, SAID)
    assert "Привет".encode() not in columns["body_sealed"]
    assert opened_message(SEAL, columns["body_sealed"], columns["buttons_sealed"]) == SAID
    assert opened_message(SEAL, columns["body_sealed"], None).buttons[0].action is None
    assert frozen_button(SEAL, columns["buttons_sealed"], 0) == ("Да", SAID.buttons[0].action)
    assert frozen_button(SEAL, columns["buttons_sealed"], 1) is None
    assert frozen_button(SEAL, columns["buttons_sealed"], 7) is None
    assert sealed_message(SEAL, Message(RichText.of("x")))["buttons_sealed"] is None

"""Messages as VK's requests: tables of what goes in and what comes out."""

import json

import pytest

from bots.vk.keyboard import keyboard, payload, token_in
from bots.vk.rendering import edited, parts, random_id_of, words
from flows.markup import RichText, Span
from flows.messages import Button, Media, Message
from tests.bots.messengers import message
from tests.emulators.vk import keyboards

PHOTO, FILE, VOICE = Media("photo", "a.png"), Media("document", "c.pdf"), Media("voice", "d.ogg")


def tokens(count):
    """So many tokens."""
    return [f"t{n}" for n in range(count)]


def labels(board):
    """The board's labels by rows."""
    return [[button["action"]["label"] for button in row] for row in board["buttons"]]


def test_a_button_calls_back_so_that_its_press_can_be_answered():
    shown = keyboard(message("?", "Да"), ("t0",), ())
    action = {"type": "callback", "label": "Да", "payload": '{"t": "t0"}'}
    assert shown.board == {"inline": True, "buttons": [[{"action": action, "color": "secondary"}]]}


def test_a_link_opens_and_two_fit_a_row():
    buttons = tuple(Button(f"Л{n}", url="x") for n in range(3))
    links = [f"http://localhost/{n}" for n in range(3)]
    shown = keyboard(Message(RichText.of("?"), buttons, columns=3), (), links)
    assert labels(shown.board) == [["Л0", "Л1"], ["Л2"]]
    assert shown.board["buttons"][0][0] == {
        "action": {"type": "open_link", "link": "http://localhost/0", "label": "Л0"}
    }


def test_a_link_that_is_no_page_stands_in_the_text():
    said = Message(RichText.of("Звоните"), (Button("Позвонить", url="tel:+79001234567"),))
    (part,) = parts(said, (), ("tel:+79001234567",))
    assert part.text == "Звоните\n\nПозвонить: tel:+79001234567"
    assert part.board is None


def test_the_contact_button_is_left_out():
    said = Message(RichText.of("?"), (Button("Номер", contact=True), Button("Нет", action={})))
    assert labels(keyboard(said, ("", "t1"), ()).board) == [["Нет"]]


PLACE = Button("Отправить местоположение", location=True)


def test_the_button_that_shares_a_place_has_a_row_of_its_own():
    said = Message(RichText.of("?"), (PLACE, Button("Нет", action={}), Button("Да", action={})))
    board = keyboard(said, ("", "t1", "t2"), ()).board
    assert board["buttons"][0] == [{"action": {"type": "location", "payload": "{}"}}]
    assert labels({"buttons": board["buttons"][1:]}) == [["Нет", "Да"]]


def test_the_button_that_shares_a_place_stands_alone_and_goes_with_the_others():
    alone = Message(RichText.of("?"), (PLACE,))
    assert keyboard(alone, ("",), ()).board["inline"] is True
    assert keyboard(alone, (), ()).board is None


@pytest.mark.parametrize("count", [0, 1, 8, 9, 10, 11, 39, 40, 60])
@pytest.mark.parametrize("label", ["Да{}", "Вариант ответа номер {}"])
def test_vk_accepts_a_place_beside_any_number_of_buttons(count, label):
    said = message("?", *(label.format(n) for n in range(count)))
    said = Message(said.text, (PLACE, *said.buttons))
    shown = keyboard(said, ["", *tokens(count)], ())
    read = keyboards.read(json.dumps(shown.board))
    assert sum(len(row) for row in read["buttons"]) + len(shown.lines) == count + 1


@pytest.mark.parametrize("count", [1, 2, 5, 9, 10, 11, 12, 29, 40, 41, 60])
@pytest.mark.parametrize("columns", [None, 1, 2, 5])
@pytest.mark.parametrize("label", ["Да{}", "Вариант ответа номер {}", "Очень " * 9 + "{}"])
def test_vk_accepts_any_number_of_buttons(count, columns, label):
    said = message("?", *(label.format(n) for n in range(count)), columns=columns)
    shown = keyboard(said, tokens(count), ())
    read = keyboards.read(json.dumps(shown.board))
    assert read["inline"] == (count <= 10)
    assert sum(len(row) for row in read["buttons"]) + len(shown.lines) == count


@pytest.mark.parametrize("links", [1, 5, 11, 30])
@pytest.mark.parametrize("actions", [0, 3, 10, 20])
def test_vk_accepts_links_among_them(links, actions):
    buttons = tuple(Button(f"Л{n}", url="https://a.ru") for n in range(links))
    buttons += tuple(Button(f"К{n}", action={"n": n}) for n in range(actions))
    said = Message(RichText.of("?"), buttons)
    shown = keyboard(said, [""] * links + tokens(actions), ["https://a.ru"] * links)
    drawn = 0
    if shown.board is not None:
        drawn = sum(len(row) for row in keyboards.read(json.dumps(shown.board))["buttons"])
    assert drawn + len(shown.lines) == links + actions


def test_many_buttons_send_their_label_with_the_payload():
    shown = keyboard(message("?", *(f"Город {n}" for n in range(11))), tokens(11), ())
    assert shown.board["one_time"] is True
    assert shown.board["buttons"][0][0]["action"]["type"] == "text"


@pytest.mark.parametrize(
    ("written", "token"),
    [
        (payload("1.0.abc"), "1.0.abc"),
        ({"t": "1.0.abc"}, "1.0.abc"),
        ('{"command": "start"}', ""),
        ("{broken", ""),
        ("[1]", ""),
        ({"t": 5}, ""),
        (None, ""),
    ],
)
def test_only_our_own_payload_holds_a_token(written, token):
    assert token_in(written) == token


@pytest.mark.parametrize(
    ("media", "albums"),
    [
        ([], [0]),
        ([PHOTO], [1]),
        ([PHOTO, FILE], [2]),
        ([PHOTO] * 11, [10, 1]),
        ([VOICE], [1]),
        ([PHOTO, VOICE, PHOTO], [1, 1, 1]),
    ],
)
def test_media_stand_with_the_words(media, albums):
    sent = parts(message("т", "Да", media=media), ("t0",), ())
    assert [len(part.media) for part in sent] == albums
    assert [bool(part.text) for part in sent] == [False] * (len(sent) - 1) + [True]
    assert [bool(part.board) for part in sent] == [False] * (len(sent) - 1) + [True]


def test_pictures_of_options_come_first_with_a_list_of_their_labels():
    media = [Media("photo", "1.png", "1. Красный"), Media("photo", "2.png", "2. [id1|x]"), FILE]
    pictures, question = parts(message("Какой?", "Да", media=media), ("t0",), ())
    assert pictures.text == "1. Красный\n2. [\u2060id1|x]"
    assert (pictures.media, pictures.board) == (tuple(media[:2]), None)
    assert (question.text, question.media, bool(question.board)) == ("Какой?", (FILE,), True)
    pictures, question = parts(message("Какой?", "Да", media=media[:2]), ("t0",), ())
    assert (question.text, question.media, bool(question.board)) == ("Какой?", (), True)


def test_music_in_mp3_stands_alone_as_a_voice_does():
    song = Media("audio", "a.mp3")
    sent = parts(message("т", media=[PHOTO, song, Media("audio", "b.m4a"), FILE]), (), ())
    assert [len(part.media) for part in sent] == [1, 1, 2]


def test_a_long_text_is_measured_with_its_addresses():
    link = Span("тут", url="https://example.ru/" + "x" * 200)
    text = RichText(tuple(s for n in range(30) for s in (Span(f"слово {n} "), link)))
    sent = parts(message(text, "Да", media=[PHOTO]), ("t0",), ())
    assert len(sent) == 2
    assert all(len(part.text) <= 4096 for part in sent)
    assert [len(part.media) for part in sent] == [1, 0]
    assert [bool(part.board) for part in sent] == [False, True]


def test_a_typed_mention_names_nobody():
    assert words(RichText.of("[id1|Павел] и [club2|y]")) == "[\u2060id1|Павел] и [\u2060club2|y]"
    assert words(RichText.of("[важно] [id|x]")) == "[важно] [id|x]"


def test_the_chosen_option_is_written_under_the_words():
    part = edited(message("Да?", "Да", media=[PHOTO]), (), (), "Да")
    assert (part.text, part.media, part.board) == ("Да?\n\n✓ Да", (PHOTO,), None)
    assert edited(message("т" * 4096, "Да"), (), (), "Да").text == "т" * 4096


def test_parts_have_random_ids_of_their_own_that_never_change():
    assert random_id_of(77, 0) == 77
    found = [random_id_of(row, part) for row in range(1, 500) for part in range(4)]
    assert len(set(found)) == len(found)
    assert all(0 < number < 2**31 for number in found)
    assert random_id_of(77, 1) == random_id_of(77, 1)
    assert random_id_of(0, 3) == 0

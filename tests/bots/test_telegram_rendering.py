"""Messages as Telegram's requests: tables of what goes in and what comes out."""

import pytest

from bots.telegram.keyboard import REMOVE, keyboard
from bots.telegram.rendering import edited, parts
from flows.markup import RichText, Span, utf16_length
from flows.messages import Button, Media, Message
from tests.bots.messengers import message

PHOTO, VIDEO, FILE = Media("photo", "a.png"), Media("video", "b.mp4"), Media("document", "c.pdf")
VOICE, CIRCLE, SONG = (
    Media("voice", "d.ogg"),
    Media("video_note", "e.mp4"),
    Media("audio", "f.mp3"),
)
MARKUP = {"inline_keyboard": [[{"text": "Да", "callback_data": "t0"}]]}


def asking_contact(*labels):
    """A phone question with these other buttons."""
    share = Button("Отправить мой номер", contact=True)
    others = tuple(Button(label, action={"press": label}) for label in labels)
    return Message(RichText.of("Телефон?"), (share, *others))


def test_an_action_is_a_callback_and_a_link_a_url():
    buttons = (Button("Да", action={"a": 1}), Button("Сайт", url="https://example.ru"))
    shown = keyboard(Message(RichText.of("?"), buttons), ("t0", ""), ("", "https://r.ru/1"))
    assert shown.markup == {
        "inline_keyboard": [
            [{"text": "Да", "callback_data": "t0"}],
            [{"text": "Сайт", "url": "https://r.ru/1"}],
        ]
    }


def test_a_button_without_a_token_or_a_link_is_not_drawn():
    assert keyboard(message("?", "Да", "Нет"), (), ()).markup is None
    assert keyboard(message("?", "Да", "Нет"), ("t0",), ()).markup == MARKUP


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost:8080/r/1",
        "http://127.0.0.1/r/1",
        "http://[::1]/r/1",
        "https://intranet/r",
        "tel:+79001234567",
    ],
)
def test_a_link_that_telegram_refuses_on_a_button_stands_in_the_text(link):
    said = Message(RichText.of("Урок"), (Button("Смотреть", url=link),))
    (part,) = parts(said, ("",), (link,))
    assert part.text.plain == f"Урок\n\nСмотреть: {link}"
    assert part.markup == REMOVE


def test_a_question_for_a_place_has_the_keyboard_under_the_input_field():
    share = Button("Отправить местоположение", location=True)
    said = Message(RichText.of("Куда?"), (share, Button("Назад", action={})))
    shown = keyboard(said, ("", "t1"), ())
    assert shown.markup["keyboard"] == [
        [{"text": "Отправить местоположение", "request_location": True}],
        [{"text": "Назад"}],
    ]
    assert edited(said, (), (), "Да") is None


def test_a_phone_question_has_the_keyboard_under_the_input_field():
    shown = keyboard(asking_contact("Пропустить", "Назад"), ("", "t1", "t2"), ())
    assert shown.markup == {
        "keyboard": [
            [{"text": "Отправить мой номер", "request_contact": True}],
            [{"text": "Пропустить"}, {"text": "Назад"}],
        ],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def test_the_next_message_without_buttons_takes_that_keyboard_away():
    assert parts(message("Спасибо"), (), ())[0].markup == REMOVE
    assert parts(message("Спасибо"), (), (), private=False)[0].markup is None
    assert parts(message("?", "Да"), ("t0",), ())[0].markup == MARKUP


def test_a_hundred_buttons_are_drawn_and_the_rest_listed():
    labels = [f"Город {n}" for n in range(102)]
    tokens = [f"t{n}" for n in range(102)]
    shown = keyboard(message("?", *labels), tokens, ())
    assert sum(len(row) for row in shown.markup["inline_keyboard"]) == 100
    assert shown.lines == ("• Город 100", "• Город 101")


@pytest.mark.parametrize(
    ("media", "text", "methods"),
    [
        ([], "т", ["sendMessage"]),
        ([PHOTO], "т", ["sendPhoto"]),
        ([PHOTO], "", ["sendPhoto"]),
        ([PHOTO], "т" * 1024, ["sendPhoto"]),
        ([PHOTO], "т" * 1025, ["sendPhoto", "sendMessage"]),
        ([PHOTO], "😀" * 513, ["sendPhoto", "sendMessage"]),
        ([VIDEO], "т", ["sendVideo"]),
        ([SONG], "т", ["sendAudio"]),
        ([VOICE], "т", ["sendVoice"]),
        ([FILE], "т", ["sendDocument"]),
        ([CIRCLE], "т", ["sendVideoNote", "sendMessage"]),
        ([CIRCLE], "", ["sendVideoNote"]),
        ([PHOTO, VIDEO], "т", ["sendMediaGroup", "sendMessage"]),
        ([PHOTO, VIDEO], "", ["sendMediaGroup"]),
        ([PHOTO, FILE], "т", ["sendPhoto", "sendDocument"]),
        ([FILE, FILE, PHOTO], "т", ["sendMediaGroup", "sendPhoto"]),
        ([VOICE, VOICE], "т", ["sendVoice", "sendVoice"]),
        ([PHOTO] * 11, "т", ["sendMediaGroup", "sendPhoto"]),
        ([PHOTO] * 20, "т", ["sendMediaGroup", "sendMediaGroup", "sendMessage"]),
    ],
)
def test_media_go_by_their_own_methods(media, text, methods):
    sent = parts(message(text, media=media), (), ())
    assert [part.method for part in sent] == methods
    assert "".join(part.text.plain for part in sent) == text
    assert [item for part in sent for item in part.media] == media


def option(number, label, kind="photo"):
    """The picture of an option."""
    return Media(kind, f"{number}.png", f"{number}. {label}")


def test_pictures_of_options_come_as_an_album_with_their_labels_under_it():
    media = [option(1, "Красный"), option(2, "Синий"), PHOTO]
    album, question = parts(message("Какой?", "Красный", "Синий", media=media), ("a", "b"), ())
    assert (album.method, album.media) == ("sendMediaGroup", tuple(media[:2]))
    assert album.text.plain == "1. Красный\n2. Синий"
    assert album.markup is None
    assert (question.method, question.text.plain) == ("sendPhoto", "Какой?")
    assert question.markup is not None


def test_one_picture_of_an_option_keeps_its_label_and_the_question_its_keyboard():
    shown, question = parts(message("Какой?", "Да", media=[option(1, "Да")]), ("a",), ())
    assert (shown.method, shown.text.plain, shown.markup) == ("sendPhoto", "1. Да", None)
    assert (question.method, question.text.plain) == ("sendMessage", "Какой?")


def test_labels_of_an_album_always_fit_its_caption():
    media = [option(number, "Ы" * 500) for number in range(1, 12)]
    *albums, _ = parts(message("?", media=media), (), ())
    assert [part.method for part in albums] == ["sendMediaGroup", "sendPhoto"]
    assert all(len(part.text.plain) <= 1024 for part in albums)


def test_an_album_with_buttons_and_no_words_still_shows_the_buttons():
    *_, last = parts(message("", "Да", media=[PHOTO, PHOTO]), ("t0",), ())
    assert last.method == "sendMessage"
    assert last.text
    assert last.markup == MARKUP


def test_the_keyboard_is_on_the_last_part_only():
    sent = parts(message("слово " * 1500, "Да", media=[PHOTO]), ("t0",), ())
    assert [part.markup for part in sent] == [None] * (len(sent) - 1) + [MARKUP]
    assert all(utf16_length(part.text.plain) <= 4096 for part in sent)


def test_formatting_goes_as_html_with_what_was_typed_escaped():
    text = RichText(
        (Span("Привет, "), Span("<b>&", bold=True), Span("x", url="https://a.ru/?a&b"))
    )
    (part,) = parts(Message(text), (), ())
    assert part.words() == {
        "text": 'Привет, <b>&lt;b&gt;&amp;</b><a href="https://a.ru/?a&amp;b">x</a>',
        "parse_mode": "HTML",
    }
    assert part.words(formatted=False) == {"text": "Привет, <b>&x (https://a.ru/?a&b)"}


@pytest.mark.parametrize(
    ("said", "method", "text"),
    [
        (message("Да?", "Да"), "editMessageText", "Да?\n\n✓ Да"),
        (message("Да?", "Да", media=[PHOTO]), "editMessageCaption", "Да?\n\n✓ Да"),
        (message("", "Да", media=[PHOTO]), "editMessageReplyMarkup", ""),
        (message("т" * 4096, "Да"), "editMessageReplyMarkup", ""),
        (message("т" * 1024, "Да", media=[PHOTO]), "editMessageReplyMarkup", ""),
        (message("Да?", "Да", media=[PHOTO, PHOTO]), "editMessageText", "Да?\n\n✓ Да"),
    ],
)
def test_the_chosen_option_is_written_under_the_words(said, method, text):
    part = edited(said, (), (), "Да")
    assert (part.method, part.text.plain, part.markup) == (method, text, None)


def test_a_message_with_a_keyboard_under_the_input_field_is_not_edited():
    assert edited(asking_contact(), (), (), "Да") is None

"""What a person sends that is no text: files, albums, places."""

from __future__ import annotations

import pytest

from flows import effects, events
from flows.engine import advance
from flows.events import FileSent, LocationSent
from flows.sent import SentFile, names_of
from tests.flows.staging import stage

PHOTO = """
flows:
  main:
    - {ask: Пришлите фото., save: picture, answer: photo}
    - {ask: Что на нём?, save: words}
    - "Фото: {{ picture }}, на нём {{ words }}"
"""
FILE = """
flows:
  main:
    - {ask: Пришлите договор., save: paper, answer: file, options: [Пришлю позже]}
    - "Договор: {{ paper }}"
"""
WORDS = """
flows:
  main:
    - {ask: Как дела?, save: mood}
    - "{{ mood }}!"
"""
PLACE = """
flows:
  main:
    - {ask: Куда привезти?, save: place, answer: location}
    - "Везём: {{ place }}"
"""
LEAD = """
fields: {picture: {label: Снимок}}
flows:
  main:
    - {ask: Пришлите фото., save: picture, answer: photo}
    - {lead: Заявка, team: sales}
    - {ask: Что ещё?, save: more}
"""
ASK_PHOTO = "Пришлите, пожалуйста, фото: снимите камерой или выберите в галерее."
ASK_TEXT = "Напишите, пожалуйста, ответ текстом."


def sent(kind="photo", ref="r1", *, name="", mime="", caption="", group=""):
    """A file of the person's."""
    return FileSent((SentFile(kind, ref, name, 10, mime),), caption, group)


def begun(text, **more):
    """A stage where the funnel has begun."""
    made = stage(text, **more)
    made.opens()
    return made


def test_a_photo_answers_a_question_that_asks_for_one():
    s = begun(PHOTO)
    assert s.hears(sent()) == ["Что на нём?"]
    assert s.types("кот") == ["Фото: фото, на нём кот"]


def test_a_picture_sent_as_a_file_is_a_photo():
    s = begun(PHOTO)
    assert s.hears(sent("file", name="кот.png", mime="image/png")) == ["Что на нём?"]
    assert s.types("кот") == ["Фото: кот.png, на нём кот"]


@pytest.mark.parametrize("kind", ["voice", "video", "file"])
def test_another_file_is_no_photo(kind):
    s = begun(PHOTO)
    assert s.hears(sent(kind, name="x.pdf", mime="application/pdf")) == [ASK_PHOTO]


def test_words_are_no_photo():
    s = begun(PHOTO)
    assert s.types("вот фото") == [ASK_PHOTO]


def test_a_sticker_in_place_of_a_photo_gets_the_hint_of_the_photo():
    s = begun(PHOTO)
    assert s.hears(events.Unreadable("sticker")) == [ASK_PHOTO]


@pytest.mark.parametrize("kind", ["photo", "file", "video", "video_note", "voice", "audio"])
def test_any_file_answers_a_question_that_asks_for_a_file(kind):
    s = begun(FILE)
    (said,) = s.hears(sent(kind, name="договор.pdf"))
    named = kind in {"file", "video", "audio"}
    assert said == f"Договор: {'договор.pdf' if named else names_of(s.run.fields['paper'], 'ru')}"


def test_ready_answers_stand_beside_a_file():
    s = begun(FILE)
    assert s.presses("Пришлю позже") == ["Договор: Пришлю позже"]


def test_a_file_is_kept_with_all_that_opens_it_later():
    s = begun(FILE, channel="vk")
    s.hears(sent("file", "doc1_2_key", name="C:\\папка/договор.pdf", caption="подписан"))
    assert s.run.fields["paper"] == [
        {
            "kind": "file",
            "ref": "doc1_2_key",
            "name": "договор.pdf",
            "size": 10,
            "mime": "",
            "caption": "подписан",
            "channel": "vk",
            "bot": "bot",
        }
    ]


def test_a_file_is_kept_sealed_whatever_the_author_says():
    s = begun(PHOTO.replace("flows:", "fields: {picture: {personal: false}}\nflows:", 1))
    _, done = advance(s.play.bundle, s.play.conversation, sent(), s.play.now)
    assert [one.personal for one in done if isinstance(one, effects.Save)] == [True]


def test_words_under_a_file_answer_a_question_that_takes_text():
    s = begun(WORDS)
    assert s.hears(sent(caption="Отлично")) == ["Отлично!"]


def test_a_file_without_words_is_no_text():
    s = begun(WORDS)
    assert s.hears(sent()) == [ASK_TEXT]


def test_stop_under_a_file_is_stop():
    s = begun(PHOTO)
    (said,) = s.hears(sent(caption="стоп"))
    assert said.startswith("Хорошо, больше не пишем")


def test_words_under_a_file_enter_where_they_are_no_answer():
    text = "entry: [start, {words: [кот], flow: cats}]" + PHOTO + "  cats: [Про котов]\n"
    s = begun(text)
    assert s.hears(sent("voice", caption="кот")) == ["Про котов"]


def test_an_albums_next_file_belongs_to_the_same_answer():
    s = begun(PHOTO)
    assert s.hears(sent(ref="r1", group="g")) == ["Что на нём?"]
    assert s.hears(sent(ref="r2", group="g")) == []
    assert [file["ref"] for file in s.run.fields["picture"]] == ["r1", "r2"]
    assert s.types("коты") == ["Фото: фото (2), на нём коты"]


def test_an_albums_next_file_answers_no_other_photo_question():
    s = begun(
        "flows:\n  main:\n"
        "    - {ask: Первое?, save: a, answer: photo}\n"
        "    - {ask: Второе?, save: b, answer: photo}\n"
    )
    assert s.hears(sent(ref="r1", group="g")) == ["Второе?"]
    assert s.hears(sent(ref="r2", group="g")) == []
    assert s.place == "main.b"
    assert s.hears(sent(ref="r3", group="h")) == []
    assert [len(s.run.fields[name]) for name in "ab"] == [2, 1]


def test_an_album_that_does_not_fit_gets_one_hint():
    s = begun(WORDS)
    assert [s.hears(sent(ref=str(n), group="g")) for n in range(3)] == [[ASK_TEXT], [], []]


def test_words_under_a_later_file_of_an_album_are_heard():
    s = begun(WORDS)
    s.hears(sent(ref="r1", group="g"))
    assert s.hears(sent(ref="r2", group="g", caption="Хорошо")) == ["Хорошо!"]


def test_an_albums_file_of_another_kind_is_left_out():
    s = begun(PHOTO)
    s.hears(sent(ref="r1", group="g"))
    assert s.hears(sent("video", "r2", group="g")) == []
    assert [file["ref"] for file in s.run.fields["picture"]] == ["r1"]


def test_one_answer_keeps_ten_files_at_most():
    s = begun(PHOTO)
    for number in range(12):
        s.hears(sent(ref=str(number), group="g"))
    assert len(s.run.fields["picture"]) == 10


def test_several_files_in_one_message_are_one_answer():
    s = begun(PHOTO)
    files = (SentFile("photo", "p1"), SentFile("file", "d1", "x.pdf"), SentFile("photo", "p2"))
    s.hears(FileSent(files, "две"))
    assert [file["ref"] for file in s.run.fields["picture"]] == ["p1", "p2"]


def test_a_lead_shows_files_by_kind_and_name_and_carries_them():
    s = begun(LEAD)
    s.hears(sent(caption="спереди"))
    lead = s.play.leads[-1]
    assert lead.answers == (("picture", "Снимок", "фото «спереди»"),)
    assert [file["ref"] for file in lead.files] == ["r1"]


def test_a_lead_captured_in_the_middle_of_an_album_gets_the_rest():
    s = begun(LEAD)
    s.hears(sent(ref="r1", group="g"))
    assert s.hears(sent(ref="r2", group="g")) == ["team: Заявка"]
    lead = s.play.leads[-1]
    assert (lead.revision, [file["ref"] for file in lead.files]) == (2, ["r1", "r2"])
    assert lead.answers[0][2] == "фото (2)"


def test_a_shared_place_answers_a_question_that_asks_for_one():
    s = begun(PLACE)
    assert s.buttons == ["Отправить местоположение"]
    assert s.hears(LocationSent(55.751244, 37.618423)) == ["Везём: 55.751244, 37.618423"]


def test_a_venue_keeps_its_name():
    s = begun(PLACE)
    said = s.hears(LocationSent(55.75, 37.61, "Кафе, Тверская, 7"))
    assert said == ["Везём: Кафе, Тверская, 7 (55.75, 37.61)"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("55.75, 37.61", "55.75, 37.61"),
        ("55,75 37,61", "55.75, 37.61"),
        ("-33.8688; 151.2093", "-33.8688, 151.2093"),
        ("Москва,  Тверская, 7", "Москва, Тверская, 7"),
        ("95.75, 37.61", None),
        ("7", None),
        ("??", None),
    ],
)
def test_a_typed_place_is_coordinates_or_an_address(typed, value):
    s = begun(PLACE)
    (said,) = s.types(typed)
    hint = "Отправьте местоположение или напишите адрес, например: Тверская, 7."
    assert said == (f"Везём: {value}" if value else hint)


def test_a_place_is_no_answer_to_a_question_that_takes_text():
    s = begun(WORDS)
    assert s.hears(LocationSent(55.75, 37.61)) == [ASK_TEXT]

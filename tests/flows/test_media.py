"""What each channel takes of files, and how they stand together."""

import pytest

from flows.channels import CHANNELS
from flows.markup import RichText
from flows.media import TAKES, albums, fitness, form_of, label_lines, vk_upload
from flows.messages import Media, Message, message_from_json, message_to_json
from tests.flows.staging import stage

MB = 1024 * 1024
PHOTO, VIDEO, SONG = Media("photo", "a.png"), Media("video", "a.mp4"), Media("audio", "a.mp3")
VOICE, CIRCLE, FILE = (
    Media("voice", "a.ogg"),
    Media("video_note", "a.mp4"),
    Media("document", "a.pdf"),
)


@pytest.mark.parametrize(
    ("channel", "kind", "path", "size", "found"),
    [
        ("telegram", "photo", "media/a.JPG", 10 * MB, "fits"),
        ("telegram", "photo", "media/a.jpg", 10 * MB + 1, "too_large"),
        ("telegram", "photo", "media/a.pdf", 1, "refused"),
        ("telegram", "video", "media/a.mp4", 50 * MB, "fits"),
        ("telegram", "video", "media/a.mp4", 50 * MB + 1, "too_large"),
        ("telegram", "video", "media/a.mov", 1, "plain_file"),
        ("telegram", "audio", "media/a.wav", 1, "plain_file"),
        ("telegram", "voice", "media/a.ogg", 1, "fits"),
        ("telegram", "voice", "media/a.wav", 1, "plain_file"),
        ("telegram", "video_note", "media/a.mp4", 1, "fits"),
        ("telegram", "document", "media/a.exe", 1, "fits"),
        ("vk", "photo", "media/a.webp", 1, "refused"),
        ("vk", "photo", "media/a.gif", 50 * MB, "fits"),
        ("vk", "video", "media/a.mov", 200 * MB + 1, "too_large"),
        ("vk", "document", "media/a.mp3", 1, "refused"),
        ("vk", "document", "media/a.exe", 1, "refused"),
        ("vk", "audio", "media/a.mp3", 1, "fits"),
        ("vk", "voice", "media/a.m4a", 1, "plain_file"),
        ("web", "photo", "media/a.tiff", 999 * MB, "plain_file"),
        ("web", "video", "media/a.avi", 1, "plain_file"),
        ("web", "document", "media/archive", 1, "fits"),
        ("terminal", "photo", "media/a.pdf", 999 * MB, "fits"),
    ],
)
def test_what_becomes_of_a_file(channel, kind, path, size, found):
    assert fitness(channel, Media(kind, path), size) == found


def test_every_channel_says_what_it_takes():
    assert TAKES.keys() == CHANNELS.keys()


@pytest.mark.parametrize(
    ("path", "form"),
    [("media/a.tar.GZ", "gz"), ("media/v1.0/readme", ""), ("media/.png", "png")],
)
def test_the_form_is_the_ending_of_the_name(path, form):
    assert form_of(path) == form


@pytest.mark.parametrize(
    ("channel", "media", "sizes"),
    [
        ("telegram", [], []),
        ("telegram", [PHOTO, VIDEO, PHOTO], [3]),
        ("telegram", [PHOTO, SONG, SONG], [1, 2]),
        ("telegram", [FILE, FILE, SONG, PHOTO], [2, 1, 1]),
        ("telegram", [VOICE, VOICE, CIRCLE, CIRCLE], [1, 1, 1, 1]),
        ("telegram", [PHOTO] * 21, [10, 10, 1]),
        ("vk", [PHOTO, VIDEO, FILE, CIRCLE], [4]),
        ("vk", [PHOTO, VOICE, SONG, FILE], [1, 1, 1, 1]),
        ("web", [PHOTO, VOICE, SONG, FILE, CIRCLE], [5]),
    ],
)
def test_what_stands_together(channel, media, sizes):
    found = albums(channel, media, CHANNELS[channel].album)
    assert [len(album) for album in found] == sizes
    assert [item for album in found for item in album] == media


def test_pictures_of_options_stand_apart_from_the_questions_own():
    labelled = [Media("photo", "1.png", "1. Да"), Media("photo", "2.png", "2. Нет")]
    assert albums("telegram", [*labelled, PHOTO], 10) == [tuple(labelled), (PHOTO,)]


def test_labels_are_single_lines_of_a_length():
    media = [
        Media("photo", "1.png", "1. Да\nнет"),
        PHOTO,
        Media("photo", "2.png", "2. " + "я" * 9),
    ]
    assert label_lines(media, 8) == ["1. Да н…", "2. яяяя…"]


@pytest.mark.parametrize(
    ("media", "upload"),
    [
        (PHOTO, "photo"),
        (VIDEO, "doc"),
        (CIRCLE, "doc"),
        (SONG, "audio_message"),
        (Media("audio", "a.m4a"), "doc"),
        (VOICE, "audio_message"),
        (Media("voice", "a.wav"), "doc"),
        (FILE, "doc"),
    ],
)
def test_how_vk_gets_a_file(media, upload):
    assert vk_upload(media) == upload


def test_a_label_survives_being_stored():
    said = Message(RichText.of("?"), media=(PHOTO, Media("photo", "1.png", "1. Да")))
    stored = message_to_json(said)
    assert stored["media"][0] == ["photo", "a.png"]
    assert message_from_json(stored) == said


ALBUM = """
flows:
  main:
    - ask: Какой, {{ who | default("друг") }}?
      save: colour
      photo: media/wall.jpg
      options:
        - {text: "{{ who | default('Синий') }}", photo: media/blue.png}
        - Любой
        - {text: Зелёный, photo: media/green.png}
      silence: [{after: 1h, say: Ещё тут?}, {after: 1d, then: [end]}]
    - ask: Какой город?
      save: city
      answer: text
      options: [{text: Москва, photo: media/moscow.png}]
fields: {who: {label: Имя}}
"""


def test_pictures_of_options_are_shown_before_the_questions_own_with_their_numbers():
    s = stage(ALBUM)
    s.opens()
    assert [(one.path, one.label) for one in s.play.messages[-1][1].media] == [
        ("media/blue.png", "1. Синий"),
        ("media/green.png", "3. Зелёный"),
        ("media/wall.jpg", ""),
    ]
    s.types("3")
    assert s.run.fields["colour"] == "Зелёный"
    assert s.play.messages[-1][1].media == (Media("photo", "media/moscow.png", "Москва"),)


def test_a_reminder_repeats_the_buttons_without_the_pictures():
    s = stage(ALBUM)
    s.opens()
    s.waits("1h")
    assert s.play.messages[-1][1].media == ()
    assert s.buttons == ["Синий", "Любой", "Зелёный"]

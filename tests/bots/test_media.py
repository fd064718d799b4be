"""Files of every kind and albums of them, over HTTP against the emulated messengers."""

from dataclasses import replace

import pytest

from bots.channel import CallFailed, Doubtful, MessageRejected, TryLater
from flows.messages import Media
from tests.bots.messengers import MESSENGERS, PERSON, message, sending
from tests.emulators.telegram.media import MAX_FILE
from tests.samples import put_samples

PHOTO, SECOND = Media("photo", "photo.png"), Media("photo", "second.png")
VIDEO, CIRCLE = Media("video", "film.mp4"), Media("video_note", "circle.mp4")
SONG, VOICE = Media("audio", "song.mp3"), Media("voice", "voice.ogg")
PRICE, PLAN = Media("document", "price.pdf"), Media("document", "plan.pdf")
SENT = {
    "telegram": {one.kind: one.kind for one in (PHOTO, VIDEO, CIRCLE, SONG, VOICE, PRICE)},
    "vk": {
        "photo": "photo",
        "video": "doc",
        "video_note": "doc",
        "audio": "audio_message",
        "voice": "audio_message",
        "document": "doc",
    },
}


@pytest.fixture(params=sorted(MESSENGERS))
async def messenger(request, tmp_path):
    """One emulated messenger."""
    put_samples(tmp_path)
    side = MESSENGERS[request.param](tmp_path)
    await side.start()
    yield side
    await side.stop()


@pytest.fixture
async def channel(messenger):
    """A prepared channel in that messenger."""
    channel = messenger.channel()
    await channel.prepare(consent=False)
    yield channel
    await channel.close()


def uploads(messenger) -> int:
    """How many files travelled to the messenger."""
    if messenger.name == "vk":
        saves = ("docs.save", "photos.saveMessagesPhoto")
        return sum(len(messenger.emulator.journal.calls(method=name)) for name in saves)
    return len(messenger.emulator.files._files)


@pytest.mark.parametrize(
    "item", [PHOTO, VIDEO, CIRCLE, SONG, VOICE, PRICE], ids=lambda one: one.kind
)
async def test_every_kind_comes_with_its_words_and_buttons(channel, messenger, item):
    await channel.call(sending(message("Смотрите", "Дальше", media=[item])))
    assert messenger.media() == [SENT[messenger.name][item.kind]]
    assert messenger.texts()[-1] == "Смотрите"
    assert messenger.labels() == [["Дальше"]]


@pytest.mark.parametrize(
    "item", [PHOTO, VIDEO, CIRCLE, SONG, VOICE, PRICE], ids=lambda one: one.kind
)
async def test_every_kind_is_uploaded_once_for_a_person(channel, messenger, item):
    for number in (1, 2, 3):
        await channel.call(sending(message("?", media=[item]), random_id=number))
    assert uploads(messenger) == 1
    assert len(messenger.uploads._references) == 1
    assert len(messenger.media()) == 3


async def test_a_restart_remembers_what_was_uploaded(channel, messenger):
    said = message("?", media=[PHOTO, VIDEO])
    await channel.call(sending(said, random_id=1))
    reborn = messenger.channel()
    await reborn.prepare(consent=False)
    await reborn.call(sending(said, random_id=2))
    await reborn.close()
    assert uploads(messenger) == 2


@pytest.mark.parametrize(
    ("media", "messages"),
    [
        ([PHOTO, SECOND], {"telegram": 3, "vk": 1}),
        ([PHOTO, VIDEO], {"telegram": 3, "vk": 1}),
        ([PRICE, PLAN], {"telegram": 3, "vk": 1}),
        ([PHOTO, PRICE, PLAN], {"telegram": 4, "vk": 1}),
        ([VOICE, VOICE], {"telegram": 2, "vk": 2}),
        ([PHOTO] * 11, {"telegram": 11, "vk": 2}),
        ([PHOTO, SONG, PRICE], {"telegram": 3, "vk": 3}),
    ],
)
async def test_albums_come_whole_in_order_and_end_with_the_words(
    channel, messenger, media, messages
):
    await channel.call(sending(message("Вот", "Дальше", media=media)))
    assert messenger.media() == [SENT[messenger.name][item.kind] for item in media]
    shown = messenger.texts()
    assert len(shown) == messages[messenger.name]
    assert [text for text in shown if text] == ["Вот"]
    assert shown[-1] == "Вот"
    assert messenger.labels() == [["Дальше"]]


async def test_pictures_of_options_come_before_the_question(channel, messenger):
    media = [replace(PHOTO, label="1. Синий"), replace(SECOND, label="2. <Зелёный>")]
    delivery = await channel.call(sending(message("Какой?", "Синий", "<Зелёный>", media=media)))
    assert messenger.media() == ["photo", "photo"]
    assert [text for text in messenger.texts() if text] == ["1. Синий\n2. <Зелёный>", "Какой?"]
    assert [label for row in messenger.labels() for label in row] == ["Синий", "<Зелёный>"]
    assert int(delivery.external_id) > 1


async def test_a_part_that_was_lost_is_repeated_without_those_before_it(channel, messenger):
    arrived = []

    async def count(parts):
        arrived.append(parts)

    said = message("Слова под альбомом", "Дальше", media=[PHOTO, VIDEO, VOICE])
    call = replace(sending(said), arrived=count)
    method = {"telegram": "sendVoice", "vk": "messages.send"}[messenger.name]
    lost(messenger, method, skip={"telegram": 0, "vk": 1}[messenger.name])
    with pytest.raises(CallFailed) as caught:
        await channel.call(call)
    assert isinstance(caught.value, TryLater | Doubtful)
    assert (caught.value.done, arrived) == (1, [1])
    await channel.call(replace(call, done=1))
    assert messenger.media() == [SENT[messenger.name][one.kind] for one in (PHOTO, VIDEO, VOICE)]
    assert messenger.texts()[-1] == "Слова под альбомом"


def lost(messenger, method, skip):
    """The call of the method fails before anything is done."""
    if messenger.name == "vk":
        messenger.emulator.fault("cut_before", method=method, skip=skip)
    else:
        messenger.emulator.fail("cut_before", method, skip=skip)


async def test_a_file_over_the_limit_is_rejected_by_name(channel, messenger):
    if messenger.name == "vk":
        (messenger.folder / "song.mp3").rename(messenger.folder / "price.exe")
        unfit = Media("document", "price.exe")
    else:
        with (messenger.folder / "price.pdf").open("r+b") as file:
            file.truncate(MAX_FILE + 1)
        unfit = PRICE
    with pytest.raises(MessageRejected):
        await channel.call(sending(message("?", media=[unfit])))
    assert messenger.media() == []
    assert messenger.uploads._references == {}


async def test_what_is_no_picture_is_rejected(channel, messenger):
    (messenger.folder / "photo.png").write_bytes(b"<html>")
    with pytest.raises(MessageRejected):
        await channel.call(sending(message("?", media=[PHOTO])))
    assert messenger.texts() == []


async def test_a_voice_on_vk_is_uploaded_for_each_person_and_a_document_once(tmp_path):
    put_samples(tmp_path)
    vk = MESSENGERS["vk"](tmp_path)
    await vk.start()
    vk.emulator.add_user(502)
    vk.people.set_relation(vk.group, 502, allowed=True)
    channel = vk.channel()
    await channel.prepare(consent=False)
    for number, chat in enumerate([str(PERSON), "502", str(PERSON), "502"], 1):
        for item in (VOICE, PRICE):
            said = message("?", media=[item])
            await channel.call(sending(said, chat=chat, random_id=number * 10 + len(item.kind)))
    assert uploads(vk) == 3
    await channel.close()
    await vk.stop()


async def test_without_documents_of_its_own_a_community_uploads_them_for_each_person(tmp_path):
    put_samples(tmp_path)
    vk = MESSENGERS["vk"](tmp_path)
    await vk.start()
    vk.people.set_community(vk.group, wall_docs=False)
    channel = vk.channel()
    await channel.prepare(consent=False)
    for number in (1, 2):
        await channel.call(sending(message("?", media=[PRICE]), random_id=number))
    assert vk.media() == ["doc", "doc"]
    assert uploads(vk) == 1
    assert [kind for _, kind in vk.uploads._references] == [f"document@{PERSON}"]
    await channel.close()
    await vk.stop()

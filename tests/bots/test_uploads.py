"""One upload per file and bot, however many rows want it at once (R45)."""

import asyncio

import pytest

from bots.channel import Delivery, MessageRejected
from bots.uploads import Flights
from flows.messages import Media
from tests.bots.messengers import MESSENGERS, PERSON, PICTURE, message, put_picture, sending
from tests.samples import put_samples

PRICE = Media("document", "price.pdf")


@pytest.fixture(params=sorted(MESSENGERS))
async def messenger(request, tmp_path):
    """One emulated messenger with three people."""
    put_samples(tmp_path)
    put_picture(tmp_path)
    side = MESSENGERS[request.param](tmp_path)
    await side.start()
    for number in (502, 503):
        if side.name == "telegram":
            side.emulator.add_user(number, "Анна").start()
        else:
            side.emulator.add_user(number)
            side.people.set_relation(side.group, number, allowed=True)
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


def shown(messenger) -> int:
    """How many messages with files came."""
    journal = messenger.emulator.journal
    if messenger.name == "vk":
        return sum(bool(one.attachments) for one in journal.delivered())
    return sum(bool(one.media) for one in journal.messages())


def to_all(said) -> list:
    """The same message for three people."""
    return [sending(said, str(chat), random_id=chat) for chat in (PERSON, 502, 503)]


@pytest.mark.parametrize("item", [PICTURE, PRICE], ids=lambda one: one.kind)
async def test_rows_with_the_same_new_file_upload_it_once(channel, messenger, item):
    await asyncio.gather(*map(channel.call, to_all(message("Вот", media=[item]))))
    assert uploads(messenger) == 1
    assert shown(messenger) == 3


async def test_albums_with_a_file_in_common_wait_for_each_other_and_end(channel, messenger):
    (messenger.folder / "second.png").write_bytes((messenger.folder / PICTURE.path).read_bytes())
    pairs = [[PICTURE, PRICE], [PRICE, PICTURE], [PICTURE, PRICE]]
    said = [message("", media=media) for media in pairs]
    calls = [
        sending(one, str(chat), random_id=chat)
        for one, chat in zip(said, (PERSON, 502, 503), strict=True)
    ]
    async with asyncio.timeout(20):
        await asyncio.gather(*map(channel.call, calls))
    assert uploads(messenger) == 2


async def test_a_failed_upload_leaves_the_file_to_the_next(channel, messenger):
    method = {"telegram": "sendPhoto", "vk": "photos.saveMessagesPhoto"}[messenger.name]
    fail(messenger, method, "error", status=400 if messenger.name == "telegram" else 129)
    ended = await asyncio.gather(
        *map(channel.call, to_all(message("Вот", media=[PICTURE]))), return_exceptions=True
    )
    assert sum(isinstance(one, Delivery) for one in ended) == 2
    assert sum(isinstance(one, MessageRejected) for one in ended) == 1
    assert uploads(messenger) == (1 if messenger.name == "telegram" else 2)


def fail(messenger, method, kind, **details):
    """The next call of the method fails so."""
    if messenger.name == "vk":
        messenger.emulator.fault(kind, method=method, **details)
    else:
        messenger.emulator.fail(kind, method, **details)


async def test_a_changed_file_is_uploaded_anew(channel, messenger):
    said = message("Вот", media=[PRICE])
    await channel.call(sending(said, random_id=1))
    path = messenger.folder / PRICE.path
    path.write_bytes(path.read_bytes() + b"changed")
    await asyncio.gather(*map(channel.call, to_all(said)))
    assert uploads(messenger) == 2
    assert len(messenger.uploads._references) == 2


def forget(messenger):
    """The messenger has lost all files, and refuses what we remember of them."""
    if messenger.name == "vk":
        messenger.emulator.world.media.clear()
    else:
        messenger.emulator.files._files.clear()


async def test_an_id_that_is_refused_is_uploaded_once_more_for_all(channel, messenger):
    said = message("Вот", media=[PICTURE])
    await channel.call(sending(said, random_id=1))
    before = uploads(messenger)
    forget(messenger)
    again = to_all(said)
    await asyncio.gather(*map(channel.call, again))
    assert shown(messenger) == 4
    assert uploads(messenger) - (before if messenger.name == "vk" else 0) == 1


async def test_an_id_refused_for_ever_rejects_the_message(channel, messenger):
    said = message("Вот", media=[PICTURE])
    await channel.call(sending(said, random_id=1))
    refusal = {
        "telegram": {"status": 400, "description": "Bad Request: wrong file identifier"},
        "vk": {"status": 100, "description": "attachment photo-9_1 is invalid"},
    }[messenger.name]
    method = {"telegram": "sendPhoto", "vk": "messages.send"}[messenger.name]
    fail(messenger, method, "error", times=None, **refusal)
    with pytest.raises(MessageRejected):
        await channel.call(sending(said, random_id=2))
    calls = messenger.emulator.journal.calls
    made = calls(method=method) if callable(calls) else [o for o in calls if o.method == method]
    assert len(made) == 3  # the first, the refused one, one more try


async def test_locks_of_files_are_forgotten():
    flights = Flights()
    for number in range(100):
        async with flights.alone([(str(number), "photo"), (str(number), "photo")]):
            assert len(flights._locks) == 1
    assert len(flights._locks) == 0

"""Albums over HTTP to both messengers by a process that is killed between an album and its words."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from storage import migration
from tests.bots.messengers import Telegram, Vk
from tests.crash.births import Nursery
from tests.samples import put_samples

PLAY = Path(__file__).with_name("media_play.py")
WORDS = ["Наш магазин за минуту", "1. Синий\n2. Зелёный", "Какой нравится?"]


@pytest.fixture
async def house(tmp_path):
    """A folder with a database and media, and both messengers with a person in each."""
    put_samples(tmp_path / "media")
    await asyncio.to_thread(asyncio.run, migration.upgrade(f"sqlite:///{tmp_path / 'voronka.db'}"))
    sides = [Telegram(tmp_path), Vk(tmp_path)]
    for side in sides:
        await side.start()
    yield tmp_path, sides
    for side in sides:
        await side.stop()


async def live(house, crash: str = "") -> tuple[int, dict]:
    """One life of the process: how it ended, and what it passed."""
    folder, sides = house
    output = folder / "told"
    output.unlink(missing_ok=True)
    argv = [str(PLAY), str(folder), *(side.emulator.url for side in sides)]
    env = {**os.environ, "VORONKA_ENV": "test", "VORONKA_CRASH": crash}
    code = await (await Nursery().bear(env, argv, output)).ended
    return code, json.loads(output.read_text(encoding="utf-8") or "{}")


async def begin(house) -> None:
    """The process learns where the messengers are; then both people write."""
    assert (await live(house))[0] == 0
    for side in house[1]:
        side.open("ads")


def shown(side) -> tuple[list[str], list[str], list[str]]:
    """The kinds of files, the words and the buttons in the order in which they came."""
    labels = [label for row in side.labels() for label in row]
    return side.media(), [text for text in side.texts() if text], labels


def expected(side) -> tuple[list[str], list[str], list[str]]:
    """Everything once."""
    voice = {"telegram": "voice", "vk": "audio_message"}[side.name]
    return ["photo", "photo", voice, "photo", "photo"], WORDS, ["Синий", "Зелёный"]


async def test_albums_and_pictures_of_options_come_over_http(house):
    await begin(house)
    code, hits = await live(house)
    assert code == 0
    assert hits["sender.part"] == 4
    for side in house[1]:
        assert shown(side) == expected(side)
        side.press("Зелёный")
    assert (await live(house))[0] == 0
    for side in house[1]:
        assert side.texts()[-1] == "Записали Зелёный."


async def test_deaths_between_albums_and_their_words_repeat_neither(house):
    await begin(house)
    for _ in range(3):
        assert (await live(house, "sender.part:1"))[0] == -signal.SIGKILL
    assert (await live(house))[0] == 0
    for side in house[1]:
        assert shown(side) == expected(side)

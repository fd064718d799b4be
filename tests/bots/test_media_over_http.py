"""Albums over HTTP to both messengers by a process that is killed between an album and its words."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from storage import migration
from tests.bots.messengers import Telegram, Vk
from tests.samples import put_samples

ROOT = Path(__file__).parents[2]
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
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bots.media_play",
        str(folder),
        *(side.emulator.url for side in sides),
        cwd=ROOT,
        env={**os.environ, "VORONKA_ENV": "test", "VORONKA_CRASH": crash},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return process.returncode, json.loads(told or b"{}")


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

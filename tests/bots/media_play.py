"""A program to kill: a bot in each emulated messenger shows an album and a question with pictures.

Run as `python -m tests.bots.media_play FOLDER TELEGRAM VK`: the database and the media lie there.
"""

import asyncio
import json
import sys
from pathlib import Path

from bots.clocks import SetClock
from bots.runner import Runner
from bots.telegram.channel import TelegramChannel
from bots.uploads import StoredUploads
from bots.vk.channel import VkChannel
from flows.loading import bundle_of, load, read_program
from storage import crash
from storage.database import open_database
from tests.bots.messengers import TOKEN
from tests.bots.runtime import SEAL, START
from tests.samples import SAMPLES

PROJECT = """
project: demo
bots:
  tg: {channel: telegram, token: $TG, funnels: [shop]}
  vk: {channel: vk, token: $VK, group: 9, funnels: [shop]}
"""
SHOP = """
funnel: shop
title: Магазин
entry: [start]
flows:
  main:
    - say: Наш магазин за минуту
      photo: [media/photo.png, media/second.png]
      voice: media/voice.ogg
      buttons: [{text: На сайт, url: "https://example.ru/"}]
    - ask: Какой нравится?
      save: colour
      options:
        - {text: Синий, photo: media/photo.png}
        - {text: Зелёный, photo: media/second.png}
      silence: [{after: 1d, then: [end]}]
    - Записали {{ colour }}.
"""


def read() -> tuple:
    """The project, read; a problem stops the program."""
    files = {"voronka.yaml": PROJECT.encode(), "funnels/shop.yaml": SHOP.encode()}
    sizes = {f"funnels/media/{name}": len(content) for name, content in SAMPLES.items()}
    found = load(files, sizes, "2026-01-01")
    assert not found.errors, found.errors
    return found, {name: bundle_of(found, bot) for name, bot in found.project.bots.items()}


async def play(folder: Path, telegram: str, vk: str) -> None:
    """Hear and say everything there is; then what was passed, as JSON."""
    database = await open_database(f"sqlite:///{folder / 'voronka.db'}", exclusive=True)
    loaded, bundles = read()
    given = {"media": folder, "poll_seconds": 0}
    channels = {
        "tg": TelegramChannel(
            TOKEN["telegram"],
            bot="tg",
            uploads=StoredUploads(database, "tg"),
            api_url=telegram,
            **given,
        ),
        "vk": VkChannel(
            TOKEN["vk"], bot="vk", uploads=StoredUploads(database, "vk"), api_url=vk, **given
        ),
    }
    clock = SetClock(START)
    runner = Runner(
        database,
        SEAL,
        clock,
        clock,
        {name: (channel, bundles[name]) for name, channel in channels.items()},
        texts={one.hash: loaded.texts[name] for name, one in loaded.programs.items()},
        read=lambda name, text: read_program(text, f"funnels/{name}.yaml"),
        alone=True,
    )
    await runner.open()
    for fetcher in runner.fetchers.values():
        await fetcher.once()
    await runner.settle()
    assert await runner.idle()
    sys.stdout.write(json.dumps(crash.hits()))
    await runner.stop()
    await database.close()


if __name__ == "__main__":
    asyncio.run(play(Path(sys.argv[1]), *sys.argv[2:]))

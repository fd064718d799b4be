"""A program to kill in the midst of a broadcast; each life is a fork, and goes on where the last died.

Run as `python -m tests.broadcasts.crash_play`: each line of stdin is a life, `{"folder", "url",
"crash", "bug"}`; its exit code is printed. A life without `crash` ends when the broadcast is done.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from bots import broadcast_lists, broadcasting, endings
from bots.clocks import SetClock
from storage import broadcasts, crash
from storage.database import open_database
from tests.bots.runtime import START, World
from tests.broadcasts.mailing import SALE, SHOP, figures, join_together, sends, state

PEOPLE = 24
"""On each of the two messengers."""


async def fill(url: str) -> None:
    """People who agreed to adverts, half of them on either messenger."""
    database = await open_database(url, exclusive=True)
    world = await World(database, SetClock(START), None, ("tg", "vk"), SHOP).open()
    await join_together(world, [str(100 + number) for number in range(PEOPLE)])
    await world.runner.stop()
    await database.close()


async def play(folder: Path, url: str) -> dict:
    """Send it, or go on; the figures at its end, and how often each point was passed."""
    broadcasting.WINDOW, broadcast_lists.PAGE = 3, 16
    database = await open_database(url, exclusive=True)
    world = await World(database, SetClock(START), folder, ("tg", "vk"), SHOP).open()
    rows = await database.fetch(broadcasts.named("sale"))
    sale = rows[0].id if rows else await sends(world, SALE + "kind: requested\n")
    while await state(world, sale) != "done":
        await world.runner.broadcaster.step()
        await world.runner.settle()
    told = {"figures": (await figures(world, sale)).as_object(), "hits": crash.hits()}
    await world.runner.stop()
    await database.close()
    return told


def live(life: dict) -> None:
    """The child: plays, tells, never returns."""
    os.environ["VORONKA_CRASH"] = life["crash"]
    folder = Path(life["folder"])
    if life["bug"] == "resend":
        endings._may_repeat = lambda *_: True
    told = asyncio.run(play(folder, life["url"]))
    (folder / "told").write_text(json.dumps(told), encoding="utf-8")


def main() -> None:
    """One life after the other."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                live(json.loads(line))
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

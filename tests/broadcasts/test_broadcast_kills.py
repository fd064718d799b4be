"""The program is killed at every named point of a broadcast's way: nobody gets it twice (R46, F1).

On VK everybody gets it exactly once. Telegram knows no repeats: whoever was being written to at a
death may lack it, and exactly those are reported as doubtful.
"""

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from storage import migration
from tests.broadcasts.crash_play import PEOPLE, fill
from tests.experiments.figures import seeds, tell

ROOT = Path(__file__).parents[2]
POINTS = (
    "broadcast.page.before",
    "broadcast.page.listed",
    "broadcast.take.before",
    "broadcast.taken",
    "player.claimed",
    "player.commit.before",
    "player.committed",
    "sender.claimed",
    "sender.called",
    "sender.recovered",
    "sender.stored",
    "commit.before",
    "commit.after",
)


class Lives:
    """Lives of the program on one database; `told` is what the last one said at the end."""

    def __init__(self, parent: subprocess.Popen, folder: Path, url: str, bug: str = "") -> None:
        self.parent, self.folder, self.url, self.bug = parent, folder, url, bug

    def live(self, crash: str = "") -> int:
        """One life; its exit code."""
        life = {"folder": str(self.folder), "url": self.url, "crash": crash, "bug": self.bug}
        self.parent.stdin.write(json.dumps(life) + "\n")
        self.parent.stdin.flush()
        return int(self.parent.stdout.readline())

    def finish(self) -> dict:
        """The life that nobody kills."""
        assert self.live() == 0
        return json.loads((self.folder / "told").read_text(encoding="utf-8"))

    def arrived(self, bot: str) -> Counter:
        """How often each chat truly got it."""
        path = self.folder / f"{bot}.journal"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        found = [json.loads(line) for line in lines]
        return Counter(one["chat"] for one in found if "скидка" in one["text"])


@pytest.fixture(scope="module")
def parent():
    """The process that forks lives."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.broadcasts.crash_play"],
        cwd=ROOT,
        env={**os.environ, "VORONKA_ENV": "test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.stdin.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """An SQLite database with people."""
    path = tmp_path_factory.mktemp("filled") / "voronka.db"
    url = f"sqlite:///{path}"
    asyncio.run(migration.upgrade(url))
    asyncio.run(fill(url))
    return path


@pytest.fixture(scope="module")
def template(postgres_server) -> str:
    """The name of a PostgreSQL database with people."""
    url = postgres_server.new_database()
    asyncio.run(migration.upgrade(url))
    asyncio.run(fill(url))
    return url.split("@/", 1)[1].split("?", 1)[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def lives(request, parent, filled, tmp_path) -> Lives:
    """Lives on a copy of the filled database."""
    if request.param == "sqlite":
        for path in filled.parent.iterdir():
            shutil.copy(path, tmp_path / path.name)
        return Lives(parent, tmp_path, f"sqlite:///{tmp_path / filled.name}")
    server = request.getfixturevalue("postgres_server")
    return Lives(parent, tmp_path, server.new_database(request.getfixturevalue("template")))


def deaths(seed: int) -> list[str]:
    """Where each life ends: every point once, in an order of the seed, the making of the list first.

    A recovery follows a death with calls in hand; three deaths in a row in one person's turn would
    be that person's fault (R5), so turns end at a later passage.
    """
    dice = random.Random(seed)
    found = ["broadcast.page.before:1", "broadcast.page.listed:1"]
    points = [point for point in POINTS if not point.startswith(("broadcast.page", "sender.rec"))]
    dice.shuffle(points)
    for point in points:
        passage = dice.randint(8, 16) if point.startswith("commit.") else dice.randint(1, 2)
        found.append(f"{point}:{passage + point.startswith('player.')}")
        if point == "sender.called":
            found.append("sender.recovered:1")
    return found


def judge(lives: Lives, told: dict) -> dict:
    """What was lost, doubled and doubtful."""
    figures = told["figures"]
    vk, tg = lives.arrived("vk"), lives.arrived("tg")
    return {
        "recipients": figures["recipients"],
        "counted": figures["sent"] + figures["doubtful"],
        "doubtful": figures["doubtful"],
        "lost on vk": PEOPLE - len(vk),
        "twice on vk": sum(n - 1 for n in vk.values()),
        "twice on telegram": sum(n - 1 for n in tg.values()),
        "missing on telegram": PEOPLE - len(tg),
        "not told": max(0, PEOPLE - len(tg) - figures["doubtful"]),
    }


@pytest.mark.parametrize("seed", seeds())
def test_kills_at_every_point_lose_nothing_untold_and_double_nothing(lives, seed) -> None:
    died = [lives.live(crash) for crash in deaths(seed)]
    told = lives.finish()
    found = judge(lives, told)
    kills = died.count(-signal.SIGKILL)
    tell("F1 broadcasts", seed=seed, kills=kills, **found)
    assert kills == len(POINTS), died
    assert (found["recipients"], found["counted"]) == (2 * PEOPLE, 2 * PEOPLE)
    assert (found["lost on vk"], found["twice on vk"]) == (0, 0)
    assert (found["twice on telegram"], found["not told"]) == (0, 0)


def test_the_judge_sees_a_program_that_repeats_doubtful_broadcasts(parent, filled, tmp_path):
    shutil.copy(filled, tmp_path / filled.name)
    lives = Lives(parent, tmp_path, f"sqlite:///{tmp_path / filled.name}", bug="resend")
    for passage in range(1, 4):
        lives.live(f"sender.called:{passage + 1}")
    assert judge(lives, lives.finish())["twice on telegram"] > 0

"""F2: the process dies after every single write of a whole funnel, and nothing tells that it did.

One person on VK goes from an advert to a sold lead: questions, a consent, a phone, a talk with a
manager, the card, letters of two days, «стоп». The n-th commit is the last thing that the process
does; another one goes on. The short form takes some n, `VORONKA_SOAK=1` all of them on both databases.
"""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.bots.test_crashes import compare
from tests.experiments.cradle import Cradle
from tests.experiments.figures import LONG, seeds, tell

PLAY = "tests.experiments.dying"
LIFE = f"{PLAY}:live"
SAMPLES = 2
POINTS = ("commit.after", "commit.before") if LONG else ("commit.after",)


class Deaths:
    """The way played again and again, each time with one death; compared with a way without."""

    def __init__(
        self,
        cradle: Cradle,
        folder: Path,
        new_url: Callable[[], str],
        drop: Callable[[str], object],
    ) -> None:
        self._cradle, self._folder, self._new_url, self._drop = cradle, folder, new_url, drop
        self.twice = 0

    async def reference(self) -> dict[str, int]:
        """Play the way that nobody disturbs; how often it passed each point."""
        self.expected_folder = self._made("reference")
        life = await self._cradle.begin(LIFE, str(self.expected_folder), self._new_url())
        self.expected = await life.told()
        return self.expected["hits"]

    async def die(self, point: str, n: int, bug: str = "") -> bool:
        """Die at the n-th passage and go on; False when the way has fewer of them this time."""
        folder, url = self._made(f"{point}{n}{bug}"), self._new_url()
        env = {"VORONKA_CRASH": f"{point}:{n}"}
        life = await self._cradle.begin(LIFE, str(folder), url, bug, **env)
        if await life.ended != -signal.SIGKILL:
            await life.told()
            return False
        told = await (await self._cradle.begin(LIFE, str(folder), url, bug)).told()
        self.twice += compare(told, folder, self.expected, self.expected_folder)
        shutil.rmtree(folder)
        self._drop(url)
        return True

    def _made(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir()
        return folder


def chosen(writes: int, seed: int) -> list[int]:
    """Every n in a soak; else some of them, evenly spread from a place of the seed's."""
    if LONG:
        return list(range(1, writes + 1))
    step = writes / SAMPLES
    first = random.Random(seed).random() * step
    return [1 + int(first + step * number) for number in range(SAMPLES)]


def removed(url: str) -> None:
    """Thousands of files would fill the disk."""
    for path in Path(url.removeprefix("sqlite:///")).parent.glob(f"{Path(url).name}*"):
        path.unlink()


def dropped(request: pytest.FixtureRequest, url: str) -> None:
    """As many databases even more so."""
    name = url.split("/")[3].split("?", maxsplit=1)[0]
    request.getfixturevalue("postgres_server").psql(f"DROP DATABASE {name} WITH (FORCE);")


@pytest.mark.timeout(14_400 if LONG else 300)
@pytest.mark.xdist_group("f2")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if LONG else ["sqlite"])
async def test_a_death_after_any_write_changes_nothing(kind, request, tmp_path):
    made = request.getfixturevalue("new_sqlite" if kind == "sqlite" else "new_postgres")
    drop = partial(dropped, request) if kind == "postgresql" else removed
    (seed,) = seeds()[:1]
    async with Cradle(tmp_path, PLAY) as cradle:
        deaths = Deaths(cradle, tmp_path, made, drop)
        hits = await deaths.reference()
        for point in POINTS:
            places = chosen(hits[point], seed)
            died = [n for n in places if await deaths.die(point, n)]
            assert len(died) > 0.97 * len(
                places
            )  # groups of writes may form otherwise near the end
            found: dict[str, Any] = {"writes": hits[point], "deaths": len(died)}
            tell("F2", database=kind, point=point, seed=seed, **found, other=0, twice=deaths.twice)
        if kind == "sqlite":  # a check that cannot fail would prove nothing
            with pytest.raises(AssertionError):
                await deaths.die("planted", 9, "read before played")

"""F21: days of different people, and nothing grows: memory, open files, what is kept for each chat.

`VORONKA_SOAK=1` plays seven days in a process of its own and looks at its memory;
`VORONKA_SOAK_UPDATES` says how many updates (a million takes hours).
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from storage.database import open_database
from tests.experiments.cradle import Cradle
from tests.experiments.crowds import Crowd, runner_of
from tests.experiments.figures import LONG, seeds, tell
from tests.experiments.soaking import sizes

SOAKING = "tests.experiments.soaking"
DAYS = 7 if LONG else 3
UPDATES = int(os.environ.get("VORONKA_SOAK_UPDATES", "60000" if LONG else "600"))
WARM = 1
"""Days after which nothing may grow any more."""
WARM_UPDATES = 50_000
"""Fewer only fill SQLite's caches of pages, five times two megabytes."""
SLACK = 10
"""A container may be so much larger on another day: people overlap."""


def growing(samples: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """The containers that are larger at the end than any time of the warm-up, and by how much."""
    early, last = samples[:WARM], samples[-1]
    found = {}
    for path, size in last["sizes"].items():
        before = max(one["sizes"].get(path, 0) for one in early)
        if size > 1.2 * before + SLACK:
            found[path] = (before, size)
    return found


def slope(samples: list[dict[str, Any]]) -> float:
    """Per cent of memory that a day adds, by least squares over the days after the warm-up."""
    late = samples[2:]
    days = [one["day"] for one in late]
    sizes = [one["rss_kb"] for one in late]
    middle, mean = sum(days) / len(days), sum(sizes) / len(sizes)
    spread = sum((day - middle) ** 2 for day in days)
    rise = sum((day - middle) * (size - mean) for day, size in zip(days, sizes, strict=True))
    return 100 * rise / spread / mean if spread else 0.0


@pytest.mark.timeout(36_000 if LONG else 300)
async def test_nothing_grows_with_the_days(new_sqlite, tmp_path):
    async with Cradle(tmp_path, SOAKING) as cradle:
        given = (new_sqlite(), DAYS, UPDATES, seeds()[0])
        samples = await (await cradle.begin(f"{SOAKING}:soak", *given)).told()
    last = samples[-1]
    files = [one["files"] for one in samples[WARM - 1 :]]
    told = {"updates": last["updates"], "chats": last["chats"], "containers": len(last["sizes"])}
    memory = {
        "rss_mb": round(last["rss_kb"] / 1024, 1),
        "rss_a_day_percent": round(slope(samples), 2),
    }
    tell(
        "F21",
        days=DAYS,
        seed=seeds()[0],
        **told,
        growing=len(growing(samples)),
        files=max(files),
        **memory,
    )
    assert growing(samples) == {}
    assert max(files) - min(files) <= 3
    assert last["tasks"] <= samples[0]["tasks"] + 10
    assert last["objects"] < 1.05 * samples[0]["objects"]
    if UPDATES >= WARM_UPDATES:
        assert slope(samples) < 1


async def test_a_map_that_remembers_every_chat_is_noticed(new_sqlite):
    database = await open_database(new_sqlite(), exclusive=True)
    runner = runner_of(database, Crowd(0, 1), lambda *_: None)
    await runner.open()
    samples = []
    for day in range(1, DAYS + 1):
        station = next(iter(runner.house.stations.values()))
        station.moved.update({f"{day}{chat}": "1" for chat in range(16)})
        samples.append({"day": day, "sizes": sizes(runner)})
    await database.close()
    found = growing(samples)
    assert [path.rpartition(".")[2] for path in found] == ["moved"]
    assert list(found.values()) == [(16, 16 * DAYS)]

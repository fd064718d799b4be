"""The process is killed at named points of the way and goes on: everything happens exactly once."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from storage import migration

ROOT = Path(__file__).parents[2]
POINTS = (
    "fetch.got",
    "ingest.before",
    "ingest.stored",
    "player.claimed",
    "player.commit.before",
    "player.committed",
    "sender.claimed",
    "sender.called",
    "sender.stored",
    "clock.before",
    "clock.moved",
    "commit.before",
    "commit.after",
)


def run(folder: Path, crash: str = "") -> subprocess.CompletedProcess:
    """One life of the process."""
    return subprocess.run(
        [sys.executable, "-m", "tests.bots.crash_play", str(folder)],
        cwd=ROOT,
        env={**os.environ, "VORONKA_ENV": "test", "VORONKA_CRASH": crash},
        capture_output=True,
        text=True,
        check=False,
    )


def fresh(folder: Path) -> Path:
    """A folder with an empty database."""
    folder.mkdir()
    asyncio.run(migration.upgrade(f"sqlite:///{folder / 'voronka.db'}"))
    return folder


def finished(life: subprocess.CompletedProcess) -> dict:
    assert life.returncode == 0, life.stderr[-2000:]
    return json.loads(life.stdout)


def arrived(folder: Path, bot: str) -> list[tuple]:
    """What a messenger truly delivered, answers to presses aside: they may expire."""
    lines = (folder / f"{bot}.journal").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [(one["chat"], one["op"], one["text"]) for one in found if one["op"] != "answer"]


@pytest.fixture(scope="session")
def reference(tmp_path_factory) -> tuple[Path, dict]:
    """The way of a process that nobody kills."""
    folder = fresh(tmp_path_factory.mktemp("crash") / "reference")
    return folder, finished(run(folder))


def test_the_way_passes_every_point(reference):
    _, told = reference
    assert set(POINTS) <= set(told["hits"])
    texts = [text for _, _, text in arrived(reference[0], "vk")]
    assert [text for text in texts if text.startswith("Письмо")] == [
        "Письмо первое",
        "Письмо второе",
    ]
    (lead,) = told["state"]["leads"]
    assert (lead[1], lead[3]) == ("Анна", "sold")
    assert "Да, спрашивайте" in texts


def cases(hits: dict[str, int], point: str) -> list[int]:
    """Which passages to kill at: all of them when asked, else the one in the middle."""
    if os.environ.get("VORONKA_CRASH_ALL"):
        return list(range(1, hits[point] + 1))
    return [(hits[point] + 1) // 2]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_changes_nothing(point, reference, tmp_path):
    expected_folder, expected = reference
    for count in cases(expected["hits"], point):
        folder = fresh(tmp_path / f"{point}{count}")
        died = run(folder, f"{point}:{count}")
        assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]
        compare(finished(run(folder)), folder, expected, expected_folder)


def compare(told: dict, folder: Path, expected: dict, expected_folder: Path) -> int:
    """Everything is as if nobody had died; how many calls came twice (to Telegram, at most one)."""
    state, wanted = told["state"], expected["state"]
    left = {name for name in wanted if state[name] != wanted[name]} - {"calls"}
    assert not left, {n: (state[n], wanted[n]) for n in left}
    _compare_calls(state["calls"], wanted["calls"])
    assert arrived(folder, "vk") == arrived(expected_folder, "vk")
    return _compare_team(arrived(folder, "tg"), arrived(expected_folder, "tg"))


def _compare_calls(calls: list, wanted: list) -> None:
    """The same calls, all sent; only an answer to a press may have expired."""
    late = [call for call in calls if call[0] == "answer" and call[2] == "expired"]
    assert len(late) <= 1
    kept = Counter(tuple(call[:2]) for call in calls)
    assert kept == Counter(tuple(call[:2]) for call in wanted)
    assert {call[2] for call in calls if call not in late} == {"sent"}


def _compare_team(found: list, wanted: list) -> int:
    """Telegram knows no repeats: nothing is lost, at most one call comes twice."""
    assert not Counter(wanted) - Counter(found)
    twice = sum((Counter(found) - Counter(wanted)).values())
    assert twice <= 1
    return twice

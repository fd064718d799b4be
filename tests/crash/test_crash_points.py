"""Over HTTP every named point of the code kills the process once, life after life; nothing is lost.

The points are those that a play without kills passes (F2, F3 short); `VORONKA_SOAK=1` plays more
chains with other passages. `tests/bots/test_crashes.py` kills at every single passage, on paper.
"""

import json
import random
import sys

import pytest

from tests.crash.births import Nursery
from tests.crash.conftest import SEED, SOAK
from tests.crash.staging import Staging, judged, told

PEOPLE = 12
SEEDS = range(SEED, SEED + 10) if SOAK else (SEED,)
FIRST = ("migration.statement", "migration.commit", "witness.begun")
SELDOM = frozenset(
    {"clock.before", "clock.moved", "requests.recovered", "witness.shown", "witness.stored"}
)
EXPECTED = {
    *FIRST,
    *SELDOM,
    "commit.after",
    "commit.before",
    "fetch.got",
    "ingest.before",
    "ingest.stored",
    "player.claimed",
    "player.commit.before",
    "player.committed",
    "sender.called",
    "sender.claimed",
    "sender.gathered",
    "sender.stored",
}


def chain(points: set[str], seed: int) -> tuple[str, ...]:
    """Where each life ends: the points in an order of the seed, each at one of its first passages.

    The migration comes first, and a recovery only follows a death with calls in hand. Three deaths
    in a row in one person's turn would be that person's fault (R5), so turns end at a later passage.
    """
    dice = random.Random(seed)
    shuffled = sorted(points - set(FIRST))
    dice.shuffle(shuffled)
    lives = [f"{point}:1" for point in FIRST]
    for point in shuffled:
        if point.startswith("commit."):
            passage = dice.randint(12, 40)
        elif point.startswith("player."):
            passage = dice.randint(2, 4)
        else:
            passage = 1 if point in SELDOM else dice.randint(1, 3)
        lives.append(f"{point}:{passage}")
        if point == "sender.called":
            lives.append("sender.recovered:1")
    return tuple(lives)


@pytest.mark.timeout(900)
@pytest.mark.xdist_group("crash-points")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if SOAK else ["sqlite"])
async def test_a_death_at_every_point_changes_nothing(kind, seed, request, tmp_path):
    urls = {"sqlite": f"sqlite:///{tmp_path / 'voronka.db'}"}
    if kind == "postgresql":
        urls[kind] = request.getfixturevalue("postgres_server").new_database()
    async with Nursery() as nursery:
        points = await passed(tmp_path / "reference", nursery)
        assert points == EXPECTED
        lives = chain(points, seed)
        sys.stdout.write(f"\n{kind}, seed {seed}: dies at {', '.join(lives)}\n")
        staging = Staging(PEOPLE, seed, crashes=lives)
        evidence, play = await staging.evidence(tmp_path / "played", urls[kind], nursery)
    verdict = judged(evidence)
    sys.stdout.write(told(verdict, play, seed) + "\n")
    assert verdict.problems == []
    assert play.house.lives == len(lives) + 1  # every life but the last died where it was told to


async def passed(folder, nursery) -> set[str]:
    """The points that two prospects pass on their way when nobody is killed."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'voronka.db'}"
    evidence, play = await Staging(2, SEED).evidence(folder, url, nursery)
    assert judged(evidence).problems == []
    return set(json.loads((play.house.folder / "hits").read_text()))

"""Two hundred prospects, ten kills: nobody misses a message, VK says nothing twice, each lead is one.

`VORONKA_SEED=7` chooses another play, `VORONKA_SOAK=1` plays several with cold starts and more kills.
"""

import sys

import pytest

from tests.crash.conftest import SEED, SOAK
from tests.crash.staging import Staging, judged, told

PEOPLE = 200
SEEDS = range(SEED, SEED + 5) if SOAK else (SEED,)
KILLS = 40 if SOAK else 10


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("sqlite", marks=pytest.mark.xdist_group("crash-sqlite")),
        pytest.param("postgresql", marks=pytest.mark.xdist_group("crash-postgresql")),
    ],
)
async def test_ten_kills_cost_nobody_a_message(
    kind, seed, request, tmp_path, midwife, record_property
):
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'voronka.db'}"  # not there yet: the first life makes it
    else:
        url = request.getfixturevalue("postgres_server").new_database()
    staging = Staging(PEOPLE, seed, KILLS, seconds=1200)
    evidence, play = await staging.evidence(tmp_path, url, midwife)
    verdict = judged(evidence)
    figures = f"{kind}: {told(verdict, play, seed)}"
    sys.stdout.write(f"\n{figures}\n")
    record_property("figures", figures)
    assert verdict.problems == []
    assert play.house.lives == KILLS + 1
    assert sum(play.executioner.done.values()) == KILLS
    assert len(evidence.books.leads) + verdict.figures["unsent but journalled"] == PEOPLE

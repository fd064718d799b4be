"""Bugs planted into the running program are reported: else the crash test proves nothing (F8)."""

import pytest

from tests.crash.births import Nursery
from tests.crash.conftest import SOAK
from tests.crash.kills import Kill
from tests.crash.staging import Staging, judged

DELIVERED = [Kill("delivered", at) for at in (9, 23, 41, 55)]
CUT = [Kill("cut", at) for at in (9, 23, 41)]
CASES = {
    "random_id is zero": (DELIVERED, (), "twice"),
    "confirmed before stored": ([], ("planted:3",), "updates"),
    "source keys not unique": ([], ("planted:3",), "updates"),
    "doubtful dropped": (CUT, (), "lost"),
    "sent before called": (CUT, (), "lost"),
    "quiet hours forgotten": ([], (), "quiet hours"),
    "timers deleted before stored": ([], ("planted:2",), "lost"),
}
QUICK = ("random_id is zero", "confirmed before stored", "doubtful dropped")


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("crash-planted")
@pytest.mark.parametrize("bug", CASES if SOAK else QUICK)
async def test_a_planted_bug_is_reported(bug, tmp_path):
    plan, crashes, rule = CASES[bug]
    staging = Staging(people=10, seed=3, plan=plan, crashes=crashes)
    async with Nursery(bug) as nursery:
        url = f"sqlite:///{tmp_path / 'voronka.db'}"
        evidence, play = await staging.evidence(tmp_path, url, nursery)
    assert play.house.lives == 1 + len(plan) + len(crashes)
    assert rule in judged(evidence).rules, judged(evidence).problems


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("crash-planted")
async def test_the_same_kills_without_a_bug_are_harmless(tmp_path, midwife):
    plan = sorted({*DELIVERED, *CUT}, key=lambda kill: (kill.at, kill.how))
    staging = Staging(people=10, seed=3, plan=plan)
    url = f"sqlite:///{tmp_path / 'voronka.db'}"
    evidence, play = await staging.evidence(tmp_path, url, midwife)
    assert judged(evidence).problems == []
    assert play.house.lives == 1 + len(plan)

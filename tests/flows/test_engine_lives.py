"""Random lives keep every promise: over the example funnels and over nasty ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.program import Bundle
from tests.flows.births import ACTS, NASTY, ZONES, random_life
from tests.flows.living import Life
from tests.flows.staging import NOON, bundle_of, limits, program, us

ROOT = Path(__file__).parents[2]
SHELVES = (
    os.environ.get("VORONKA_ACCEPTANCE", ""),
    ROOT / "funnels",
    ROOT.parent / "shared" / "acceptance" / "funnels",
)
EXAMPLES = int(os.environ.get("VORONKA_LIVES", "100"))
"""Lives of each kind; more of them by night."""
LIMITS = limits("22:00-09:00", gap="3h", requested_per_day=3, advertising_per_day=1)

LIVES = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 999)), min_size=20, max_size=60)
BIRTHS = st.integers(0, 14 * 24 * 60)
UNHURRIED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="VORONKA_LIVES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def example_text(name: str) -> str:
    for shelf in filter(None, SHELVES):
        path = Path(shelf) / f"{name}.yaml"
        if path.exists():
            return path.read_text("utf-8")
    pytest.skip(f"no {name}.yaml: set VORONKA_ACCEPTANCE to the folder that has it")


@cache
def examples() -> Bundle:
    programs = [program(example_text(name)) for name in ("english_school", "gifts")]
    return bundle_of(*programs, limits=LIMITS)


@cache
def nasty() -> Bundle:
    return bundle_of(*NASTY, limits=LIMITS)


def life(bundle: Bundle, born: int, zone: str) -> Life:
    made = Life(bundle, us(NOON) + born * 60_000_000)
    made.conversation.person.zone = zone
    return made


@UNHURRIED
@given(LIVES, BIRTHS, st.sampled_from(ZONES))
def test_lives_over_the_examples_keep_every_promise(actions: list, born: int, zone: str):
    life(examples(), born, zone).live(actions)


@UNHURRIED
@given(LIVES, BIRTHS, st.sampled_from(ZONES))
def test_lives_over_nasty_funnels_keep_every_promise(actions: list, born: int, zone: str):
    life(nasty(), born, zone).live(actions)


@pytest.mark.parametrize("bundle", [examples, nasty])
def test_lives_by_the_dice_keep_every_promise(bundle: Callable[[], Bundle]):
    for seed in range(EXAMPLES // 2):
        life(bundle(), seed * 97, ZONES[seed % 3]).live(random_life(seed, 60))

"""Random lives in random funnels: whatever the language allows, every promise holds.

`VORONKA_SOAK=1` draws many more. A funnel is told by its seed: `breeding.random_funnel(seed)`.
"""

from __future__ import annotations

import os
import random
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from flows.answers import TYPES
from flows.nodes import REGISTRY
from flows.program import Bundle
from tests.flows.births import ACTS, ALL_ACTS, MORE_WORDS, ZONES
from tests.flows.breeding import random_funnel
from tests.flows.ingredients import ANSWERS, MOMENTS
from tests.flows.living import Life
from tests.flows.staging import NOON, bundle_of, limits, program, us
from tests.flows.step_breeding import STEPS
from tests.flows.test_engine_booking import SALON

SOAK = bool(os.environ.get("VORONKA_SOAK"))
LIVES = 3_000 if SOAK else 60
DAYS = 12
CHANNELS = ("telegram", "vk", "web")
LIMITS = limits("22:00-09:00", gap="3h", requested_per_day=3, advertising_per_day=1)
SEEDS = st.integers(0, 1_000_000)
PICKS = st.integers(0, 999)


@lru_cache(8)
def bundle(seed: int) -> Bundle:
    texts = random_funnel(seed, "one"), random_funnel(seed + 1, "two")
    channel = CHANNELS[seed % 3]
    return bundle_of(*texts, limits=LIMITS, teams=SALON, channel=channel)


def newborn(seed: int, born: int, zone: str) -> Life:
    made = Life(bundle(seed), us(NOON) + born * 60_000_000, vocabulary=MORE_WORDS)
    made.conversation.person.zone = zone
    made.conversation.person.uid = f"person {seed}"
    return made


class Lives(RuleBasedStateMachine):
    """A person in two random funnels; every event is held to ``promises.Promises``."""

    @initialize(seed=SEEDS, born=st.integers(0, 14 * 24 * 60), zone=st.sampled_from(ZONES))
    def is_born(self, seed: int, born: int, zone: str) -> None:
        note(f"funnels {seed} and {seed + 1}, channel {CHANNELS[seed % 3]}")
        self.life = newborn(seed, born, zone)
        self.life.act("open", 0)

    @rule(act=st.sampled_from(ACTS), pick=PICKS)
    def does(self, act: str, pick: int) -> None:
        self.life.act(act, pick)

    @rule(act=st.sampled_from(["file", "album", "location", "join", "happen"]), pick=PICKS)
    def sends(self, act: str, pick: int) -> None:
        self.life.act(act, pick)

    @rule(pick=PICKS)
    def a_manager_acts(self, pick: int) -> None:
        self.life.act("manager", pick)

    @precondition(lambda self: self.life.asked)
    @rule(pick=PICKS)
    def the_world_answers(self, pick: int) -> None:
        self.life.act("answer", pick)

    @precondition(lambda self: self.life.answered)
    @rule(pick=PICKS)
    def the_world_answers_twice(self, pick: int) -> None:
        self.life.act("answer_twice", pick)

    @rule(act=st.sampled_from(["slow", "set_back", "outage", "leap"]), pick=PICKS)
    def time_passes(self, act: str, pick: int) -> None:
        self.life.act(act, pick)

    def teardown(self) -> None:
        if hasattr(self, "life"):
            self.life.outlive(DAYS)


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=LIVES,
    stateful_step_count=40,
    deadline=None,
    derandomize=not SOAK,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_lives_by_the_dice_keep_every_promise_in_random_funnels():
    for seed in range(1_000_000, 1_000_000 + LIVES):
        dice = random.Random(seed)
        life = newborn(seed, dice.randrange(14 * 24 * 60), dice.choice(ZONES))
        actions = [(dice.choice(ALL_ACTS), dice.randrange(1_000)) for _ in range(50)]
        try:
            life.live([("open", 0), *actions], DAYS)
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise


def test_random_funnels_use_every_node_type_and_every_type_of_answer():
    steps = [
        laid.step for seed in range(40) for laid in program(random_funnel(seed)).steps.values()
    ]
    missing = sorted(set(REGISTRY.verbs) - {step.VERB for step in steps})
    assert not missing, f"write what {missing} look like in STEPS of tests/flows/step_breeding.py"
    answers = {getattr(step, "answer", None) for step in steps} - {None}
    missing = sorted(set(TYPES) - {answer.name for answer in answers})
    assert not missing, f"write the keys of {missing} in ANSWERS of tests/flows/ingredients.py"


def test_random_funnels_use_every_form_of_when():
    programs = [program(random_funnel(seed)) for seed in range(40)]
    letters = [letter for made in programs for _, _, letter in made.letters()]
    assert len({type(letter.when) for letter in letters}) == 8
    assert {letter.busy for letter in letters} >= {"hold", "send", "skip", None}
    for key in ("window", "days", "late", "condition", "otherwise", "kind"):
        assert any(getattr(letter, key) for letter in letters), key
        assert not all(getattr(letter, key) for letter in letters), key
    assert any(series.stop_when for made in programs for series in made.funnel.series.values())


@pytest.mark.parametrize("listed", [ANSWERS, STEPS, MOMENTS])
def test_nothing_is_listed_that_is_never_read(listed):
    known = {*TYPES, *REGISTRY.verbs, *REGISTRY.not_built, *MOMENTS}
    assert set(listed) <= known


def test_the_same_seed_is_the_same_funnel():
    assert random_funnel(7) == random_funnel(7) != random_funnel(8)

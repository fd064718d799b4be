"""Every node type has an example: a funnel of its own with tests in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.nodes import NODES
from flows.reading import Reading
from flows.rehearsal import rehearse
from flows.transcripts import read_tests
from tests.flows.staging import bundle_of, program

EXAMPLES = Path(__file__).parents[1] / "examples" / "nodes"
VERBS = [node.VERB for node in NODES]


def test_the_examples_are_those_of_the_node_types():
    assert sorted(path.stem for path in EXAMPLES.glob("*.yaml")) == sorted(VERBS)


@pytest.mark.parametrize("channel", ["telegram", "vk", "web"])
@pytest.mark.parametrize("verb", VERBS)
def test_the_example_of_a_node_type_plays(verb: str, channel: str):
    made = program((EXAMPLES / f"{verb}.yaml").read_text("utf-8"))
    reading = Reading(f"{verb}.yaml")
    tests = read_tests(made.funnel.tests, reading)
    assert tests
    assert not reading.problems
    bundle = bundle_of(made, channel=channel)
    for test in tests:
        assert rehearse(bundle, test, verb) is None, test.name


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_uses_its_verb(verb: str):
    made = program((EXAMPLES / f"{verb}.yaml").read_text("utf-8"))
    assert verb in {laid.step.VERB for laid in made.steps.values()}

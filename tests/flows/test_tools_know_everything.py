"""Every tool knows every verb, type of answer and trigger: a new one fails here till it does."""

from __future__ import annotations

import json
import random
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from flows import effects, events
from flows.answers import TYPES
from flows.changes.terms import KEYS
from flows.changes.terms import VERBS as NAMED
from flows.checks.graph import Graph, graph_of
from flows.coverable import items_of
from flows.coverage import Footprints
from flows.funnel import TRIGGERS, Entry, Funnel
from flows.loading import load
from flows.nodes import NODES, REGISTRY
from flows.nodes.base import Step
from flows.nodes.outside import OutsideStep
from flows.program import Program
from flows.proving.doors import doors
from flows.proving.loaded import proved
from flows.proving.outside import ANSWERED
from flows.proving.views import views_of
from flows.reading import Reading, keys_of
from flows.reference import read_reference
from flows.rehearsal import rehearse
from flows.schema import schema_of
from flows.simulating.births import arrival, ways_in
from flows.simulating.calendar import Diary
from flows.simulating.crowd import Plan, play_people
from flows.simulating.naming import rows
from flows.simulating.people import Habits
from flows.simulating.wording import DEEDS, FROM_OUTSIDE, OF_MANAGERS
from flows.telling import book_of
from flows.telling import letters as telling
from flows.telling.questions import ANSWERS
from flows.telling.steps import TELLERS
from flows.transcripts import read_tests
from flows.values import Frame
from flows.worlds import alternatives
from tests.flows.examples import HOUSE, TODAY
from tests.flows.staging import MOSCOW, NOON, bundle_of, program, us
from tests.flows.test_engine_booking import SALON
from voronka.simulating.results import WHAT_WORDS

EXAMPLES = Path(__file__).parents[1] / "examples" / "nodes"
VERBS = sorted(REGISTRY.verbs)
BRIEF: dict[str, dict[str, str]] = {"slot": {"team": "salon"}}
"""Options that a type of answer cannot do without."""
REFERENCE = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
SCHEMA = json.dumps(schema_of(Funnel, read_reference(REFERENCE)))
NEVER_PLAYED = frozenset(
    {
        events.TimerFired,
        events.RequestAnswered,
        events.Unreadable,
        events.LettersHeld,
        events.BroadcastCame,
    }
)
"""Events that a calendar tells by what came of them."""


def example(verb: str) -> Program:
    return program((EXAMPLES / f"{verb}.yaml").read_text("utf-8"))


def asking(kind: str) -> str:
    told = json.dumps({"type": kind, **BRIEF.get(kind, {})}, ensure_ascii=False)
    end = "silence: [{after: 1d, then: [end]}]"
    return (
        "funnel: example\nentry: [start]\nflows:\n  main:\n"
        f"    - {{ask: Что?, save: f, answer: {told}, {end}}}\n    - Спасибо.\n"
    )


def entered_by(trigger: str) -> str:
    value = {"start": "true", "any": "true", "subscribed": "true"}.get(trigger, "spring")
    return f"funnel: f\nentry: [{{{trigger}: {value}}}]\nflows:\n  main: [Да]\n"


def rehearsed(verb: str) -> Footprints:
    """What the example's own tests went through."""
    made = example(verb)
    footprints = Footprints(made)
    for test in read_tests(made.funnel.tests, Reading("x.yaml")):
        bundle = footprints.watched(bundle_of(made, teams=SALON))
        assert rehearse(bundle, test, verb) is None
    return footprints


def test_the_examples_are_those_of_the_verbs() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.yaml")) == VERBS
    assert sorted(node.VERB for node in NODES) == VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_the_graph_leads_into_every_block(verb: str) -> None:
    made = example(verb)
    graph: Graph = graph_of(made)
    for address, laid in made.steps.items():
        targets = {edge.target for edge in graph.edges(address)}
        variants = getattr(laid.step, "variants", {})
        for block, steps in laid.step.blocks():
            falls = block not in variants or variants[block].weight
            if steps and falls:
                assert f"{address}.{block}.0" in targets, (address, block)


@pytest.mark.parametrize("verb", VERBS)
def test_the_words_of_a_verb_are_its_own(verb: str) -> None:
    assert REGISTRY.verbs[verb] in TELLERS, f"write how `{verb}` is told in flows/telling"
    assert verb in NAMED, f"name `{verb}` in flows/changes/terms.py"


@pytest.mark.parametrize("verb", VERBS)
def test_a_change_of_any_key_has_a_name(verb: str) -> None:
    silent = {"node", "mark", "id", "then", "else", "otherwise", "silence", "kind"}
    keys = {name for name in keys_of(REGISTRY.verbs[verb]) if name not in silent}
    assert keys <= KEYS.keys(), keys - KEYS.keys()


@pytest.mark.parametrize("verb", VERBS)
def test_the_schema_knows_the_verb(verb: str) -> None:
    assert f'"{verb}"' in SCHEMA


@pytest.mark.parametrize("verb", VERBS)
def test_an_example_is_counted_and_went_through(verb: str) -> None:
    told = rehearsed(verb).items()
    assert any(seen for _, seen in told)
    for item, _ in told:
        assert item.ru == item.en == "" or (item.name("ru") and item.name("en"))


@pytest.mark.parametrize("verb", VERBS)
def test_what_may_end_otherwise_has_its_outcomes_counted(verb: str) -> None:
    made = example(verb)
    hangs = {item.key[1] for item in items_of(made) if item.key[0] == "went"}
    for address, laid in made.steps.items():
        step = laid.step
        free = type(step).RESTS and step.VERB not in {"ask", "consent"}
        assert (address in hangs) or not (free or step.VERB == "split"), address


@pytest.mark.parametrize("verb", VERBS)
def test_lives_in_an_example_come_to_an_end(verb: str) -> None:
    made = example(verb)
    plan = Plan(made.funnel.funnel, us(NOON), 14, 0, habits=Habits(take=0.5))
    bundle = bundle_of(made, teams=SALON)

    def dice_of(name: str) -> Any:
        return random.Random(name).random

    figures = play_people(bundle, plan, range(30), dice_of)
    assert figures.ends.total() == figures.people == 30
    assert figures.ends["absent"] == 0


@pytest.mark.parametrize("verb", VERBS)
def test_places_where_people_stand_have_words_in_the_figures(verb: str) -> None:
    assert {row.what for row in rows(example(verb), {})} <= WHAT_WORDS.keys()


OUTSIDE = sorted(node.VERB for node in NODES if issubclass(node, OutsideStep))


@pytest.mark.parametrize("verb", OUTSIDE)
def test_the_worlds_of_tests_and_proofs_answer_every_call(verb: str) -> None:
    assert verb in ANSWERED
    body = {"wants": {}, "pattern": "A-#", "name": "x"}
    outcomes = dict(alternatives(effects.Request(1, 2, verb, "main.x", body)))
    assert outcomes["ok"]["ok"]
    assert not outcomes["fail"]["ok"]


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_question_of_every_type_is_proved(kind: str) -> None:
    house = HOUSE.replace("teams:\n", "teams:\n  salon: {hours: mon-fri 10:00-19:00}\n")
    files = {"voronka.yaml": house.encode(), "funnels/example.yaml": asking(kind).encode()}
    loaded = load(files, {}, TODAY)
    assert loaded.errors == [] or {item.code for item in loaded.errors} == {
        "personal-without-consent"
    }
    _, (proof,) = proved(loaded, TODAY)
    assert (proof.extent, proof.blind, proof.unknown) == ("whole", (), ())


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_question_of_every_type_is_answered_by_simulated_people(kind: str) -> None:
    made = program(asking(kind))
    calm = Habits(chances={"silence": 0, "bad": 0, "stop": 0, "block": 0})
    plan = Plan("example", us(NOON), 14, 0, habits=calm)

    def dice_of(name: str) -> Any:
        return random.Random(name).random

    figures = play_people(bundle_of(made, teams=SALON), plan, range(20), dice_of)
    assert figures.answered["main.f"] == figures.ends["done"] == 20


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_type_of_answer_has_its_words(kind: str) -> None:
    assert kind in ANSWERS
    assert f'"{kind}"' in SCHEMA


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_trigger_is_fired_told_and_simulated(trigger: str) -> None:
    made = program(entered_by(trigger))
    (entry,) = made.funnel.entry
    assert entry.trigger == trigger
    assert doors(made, entry, views_of(made, Frame("ru", MOSCOW)))  # type: ignore[arg-type]
    assert telling.entry_words(entry, book_of(made)) != trigger
    way = ways_in(made)[0]
    assert arrival(made, way) is not None
    plan = Plan("f", us(NOON), 1, 0)
    figures = play_people(bundle_of(made), plan, range(5), lambda _: lambda: 0.5)
    assert figures.ends["absent"] == 0


def test_the_triggers_are_the_keys_of_an_entry() -> None:
    assert {*TRIGGERS} <= {item.name for item in fields(Entry)}


def test_a_calendar_tells_every_event() -> None:
    told = {*DEEDS, *OF_MANAGERS, *FROM_OUTSIDE, *NEVER_PLAYED}
    assert {*get_args(events.Event)} == told
    assert Diary.see


def test_no_verb_is_left_unbuilt() -> None:
    assert REGISTRY.not_built == frozenset()
    assert all(issubclass(each, Step) for each in REGISTRY.verbs.values())

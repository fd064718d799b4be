"""Bugs planted in the engine, one at a time: the promises of a life must catch each of them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import dedent
from types import FunctionType, ModuleType

import pytest

import flows.nodes  # noqa: F401  # fills the registry of node types
from flows import asking, lettering, meaning, playing, pressing, scene, sending
from tests.flows.births import NASTY, ZONES, random_life
from tests.flows.living import Life
from tests.flows.staging import NOON, bundle_of, limits, us

LIVES = 40
BUGS = {
    "the stale check of letters": (
        sending, "letter_fired", "run is None or run.timer != event.number", "run is None",
    ),
    "the stale check of silence": (
        asking, "silence_fired", " or play.rest.timer != event.number", "",
    ),
    "the visit check of buttons": (
        pressing, "_asked_by", '== (action["run"], action["visit"])\n', "!= ()\n",
    ),
    "the repeat check of answers": (
        pressing, "_answer", "turn.conversation.person.pressed == key", "False",
    ),
    "quiet hours of reminders": (asking, "_due", "if loud > scene.turn.now:", "if False:"),
    "quiet hours of letters": (
        lettering, "_hours", "quiet = scene.bundle.limits.quiet", "quiet = None",
    ),
    "the window": (lettering, "_hours", "letter.window", "None"),
    "the gap": (
        lettering, "place_of", "gap=timedelta(microseconds=scene.bundle.limits.gap)",
        "gap=timedelta(0)",
    ),
    "stop_when before sending": (
        sending, "letter_fired", "scene.holds(series.stop_when)", "False",
    ),
    "stop_when after a turn": (
        lettering, "stop_where_due", 'stop(scene, name, "stop_when")', "pass",
    ),
    "the consent gate of letters": (
        sending, "_reason_to_skip", "not scene.may_advertise()", "False",
    ),
    "the if of letters": (
        sending, "_reason_to_skip", "not scene.holds(letter.condition)", "False",
    ),
    "holding a letter": (sending, "_is_held", '_busy(letter) != "hold"', "True"),
    "parking the question below": (asking, "_park_others", "play.rest.parked = True", "pass"),
    "the end of runs at stop": (meaning, "stop", 'finish(turn, run, "стоп")', "pass"),
    "the last question at stop": (
        meaning, "stop", "turn.conversation.person.last = None", "pass",
    ),
    "the counter": (scene.Turn, "number", "counter += 1", "counter += 0"),
    "the timers of a question that is left": (playing, "leave", "quieten(scene, play)", "pass"),
}  # fmt: skip


@contextmanager
def planted(home: ModuleType | type, name: str, old: str, new: str) -> Iterator[None]:
    """The function with its text changed, wherever in `flows` it is known, until the end."""
    right = getattr(home, name)
    text = "from __future__ import annotations\n" + dedent(inspect.getsource(right))
    assert text.count(old) == 1, "the engine changed: plant the bug anew"
    names = dict(right.__globals__)
    exec(text.replace(old, new), names)
    wrong = FunctionType(names[name].__code__, right.__globals__, name, right.__defaults__)
    wrong.__kwdefaults__ = right.__kwdefaults__
    known = [m for key, m in sys.modules.items() if key.split(".")[0] == "flows"]
    homes = [home, *(m for m in known if m is not home and getattr(m, name, None) is right)]
    for each in homes:
        setattr(each, name, wrong)
    try:
        yield
    finally:
        for each in homes:
            setattr(each, name, right)


def live_all(bundle: object) -> None:
    for seed in range(LIVES):
        life = Life(bundle, us(NOON) + seed * 97 * 60_000_000)
        life.conversation.person.zone = ZONES[seed % 3]
        life.live(random_life(seed, 60))


@pytest.fixture(scope="module")
def bundle() -> object:
    rules = limits("22:00-09:00", gap="3h", requested_per_day=3, advertising_per_day=1)
    return bundle_of(*NASTY, limits=rules)


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_caught(bug: str, bundle: object):
    with planted(*BUGS[bug]), pytest.raises(AssertionError):
        live_all(bundle)


def test_a_plant_is_taken_out_again():
    right: Callable = sending.letter_fired
    with planted(*BUGS["the stale check of letters"]):
        assert sending.letter_fired is not right
    assert sending.letter_fired is right

"""How fast a funnel is simulated, beside a bare heap that moves as many events and decides nothing.

    .venv/bin/python benchmarks/simulation.py [FUNNEL] [PEOPLE] [DAYS]

Voronka: the real engine, one process, every turn with its texts, timers, letters and journal. The
bare heap: as many events for as many people, each drawn from the dice, pushed, popped and counted.
The speed of one turn is told for `advance`, which leaves the conversation as it was, and for
`take_turn`, which the simulator uses.
"""

from __future__ import annotations

import random
import sys
import time
from heapq import heappop, heappush
from pathlib import Path

import flows.nodes  # noqa: F401  # fills the registry of node types
from flows.engine import EPOCH, advance, take_turn
from flows.simulating.crowd import DAY_US, Plan, play_people
from flows.simulating.figures import Figures
from flows.simulating.people import Habits
from flows.state import Conversation, Person
from voronka.projects import open_funnel
from voronka.testing import alone

FIRST_US = 1_772_400_000_000_000  # 2026-03-01 21:20 UTC
LIVELY = Habits(chances={"silence": 0.1, "stop": 0.01, "block": 0.01}, presses={"default": 0.3})


def dice_of(name: str):
    """The dice of one person."""
    return random.Random(name).random


def bare_heap(people: int, turns: int) -> float:
    """Seconds for as many events without an engine."""
    began = time.perf_counter()
    each = max(1, turns // people)
    for person in range(people):
        dice = dice_of(f"1:{person}")
        heap = [(dice(), 0, "enter")]
        state: dict[str, int] = {}
        for number in range(1, each + 1):
            at, _, what = heappop(heap)
            state[what] = state.get(what, 0) + 1
            heappush(heap, (at + dice(), number, "answer" if dice() < 0.7 else "silence"))
    return time.perf_counter() - began


def record(bundle, plan: Plan, people: int) -> list:
    """Everything that happened to some people: the person's name and zone, the event, the moment."""
    happened = []

    def see(life, turn) -> None:
        person = life.conversation.person
        happened.append((person.uid, person.zone, turn.event, turn.at_us))

    play_people(bundle, plan, range(people), dice_of, see)
    return happened


def a_turn(bundle, happened: list, *, in_place: bool) -> float:
    """Milliseconds a turn when the same events happen again."""
    from datetime import timedelta

    name, conversation = "", Conversation()
    began = time.process_time()
    for uid, zone, event, at_us in happened:
        if uid != name:
            name, conversation = uid, Conversation(Person(zone=zone, uid=uid))
        now = EPOCH + timedelta(microseconds=at_us)
        if in_place:
            take_turn(bundle, conversation, event, now)
        else:
            conversation, _ = advance(bundle, conversation, event, now)
    return (time.process_time() - began) / len(happened) * 1000


def main() -> None:
    """Race them."""
    funnel = sys.argv[1] if len(sys.argv) > 1 else "english_school"
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    days = int(sys.argv[3]) if len(sys.argv) > 3 else 14
    opened, name = open_funnel(funnel, Path.cwd())
    bundle = alone(opened.loaded, name, "telegram")
    for words, habits in (("usual", Habits()), ("lively", LIVELY)):
        plan = Plan(name, FIRST_US, days, 7 * DAY_US, habits=habits)
        play_people(bundle, plan, range(20), dice_of)
        began = time.perf_counter()
        figures: Figures = play_people(bundle, plan, range(people), dice_of)
        ours = time.perf_counter() - began
        bare = bare_heap(people, figures.turns)
        print(
            f"{words}: {people} people × {days} days, {figures.turns} turns,"
            f" {figures.minutes.total()} messages in {ours:.2f} s;"
            f" a bare heap {bare:.2f} s, ratio {ours / bare:.0f}"
        )
    happened = record(bundle, plan, min(people, 300))
    copied = a_turn(bundle, happened, in_place=False)
    in_place = a_turn(bundle, happened, in_place=True)
    print(f"a turn: advance {copied:.3f} ms, take_turn {in_place:.3f} ms of processor time")


if __name__ == "__main__":
    main()

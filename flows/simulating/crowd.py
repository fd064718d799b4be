"""Many lives one after another: the same seed and number make the same person, whoever plays them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.engine import EPOCH
from flows.events import Event, Opened
from flows.program import Bundle
from flows.simulating.acts import Dice
from flows.simulating.births import arrival, ways_in
from flows.simulating.figures import Chronicle, Figures
from flows.simulating.life import Happened, Life
from flows.simulating.people import Habits, Stranger, drawn
from flows.state import Conversation, Person

DAY_US = 24 * 3_600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is played: a funnel, how people behave, how long each lives, when they come.

    People come evenly over ``spread_us`` from ``first_us``; ``way`` is how, empty: as the habits
    say. ``seed`` makes them.
    """

    funnel: str
    first_us: int
    days: int
    spread_us: int
    seed: str = "1"
    way: str = ""
    zone: str = ""
    habits: Habits = Habits()


def play_people(
    bundle: Bundle,
    plan: Plan,
    numbers: Iterable[int],
    dice_of: Callable[[str], Dice],
    watch: Callable[[Life, Happened], None] | None = None,
) -> Figures:
    """The sums over the people of these numbers; ``watch`` sees every turn of every life."""
    bundle = replace(bundle, programs={plan.funnel: bundle.programs[plan.funnel]})
    figures = Figures()
    for number in numbers:
        name = f"{plan.seed}:{number}"
        _play(bundle, plan, name, dice_of(name), (figures, watch))
    return figures


def _play(
    bundle: Bundle,
    plan: Plan,
    name: str,
    dice: Dice,
    where: tuple[Figures, Callable[[Life, Happened], None] | None],
) -> None:
    figures, watch = where
    born_us = plan.first_us + int(dice() * plan.spread_us)
    zone = plan.zone or _chosen(plan.habits.zones, dice)
    event = _arrival(bundle, plan, dice)
    home = bundle.programs[plan.funnel].funnel.timezone or bundle.timezone
    conversation = Conversation(Person(zone=zone, uid=name))
    chronicle = Chronicle(figures, conversation, born_us, _offset_us(zone or home, born_us))
    life = Life(
        bundle,
        Stranger(plan.habits, dice),
        born_us,
        born_us + plan.days * DAY_US,
        conversation,
        chronicle.see,
    )
    if watch is not None:

        def see(happened: Happened) -> None:
            chronicle.see(happened)
            watch(life, happened)

        life.watch = see
    life.live(event)
    chronicle.close()


def _arrival(bundle: Bundle, plan: Plan, dice: Dice) -> Event:
    program = bundle.programs[plan.funnel]
    way = plan.way or _chosen(plan.habits.entries, dice) or ways_in(program)[0]
    return arrival(program, way) or Opened(way)


def _chosen(weights: Mapping[str, float], dice: Dice) -> str:
    """A name by its weight; empty when there are none."""
    names = list(weights)
    return names[drawn([weights[name] for name in names], dice)] if names else ""


def _offset_us(zone: str, at_us: int) -> int:
    moment = EPOCH + timedelta(microseconds=at_us)
    offset = datetime.astimezone(moment, ZoneInfo(zone)).utcoffset()
    return (offset or timedelta(0)) // timedelta(microseconds=1)

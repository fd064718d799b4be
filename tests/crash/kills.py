"""When to kill: at places of the journal and, for F1, at moments of the clock; a seed chooses."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.crash.messengers import Delivered, Messengers
from tests.emulators.faults import Fault

How = Literal["delivered", "cut", "start", "later", "birth"]
"""After a delivery and before its answer; before a delivery that then never happens; while starting;
some time after a delivery; some time after the process began."""
STARTING_SECONDS = 0.6


@dataclass(frozen=True)
class Kill:
    """`at` counts deliveries, for "start" requests of the new process; `wait` is in seconds."""

    how: How
    at: int = 0
    wait: float = 0.0


def planned(seed: int, kills: int, deliveries: int) -> list[Kill]:
    """Kills in the order of the journal; a fifth of them strike a process that just started."""
    dice = random.Random(seed)
    starts = kills // 5
    places = sorted(dice.sample(range(1, deliveries), kills - starts))
    plan = [Kill(dice.choice(("delivered", "cut")), place) for place in places]
    for _ in range(starts):
        after = dice.randrange(1, len(plan))
        plan.insert(after, Kill("start", dice.randint(1, 8)))
    return plan


def scattered(seed: int, kills: int, deliveries: int) -> list[Kill]:
    """Kills at random moments of the clock and of the journal; a third strikes while starting."""
    dice = random.Random(seed)
    starts = kills // 3
    plan = [
        _scattered(dice, at) for at in sorted(dice.sample(range(1, deliveries), kills - starts))
    ]
    for _ in range(starts):
        kill = Kill("birth", wait=dice.uniform(0, STARTING_SECONDS))
        plan.insert(dice.randrange(1, len(plan)), kill)
    return plan


def _scattered(dice: random.Random, at: int) -> Kill:
    how: How = dice.choice(("delivered", "cut", "later", "later"))
    return Kill(how, at, dice.uniform(0, 0.4) if how == "later" else 0.0)


class Executioner:
    """Carries the plan out; `first_sent` are the seconds from each start to the first delivery."""

    def __init__(self, messengers: Messengers, plan: list[Kill], kill: Callable[[], None]) -> None:
        self._plan = plan
        self._kill = kill
        self._deliveries = 0
        self._requests = 0
        self._dead = False
        self._born = 0.0
        self._waiting: asyncio.TimerHandle | None = None
        self.done: Counter[str] = Counter()
        self.first_sent: list[float] = []
        messengers.called, messengers.arrived = self._called, self._arrived

    def reborn(self) -> None:
        """A new process is about to begin."""
        self._requests, self._dead = 0, False

    def begun(self) -> None:
        """It has begun."""
        self._born = time.perf_counter()
        if self._due("birth", 0):
            self._strike_in(self._plan[0].wait)

    @property
    def left(self) -> int:
        """Kills that did not happen."""
        return len(self._plan)

    def _due(self, how: How, count: int) -> bool:
        if self._dead or self._waiting is not None or not self._plan:
            return False
        return self._plan[0].how == how and count >= self._plan[0].at

    def _strike_in(self, seconds: float) -> None:
        self._waiting = asyncio.get_running_loop().call_later(seconds, self._strike)

    def _strike(self) -> None:
        self._waiting = None
        self.done[self._plan.pop(0).how] += 1
        self._dead = True
        self._kill()

    def _called(self, method: str) -> Fault | None:
        self._requests += 1
        if self._due("start", self._requests):
            self._strike()
        elif "send" in method and "Answer" not in method and self._due("cut", self._deliveries):
            self._strike()
            return Fault("cut_before")
        return None

    def _arrived(self, _one: Delivered) -> None:
        self._deliveries += 1
        if self._born and not self._dead:
            self.first_sent.append(time.perf_counter() - self._born)
            self._born = 0.0
        if self._due("delivered", self._deliveries):
            self._strike()
        elif self._due("later", self._deliveries):
            self._strike_in(self._plan[0].wait)

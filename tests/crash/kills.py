"""When to kill: at places of the journal chosen by a seed, never by the wall clock."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.crash.messengers import Delivered, Messengers
from tests.emulators.faults import Fault

How = Literal["delivered", "cut", "start"]
"""After a delivery and before its answer; before a delivery that then never happens; while starting."""


@dataclass(frozen=True)
class Kill:
    """`at` counts deliveries, for "start" requests of the new process."""

    how: How
    at: int


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


class Executioner:
    """Carries the plan out from within the messengers' handlers."""

    def __init__(self, messengers: Messengers, plan: list[Kill], kill: Callable[[], None]) -> None:
        self._plan = plan
        self._kill = kill
        self._deliveries = 0
        self._requests = 0
        self._dead = False
        self.done: Counter[str] = Counter()
        messengers.called, messengers.arrived = self._called, self._arrived

    def reborn(self) -> None:
        """A new process begins."""
        self._requests, self._dead = 0, False

    @property
    def left(self) -> int:
        """Kills that did not happen."""
        return len(self._plan)

    def _due(self, how: How, count: int) -> bool:
        if self._dead or not self._plan:
            return False
        return self._plan[0].how == how and count >= self._plan[0].at

    def _strike(self) -> None:
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
        if self._due("delivered", self._deliveries):
            self._strike()

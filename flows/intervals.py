"""How sure a share is: the interval in which it truly lies, as likely as 95 of 100."""

from __future__ import annotations

from math import sqrt

Z = 1.959964
"""Of a normal distribution, 95 of 100 lie within so many deviations."""


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The lowest and the highest share that such counts speak for; of no trials, anything."""
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, Z * Z / trials
    middle = share + square / 2
    spread = Z * sqrt(share * (1 - share) / trials + square / (4 * trials))
    low, high = (middle - spread) / (1 + square), (middle + spread) / (1 + square)
    return max(low, 0.0), min(high, 1.0)


def lie_apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two intervals have nothing in common, so that the difference is hardly chance."""
    return one[1] < other[0] or other[1] < one[0]

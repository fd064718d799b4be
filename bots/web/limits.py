"""How many times a minute an address or a visitor may do something."""

from __future__ import annotations

import ipaddress
import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0
_MOST_KEYS = 50_000


class Limit:
    """At most ``most`` times in any minute for each key.

    Time is the process's own and monotonic: the limits have nothing to do with people's days.
    """

    def __init__(self, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._monotonic = monotonic
        self._times: dict[str, deque[float]] = {}

    def allows(self, key: str) -> bool:
        """Whether the key may do it now; if so, it is counted."""
        now = self._monotonic()
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        if len(self._times) > _MOST_KEYS:
            self._forget(now)
        return True

    def _forget(self, now: float) -> None:
        fresh = {k: t for k, t in self._times.items() if t and t[-1] > now - MINUTE}
        # a flood from more addresses than fit: the oldest are forgotten
        self._times = dict(list(fresh.items())[-_MOST_KEYS // 2 :])


def household(address: str) -> str:
    """The address as one counts it: an IPv6 line owns 64 bits of addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))

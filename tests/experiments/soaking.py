"""A long life of the runtime: days of people who come, talk, get letters and never come back.

What grows is told at the end of each day: memory, open files, and every container that hangs on the
runner or on a module of ours.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import sys
from collections import OrderedDict, deque
from datetime import timedelta
from pathlib import Path
from typing import Any

from bots.channel import Call, Delivery
from bots.clocks import SetClock
from storage.database import open_database
from tests.experiments import crowds
from tests.experiments.crowds import Crowd, CrowdPaper, Person, runner_of, until_idle

FUNNEL = (
    crowds.FUNNEL
    + "    - start: letters\n"
    + """
series:
  letters:
    letters:
      - {id: first, when: +6h, say: Письмо первое, buttons: [{text: Ещё, go: more}]}
      - {id: second, when: +1d, say: Письмо второе}
"""
)
FUNNEL = FUNNEL.replace("series:\n", "  more: [Вот ещё]\nseries:\n", 1)
OURS = ("bots.", "storage.", "flows.", "voronka.")
A_PERSON = 8.4
"""How many updates one of the crowd makes on average."""
_KEPT = 2_000
_CACHED = type(functools.cache(len))
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


class Forgetful(CrowdPaper):
    """A messenger that remembers little: what grows must be the program."""

    def _deliver(self, call: Call) -> str:
        external = super()._deliver(call)
        while len(self.known) > _KEPT:
            del self.known[next(iter(self.known))]
        return external

    async def call(self, call: Call) -> Delivery:
        try:
            return await super().call(call)
        finally:
            self.calls.clear()
            if not self.in_flight.get(call.chat, 1):
                del self.in_flight[call.chat]


class Passers(Crowd):
    """People who are forgotten when they are done."""

    def __init__(self, count: int, seed: int) -> None:
        super().__init__(count, seed, together=40, paper=Forgetful)
        self.updates = 0
        self.chats = 0

    def hear(self, paper: CrowdPaper, call: Call, *, again: bool) -> None:
        super().hear(paper, call, again=again)
        person: Person | None = self.people.get((paper.key, call.chat))
        if person is not None and person.done:
            self.updates += len(person.did)
            self.chats += 1
            del self.people[paper.key, call.chat]


async def soak(url: str, days: int, updates: int, seed: int) -> list[Any]:
    """A sample at each day's end."""
    database = await open_database(url, exclusive=True)
    crowd = Passers(int(updates / A_PERSON), seed)
    alarms: list[str] = []
    runner = runner_of(database, crowd, lambda kind, _: alarms.append(kind), FUNNEL)
    clock = runner.clock
    assert isinstance(clock, SetClock)
    await runner.start()
    samples = []
    for day in range(1, days + 1):
        crowd.left = a_day = len(crowd._to_come) // (days + 1 - day)
        waiting, crowd._to_come = crowd._to_come, deque(crowd._to_come)
        crowd._to_come = deque(waiting.popleft() for _ in range(a_day))
        crowd.finished.clear()
        crowd.come()
        await crowd.finished.wait()
        for _ in range(4):
            await until_idle(runner, 600)
            clock.move(timedelta(hours=6))
        crowd._to_come = waiting
        samples.append({"day": day, **_sample(crowd, runner)})
    await runner.stop()
    await database.close()
    assert alarms == []
    return samples


def _sample(crowd: Passers, runner: Any) -> dict[str, Any]:
    gc.collect()
    process = Path("/proc/self")
    rss_kb = int((process / "statm").read_text().split()[1]) * _PAGE_KB
    files = len(list((process / "fd").iterdir()))
    told = {"updates": crowd.updates, "chats": crowd.chats, "rss_kb": rss_kb, "files": files}
    tasks = len(asyncio.all_tasks())
    told["objects"] = len(gc.get_objects())
    return {**told, "tasks": tasks, "sizes": sizes(runner)}


def sizes(root: Any) -> dict[str, int]:
    """The largest container at each path from the root; what stands inside one is written [].

    What modules of ours hold is there too.
    """
    found = _of_modules()
    seen: set[int] = set()
    left: list[tuple[str, Any]] = [("runner", root)]
    while left:
        path, value = left.pop()
        if id(value) in seen or isinstance(value, Crowd | CrowdPaper):
            continue
        seen.add(id(value))
        if isinstance(value, dict | list | set | deque | OrderedDict | tuple | frozenset):
            found[path] = max(found.get(path, 0), len(value))
            inner = list(value.values() if isinstance(value, dict) else value)
            left += [(f"{path}[]", one) for one in inner]
        elif type(value).__module__.startswith(OURS):
            left += [(f"{path}.{name}", one) for name, one in _attributes(value)]
    return found


def _attributes(value: Any) -> list[tuple[str, Any]]:
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    names = [*slots, *getattr(value, "__dict__", {})]
    return [(name, getattr(value, name)) for name in names if hasattr(value, name)]


def _of_modules() -> dict[str, int]:
    """Caches and containers that modules of ours hold."""
    found = {}
    for name, module in list(sys.modules.items()):
        if not name.startswith(OURS):
            continue
        for inner, value in vars(module).items():
            if isinstance(value, dict | list | set | deque):
                found[f"{name}.{inner}"] = len(value)
            elif isinstance(value, _CACHED):
                found[f"{name}.{inner}()"] = value.cache_info().currsize
    return found

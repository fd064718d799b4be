"""F15: two engines on one PostgreSQL die and lose their leases as dice tell: all happens once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update

from bots.clocks import SetClock, microseconds
from bots.runner import Runner
from flows.loading import bundle_of, read_program
from storage.database import open_database
from storage.tables import inbox, leases
from storage.timers import next_due
from storage.work import AlreadyRunning, Do
from tests.bots.paper import PaperChannel
from tests.bots.runtime import SEAL, START, loaded
from tests.experiments.figures import LONG, seeds, tell

PEOPLE = 60 if LONG else 12
LETTERS = 40 if LONG else 6
FUNNEL = """
funnel: school
entry: [start]
flows: {main: [Привет, {start: news}]}
series:
  news:
    letters:
""" + "\n".join(
    f"      - {{id: l{number}, when: +1h, say: Письмо {number}, kind: service}}"
    for number in range(LETTERS)
)
TOLD = ["Привет", *(f"Письмо {number}" for number in range(LETTERS))]


@dataclass
class Engine:
    """A process with a connection of its own; the messenger is everybody's."""

    runner: Runner

    async def step(self) -> None:
        """Renew what it has, look at the clock, play and send what there is."""
        await self.runner._tenure.renew()
        for fetcher in self.runner.fetchers.values():
            if fetcher.lease.held:
                await fetcher.once()
        await self.runner.settle()

    @property
    def has(self) -> set[str]:
        """The leases that it believes to have."""
        return {name for name, lease in self.runner._tenure.held.items() if lease.held}

    async def die(self) -> None:
        """The process is gone: its connections end, nothing is given back."""
        await self.runner.database.close()


async def born(url: str, clock: SetClock, channel: PaperChannel) -> Engine:
    """A new process."""
    found = loaded(FUNNEL)
    bundle = bundle_of(found, found.project.bots["tg"])
    texts = {one.hash: found.texts[name] for name, one in found.programs.items()}
    runner = Runner(
        await open_database(url, exclusive=True), SEAL, clock, clock, {"tg": (channel, bundle)},
        texts=texts, read=lambda funnel, text: read_program(text, f"funnels/{funnel}.yaml"),
    )  # fmt: skip
    await runner.open()
    for sender in runner.senders.values():
        sender.pace.monotonic = lambda: (clock.now() - START).total_seconds() + 1e9
    return Engine(runner)


async def expire(engine: Engine) -> None:
    """Fifteen seconds without a renewal, as the database counts them."""
    await engine.runner.database.commit(
        [Do(update(leases).where(leases.c.owner != "").values(until_us=1))]
    )


@pytest.mark.parametrize("seed", seeds())
@pytest.mark.timeout(3_600 if LONG else 240)
async def test_f15_two_engines_do_everything_once(new_postgres, seed):
    url, dice, clock = new_postgres(), Random(seed), SetClock(START)
    channel = PaperChannel("tg", "telegram")
    engines = [await born(url, clock, channel) for _ in range(2)]
    for person in range(PEOPLE):
        channel.puts(who=str(person), start="")
    deaths = lost = 0
    for _ in range(LETTERS * 6):
        both = set.intersection(*(engine.has for engine in engines))
        assert not both, both
        await asyncio.gather(*(engine.step() for engine in engines))
        chance = dice.random()
        if chance < 0.2:  # the dead one's leases run out, and a new process is born
            await engines.pop(dice.randrange(2)).die()
            await expire(engines[0])
            await engines[0].step()
            engines.append(await born(url, clock, channel))
            deaths += 1
        elif chance < 0.4:  # nobody renewed in time: whoever comes first has them now
            await expire(engines[0])
            await engines[1].step()
            await engines[0].step()
            lost += 1
        due = (await engines[0].runner.database.fetch(next_due()))[0].due_us
        if due is not None and due > microseconds(clock.now()):
            clock.move(timedelta(minutes=20))
    await settle(engines, clock)
    told = {str(person): channel.texts(str(person)) for person in range(PEOPLE)}
    extra = sum((Counter(one) - Counter(TOLD)).total() for one in told.values())
    missing = sum((Counter(TOLD) - Counter(one)).total() for one in told.values())
    timers = select(func.count()).select_from(inbox).where(inbox.c.kind == "timer")
    fired = (await engines[0].runner.database.fetch(timers))[0][0]
    tell(
        "F15", seed=seed, people=PEOPLE, deaths=deaths, leases_lost=lost, timers=fired,
        messages=sum(map(len, told.values())), twice=extra, lost=missing, overlaps=channel.overlaps,
    )  # fmt: skip
    for engine in engines:
        await engine.die()
    assert set(map(tuple, told.values())) == {tuple(TOLD)}
    assert fired == PEOPLE * LETTERS
    assert deaths
    assert lost
    assert not channel.overlaps


async def settle(engines: list[Engine], clock: SetClock) -> None:
    """Let the rest of the letters go."""
    for _ in range(LETTERS * 4):
        for engine in engines:
            await engine.step()
        clock.move(timedelta(minutes=20))


async def test_r35_a_second_process_on_one_sqlite_file_refuses(new_sqlite):
    url, clock = new_sqlite(), SetClock(START)
    first = await born(url, clock, PaperChannel("tg", "telegram"))
    with pytest.raises(AlreadyRunning):
        await born(url, clock, PaperChannel("tg", "telegram"))
    await first.die()

"""F7 over the whole runtime: random lives of two people, with deaths, refusals and lost answers.

The engine has random lives of its own (`tests/flows/test_engine_lives.py`); here the same kind of
search goes through inbox, player, outbox, senders and clock on SQLite with paper messengers.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from bots import endings
from bots.channel import Doubtful, TryLater
from storage.database import open_database
from storage.outbox import MODULUS, MULTIPLIER
from storage.tables import inbox, journal, outbox, runs
from tests.bots.runtime import World
from tests.experiments.figures import LONG

ROW = pow(MULTIPLIER, -1, MODULUS)
BOTS = st.sampled_from(("tg", "vk"))
WORDS = st.sampled_from(
    ("С нуля", "Два", "Согласен", "+7 916 123-45-67", "чепуха", "/human", "стоп", "урок")
)
EXAMPLES, STEPS = (400, 60) if LONG else (4, 12)


class Lives(RuleBasedStateMachine):
    """One person on Telegram, one on VK, a manager, and a program that dies now and then."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        path = shutil.copy(self.template, self.folder / "voronka.db")
        self.world: World = self.loop.run(self._opened(f"sqlite:///{path}"))
        self.blocked: dict[str, int] = {}

    async def _opened(self, url: str) -> World:
        database = await open_database(url, exclusive=True)
        return await World(database, names=("tg", "vk")).open()

    def teardown(self) -> None:
        self.loop.run(self.world.database.close())
        self.loop.close()
        shutil.rmtree(self.folder)

    def _goes_on(self, seconds: float = 5) -> None:
        """Everything that follows, with time for back-off."""

        async def follow() -> None:
            await self.world.fetch()
            await self.world.runner.settle()
            await self.world.passes(seconds=seconds)

        self.loop.run(follow())

    def _sent(self, bot: str) -> int:
        return len(self.world.channels[bot].texts())

    def _does(self, bot: str, **raw: Any) -> None:
        self.blocked.pop(bot, None)
        self.world.channels[bot].puts(**raw)

    @rule(bot=BOTS, text=WORDS)
    def writes(self, bot: str, text: str) -> None:
        """The person writes."""
        self._does(bot, text=text)
        self._goes_on()

    @rule(bot=BOTS)
    def starts(self, bot: str) -> None:
        """The person opens the bot, in the middle of things too (R17)."""
        self._does(bot, start="promo")
        self._goes_on()

    @rule(bot=BOTS, age=st.integers(0, 30), times=st.integers(1, 3))
    def presses(self, bot: str, age: int, times: int) -> None:
        """A button that is fresh or stale, once or more (R13, R14)."""
        lines = self.world.channels[bot].journal()
        tokens = [one for line in lines if line["chat"] == "7" for one in line["tokens"] if one]
        if not tokens:
            return
        for _ in range(times):
            self._does(bot, press=tokens[-1 - age % len(tokens)])
        self._goes_on()

    @rule(hours=st.sampled_from((1, 25, 80)))
    def waits(self, hours: int) -> None:
        """Time goes by (R25)."""
        self._goes_on(hours * 3_600)

    @rule()
    def dies(self) -> None:
        """The process dies and another begins."""
        self.loop.run(self.world.restart())

    @rule(bot=BOTS, seconds=st.integers(1, 4))
    def refuses(self, bot: str, seconds: int) -> None:
        """The messenger asks to wait at its next call (R39)."""
        self.world.channels[bot].faults.append(TryLater("wait", timedelta(seconds=seconds)))

    @rule(bot=BOTS)
    def forgets(self, bot: str) -> None:
        """The answer to the next call is lost after the delivery (R38)."""
        self.world.channels[bot].after.append(Doubtful("lost"))

    @rule(bot=BOTS)
    def blocks(self, bot: str) -> None:
        """The person blocks the bot (R40)."""
        self.world.channels[bot].puts(block=True)
        self._goes_on()
        self.blocked[bot] = self._sent(bot)

    @rule(label=st.sampled_from(("Взять разговор", "Вернуть боту", "Взять в работу")))
    def manages(self, label: str) -> None:
        """A manager presses a card's newest button of that name, wherever it is."""
        lines = self.world.tg.journal()
        found = [
            line["tokens"][line["labels"].index(label)]
            for line in lines
            if line["chat"] == "-100" and label in line["labels"] and any(line["tokens"])
        ]
        if found and found[-1]:
            self.world.tg.puts(kind="card", who="111", chat="-100", press=found[-1])
            self._goes_on()

    @invariant()
    def nothing_is_lost_or_twice(self) -> None:
        """What holds after everything that can happen."""
        self.loop.run(self._hold())

    async def _hold(self) -> None:
        fetch = self.world.database.fetch
        states = {row.state for row in await fetch(select(inbox.c.state))}
        assert states <= {"done", "ignored"}, states
        alive = select(runs.c.identity_id, func.count().label("n")).where(
            runs.c.ended_us.is_(None)
        )
        for row in await fetch(alive.group_by(runs.c.identity_id, runs.c.funnel)):
            assert row.n == 1  # R18
        calls = {row.id: row for row in await fetch(select(outbox))}
        assert "sending" not in {row.state for row in calls.values()}
        doubts = await fetch(select(journal.c.option).where(journal.c.kind == "doubtful"))
        resent = sum(row.option == "resend" for row in doubts)
        for bot, paper in self.world.channels.items():
            assert paper.overlaps == 0
            said = [line for line in paper.journal() if line["op"] == "send"]
            rows = [line["random_id"] * ROW % MODULUS for line in said]
            twice = sum(Counter(rows).values()) - len(set(rows))
            assert twice <= (0 if bot == "vk" else resent)
            self._in_order(said, rows, calls)
            if bot in self.blocked:
                assert self._sent(bot) == self.blocked[bot]  # R40

    def _in_order(
        self, said: list[dict[str, Any]], rows: list[int], calls: dict[int, Any]
    ) -> None:
        """Messages of one chat and lane arrive in the order in which they were meant (R43)."""
        last: dict[tuple[str, int], int] = {}
        for line, row in zip(said, rows, strict=True):
            where = (line["chat"], calls[row].lane)
            assert row >= last.get(where, 0)
            last[where] = row


def lived(template: Path, examples: int = EXAMPLES) -> None:
    """Search for a life that breaks a promise."""
    machine = type("Machine", (Lives,), {"template": template})
    health = list(HealthCheck)
    chosen = settings(
        max_examples=examples, stateful_step_count=STEPS, suppress_health_check=health
    )
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.timeout(7_200 if LONG else 300)
def test_no_life_breaks_a_promise(sqlite_template):
    lived(sqlite_template)


@pytest.mark.skipif(not LONG, reason="a search for a needle takes its time")
@pytest.mark.timeout(7_200)
def test_doubtful_messages_that_nobody_journals_are_noticed(sqlite_template, monkeypatch):
    noted = endings.noted

    def silent(house: Any, outgoing: Any, kind: str, **more: Any) -> Any:
        return [] if kind == "doubtful" else noted(house, outgoing, kind, **more)

    monkeypatch.setattr(endings, "noted", silent)
    with pytest.raises(AssertionError):
        lived(sqlite_template, 200)

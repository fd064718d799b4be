"""A stage of real parts: storage, runtime and channels over HTTP, in front of emulated messengers."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bots import inbox
from bots.acting import on_card
from bots.clocks import SetClock, microseconds, moment_of
from bots.loading import PERSON, STATE
from bots.rates import Bucket
from bots.runner import Runner
from bots.stage import captured
from flows.loading import Loaded, read_program
from flows.problems import Mark
from flows.program import Bundle
from flows.prompting import Ask, Failure, Prompter, Said, Seen
from flows.rehearsal import person_of
from flows.standing import look
from flows.state import Conversation, person_from_json, person_to_json, run_from_json
from flows.transcripts import Line, Transcript
from storage import calls, people
from storage.database import open_database
from storage.seal import Seal
from storage.tables import identities, leads, outbox, runs
from storage.tables import people as people_table
from storage.timers import next_due
from storage.work import Database
from tests.acceptance import clicks
from tests.acceptance.project import bundle_for
from tests.acceptance.sides import BOT, MANAGERS, PUBLIC_URL, TEAM_BOT, Side
from tests.acceptance.team_chats import TEAMS
from voronka.clocks import CLOCK_FILE, SystemClock

SEAL = Seal({"k1": bytes(range(32))})
ROUNDS = 100
NOWHERE = Mark("test", 1, 1)


class SharedClock(SetClock):
    """The people's clock; the emulators read the same moment in the file."""

    def set(self, moment) -> None:
        """Go to a moment, everybody together."""
        super().set(moment)
        Path(os.environ[CLOCK_FILE]).write_text(self.now().isoformat(), encoding="utf-8")


@dataclass
class HttpStage:
    """One person in a messenger; the clock moves only when it is told to."""

    clock: SharedClock
    side: Side
    database: Database
    loaded: Loaded
    bundle: Bundle
    runner: Runner = field(init=False)
    last_call: int = 0
    restless: bool = False
    alarms: list[tuple[str, dict]] = field(default_factory=list)

    async def open(self) -> None:
        """A new runner with new clients: nothing is remembered but the database."""
        loaded, team = self.loaded, replace(self.bundle, bot=TEAM_BOT, channel="telegram")
        bundles = {BOT: self.bundle, TEAM_BOT: replace(team, programs={})}
        self.runner = Runner(
            self.database,
            SEAL,
            self.clock,
            SystemClock(),
            {name: (each, bundles[name]) for name, each in self.side.channels().items()},
            public_url=PUBLIC_URL,
            texts={one.hash: loaded.texts[name] for name, one in loaded.programs.items()},
            read=lambda name, text: read_program(text, f"{name}.yaml"),
            alarm=lambda kind, facts: self.alarms.append((kind, dict(facts))),
            alone=True,
        )
        await self.runner.open()
        for sender in self.runner.senders.values():  # how fast letters leave is tried elsewhere
            sender.pace.bucket = Bucket("unhurried", partial(next, count(0.0)))
        await self.side.opened(self.runner)

    async def restart(self) -> None:
        """The process stops and another one begins."""
        await self.runner.stop()
        await self.open()

    @property
    def now_us(self) -> int:
        """The people's moment."""
        return microseconds(self.clock.now())

    async def answer(self, ask: Ask) -> Any:
        """What the stage answers to a performance, as :func:`flows.rehearsal.answer` does."""
        if self.restless:
            await self.restart()
        if ask.what == "look":
            return await self.look()
        if ask.what == "next":
            due = await self._due()
            if due is None or due > ask.us:
                return None
            await self.go_to(due)
        elif ask.what == "until":
            while (due := await self._due()) is not None and due <= ask.us:
                await self.go_to(due)
            self.clock.set(moment_of(max(self.now_us, ask.us)))
        else:
            assert ask.line is not None
            await self.does(ask.line)
        return await self.said(), self.now_us

    async def _due(self) -> int | None:
        return (await self.database.fetch(next_due()))[0].due_us

    async def go_to(self, us: int) -> None:
        """Let the time come, and everything happen that is due then."""
        self.clock.set(moment_of(max(self.now_us, us)))
        await self.settle()

    async def does(self, line: Line) -> None:
        """The person does it, the bots hear it, everything that follows happens."""
        if line.kind == "click":
            link = clicks.link_of(self.side, clicks.label_of(self.bundle, line.value))
            await clicks.follow(self.runner, link)
        elif line.kind == "manager":
            await self._manage(line)
        else:
            await self.side.act(line)
        await self.hear()

    async def _manage(self, line: Line) -> None:
        """The team's first manager does it in the team's chat."""
        known = (await self.database.fetch(people.known(self._station, [self.side.sender])))[0]
        row = (await self.database.fetch(people.load([known.person_id])))[0]
        person = person_from_json(SEAL.open_json(PERSON, row.person_sealed))
        rows = await self.database.fetch(select(leads).order_by(leads.c.captured_us))
        found = await on_card(
            line,
            self.database,
            SEAL,
            (known.person_id, person),
            leads=rows,
            teams=self.bundle.teams,
        )
        chat, first = TEAMS[self.side.name](self.side), next(iter(MANAGERS))
        if found.label:
            chat.press(first, found.label)
        else:
            chat.reply(first, found.act.value, found.card.external_id)

    async def do(self, *lines: tuple[str, str]) -> None:
        """The person does one thing after another: `("press", "Часы")`."""
        for kind, value in lines:
            await self.does(Line(NOWHERE, kind, value))
            await self.side.heard()  # what is on the screen now can be pressed

    async def hear(self) -> None:
        """Every bot fetches what happened; then everything that follows happens."""
        for name, fetcher in self.runner.fetchers.items():
            if not (name == BOT and self.side.name == "web"):  # pages post by themselves
                await fetcher.once()
        await self.settle()

    async def settle(self) -> None:
        """Play and send until the runner is idle."""
        for _ in range(ROUNDS):
            await self.runner.settle()
            if await self.runner.idle():
                return
        raise AssertionError("the runner does not come to rest")

    async def said(self) -> list[Said]:
        """What was delivered since the last look, in the order in which it was asked for.

        Chats are independent: only inside one chat the order of delivery is promised, and held to.
        """
        order = await self._asked_for()
        asked = calls.told_by_none(list(order.values()))
        silent = {row.id for row in await self.database.fetch(asked)}
        found = [(order[each.key], each) for each in await self.side.heard()]
        for chat in {each.key[1] for _, each in found}:
            rows = [row for row, each in found if each.key[1] == chat]
            assert rows == sorted(rows), "messages of one chat were delivered out of order"
        heard = sorted(found, key=lambda pair: pair[0])
        return [each.said for row, each in heard if row not in silent]

    async def _asked_for(self) -> dict[tuple[str, str, str], int]:
        """The rows of the calls made since the last look, by what came of them."""
        table = outbox
        found = select(table).where(table.c.id > self.last_call).order_by(table.c.id)
        order = {}
        for row in await self.database.fetch(found):
            assert row.state == "sent", f"{row.op} is {row.state}: {row.error}"
            page = row.external_id == "web"
            key = ("page", str(row.message_id)) if page else (row.chat, str(row.external_id))
            order[row.op, *key] = row.id
            self.last_call = row.id
        return order

    async def look(self) -> Seen:
        """How things stand, by what the database holds of the person."""
        fetch = self.database.fetch
        known = (await fetch(people.known(self._station, [self.side.sender])))[0]
        row = (await fetch(people.load([known.person_id])))[0]
        person = person_from_json(SEAL.open_json(PERSON, row.person_sealed))
        stored = await fetch(select(runs).where(runs.c.person_id == known.person_id))
        found = [run_from_json(SEAL.open_json(STATE, each.state_sealed)) for each in stored]
        numbers = {each.id: each.number for each in stored}
        rows = await fetch(select(leads).order_by(leads.c.captured_us))
        told = [captured(each, numbers, SEAL) for each in rows]
        return look(Conversation(person, sorted(found, key=lambda run: run.number)), told)

    @property
    def _station(self) -> int:
        stations = self.runner.house.stations.values()
        return next(one.id for one in stations if one.name == BOT)

    async def welcome(self, test: Transcript, funnel: str) -> None:
        """Make true what the test says of its person beforehand; else they come as a stranger."""
        if not test.zone and not test.fields:
            return
        database = self.database
        program = self.bundle.programs[funnel]
        home = ZoneInfo(program.funnel.timezone or self.bundle.timezone)
        person = person_of(test, program, home)
        person_id = (await database.ids(people_table, 1))[0]
        sender = {
            "person_id": person_id,
            "identity_id": (await database.ids(identities, 1))[0],
            "uid": "known",
            "bot_id": self._station,
            "external_id": self.side.sender,
            "can_write": 0,
            "name_sealed": inbox.sealed_name(self.runner.house, self.side.profile),
        }
        sealed = SEAL.seal_json(PERSON, person_to_json(person))
        row = {"id": person_id, "zone": person.zone, "person_sealed": sealed}
        await database.commit([*people.create([sender]), *people.save([row])])


@asynccontextmanager
async def opened_stage(
    side: Side, loaded: Loaded, funnel: str, url: str, start: datetime
) -> AsyncIterator[HttpStage]:
    """The messenger, the database and the runner, ready to be talked to."""
    clock = SharedClock(start)
    clock.set(start)
    await side.start()
    database = await open_database(url, exclusive=True)
    stage = HttpStage(clock, side, database, loaded, bundle_for(side, loaded, funnel))
    try:
        await stage.open()
        yield stage
    finally:
        await stage.runner.stop()
        await side.stop()
        await database.close()


async def play(
    stage: HttpStage, funnel: str, test: Transcript
) -> tuple[Failure | None, list[Said]]:
    """Play the test: the first failure, or None, and all that was said."""
    bundle = stage.bundle
    home = bundle.programs[funnel].funnel.timezone or bundle.timezone
    await stage.welcome(test, funnel)
    performance = Prompter(ZoneInfo(test.zone or home), stage.now_us).perform(test)
    said: list[Said] = []
    try:
        ask = next(performance)
        while True:
            reply = await stage.answer(ask)
            if isinstance(reply, tuple):
                said += reply[0]
            ask = performance.send(reply)
    except StopIteration as end:
        return end.value, said

"""A stage made of the runtime: tests of funnels on the real engine, storage, player and sender."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bots import inbox
from bots.acting import on_card
from bots.buttons import token
from bots.channel import Arrival, ArrivalKind, Batch
from bots.clocks import SetClock, microseconds, moment_of
from bots.happenings import Happened, concerned, put
from bots.house import Station
from bots.loading import PERSON, STATE
from bots.paper import PaperChannel, Written
from bots.runner import Runner
from bots.stock import ANSWERS
from bots.web.clicks import Clicks
from flows.effects import CaptureLead
from flows.managing import NothingToDo
from flows.prompting import Ask, Failure, Said, Seen, bare
from flows.rehearsal import SHARES_CONTACT, NoSuchButton
from flows.standing import look
from flows.state import Conversation, Person, person_from_json, run_from_json
from flows.transcripts import Line
from flows.worlds import Imagined
from storage import calls, idle, journal, leads, people, runs, timers
from storage.seal import Seal
from storage.work import Row

BOT: Final = "stage"
TEAM_BOT: Final = "team"
SENDER: Final = "1"
TEAM_CHAT: Final = "-1"
PUBLIC_URL: Final = "https://paper.example"
MANAGER: Final = "2"
_JOURNAL: Final = 1_000
_CAPTURED: Final = ("lead", "lead_updated")
_FOREVER_US: Final = 2**62
_ROUNDS: Final = 1_000


class StageBroke(Exception):
    """The runtime did not come to rest: a bug of ours, not of the funnel's author."""


@dataclass(slots=True)
class Stage:
    """One person talking to one bot; the clock moves only when it is told to."""

    runner: Runner
    clock: SetClock
    papers: tuple[PaperChannel, ...]
    person_id: int = 0
    arrived: int = 0
    imagined: Imagined = field(default_factory=Imagined)

    @property
    def now_us(self) -> int:
        """The people's moment."""
        return microseconds(self.clock.now())

    @property
    def station(self) -> Station:
        """The bot."""
        return next(one for one in self.runner.house.stations.values() if one.name == BOT)

    async def answer(self, ask: Ask) -> Any:
        """What the stage answers to a performance, as :func:`flows.rehearsal.answer` does."""
        if ask.what == "look":
            return await self._look()
        if ask.what == "next":
            due = await self._due()
            if due is None or due > ask.us:
                return None
            await self._go_to(due)
        elif ask.what == "until":
            while (due := await self._due()) is not None and due <= ask.us:
                await self._go_to(due)
            self.clock.set(moment_of(max(self.now_us, ask.us)))
        else:
            assert ask.line is not None
            await self._hear(ask.line)
        return await self._said(), self.now_us

    async def _due(self) -> int | None:
        due: int | None = (await self.runner.database.fetch(timers.next_due()))[0].due_us
        return due

    async def _go_to(self, us: int) -> None:
        self.clock.set(moment_of(max(self.now_us, us)))
        await self._settle()

    async def _settle(self) -> None:
        """As :meth:`bots.runner.Runner.settle`, but senders look only while something is queued."""
        for _ in range(_ROUNDS):
            timers_due, unread, queued, asked = await self._left()
            if timers_due:
                await self.runner.ticker.move_due()
            if timers_due or unread:
                await self.runner.player.drain()
            elif asked:
                await self.runner.requester.drain()
            elif queued:
                await self._send()
            else:
                return
        raise StageBroke(f"events or messages are left at {self.clock.now():%Y-%m-%d %H:%M}")

    async def _left(self) -> tuple[int, int, int, int]:
        """How many timers are due, events unread, calls and requests queued (by the wall's time)."""
        fetch = self.runner.database.fetch
        due = (await fetch(idle.work_left(self.now_us)))[0]
        ever = (await fetch(idle.work_left(_FOREVER_US)))[0]
        return due.timers, due.unread, ever.queued, ever.requests

    async def _send(self) -> None:
        for sender in self.runner.senders.values():
            if await sender.step() and sender.flying:
                await asyncio.wait(sender.flying.values())

    async def _hear(self, line: Line) -> None:
        if line.kind == "click":
            await self._click(line)
        elif line.kind == "event":
            await self._happen(line)
        elif line.kind == "manager":
            await self._manage(line)
        else:
            raw = self._raw(line)
            self.arrived += 1
            kind: ArrivalKind = "comment" if line.kind == "comment" else "person"
            arrival = Arrival(f"paper:{self.arrived}", kind, raw, SENDER, SENDER)
            await inbox.store(self.runner.house, self.station, Batch((arrival,)))
        await self._settle()

    async def _happen(self, line: Line) -> None:
        name = str(line.value["name"])
        self.imagined.happened(name)
        self.arrived += 1
        happened = Happened(name, f"paper:{self.arrived}", line.value["data"])
        database, seal = self.runner.database, self.runner.seal
        identity = await concerned(database, seal, self.station.id, {"id": SENDER})
        await put(database, seal, self.now_us, identity, happened)

    def _raw(self, line: Line) -> dict[str, Any]:
        if line.kind == "press":
            return {"kind": "press", "token": self._token(line)}
        if line.kind == "block":
            return {"kind": "blocked" if line.value == "true" else "allowed"}
        if line.kind == "send":
            return {"kind": "send", "sent": line.value}
        typed = line.kind == "contact" and self.station.kind not in SHARES_CONTACT
        return {"kind": "type" if typed else line.kind, "value": line.value}

    def _token(self, line: Line) -> str:
        label = bare(line.value)
        found = self.papers[0].newest(lambda button: bare(button.text) == label, acting=True)
        if found is None:
            ru, en = f"нет кнопки «{line.value}»", f"there is no button “{line.value}”"
            raise NoSuchButton(Failure(line.mark, ru, en))
        call, index = found
        return call.tokens[index]

    async def _click(self, line: Line) -> None:
        found = self.papers[0].newest(lambda button: button.track == line.value)
        if found is None:
            ru, en = f"нет ссылки «{line.value}»", f"there is no link “{line.value}”"
            raise NoSuchButton(Failure(line.mark, ru, en))
        call, index = found
        await Clicks(self.runner.house).follow(call.links[index].rpartition("/")[2])

    async def _manage(self, line: Line) -> None:
        """A manager presses or answers in the team's chat."""
        house = self.runner.house
        person = self.person_id, await self._person()
        teams = self.station.bundle.teams
        try:
            found = await on_card(
                line,
                house.database,
                house.seal,
                person,
                leads=await self._lead_rows(),
                teams=teams,
            )
        except NothingToDo as error:
            raise NoSuchButton(error.failure) from None
        self.arrived += 1
        written = token(house.seal, found.card.id, found.index) if found.label else ""
        raw = {"kind": "press", "token": written}
        raw = raw if found.label else {"kind": "type", "value": found.act.value}
        kind: ArrivalKind = "card" if found.label else "reply"
        answered = str(found.card.external_id or "")
        key = f"paper:{self.arrived}"
        arrival = Arrival(key, kind, raw, MANAGER, TEAM_CHAT, written, answered)
        speaker = house.stations[int(found.card.key.split(":")[-2])]
        await inbox.store(house, speaker, Batch((arrival,)))

    async def _said(self) -> list[Said]:
        new = [each for paper in self.papers for each in paper.written[paper.taken :]]
        for paper in self.papers:
            paper.taken = len(paper.written)
        edits = [each.row for each in new if each.call.op == "edit"]
        found = await self.runner.database.fetch(calls.told_by_none(edits)) if edits else []
        shown = {row.id for row in found}
        told = sorted((each for each in new if each.row not in shown), key=lambda each: each.row)
        return [said for each in told if (said := _said(each)) is not None]

    async def _person(self) -> Person:
        row = (await self.runner.database.fetch(people.load([self.person_id])))[0]
        return person_from_json(self.runner.seal.open_json(PERSON, row.person_sealed))

    async def _look(self) -> Seen:
        database, seal = self.runner.database, self.runner.seal
        person = await self._person()
        stored = await database.fetch(runs.of_people([self.person_id]))
        found = [run_from_json(seal.open_json(STATE, each.state_sealed)) for each in stored]
        found.sort(key=lambda run: run.number)
        numbers = {each.id: each.number for each in stored}
        return look(Conversation(person, found), await self._leads(numbers))

    async def _leads(self, numbers: Mapping[int, int]) -> list[CaptureLead]:
        rows = await self._lead_rows()
        return [captured(row, numbers, self.runner.seal) for row in rows]

    async def _lead_rows(self) -> list[Row]:
        """The leads as they are now, in the order in which they were last captured or updated."""
        database = self.runner.database
        lines = await database.fetch(journal.of_person(self.person_id, None, _JOURNAL))
        touched = dict.fromkeys(one.lead_id for one in lines if one.kind in _CAPTURED)
        rows = {each.id: each for each in await database.fetch(leads.of_people([self.person_id]))}
        return [rows[lead_id] for lead_id in reversed(touched) if lead_id in rows]


def _said(written: Written) -> Said | None:
    call = written.call
    if call.message is None or call.passed is not None:
        return None
    text = call.message.text.plain
    if call.chat == TEAM_CHAT and call.op in ("send", "edit"):
        return Said("team", text, (), written.at_us)
    if call.op != "send" or call.message.restates:
        return None
    buttons = tuple(button.text for button in call.message.buttons if not button.shares)
    return Said("bot", text, buttons, written.at_us)


def captured(row: Any, numbers: Mapping[int, int], seal: Seal) -> CaptureLead:
    """A stored lead as the engine captured it; ``numbers`` are those of the runs, by id."""
    told = seal.open_json(ANSWERS, row.answers_sealed)
    return CaptureLead(
        run=numbers.get(row.run_id, 0),
        title=row.title,
        team=row.team,
        priority=row.priority,
        answers=tuple((name, label, shown) for name, label, shown in told["answers"]),
        revision=told["times"],
        value=row.value,
        source=row.source,
        link=told["link"],
    )

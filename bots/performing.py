"""A test of a funnel performed on the runtime: a database, a bot and a person of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from itertools import count
from zoneinfo import ZoneInfo

from bots import inbox
from bots.clocks import Clock, SetClock, microseconds
from bots.loading import PERSON
from bots.outside.imagined import answering
from bots.paper import PaperChannel
from bots.rates import Bucket
from bots.runner import Runner
from bots.stage import BOT, MANAGER, PUBLIC_URL, SENDER, TEAM_BOT, TEAM_CHAT, Stage
from flows.events import Profile
from flows.managing import manager_of
from flows.program import Bundle
from flows.project import Manager, Notified, Team
from flows.prompting import Failure, Prompter
from flows.rehearsal import NoSuchButton, person_of, profile_of
from flows.state import Person, person_to_json
from flows.transcripts import Transcript, start_of
from flows.worlds import HELPFUL, Imagined, World, world_of
from storage import people
from storage.database import open_database
from storage.seal import Seal, new_keys, read_keys
from storage.tables import identities as identities_table
from storage.tables import people as people_table


@cache
def _seal() -> Seal:
    return Seal(read_keys(new_keys()))


@asynccontextmanager
async def opened_stage(
    bundle: Bundle,
    start: datetime,
    *,
    person: Person,
    profile: Profile,
    texts: Mapping[str, str],
    wall: Clock,
    world: World = HELPFUL,
) -> AsyncIterator[Stage]:
    """A stage with a database, a bot and a person of its own."""
    clock = SetClock(start)
    database = await open_database("sqlite:///:memory:", exclusive=False)
    paper, *others = (PaperChannel(lambda: microseconds(clock.now()), profile) for _ in range(2))
    bundle = _told_on_paper(bundle)
    bots = {BOT: (paper, bundle)}
    if bundle.channel != "telegram":  # teams are told on Telegram, by a bot of their own
        team = replace(bundle, bot=TEAM_BOT, channel="telegram", programs={})
        bots[TEAM_BOT] = (others[0], team)
    runner = Runner(database, _seal(), clock, wall, bots, PUBLIC_URL, texts)
    imagined = Imagined(world)
    runner.requester.answer = answering(imagined, clock)
    papers = tuple(each for each, _ in bots.values())
    stage = Stage(runner, clock, papers, imagined=imagined)
    try:
        await runner.open()
        _hurry(runner)
        await _welcome(stage, person)
        yield stage
    finally:
        await database.close()


def _told_on_paper(bundle: Bundle) -> Bundle:
    where = Notified(telegram=TEAM_CHAT)
    teams = {
        name: _listing_one(replace(team, notify=where)) for name, team in bundle.teams.items()
    }
    return replace(bundle, teams=teams)


def _listing_one(team: Team) -> Team:
    """The team with the manager whom lines of a test mean."""
    one = Manager(mark=team.mark, name=manager_of(team), telegram=MANAGER)
    return replace(team, managers=(one,))


def _hurry(runner: Runner) -> None:
    """Paper knows no limits and nobody watches it being written on."""
    for sender in runner.senders.values():
        sender.pace.bucket = Bucket("paper", partial(next, count(0.0)))
        sender.caller.pause_for = _at_once


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


async def _welcome(stage: Stage, person: Person) -> None:
    """Make the person known: they can be written to, and what the test says of them is true."""
    database, seal = stage.runner.database, stage.runner.seal
    stage.person_id = (await database.ids(people_table, 1))[0]
    sender = {
        "person_id": stage.person_id,
        "identity_id": (await database.ids(identities_table, 1))[0],
        "uid": "stage",
        "bot_id": stage.station.id,
        "external_id": SENDER,
        "can_write": 1,
        "name_sealed": inbox.sealed_name(stage.runner.house, stage.papers[0].about),
    }
    sealed = seal.seal_json(PERSON, person_to_json(person))
    known = {"id": stage.person_id, "zone": person.zone, "person_sealed": sealed}
    await database.commit([*people.create([sender]), *people.save([known])])


async def rehearse(
    bundle: Bundle, test: Transcript, funnel: str, texts: Mapping[str, str], wall: Clock
) -> Failure | None:
    """Play a test on the runtime: the first failure, or None.

    ``texts`` are the sources of the programs by hash; ``wall`` is the time that queues go by.
    """
    program = bundle.programs[funnel]
    home = program.funnel.timezone or bundle.timezone
    start, person = start_of(test, home), person_of(test, program, ZoneInfo(home))
    prompter = Prompter(ZoneInfo(test.zone or home), microseconds(start))
    performance = prompter.perform(test)
    opened = opened_stage(
        bundle,
        start,
        person=person,
        profile=profile_of(test),
        texts=texts,
        wall=wall,
        world=world_of(test.world, program),
    )
    async with opened as stage:
        try:
            ask = next(performance)
            while True:
                ask = performance.send(await stage.answer(ask))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except NoSuchButton as error:
            return prompter.explained(error.failure)

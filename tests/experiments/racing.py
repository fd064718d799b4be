"""F4: the same people, emulators and kills for any program that plays the mini funnel."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.crash.births import Life, Midwife
from tests.crash.house import House
from tests.crash.messengers import (
    TG_TEAM,
    TG_TOKEN,
    VK_GROUP,
    VK_TEAM,
    VK_TOKEN,
    Delivered,
    Messengers,
)
from tests.crash.people import Act, Person, Talker
from tests.experiments.mini import LETTERS, MINI, learners

BASELINE = Path(__file__).parent / "baseline"
STAGES = ("Здравствуйте", "Зачем вам язык", "Спасибо")
Begin = Callable[[], Awaitable[Life]]


@dataclass(frozen=True)
class Course:
    """How the race is run; seconds are real ones."""

    people: int = 60
    kills: int = 10
    seed: int = 1
    arriving: float = 60.0
    thinking: tuple[float, float] = (0.5, 4.0)
    killing: float = 120.0
    quiet: float = 30.0
    """It is over when so long after the last kill and letter nothing has arrived."""

    def moments(self) -> list[float]:
        """When the process is killed, in seconds from the first arrival."""
        dice = random.Random(self.seed)
        return sorted(dice.uniform(0, self.killing) for _ in range(self.kills))


@dataclass
class Outcome:
    """What a contestant's people got, on one channel."""

    name: str
    people: int
    kills: int = 0
    unanswered: Counter[str] = field(default_factory=Counter)
    letters_due: int = 0
    letters_lost: int = 0
    leads_lost: int = 0
    leads_twice: int = 0
    repeats: int = 0

    @property
    def stuck(self) -> int:
        """People whose message or press came to nothing: they wait for ever."""
        return self.unanswered.total()


@dataclass(frozen=True)
class Contestant:
    """A program; `begin` makes what starts one life of it in the folder."""

    name: str
    bots: tuple[str, ...]
    prepare: Callable[[Path, Messengers, Midwife], Begin]


def _script(name: str, bot: str) -> Callable[[Path, Messengers, Midwife], Begin]:
    """A program of `baseline/` in a folder of its own."""

    def prepare(folder: Path, messengers: Messengers, midwife: Midwife) -> Begin:
        folder.mkdir()
        at, token, team = {
            "tg": (messengers.tg.url, TG_TOKEN, TG_TEAM),
            "vk": (messengers.vk.url, VK_TOKEN, VK_TEAM),
        }[bot]
        env = {**os.environ, "API": at, "TOKEN": token, "TEAM": str(team)}
        return partial(midwife.bear, env, [str(BASELINE / f"{name}.py")], folder / "output")

    return prepare


def _voronka(folder: Path, messengers: Messengers, midwife: Midwife) -> Begin:
    """`voronka run`, with the real clock."""
    url = f"sqlite:///{folder.parent / 'voronka.db'}"
    house = House(folder, messengers, url, midwife, MINI)
    for name in ("VORONKA_TEST_CLOCK", "VORONKA_ENV"):
        house.env.pop(name)
    return partial(midwife.bear, house.env, ["run", "--project", str(folder)], folder / "output")


CONTESTANTS = (
    Contestant("voronka", ("tg", "vk"), _voronka),
    Contestant("plain aiogram", ("tg",), _script("plain_aiogram", "tg")),
    Contestant("careful aiogram", ("tg",), _script("careful_aiogram", "tg")),
    Contestant("plain vkbottle", ("vk",), _script("plain_vkbottle", "vk")),
)


class Visitors:
    """People who come one by one and think before they answer."""

    def __init__(self, messengers: Messengers, people: list[Person], course: Course) -> None:
        self._messengers = messengers
        self._dice = random.Random(course.seed)
        self._course = course
        self._people = {one.key: one for one in people}
        self._talkers: dict[str, Talker] = {one.key: one.talker() for one in people}
        self.last = time.monotonic()
        messengers.arrived = self._hear
        for one in people:
            messengers.know(one)

    def come(self) -> None:
        """From now on everybody opens the bot at a moment of their own."""
        for one in self._people.values():
            self._do_in(self._dice.uniform(0, self._course.arriving), one, one.talker().begins())

    def _hear(self, one: Delivered) -> None:
        self.last = time.monotonic()
        person = self._people.get(one.key)
        if person is not None:
            acts = self._talkers[one.key].hears(one.text)
            self._do_in(self._dice.uniform(*self._course.thinking), person, acts)

    def _do_in(self, seconds: float, person: Person, acts: list[Act]) -> None:
        loop = asyncio.get_running_loop()
        for act in acts:
            loop.call_later(seconds, self._messengers.do, person, act)


async def race(
    contestant: Contestant, course: Course, folder: Path, midwife: Midwife
) -> list[Outcome]:
    """Let one contestant run the course; an outcome for each of its channels."""
    folder.mkdir(parents=True)
    people = [
        one for one in learners(course.people * 2, course.seed) if one.bot in contestant.bots
    ]
    async with Messengers() as messengers:
        messengers.vk.world.communities[VK_GROUP].longpoll.types["message_new"] = True
        visitors = Visitors(messengers, list(people), course)
        begin = contestant.prepare(folder / "program", messengers, midwife)
        killed = await _run(begin, messengers, contestant, visitors, course)
        found = []
        for bot in contestant.bots:
            ours = [one for one in people if one.bot == bot]
            found.append(counted(f"{contestant.name}", bot, ours, messengers.delivered))
    for outcome in found:
        outcome.kills = killed
    return found


async def _run(
    begin: Begin,
    messengers: Messengers,
    contestant: Contestant,
    visitors: Visitors,
    course: Course,
) -> int:
    """Begin the program again whenever it was killed, until nothing arrives any more."""
    life = await begin()
    await _polls(messengers, contestant.bots, life)
    visitors.come()
    visitors.last = begun = time.monotonic()
    moments, killed = course.moments(), 0
    while time.monotonic() < max(begun + course.killing, visitors.last) + course.quiet:
        next_kill = moments[0] - (time.monotonic() - begun) if moments else 1.0
        await asyncio.wait([life.ended], timeout=min(1.0, max(0.0, next_kill)))
        assert not life.ended.done(), f"{contestant.name} ended by itself"
        if moments and time.monotonic() - begun >= moments[0]:
            moments.pop(0)
            killed += 1
            os.kill(life.pid, signal.SIGKILL)
            await life.ended
            life = await begin()
    os.kill(life.pid, signal.SIGKILL)
    await life.ended
    return killed


async def _polls(messengers: Messengers, bots: tuple[str, ...], life: Life) -> None:
    """Wait until the program listens for the first time."""
    (telegram,) = messengers.tg.world.bots.values()
    community = messengers.vk.world.communities[VK_GROUP].longpoll
    listens = {"tg": lambda: telegram.queue.poller is not None, "vk": lambda: community.waiting}
    while not all(listens[bot]() for bot in bots):
        assert not life.ended.done(), "it ended before it listened"
        await asyncio.sleep(0.05)


def counted(name: str, bot: str, people: list[Person], delivered: list[Delivered]) -> Outcome:
    """What the journal says of these people."""
    outcome = Outcome(f"{name} ({'Telegram' if bot == 'tg' else 'VK'})", len(people))
    told: dict[str, Counter[str]] = {one.key: Counter() for one in people}
    team = f"{bot}:{TG_TEAM if bot == 'tg' else VK_TEAM}"
    cards: Counter[str] = Counter()
    for one in delivered:
        if one.key in told:
            told[one.key][one.text] += 1
        elif one.key == team:
            cards.update(re.findall(r"Лена\d{4}", one.text))
    for person in people:
        _count(outcome, told[person.key], cards[person.first_name])
    return outcome


def _count(outcome: Outcome, texts: Counter[str], cards: int) -> None:
    heard = [any(text.startswith(stage) for text in texts) for stage in STAGES]
    outcome.repeats += texts.total() - len(texts)
    outcome.leads_twice += max(0, cards - 1)
    if not all(heard):
        outcome.unanswered[("open", "press", "answer")[heard.index(False)]] += 1
    if heard[1] and (heard[2] or not cards):  # the last answer was given
        outcome.leads_lost += not cards
    if heard[2]:
        outcome.letters_due += LETTERS
        outcome.letters_lost += LETTERS - sum(text.startswith("Урок") for text in texts)


__all__ = ["CONTESTANTS", "Course", "Outcome", "race"]

"""Many people at once on paper messengers: each answers what arrives, as impatient people do.

A messenger forgets an update once it is confirmed, as the real ones do: what is lost then is lost.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bots.channel import Batch, Call
from bots.clocks import Clock, SetClock, microseconds
from bots.runner import Runner
from flows import events
from flows.loading import bundle_of, read_program
from flows.rehearsal import Rehearsal
from storage.work import Database
from tests.bots.paper import PaperChannel
from tests.bots.runtime import PROJECT, SEAL, START, loaded
from voronka.clocks import SystemClock

FUNNEL = """
funnel: school
title: Опрос
language: ru
entry: [start]
fields:
  one: {label: Первое}
  two: {label: Второе}
  three: {label: Третье}
  four: {label: Четвёртое}
flows:
  main:
    - ask: Вопрос один
      save: one
      options: [Да, Нет]
    - ask: Вопрос два
      save: two
    - ask: Вопрос три
      save: three
      options: [Красное, Белое, Синее]
    - Почти всё.
    - ask: Вопрос четыре
      save: four
    - lead: Пробный урок
      team: sales
    - Спасибо!
"""
LAST = "Спасибо!"
PAGE = 100
HABITS = ("once", "twice", "thrice", "ten at once", "typist")


@dataclass
class Person:
    """Somebody in a chat; ``did`` is what, in order, for the reference."""

    chat: str
    habit: str
    dice: random.Random
    heard: list[str] = field(default_factory=list)
    once: list[str] = field(default_factory=list)
    did: list[tuple[str, int, str]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    asked_at: float = 0.0
    done: bool = False

    def answers(self, text: str, labels: list[str]) -> list[tuple[str, str]]:
        """What the person does on hearing this: presses and words."""
        if not text.startswith("Вопрос"):
            return []
        if self.habit == "ten at once" and text == "Вопрос два":
            return [("text", f"слово {n}") for n in range(10)]
        if labels and self.habit != "typist":
            times = {"twice": 2, "thrice": 3}.get(self.habit, 1)
            return [("press", self.dice.choice(labels))] * times
        said = self.dice.choice(labels) if labels else f"ответ {len(self.heard)}"
        return [("text", said)] * (2 if self.habit == "thrice" else 1)


class CrowdPaper(PaperChannel):
    """A paper messenger whose people react at once; ``delivered`` is known by chat too."""

    def __init__(self, key: str, name: str, crowd: Crowd) -> None:
        super().__init__(key, name)
        self.news = asyncio.Event()
        self.crowd = crowd
        self.waiting: deque[dict[str, Any]] = deque()
        self.count = 0
        self.known: dict[int, str] = {}
        self.repeats = 0

    def puts(self, **raw: Any) -> dict[str, Any]:
        return self.put(self.written(raw))

    def written(self, raw: dict[str, Any]) -> dict[str, Any]:
        """What somebody did, as the messenger writes it."""
        return raw

    def put(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Let it wait to be fetched, with the next number."""
        self.count += 1
        raw = {"id": self.count, **raw}
        self.waiting.append(raw)
        assert self.news is not None
        self.news.set()
        return raw

    async def fetch(self, cursor: str) -> Batch:
        confirmed = int(cursor or 0)
        while self.waiting and self.waiting[0]["id"] <= confirmed:
            self.waiting.popleft()  # confirmed: the messenger forgets it
        assert self.news is not None
        if not self.waiting:
            self.news.clear()
            await self.news.wait()
        found = [self.waiting[n] for n in range(min(PAGE, len(self.waiting)))]
        return Batch(tuple(self.arrival(raw) for raw in found), str(found[-1]["id"]))

    def _deliver(self, call: Call) -> str:
        if call.op == "send" and self.name == "vk" and call.random_id in self.known:
            return self.known[call.random_id]
        external = f"m{len(self.known) + 1}"
        if call.op == "send":
            again = call.random_id in self.known
            self.repeats += again
            self.known[call.random_id] = external
            assert call.message is not None
            self.crowd.hear(self, call, again=again)
        return external


class Crowd:
    """The people of both messengers, at most ``together`` of them in conversation at a time."""

    def __init__(
        self,
        count: int,
        seed: int,
        together: int = 50,
        paper: type[CrowdPaper] = CrowdPaper,
    ) -> None:
        self.seed = seed
        self.papers = {"tg": paper("tg", "telegram", self), "vk": paper("vk", "vk", self)}
        self.people: dict[tuple[str, str], Person] = {}
        self._to_come = deque(
            ("vk" if number % 2 else "tg", str(1_000 + number), HABITS[number % len(HABITS)])
            for number in range(count)
        )
        self._together = together
        self.finished = asyncio.Event()
        self.left = count
        self.cards = 0

    def come(self) -> None:
        """The first of them open the bot; each who is done makes room for another."""
        for _ in range(min(self._together, len(self._to_come))):
            self._enter()

    def close(self) -> None:
        """Nobody comes any more; those in the middle of their way go on."""
        self._to_come.clear()

    def _enter(self) -> None:
        bot, chat, habit = self._to_come.popleft()
        person = Person(chat, habit, random.Random(f"{self.seed}{chat}"))
        self.people[bot, chat] = person
        person.did.append(("start", 0, ""))
        person.asked_at = time.perf_counter()
        self.papers[bot].puts(who=chat, start="")

    def hear(self, paper: CrowdPaper, call: Call, *, again: bool) -> None:
        """A message arrived, perhaps once more; its person answers at once, and once."""
        person = self.people.get((paper.key, call.chat))
        if person is None:
            self.cards += 1
            return
        assert call.message is not None
        text, tokens, chat = call.message.text.plain, call.tokens, call.chat
        labels = [button.text for button in call.message.buttons]
        now = time.perf_counter()
        if person.asked_at:
            person.waits.append(now - person.asked_at)
            person.asked_at = 0.0
        place = len(person.once)
        person.heard.append(text)
        person.once += [] if again else [text]
        for kind, value in [] if again else person.answers(text, labels):
            person.did.append((kind, place, value))
            person.asked_at = person.asked_at or now
            if kind == "press":
                paper.puts(who=chat, press=tokens[labels.index(value)])
            else:
                paper.puts(who=chat, text=value)
        if text == LAST and not person.done:
            person.done = True
            self.left -= 1
            if self._to_come:
                self._enter()
            if not self.left:
                self.finished.set()


class FastClock:
    """The real time, only faster: back-off of seconds passes in a moment."""

    def __init__(self, speed: float) -> None:
        self._real, self._speed = SystemClock(), speed
        self._start = self._real.now()

    def now(self) -> datetime:
        """Now."""
        return self._start + (self._real.now() - self._start) * self._speed


def runner_of(
    database: Database,
    crowd: Crowd,
    alarm: Callable[[str, Any], None],
    funnel: str = FUNNEL,
    *,
    wall: Clock | None = None,
) -> Runner:
    """A runner that plays the crowd's funnel; the clock of queues is the real one."""
    project = loaded(funnel)
    assert project.project is not None
    bots = {
        name: (paper, bundle_of(project, project.project.bots[name]))
        for name, paper in crowd.papers.items()
    }
    texts = {one.hash: project.texts[name] for name, one in project.programs.items()}
    return Runner(
        database,
        SEAL,
        SetClock(START),
        wall or SystemClock(),
        bots,
        texts=texts,
        read=lambda name, text: read_program(text, f"funnels/{name}.yaml"),
        alarm=alarm,
        alone=True,
    )


def reference(person: Person, bot: str, funnel: str = FUNNEL) -> tuple[list[str], int]:
    """What the engine alone says to what the person did, and how many leads it captures."""
    project = loaded(funnel)
    assert project.project is not None
    stage = Rehearsal(bundle_of(project, project.project.bots[bot]), microseconds(START))
    for kind, place, value in person.did:
        if kind == "start":
            stage.hear(events.Opened(value))
        elif kind == "text":
            stage.hear(events.Typed(value))
        else:
            number, message, _ = stage.messages[place]
            button = next(one for one in message.buttons if one.text == value)
            stage.hear(events.Pressed(button.action, number, button.text))
        stage.run_until(stage.now_us)
    return [message.text.plain for _, message, _ in stage.messages], len(stage.leads)


def differing(crowd: Crowd, *, repeats: bool = False) -> list[tuple[str, list[str], list[str]]]:
    """Whom other things were told than the engine alone would say: chat, heard, meant.

    With ``repeats`` a message that came twice on Telegram counts once: who asks counts them itself.
    """
    found = []
    for (bot, chat), person in crowd.people.items():
        meant = reference(person, bot)[0]
        heard = person.once if repeats else person.heard
        if heard != meant:
            found.append((f"{bot}:{chat} {person.habit}", heard, meant))
    return found


async def until_idle(runner: Runner, seconds: float = 60) -> None:
    """Wait until nothing is unread, queued or being sent."""
    async with asyncio.timeout(seconds):
        while not await runner.idle():
            await asyncio.sleep(0.02)


__all__ = ["FUNNEL", "PROJECT", "Crowd", "differing", "reference", "runner_of", "until_idle"]

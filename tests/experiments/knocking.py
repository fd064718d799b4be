"""The crash tests' play with messengers that knock: webhooks on Telegram, callbacks on VK, repeated."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.crash.births import Midwife
from tests.crash.books import kept
from tests.crash.crowd import Crowd
from tests.crash.house import House
from tests.crash.kills import Executioner
from tests.crash.ledger import Evidence
from tests.crash.messengers import VK_GROUP, Messengers
from tests.crash.play import Play
from tests.crash.reference import references
from tests.crash.staging import Staging, _read

HASTE = 0.001
ONCE = {"{channel: telegram,": "{channel: telegram, updates: webhook,"}
ONCE |= {"{channel: vk,": "{channel: vk, updates: webhook,"}


class Knockers(Messengers):
    """Both emulators bringing updates, each as often as `repeats` says."""

    def __init__(self, repeats: Callable[[], int]) -> None:
        super().__init__()
        self._repeats = repeats

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.tg.api.local_webhooks = True
        self.tg.webhooks.repeats = self._repeats
        self.callbacks.haste = HASTE
        self.callbacks.repeats = self._repeats
        return self

    @property
    def callbacks(self):
        """VK's side of the webhooks."""
        return self.vk.world.communities[VK_GROUP].callbacks

    @property
    def tries(self) -> int:
        """Requests that the messengers made."""
        return self.tg.webhooks.tries + self.callbacks.tries

    def taken(self, vk_cursor: str) -> bool:
        """Whether every update and every repeat has been delivered."""
        (bot,) = self.tg.world.bots.values()
        quiet = self.tg.webhooks.quiet and self.callbacks.quiet
        return quiet and not bot.queue.pending


@dataclass
class Knocking(Staging):
    """What is to be played; every update comes up to `most` times."""

    most: int = 5
    knockers: Knockers | None = field(default=None, init=False)

    async def evidence(self, folder: Path, url: str, midwife: Midwife) -> tuple[Evidence, Play]:
        """Play it, export the leads, and gather what happened."""
        people = self.story.people(self.people, self.seed)
        ways = references(self.story.loaded(), people, self.story.start)
        dice = random.Random(self.seed)
        async with Knockers(lambda: dice.randint(1, self.most)) as messengers:
            self.knockers = messengers
            house = House(folder / "project", messengers, url, midwife, self.story)
            _let_knock(house)
            crowd = Crowd(messengers, people)
            executioner = Executioner(messengers, self._kills(ways), house.kill)
            play = Play(house, messengers, crowd, executioner)
            await play.perform(self.seconds)
            path = folder / "leads.xlsx"
            await house.command("leads", "export", str(path), "--project", str(house.folder))
            books = await kept(house)
        delivered, sheet = messengers.delivered, _read(path)
        told = (self.story, people, ways, delivered, books, crowd.acts, crowd.spoke, sheet)
        return Evidence(*told), play


def _let_knock(house: House) -> None:
    """Write webhooks into the project of the house."""
    path = house.folder / "voronka.yaml"
    text = path.read_text(encoding="utf-8")
    for polling, hooked in ONCE.items():
        assert polling in text
        text = text.replace(polling, hooked)
    path.write_text(f"{text}public_url: http://{house.env['LISTEN']}\n", encoding="utf-8")

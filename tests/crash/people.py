"""The prospects: who they are and what they answer to what; one script for the bot and the engine."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Literal

from flows.events import Profile

ActKind = Literal["open", "press", "type", "contact"]
LEVELS = ("С нуля", "Читаю со словарём", "Разговариваю")
GOALS = ("Работа", "Путешествия", "Переезд", "Ребёнку")
TIMES = ("Утро", "День", "Вечер")
LINKS = {"tg": "ads_may", "vk": "vk_post_12"}


@dataclass(frozen=True)
class Act:
    """One thing that a prospect does."""

    kind: ActKind
    value: str


@dataclass
class Talker:
    """A prospect in conversation: waits for the next awaited words, answers once, and goes on."""

    first: list[Act]
    script: list[tuple[str, list[Act]]]
    step: int = 0

    def begins(self) -> list[Act]:
        """How the prospect comes."""
        return self.first

    def hears(self, text: str) -> list[Act]:
        """What the prospect does on hearing this; a repeat of answered words is let pass."""
        if self.step < len(self.script) and self.script[self.step][0] in text:
            self.step += 1
            return self.script[self.step - 1][1]
        return []


@dataclass(frozen=True)
class Person:
    """Somebody of the crowd, on one of the bots."""

    number: int
    bot: str

    @property
    def account(self) -> int:
        """The id in the messenger."""
        return 1_000 + self.number

    @property
    def key(self) -> str:
        """The name that the books know the person by."""
        return f"{self.bot}:{self.account}"

    @property
    def first_name(self) -> str:
        """A name that nobody else has."""
        return f"Лена{self.number:04}"

    @property
    def profile(self) -> Profile:
        """What the messenger tells."""
        if self.bot == "tg":
            return Profile(first_name=self.first_name)
        return Profile(self.first_name, "Тестова", f"id{self.account}", "f")

    def talker(self) -> Talker:
        """What they say first, and what they answer to what."""
        raise NotImplementedError


@dataclass(frozen=True)
class Prospect(Person):
    """Somebody who will leave a lead; traits decide about the way."""

    phone: str
    level: str
    goal: str
    time: str
    traits: frozenset[str] = field(default_factory=frozenset)

    def talker(self) -> Talker:
        """The prospect's answers from the beginning."""
        times = 2 if "twice" in self.traits else 1
        refuses = "refuses_first" in self.traits
        return Talker(
            [Act("open", LINKS[self.bot])],
            [
                ("Это школа", [Act("press", "Присылайте")] * times),
                ("персональных данных", [Act("press", "Нет" if refuses else "Согласен")]),
                ("рекламные сообщения", [Act("press", "Согласен")]),
                (self._level_words, [self._level_act]),
                *self._goal(),
                ("Письмо 5", [Act("press", "Записаться")] * times),
                *([("персональных данных", [Act("press", "Согласен")])] if refuses else []),
                (self._phone_words, [self._phone_act]),
                ("Когда вам удобно?", [Act("press", self.time)]),
            ],
        )

    @property
    def _level_words(self) -> str:
        return "Остался один вопрос" if "dawdles" in self.traits else "уровень?"

    @property
    def _level_act(self) -> Act:
        return Act("type" if "types" in self.traits else "press", self.level)

    def _goal(self) -> list[tuple[str, list[Act]]]:
        return [("зачем язык", [Act("press", self.goal)])] if self.goal else []

    @property
    def _phone_words(self) -> str:
        return "Номер телефона — и" if "forgets" in self.traits else "Оставьте телефон"

    @property
    def _phone_act(self) -> Act:
        shares = self.bot == "tg" and "shares" in self.traits
        return Act("contact" if shares else "type", self.phone)


def prospects(count: int, seed: int) -> list[Prospect]:
    """So many, every other one on VK, their ways chosen by the seed."""
    dice = random.Random(seed)
    return [_prospect(number, dice) for number in range(count)]


def _prospect(number: int, dice: random.Random) -> Prospect:
    odds = {"dawdles": 0.2, "forgets": 0.2, "shares": 0.5, "types": 0.3, "twice": 0.2}
    odds["refuses_first"] = 0.2
    return Prospect(
        number,
        "vk" if number % 2 else "tg",
        f"+7912{dice.randrange(10**3):03}{number:04}",
        dice.choice(LEVELS),
        dice.choice((*GOALS, "")),
        dice.choice(TIMES),
        frozenset(trait for trait, odd in odds.items() if dice.random() < odd),
    )

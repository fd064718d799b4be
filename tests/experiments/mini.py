"""The mini funnel of F1 and F4: two questions, a lead, three letters; and who plays it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.crash.people import Act, Person, Talker
from tests.crash.story import Story, project

LEVELS = ("Начинаю", "Продолжаю")
WISHES = ("работа", "переезд", "путешествия")
ACTS = LETTERS = 3


@dataclass(frozen=True)
class Learner(Person):
    """Opens the bot, presses a button, types a word: three updates, and three letters follow."""

    level: str
    wish: str

    def talker(self) -> Talker:
        """The answers."""
        return Talker(
            [Act("open", "")],
            [
                ("Какой у вас уровень", [Act("press", self.level)]),
                ("Зачем вам язык", [Act("type", self.wish)]),
            ],
        )


def learners(count: int, seed: int) -> list[Learner]:
    """So many, every other one on VK."""
    dice = random.Random(seed)
    return [
        Learner(number, "vk" if number % 2 else "tg", dice.choice(LEVELS), dice.choice(WISHES))
        for number in range(count)
    ]


MINI = Story(
    Path(__file__).parent / "baseline" / "funnel.yaml",
    project("mini", ""),
    datetime(2026, 3, 5, 9, 0, tzinfo=UTC),  # noon in Moscow
    learners,
    ("Уровень", "Зачем"),
)

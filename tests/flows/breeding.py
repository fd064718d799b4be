"""Random funnels that use all of the language: every node type, every type of answer, every `when`.

A funnel is told by its seed.
"""

from __future__ import annotations

import random
from typing import Any

from flows.answers import TYPES
from tests.flows.ingredients import CONDITIONS, LABELS, MOMENTS, TEXTS, Bare, written
from tests.flows.step_breeding import Breeder


class Whole(Breeder):
    """A whole funnel: flows, series and ways in."""

    def letter(self) -> dict[str, Any]:
        body: list[dict[str, Any]] = [
            {"say": self.one(*TEXTS), **self.buttons()},
            {"steps": [self.step(1), *self.block(2, 1)]},
            {"ask": "Из письма?", "options": [*LABELS[:2]], "save": "f_text"},
        ]
        rules = {**self.rules(0.25), **self.maybe(0.2, {"if": self.one(*CONDITIONS)})}
        instead = self.maybe(0.3, {"otherwise": self.block(1, 1)})
        return {
            "id": self.name("l"),
            "when": self.one(*MOMENTS),
            **rules,
            **instead,
            **self.one(*body),
        }

    def rules(self, chance: float) -> dict[str, Any]:
        return {
            **self.maybe(
                chance, {"window": self.one("10:00-20:00", "12:00-12:30", "21:00-23:00")}
            ),
            **self.maybe(chance, {"days": self.one("workdays", ["mon", "fri"], ["sat", "sun"])}),
            **self.maybe(chance, {"busy": self.one("hold", "send", "skip")}),
            **self.maybe(chance, {"late": self.one("skip", "send", "send within 3h")}),
            **self.kind(chance),
        }

    def series(self) -> dict[str, Any]:
        letters = [self.letter() for _ in range(self.dice.randint(1, 4))]
        rules = {**self.rules(0.15), **self.maybe(0.3, {"stop_when": self.one(*CONDITIONS)})}
        return {**rules, **self.maybe(0.2, {"zone": "funnel"}), "letters": letters}

    def funnel(self, name: str) -> dict[str, Any]:
        flows = {
            "main": [self.step(0) for _ in range(self.dice.randint(2, 6))],
            # What a jump leads to asks first: a loop without a question is the checker's business.
            "side": [{"ask": "Сбоку?", "id": "first", "options": ["Да"]}, *self.block(3, 0)],
            "deep": [{"ask": "Глубже?", "id": "first", "save": "n", "answer": "integer"}],
        }
        flows["deep"] += self.block(3, 0)
        series = {"drip": self.series(), "quick": self.series()}
        ways = [
            Bare("start"), {"link": "ads_*", "restart": self.one(True, False)}, {"command": name},
            {"words": ["подарок"], "flow": "side"}, {"words": ["урок"], "once": self.one(True, False)},
            {"comment": ["*"], "tag": "нет"}, Bare("subscribed"), Bare("any"),
            {"event": "paid", "save": {"total": "sum"}, **self.maybe(0.5, {"flow": "side"})},
            {"event": "code_used", "tag": "да"},
            {"link": name, "set": {"source": "где-то", "n": "2"}, "flow": self.one("main", "deep")},
        ]  # fmt: skip
        fields = {
            "day": {"type": "datetime"},
            "n": {"type": "integer"},
            "total": {"type": "number"},
        }
        silent = [{"after": "3h", "say": "Тишина"}, {"after": "2d", "then": []}]
        return {
            "funnel": name,
            "timezone": self.one("Europe/Moscow", "Asia/Yekaterinburg", "Europe/Berlin"),
            **self.maybe(0.5, {"back": "Назад"}),
            **self.maybe(0.2, {"silence": silent}),
            "entry": self.dice.sample(ways, self.dice.randint(3, len(ways))),
            "fields": {**fields, **{f"f_{kind}": {} for kind in TYPES}, "f_many": {}, "code": {}},
            "flows": flows,
            "series": series,
        }


def random_funnel(seed: int, name: str = "random") -> str:
    """The same funnel for the same seed, as a file."""
    made = Whole(random.Random(seed)).funnel(name)
    return "\n".join(f"{key}: {written(value)}" for key, value in made.items())

"""Random steps: every node type with every key it has. A new one is one line in ``STEPS``."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flows.answers import TYPES
from flows.nodes import REGISTRY
from tests.flows.ingredients import (
    ANSWERS,
    CONDITIONS,
    END,
    LABELS,
    SETTINGS,
    TAGS,
    TEXTS,
    WAITS,
)  # fmt: skip


@dataclass
class Breeder:
    """One funnel in the making: what is drawn, and the names that are taken."""

    dice: random.Random
    taken: int = 0
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)

    def one(self, *choices: Any) -> Any:
        return self.dice.choice(choices)

    def maybe(self, chance: float, made: dict[str, Any]) -> dict[str, Any]:
        return made if self.dice.random() < chance else {}

    def name(self, prefix: str) -> str:
        self.taken += 1
        return f"{prefix}{self.taken}"

    def block(self, most: int, depth: int) -> list[Any]:
        return [self.step(depth) for _ in range(self.dice.randint(0, most))]

    def step(self, depth: int) -> Any:
        verbs = [verb for verb in STEPS if verb in REGISTRY.verbs]
        plain = [verb for verb in verbs if depth < 2 or verb not in NESTED]
        verb = self.dice.choices(plain, [WEIGHTS.get(each, 2) for each in plain])[0]
        return STEPS[verb](self, depth)

    # what hangs on other things

    def silence(self, depth: int) -> dict[str, Any]:
        items: list[dict[str, Any]] = [
            {"after": "50m", "say": "Ау"},
            {"after": "5h", "say": "Ау-ау"},
        ]
        items = items[: self.dice.randint(0, 2)]
        if self.dice.random() < 0.7:
            items.append({"after": "1d", "then": self.block(1, depth + 1)})
        return self.maybe(0.6, {"silence": items})

    def kind(self, chance: float = 0.2) -> dict[str, Any]:
        return self.maybe(chance, {"kind": self.one("service", "requested", "advertising")})

    def media(self) -> dict[str, Any]:
        what = self.one("photo", "video", "audio", "voice", "video_note", "document")
        return self.maybe(0.1, {what: "media/thing.jpg"})

    def buttons(self) -> dict[str, Any]:
        kinds: list[dict[str, Any]] = [
            {"text": "Сюда", "go": self.one("main", "side", "deep")},
            {"text": "Метка", "tag": self.one(*TAGS), **self.maybe(0.5, {"reply": "Ясно"})},
            {"text": "Снять", "untag": self.one(*TAGS)},
            {"text": "День", "set": {"day": self.one("2026-01-20 12:00", "", "{{ now }}")}},
            {"text": "Ссылка", "url": "https://a.ru/{{ n }}", "track": "a"},
        ]
        return self.maybe(0.4, {"buttons": self.dice.sample(kinds, self.dice.randint(1, 3))})

    def options(self, depth: int) -> Any:
        labels = self.dice.sample(LABELS, self.dice.randint(1, 4))
        if self.dice.random() < 0.3:
            return {label: self.block(2, depth + 1) for label in labels}
        return [self.option(label, depth) for label in labels]

    def option(self, label: str, depth: int) -> Any:
        if self.dice.random() < 0.3:
            return label
        made = {
            "text": label,
            **self.maybe(0.4, {"score": self.dice.randint(-2, 5)}),
            **self.maybe(0.4, {"tag": self.one(*TAGS)}),
            **self.maybe(0.2, {"value": self.one("x", "7", "{{ 7*7 }}")}),
        }
        way: list[dict[str, Any]] = [
            {"go": self.one("main", "side", "deep")},
            {"then": self.block(2, depth + 1)},
        ]
        return {**made, **self.maybe(0.3, self.one(*way))}

    # the node types

    def ask(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {"ask": self.one(*TEXTS), "id": self.name("q")}
        if self.dice.random() < 0.65:
            made |= self.answered(depth)
        elif self.dice.random() < 0.4:
            made |= self.many()
        else:
            made |= {"options": self.options(depth), **self.maybe(0.6, {"save": "f_text"})}
        more = {
            **self.maybe(0.2, {"skip": "Пропустить"}),
            **self.maybe(0.2, {"invalid": "Не понял"}),
            **self.maybe(0.2, {"columns": 2}),
            **self.maybe(0.2, {"attempts": 2}),
            **self.maybe(0.2, {"otherwise": self.block(1, depth + 1)}),
            **self.silence(depth),
            **self.kind(),
            **self.media(),
        }
        return {**made, **more}

    def answered(self, depth: int) -> dict[str, Any]:
        kind = self.one(*(name for name in TYPES if name in ANSWERS))
        written = {"type": kind, **self.one(*ANSWERS[kind])}
        made = {"save": f"f_{kind}", "answer": written if len(written) > 1 else kind}
        self.fields.setdefault(f"f_{kind}", {})
        ready = {"options": self.options(depth)}
        return made if kind in {"slot", "yes_no", "rating"} else {**made, **self.maybe(0.2, ready)}

    def many(self) -> dict[str, Any]:
        labels = self.dice.sample(LABELS[:6], 3)
        listed = [{"text": label, "tag": self.one(*TAGS), "score": 1} for label in labels]
        bounds = self.one({}, {"min": 0}, {"min": 2}, {"max": 2})
        return {"options": listed, "many": True, "save": "f_many", **bounds}

    def consent(self, depth: int) -> dict[str, Any]:
        document = self.one("personal_data", "advertising", "advertising")
        made = {"consent": document, "id": self.name("c"), **self.silence(depth)}
        return {
            **made,
            **self.maybe(0.3, {"agree": "Да", "refuse": "Нет", "say": self.one(*TEXTS)}),
            **self.maybe(0.4, {"refused": self.block(1, depth + 1)}),
        }

    def say(self, _depth: int) -> Any:
        more = {
            **self.kind(0.3),
            **self.media(),
            **self.buttons(),
            **self.maybe(0.1, {"typing": "2s"}),
        }
        return {"say": self.one(*TEXTS), **more}

    def branch(self, depth: int) -> dict[str, Any]:
        then, other = self.block(2, depth + 1), self.block(1, depth + 1)
        return {"if": self.one(*CONDITIONS), "then": then, "else": other}

    def match(self, depth: int) -> dict[str, Any]:
        cases = {
            self.one("..2", "0..5", "3"): self.block(1, depth + 1),
            self.one("4..", "7..9"): self.block(1, depth + 1),
        }
        chosen = {"Да": self.block(1, depth + 1), "Нет": self.block(1, depth + 1)}
        made = self.one({"match": "n", "cases": cases}, {"match": "f_text", "cases": chosen})
        return {**made, "else": self.block(1, depth + 1)}

    def split(self, depth: int) -> dict[str, Any]:
        heavy = {"weight": 3, "steps": self.block(1, depth + 1)}
        variants = {"a": self.block(1, depth + 1), "b": heavy, "c": []}
        return {"split": self.one("offer", "tone"), "variants": variants}

    def wait(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {"wait": self.one(*WAITS), "id": self.name("w")}
        ways = {"then": self.block(1, depth + 1), "else": self.block(1, depth + 1)}
        return {**made, **self.maybe(0.5, {"until": self.one(*CONDITIONS), **ways})}

    def lead(self, _depth: int) -> dict[str, Any]:
        more = {
            **self.maybe(0.5, {"priority": self.one("urgent", "normal", "low")}),
            **self.maybe(0.3, {"fields": ["n", "f_text"]}),
            **self.maybe(0.3, {"value": "{{ n * 100 }}"}),
        }
        return {"lead": self.one("Заявка", "Звонок {{ n }}"), "team": "sales", **more}

    def outside(self, made: dict[str, Any], depth: int) -> dict[str, Any]:
        named = {"id": self.name("o")}
        return {**made, **named, **self.maybe(0.6, {"otherwise": self.block(1, depth + 1)})}

    def http(self, depth: int) -> dict[str, Any]:
        save = {"total": "data.total", "n": "items.0.n"}
        call = self.one(
            {"get": "https://api.example.ru/{{ n }}", "save": save},
            {"post": "https://api.example.ru/x", "body": {"a": "{{ f_text }}"}, "save": save},
            {"post": "https://api.example.ru/x"},
        )
        return self.outside({"http": call}, depth)

    def member(self, depth: int) -> dict[str, Any]:
        ways = {"then": self.block(1, depth + 1), "else": self.block(1, depth + 1)}
        return self.outside({"member": "@school", **ways}, depth)

    def handover(self, depth: int) -> dict[str, Any]:
        return self.outside({"handover": "sales", "for": self.one("20m", "5h", "24h")}, depth)


STEPS: dict[str, Callable[[Breeder, int], Any]] = {
    "say": Breeder.say,
    "ask": Breeder.ask,
    "consent": Breeder.consent,
    "set": lambda b, _: {"set": b.one(*SETTINGS)},
    "tag": lambda b, _: {"tag": b.one(*TAGS)},
    "untag": lambda b, _: {"untag": [*TAGS[:2]]},
    "add": lambda b, _: {"add": {b.one("score", "n"): b.one(1, -1, 3)}},
    "if": Breeder.branch,
    "match": Breeder.match,
    "go": lambda b, _: {"go": b.one("side", "deep", "side.first")},
    "call": lambda b, _: {"call": b.one("side", "deep"), "id": b.name("k")},
    "end": lambda _b, _d: END,
    "start": lambda b, _: {"start": b.one("drip", "quick")},
    "stop": lambda b, _: {"stop": b.one("drip", "quick", "all")},
    "lead": Breeder.lead,
    "notify": lambda b, _: {"notify": "sales", "say": b.one(*TEXTS)},
    "wait": Breeder.wait,
    "split": Breeder.split,
    "goal": lambda b, _: {"goal": b.one("paid", "came")},
    "handover": Breeder.handover,
    "http": Breeder.http,
    "member": Breeder.member,
    "do": lambda b, d: b.outside({"do": "price", "with": {"n": "{{ n }}"}}, d),
    "code": lambda b, d: b.outside({"code": "code", "pattern": "EAT-####", "valid": "48h"}, d),
}  # fmt: skip
"""A node type and one way to write its step."""
NESTED = {"if", "match", "split"}
WEIGHTS = {"ask": 9, "say": 4, "start": 5, "end": 1, "go": 1, "consent": 3, "handover": 1}

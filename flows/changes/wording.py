"""Changes in a marketer's words, Russian and English."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from flows.calendar import clock
from flows.changes.change import Change
from flows.changes.sentences import SENTENCES
from flows.changes.terms import BRANCHES, KEYS, KINDS, VERBS
from flows.changes.words import word_difference
from flows.durations import read_duration
from flows.expression_messages import ExpressionRefused
from flows.expressions import compile_condition
from flows.telling.conditions import condition_words
from flows.telling.letters import TRIGGERS
from flows.telling.times import length_words, when_words
from flows.telling.tongue import Tongue
from flows.timing_messages import TimingProblem
from flows.when import DayAt, field_of, read_when

Labels = Mapping[str, Mapping[str, str]]
"""What fields are called for people, by funnel."""
LONGEST = 160


def sign_of(change: Change) -> Literal["+", "-", "~"]:
    """Whether something came, went, or is another now."""
    if change.kind.endswith("-added"):
        return "+"
    return "-" if change.kind.endswith("-removed") else "~"


def sentence(change: Change, tongue: Tongue, labels: Mapping[str, str] | None = None) -> str:
    """The change as one sentence."""
    ru, en = SENTENCES[change.kind]
    return tongue(ru, en).format_map(_Parts(_Teller(tongue, labels or {}), change))


def as_text(changes: Sequence[Change], tongue: Tongue, labels: Labels | None = None) -> str:
    """All changes, funnel by funnel."""
    lines: list[str] = []
    heading: str | None = None
    for change in changes:
        if change.funnel != heading:
            heading = change.funnel
            name = tongue(f"Воронка «{heading}»", f"Funnel “{heading}”")
            lines += [""] * bool(lines) + [name if heading else tongue("Проект", "Project")]
        words = sentence(change, tongue, (labels or {}).get(change.funnel, {}))
        lines.append(f"  {sign_of(change)} {words}")
    return "\n".join(lines)


def as_json(changes: Sequence[Change], labels: Labels | None = None) -> str:
    """All changes as data, with their sentences in both languages."""
    found = []
    for change in changes:
        names = (labels or {}).get(change.funnel, {})
        data = {slot: getattr(change, slot) for slot in Change.__slots__}
        tongues = {"ru": Tongue("ru"), "en": Tongue("en")}
        words = {name: sentence(change, each, names) for name, each in tongues.items()}
        found.append({**data, "words": words})
    return json.dumps(found, ensure_ascii=False, indent=1)


class _Parts(dict[str, str]):
    """What the sentences of a change are made of; a part is made when a sentence asks for it."""

    def __init__(self, teller: _Teller, change: Change) -> None:
        super().__init__()
        self.teller, self.change = teller, change

    def __missing__(self, name: str) -> str:
        return PARTS[name](self.teller, self.change)


class _Teller:
    """The words for parts of a change, in one language."""

    def __init__(self, tongue: Tongue, labels: Mapping[str, str]) -> None:
        self.tongue = tongue
        self.labels = labels

    def key(self, what: str) -> str:
        head, _, key = what.rpartition(": ")
        words = self.name(key)
        return f"{self.tongue.quoted(head)}: {words}" if head else words

    def name(self, key: str) -> str:
        return self.tongue(*KEYS.get(key, (f"«{key}»", f"“{key}”")))

    def entry(self, change: Change) -> str:
        """A way in: what lets people in, and by which words."""
        if not change.kind.startswith("entry"):
            return ""
        name = change.what.rpartition(": ")[0] if change.kind == "entry-changed" else change.what
        trigger, _, matches = name.partition(": ")
        words = self.tongue(*TRIGGERS.get(trigger, (trigger, trigger)))
        return f"{words}: {matches}" if matches else words

    def length(self, value: Any) -> str:
        length = read_duration(value) if isinstance(value, str) else None
        if length is None or isinstance(length, TimingProblem):
            return self.tongue("сколько угодно", "for ever") if value is None else str(value)
        return length_words(length, self.tongue)

    def verb(self, change: Change) -> str:
        verb = change.near if change.near in VERBS else change.what
        return self.tongue(*VERBS.get(verb, (f"шаг {verb}", f"the step {verb}")))

    def near(self, change: Change) -> str:
        place = change.near if change.near and change.near != change.place else ""
        if change.kind.startswith("step"):
            place = change.place
        return self.tongue(f" (рядом с {place})", f" (next to {place})") if place else ""

    def value(self, value: Any) -> str:
        if value is None or value == "":
            return self.tongue("пусто", "nothing")
        if isinstance(value, str) and value in KINDS:
            return self.tongue(*KINDS[value])
        if isinstance(value, str):
            words = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
            return self.tongue.quoted(words)
        if isinstance(value, list):
            return ", ".join(self.value(item) for item in value)
        if isinstance(value, dict):
            words = ", ".join(
                f"{self.name(key)}: {self.bare(each)}" for key, each in value.items()
            )
            return words or self.tongue("без настроек", "plain")
        return str(value).lower()

    def bare(self, value: Any) -> str:
        return value if isinstance(value, str) else self.value(value)

    def text(self, before: Any, after: Any) -> str:
        if not isinstance(before, str) or not isinstance(after, str):
            return self.exchange(before, after)
        return self.tongue.quoted(word_difference(before, after))

    def exchange(self, before: Any, after: Any) -> str:
        if before is None:
            return self.tongue(f"теперь {self.value(after)}", f"now {self.value(after)}")
        if after is None:
            was = self.value(before)
            return self.tongue(f"убрано, было {was}", f"gone, was {was}")
        return f"{self.value(before)} → {self.value(after)}"

    def when(self, value: Any) -> str:
        """``день 2, 12:00``; words of another kind when the day is not known."""
        if not isinstance(value, dict) or "when" not in value:
            return ""
        when = read_when(str(value["when"]))
        if isinstance(when, TimingProblem):
            return str(value["when"])
        if isinstance(when, DayAt) and "day" in value:
            day, at = value["day"], clock(when.minute)
            return self.tongue(f"день {day}, {at}", f"day {day}, {at}")
        return when_words(when, self.tongue, self.labels.get(field_of(when) or "", ""))

    def condition(self, source: Any) -> str:
        if not isinstance(source, str):
            return self.tongue("без условия", "no condition")
        try:
            tree = compile_condition(source).tree
        except ExpressionRefused:
            return source
        return condition_words(tree, self.labels, self.tongue)

    def pair(self, change: Change) -> str:
        """A line of `moved`: the old name and the new one."""
        head = change.place.rsplit(".", 1)[0] if change.kind == "letter-renamed" else ""
        names = (f"{head}.{name}" if head else str(name) for name in (change.before, change.after))
        return "{{{}: {}}}".format(*names)

    def day(self, each: dict[str, Any]) -> str:
        days = self.tongue(f"день {each['before']}", f"day {each['before']}")
        return f"{self.tongue.quoted(each['letter'])} {days} → {each['after']}"

    def branch(self, inside: Any) -> str:
        if not isinstance(inside, list) or not inside or not inside[0]:
            return self.tongue("общая часть", "the main line")
        around, branch = inside
        return f"{around}, {self.tongue(*BRANCHES.get(branch, (f'«{branch}»', f'“{branch}”')))}"


PARTS: dict[str, Callable[[_Teller, Change], str]] = {
    "place": lambda tell, each: each.place or tell.tongue("все вопросы", "all questions"),
    "letter": lambda _tell, each: each.place.rsplit(".", 1)[-1],
    "what": lambda _tell, each: each.what,
    "key": lambda tell, each: tell.key(each.what),
    "entry": lambda tell, each: tell.entry(each),
    "verb": lambda tell, each: tell.verb(each),
    "near": lambda tell, each: tell.near(each),
    "names": lambda _tell, each: f" ({each.near})" if each.near else "",
    "quoted": lambda tell, each: f"{tell.value(each.near)} " if each.near else "",
    "before": lambda tell, each: tell.value(each.before),
    "after": lambda tell, each: tell.value(each.after),
    "text": lambda tell, each: tell.text(each.before, each.after),
    "exchange": lambda tell, each: tell.exchange(each.before, each.after),
    "lengths": lambda tell, each: f"{tell.length(each.before)} → {tell.length(each.after)}",
    "when_before": lambda tell, each: tell.when(each.before),
    "when_after": lambda tell, each: tell.when(each.after),
    "if_before": lambda tell, each: tell.condition(each.before),
    "if_after": lambda tell, each: tell.condition(each.after),
    "before_list": lambda _tell, each: ", ".join(map(str, each.before)),
    "after_list": lambda _tell, each: ", ".join(map(str, each.after)),
    "branches": lambda tell, each: f"{tell.branch(each.before)} → {tell.branch(each.after)}",
    "followed": lambda tell, each: ", ".join(map(tell.day, each.after)),
    "pair": lambda tell, each: tell.pair(each),
}
"""The parts of sentences by the names that the sentences have for them."""

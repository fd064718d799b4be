"""What the owner has been told and what not yet: the same trouble at most once an hour. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

HOUR_US = 3_600 * 1_000_000
REMIND_US = 24 * HOUR_US
"""A trouble that stays is told of again so often."""
FORGET_US = 2 * REMIND_US

Facts = Mapping[str, str]
Key = tuple[str, str, str]
"""The kind of trouble, the bot and the place."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One trouble: whether it goes on, when it was told, how often it happened untold since."""

    on: bool = False
    told_us: int = 0
    missed: int = 0
    facts: Facts = field(default_factory=dict)

    def may_be_told(self, now_us: int) -> bool:
        """Whether an hour has passed since it was."""
        return not self.told_us or now_us - self.told_us >= HOUR_US


@dataclass(frozen=True, slots=True)
class Told:
    """What the owner is told now; ``count`` is how often it happened, ``over`` that it is mended."""

    key: Key
    facts: Facts = field(default_factory=dict)
    count: int = 1
    over: bool = False


@dataclass(slots=True)
class Seen:
    """What a look found: troubles that go on, and those that happened since the last look."""

    going: dict[Key, Facts] = field(default_factory=dict)
    happened: dict[Key, tuple[Facts, int]] = field(default_factory=dict)

    def add(self, key: Key, facts: Facts, count: int = 1) -> None:
        """Count what happened."""
        self.happened[key] = (facts, count + self.happened.get(key, (facts, 0))[1])


def judged(
    known: Mapping[Key, Standing], seen: Seen, now_us: int
) -> tuple[dict[Key, Standing], list[Told]]:
    """The standings after a look, and what the owner is to be told of it."""
    after = dict(known)
    for key, facts in seen.going.items():
        before = after.get(key, Standing())
        missed = before.missed + (not before.on)
        after[key] = replace(before, on=True, missed=missed, facts=facts)
    for key, (facts, count) in seen.happened.items():
        before = after.get(key, Standing())
        after[key] = replace(before, missed=before.missed + count, facts=facts)
    told: list[Told] = []
    for key, one in list(after.items()):
        if one.on and key not in seen.going:
            # of what came and went untold nobody is told that it is over
            told += [] if one.missed else [Told(key, one.facts, over=True)]
            after[key] = replace(one, on=False, missed=0)
        elif _is_due(one, now_us):
            told.append(Told(key, one.facts, max(1, one.missed)))
            after[key] = replace(one, told_us=now_us, missed=0)
    return {key: one for key, one in after.items() if _matters(one, now_us)}, told


def _is_due(one: Standing, now_us: int) -> bool:
    stays = one.on and now_us - one.told_us >= REMIND_US
    return one.may_be_told(now_us) and (one.missed > 0 or stays)


def _matters(one: Standing, now_us: int) -> bool:
    return one.on or one.missed > 0 or now_us - one.told_us < FORGET_US


def changes(
    before: Mapping[Key, Standing], after: Mapping[Key, Standing]
) -> Iterator[tuple[Key, Standing | None]]:
    """What must be stored; None for what is forgotten."""
    yield from ((key, one) for key, one in after.items() if before.get(key) != one)
    yield from ((key, None) for key in before if key not in after)

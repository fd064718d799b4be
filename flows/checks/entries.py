"""Entries that answer the same message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flows.checks.subject import Subject
from flows.funnel import Entry
from flows.matching import plain
from flows.problems import Problem, problem

MOST = 100
"""Phrases with one word in common that a phrase is compared with: a bound for hostile files."""


def overlapping_entries(subject: Subject) -> Iterator[Problem]:
    """No two entries of a funnel answer the same message."""
    yield from overlaps(subject.program.funnel.entry)


def overlaps(entries: Sequence[Entry]) -> Iterator[Problem]:
    """A warning for each pair of entries that answer one message, at the later of them."""
    phrases = _Phrases()
    told = set()
    for later in entries:
        for what in _answered(later):
            for earlier, common in phrases.meeting(later, what):
                pair = (earlier.mark, later.mark)
                if pair not in told and earlier is not later:
                    told.add(pair)
                    other = str(earlier.mark)
                    yield problem("entry-overlap", later.mark, what=common, other=other)
            phrases.remember(later, what)


def _answered(entry: Entry) -> tuple[str, ...]:
    asked = entry.trigger in {"link", "words", "command", "comment", "event"}
    return entry.matches if asked else (entry.trigger,)


@dataclass(slots=True)
class _Phrases:
    """What earlier entries answer, by a word of it."""

    by_word: dict[tuple[str, str], list[tuple[str, str, Entry]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def remember(self, entry: Entry, phrase: str) -> None:
        """Keep the phrase under each of its words."""
        spelt = _spelt(entry, phrase)
        for word in dict.fromkeys(spelt.split(" ")):
            self.by_word[entry.trigger, word].append((spelt, phrase, entry))

    def meeting(self, entry: Entry, phrase: str) -> Iterator[tuple[Entry, str]]:
        """The earlier entries whose phrase is in this one, or this one in it; the longer phrase."""
        spelt = _spelt(entry, phrase)
        for word in dict.fromkeys(spelt.split(" ")):
            for earlier, written, other in self.by_word[entry.trigger, word][:MOST]:
                if f" {earlier} " in f" {spelt} ":
                    yield other, phrase
                elif f" {spelt} " in f" {earlier} ":
                    yield other, written


def _spelt(entry: Entry, phrase: str) -> str:
    """The phrase as messages are compared with it; links and commands as they stand."""
    return plain(phrase) if entry.trigger in {"words", "comment"} else phrase

"""What is written and does nothing: empty lists, keys without the key they serve, words taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.answers.slot import Slot
from flows.checks.subject import Subject, at
from flows.matching import service_word, urgent_word
from flows.nodes.ask import Ask
from flows.nodes.branches import If
from flows.nodes.wait import Wait
from flows.problems import Mark, Problem, problem
from flows.source import Mapping, Sequence

_LISTS = ("words", "comment", "options", "letters", "cases", "buttons")


def empty_lists(subject: Subject) -> Iterator[Problem]:
    """A list that has to hold something holds it."""
    funnel = subject.program.funnel
    for record in (funnel, *funnel.entry, *funnel.series.values(), *subject.steps()):
        for name in (*_LISTS, "entry"):
            if _is_bare(record, name):
                yield problem("list-empty", _key(record, name), key=name)


def _is_bare(record: Any, name: str) -> bool:
    node = record.node.get(name) if record.node else None
    if isinstance(node, Sequence):
        return not node.items
    return isinstance(node, Mapping) and not node.entries


def keys_alone(subject: Subject) -> Iterator[Problem]:
    """A key that works together with another stands beside it."""
    for step in subject.steps(Wait):
        for key in ("then", "else"):
            if step.until is None and _stands(step, key):
                yield problem("key-alone", _key(step, key), key=key, needed="until")
    for step in subject.steps(Ask):
        left = step.attempts is not None or isinstance(step.answer, Slot)
        if _stands(step, "otherwise") and not left:
            yield problem("key-alone", _key(step, "otherwise"), key="otherwise", needed="attempts")
    for step in subject.steps(If):
        if not _stands(step, "then") and not _stands(step, "else"):
            yield problem("missing-key", step.mark, key="then")


def counts_too_small(subject: Subject) -> Iterator[Problem]:
    """A number of bad answers or of buttons in a row is one at least."""
    for step in subject.steps(Ask):
        for key in ("attempts", "columns"):
            count = getattr(step, key)
            if count is not None and count < 1:
                yield problem("count-too-small", at(step, key), key=key)


def words_taken(subject: Subject) -> Iterator[Problem]:
    """No entry and no option waits for a word that the bot takes for its own."""
    for entry in subject.program.funnel.entry:
        slash = "/" if entry.trigger == "command" else ""
        for word in entry.matches if entry.trigger in {"words", "command"} else ():
            meant = service_word(slash + word)
            if meant and (meant != "human" or _has_team(subject)):
                yield problem("word-taken", at(entry, entry.trigger, word), word=slash + word)
    for step in subject.steps(Ask):
        for option in step.options:
            if urgent_word(option.text.source):
                yield problem("word-taken", option.text.mark, word=option.text.source)


def _has_team(subject: Subject) -> bool:
    from flows.checks.teams import told

    return any(told(step) for step in subject.steps())


def _stands(step: Any, key: str) -> bool:
    return step.node is not None and step.node.get(key) is not None


def _key(record: Any, name: str) -> Mark:
    node: Mapping = record.node
    return next(key.mark for key, _ in node if key.text == name)

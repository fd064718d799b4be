"""Expressions whose parts do not go together, conditions that are always the same, idle cases."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.subject import Subject, at
from flows.checks.values import Kind, kind_of, kinds_of, values_of
from flows.checks.written import written_anywhere
from flows.expression_tree import Tree
from flows.filters import FILTERS
from flows.nodes.branches import RANGE, If, Match, fits
from flows.nodes.wait import Wait
from flows.problems import Mark, Problem, closest, problem
from flows.source import Mapping
from flows.texts import WrittenCondition

WORDS: dict[Kind, dict[str, str]] = {
    "text": {"ru": "текст", "en": "a text"},
    "number": {"ru": "число", "en": "a number"},
    "boolean": {"ru": "да или нет", "en": "true or false"},
    "moment": {"ru": "дата", "en": "a date"},
    "time": {"ru": "время", "en": "a time"},
    "list": {"ru": "список", "en": "a list"},
}
_ORDERED = frozenset({"text", "number", "moment", "time"})
_TAKES: dict[str, Kind] = {"number": "number", "date": "moment", "time": "moment", "list": "list"}
Finding = tuple[int, Kind, str, Kind]
"""Where it is, what stands there, beside what sign or filter, and what would do."""


def wrong_types(subject: Subject) -> Iterator[Problem]:
    """Comparisons, sums and filters get values of the kind that they take."""
    kinds = kinds_of(subject)
    told: set[tuple[Mark, str]] = set()
    for written in written_anywhere(subject.program):
        for offset, kind, sign, wanted in _mismatches(written.compiled.tree, kinds):
            mark = written.scalar.at(offset)
            if (mark, sign) not in told:
                told.add((mark, sign))
                yield problem(
                    "type-mismatch", mark, kind=WORDS[kind], sign=sign, wanted=WORDS[wanted]
                )


def _mismatches(tree: Tree, kinds: dict[str, Kind]) -> Iterator[Finding]:
    if tree.kind == "compare":
        yield from _comparison(tree, kinds)
    elif tree.kind in {"arithmetic", "neg"}:
        sign = str(tree.value or "-")
        for part in tree.parts:
            kind = kind_of(part, kinds)
            if kind not in {"", "empty", "number"}:
                yield part.offset, kind, sign, "number"
    elif tree.kind == "filter":
        wanted = _TAKES.get(FILTERS[tree.value].takes, "")
        kind = kind_of(tree.parts[0], kinds)
        if wanted and kind not in {"", "empty", "text", wanted}:
            yield tree.parts[0].offset, kind, str(tree.value), wanted
    for part in tree.parts:
        yield from _mismatches(part, kinds)


def _comparison(tree: Tree, kinds: dict[str, Kind]) -> Iterator[Finding]:
    left, right = tree.parts
    first, second = kind_of(left, kinds), kind_of(right, kinds)
    sign = str(tree.value)
    if sign in {"in", "not in"}:
        if second in {"number", "boolean", "moment", "time"}:
            yield right.offset, second, sign, "list"
        elif second == "text" and first in {"number", "boolean", "moment", "list"}:
            yield left.offset, first, sign, "text"
    elif {first, second} & {"", "empty"}:
        return
    elif first != second:
        odd, other = (left, second) if right.kind == "name" else (right, first)
        yield odd.offset, kind_of(odd, kinds), sign, other
    elif sign not in {"==", "!="} and first not in _ORDERED:
        yield left.offset, first, sign, "number"


def constant_conditions(subject: Subject) -> Iterator[Problem]:
    """A condition looks at something: one of constants alone is always the same."""
    found: list[tuple[WrittenCondition | None, Mark]] = [
        (step.condition, step.condition.scalar.mark) for step in subject.steps(If)
    ]
    found += [(step.until, step.until.scalar.mark) for step in subject.steps(Wait) if step.until]
    for _, series, letter in subject.program.letters():
        if letter.condition is not None:
            found.append((letter.condition, letter.condition.scalar.mark))
        if series.stop_when is not None:
            found.append((series.stop_when, series.stop_when.scalar.mark))
    for condition, mark in dict.fromkeys(found):
        if condition is not None and not condition.compiled.names:
            truth = condition.compiled.holds({})
            words = {"ru": "верно" if truth else "неверно", "en": "true" if truth else "false"}
            yield problem("condition-constant", mark, truth=words)


def values_that_never_are(subject: Subject) -> Iterator[Problem]:
    """What a field of ready answers is compared with is one of them."""
    known: dict[str, set[str] | None] = {}
    for written in written_anywhere(subject.program):
        for name, part in _compared(written.compiled.tree):
            if name not in known:
                known[name] = None if _is_typed(subject, name) else values_of(subject, name)
            values = known[name]
            if values is not None and part.value not in values:
                close, mark = closest(part.value, values), written.scalar.at(part.offset)
                yield problem("case-never", mark, case=part.value, field=name, close=close)


def _is_typed(subject: Subject, name: str) -> bool:
    """Whether what is saved in the field is turned into something that is no text."""
    spec = subject.program.funnel.fields.get(name)
    return spec is not None and spec.type not in {"", "text"}


def _compared(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """The filled texts that a bare name is compared with."""
    if tree.kind == "compare" and tree.value in {"==", "!="}:
        for name, part in (tree.parts, tree.parts[::-1]):
            texts = part.kind == "const" and isinstance(part.value, str) and part.value
            if name.kind == "name" and texts:
                yield name.value, part
    for part in tree.parts:
        yield from _compared(part)


def idle_cases(subject: Subject) -> Iterator[Problem]:
    """Every case of a ``match`` can be, and every ready answer has one."""
    for step in subject.steps(Match):
        values = values_of(subject, step.match)
        if values is None or _is_typed(subject, step.match):
            continue
        for text in step.cases:
            if text and not RANGE.fullmatch(text) and not any(fits(v, text) for v in values):
                close = closest(text, values)
                mark = _case(step, text)
                yield problem("case-never", mark, case=text, field=step.match, close=close)
        if step.otherwise or _has_else(step):
            continue
        missing = [
            v for v in sorted(values) if v and not any(fits(v, text) for text in step.cases)
        ]
        if missing:
            listed = ", ".join(f"«{value}»" for value in missing)
            yield problem("case-missing", at(step, "match"), field=step.match, values=listed)


def _has_else(step: Match) -> bool:
    return step.node is not None and step.node.get("else") is not None


def _case(step: Match, text: str) -> Mark:
    cases = step.node.get("cases") if step.node else None
    if isinstance(cases, Mapping):
        return next((key.mark for key, _ in cases if key.text == text), cases.mark)
    return step.mark

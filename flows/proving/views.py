"""What the conditions of a funnel can tell apart: values that no condition distinguishes are one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flows.checks.written import written_in
from flows.expression_tree import Tree
from flows.expressions import evaluator
from flows.nodes.branches import Match, fits
from flows.nodes.marks import Add
from flows.nodes.wait import Wait
from flows.program import Program
from flows.texts import WrittenCondition, WrittenValue
from flows.values import Frame, is_number, is_true
from flows.when import When, field_of

SETS = frozenset({"tags", "clicks", "events", "goals"})
"""Names that are sets of texts: each text that a condition looks for is a variable of its own."""
SPLIT = "split:"
"""Before the name of a split: which variant fell to the person matters where it comes once more."""
CLOCK = frozenset({"now", "today", "entered_at"})
Test = Callable[[Mapping[str, Any]], Hashable]


@dataclass(slots=True)
class Views:
    """How each variable looks to the conditions.

    A variable is a name of the language, or ``tags:X`` for one member of a set. ``tests`` are what
    conditions ask of it, ``exact`` those whose very value counts, ``constants`` what they are
    compared with, ``clock`` tests of the time, ``tangled`` what free answers cannot be made for.
    """

    tests: dict[str, list[Test]] = field(default_factory=dict)
    exact: set[str] = field(default_factory=set)
    constants: dict[str, list[Any]] = field(default_factory=dict)
    clock: list[Test] = field(default_factory=list)
    tangled: set[str] = field(default_factory=set)
    ceilings: dict[str, float] = field(default_factory=dict)
    _seen: dict[tuple[str, Hashable], Hashable] = field(default_factory=dict)

    def known(self, variable: str) -> bool:
        """Whether any condition looks at the variable."""
        whole = _set_of(variable)
        looked = variable in self.tests or whole in self.tests or whole in self.exact
        return looked or variable.startswith(SPLIT)

    def look(self, variable: str, context: Mapping[str, Any]) -> Hashable:
        """What the conditions see of the variable's value."""
        name, _, member = variable.partition(":")
        value = context.get(name)
        if member and name not in self.exact:
            return member in (value or ())
        if variable in self.exact or name in self.exact:
            return self._clamped(name, frozen(value))
        key = (variable, frozen(value))
        if key not in self._seen:
            self._seen[key] = tuple(test({name: value}) for test in self.tests.get(variable, ()))
        return self._seen[key]

    def _clamped(self, name: str, value: Hashable) -> Hashable:
        """A sum that only grows is looked at up to what conditions compare it with."""
        ceiling = self.ceilings.get(name)
        if ceiling is None or not isinstance(value, int | float):
            return value
        return min(value, ceiling + 1)


def frozen(value: Any) -> Hashable:
    """The value as a part of a key."""
    if isinstance(value, list | set | frozenset | tuple):
        return tuple(sorted(map(str, value)))
    return value if isinstance(value, Hashable) else str(value)


def views_of(program: Program, frame: Frame) -> Views:
    """All that the funnel's conditions look at."""
    views = Views()
    for tree in condition_trees(program):
        for atom in atoms(tree):
            _look_at(views, atom, frame)
    for laid in program.steps.values():
        if isinstance(laid.step, Match):
            _match(views, laid.step)
    for when in timetable(program):
        _hang(views, program, when)
    for names in composed(program):
        views.exact.update(names - CLOCK)
    _sum(views, program)
    return views


def timetable(program: Program) -> Iterator[When]:
    """The moments of letters and waits."""
    yield from (letter.when for _, _, letter in program.letters())
    yield from (laid.step.wait for laid in program.steps.values() if isinstance(laid.step, Wait))


def _hang(views: Views, program: Program, when: When) -> None:
    """A field that a moment hangs on counts by its very value; a booked time by how far it is."""
    name = field_of(when)
    if name is None or name in CLOCK:
        return
    if name not in program.slot_fields:
        views.exact.add(name)
        return
    away = timedelta(seconds=getattr(when, "seconds", 0), days=getattr(when, "days", 0))

    def is_past(context: Mapping[str, Any]) -> Hashable:
        value = context.get(name)
        return isinstance(value, datetime) and value + away < context["now"]

    views.clock.append(is_past)
    views.tests.setdefault(name, []).append(lambda context: context[name] is not None)


def condition_trees(program: Program) -> Iterator[Tree]:
    """The trees of all conditions that decide where somebody goes."""
    for _, series, letter in program.letters():
        for condition in (series.stop_when, letter.condition):
            if condition is not None:
                yield condition.compiled.tree
    for laid in program.steps.values():
        yield from (written.compiled.tree for written in conditions_in(laid.step))


def conditions_in(record: Any) -> Iterator[WrittenCondition]:
    """The conditions written in a step."""
    for written in written_in(record):
        if isinstance(written, WrittenCondition):
            yield written


def composed(program: Program) -> Iterator[set[str]]:
    """The names that values put in fields are made of."""
    records = [*program.funnel.entry, *program.funnel.fields.values()]
    for record in (*records, *(laid.step for laid in program.steps.values())):
        for written in written_in(record):
            if isinstance(written, WrittenValue) and written.compiled.literal is None:
                yield {name for name, _ in written.compiled.names}


def atoms(tree: Tree) -> Iterator[Tree]:
    """The parts of a condition that ``and``, ``or`` and ``not`` put together."""
    if tree.kind in {"and", "or", "not", "choice"}:
        for part in tree.parts:
            yield from atoms(part)
    else:
        yield tree


def variables(tree: Tree) -> set[str]:
    """The variables that an atom mentions."""
    member = _membership(tree)
    if member:
        return {member}
    names = {tree.value} if tree.kind == "name" else set()
    return names.union(*map(variables, tree.parts))


def _membership(tree: Tree) -> str:
    """``tags:X`` of ``"X" in tags``."""
    if tree.kind == "compare" and tree.value in {"in", "not in"}:
        item, container = tree.parts
        if item.kind == "const" and container.kind == "name" and container.value in SETS:
            return f"{container.value}:{item.value}"
    return ""


def _look_at(views: Views, atom: Tree, frame: Frame) -> None:
    found = variables(atom)
    evaluate = evaluator(atom)

    def test(context: Mapping[str, Any]) -> Hashable:
        return is_true(evaluate(context, frame))

    if found & CLOCK:
        views.clock.append(test)
        views.exact.update(found - CLOCK)
    elif len(found) == 1:
        (variable,) = found
        views.tests.setdefault(variable, []).append(test)
        views.constants.setdefault(variable, []).extend(_constants(atom))
        if not _is_plain(atom):
            views.tangled.add(variable)
    else:
        views.exact.update(found)
        views.tangled.update(found)


def _is_plain(atom: Tree) -> bool:
    """Whether it is a bare name, or a name beside a constant: an answer can be made for either."""
    parts = atom.parts if atom.kind == "compare" else (atom,)
    return all(part.kind in {"name", "const", "list"} for part in parts)


def _constants(tree: Tree) -> Iterator[Any]:
    if tree.kind == "const":
        yield tree.value
    for part in tree.parts:
        yield from _constants(part)


def _match(views: Views, step: Match) -> None:
    name = step.match

    def test(context: Mapping[str, Any]) -> Hashable:
        value = context.get(name)
        return next((index for index, text in enumerate(step.cases) if fits(value, text)), -1)

    views.tests.setdefault(name, []).append(test)
    for text in step.cases:
        views.constants.setdefault(name, []).extend([text, *_ends(text)])


def _ends(text: str) -> list[float]:
    found = []
    for part in text.split(".."):
        try:
            found.append(float(part.replace(",", ".")))
        except ValueError:
            continue
    return found


def _sum(views: Views, program: Program) -> None:
    """Fields that are added to count by their very value, up to the greatest constant."""
    steps = [laid.step for laid in program.steps.values()]
    amounts: dict[str, list[float]] = {}
    for step in steps:
        if isinstance(step, Add):
            for name, amount in step.add.items():
                amounts.setdefault(name, []).append(amount)
        for option in getattr(step, "options", ()):
            if getattr(option, "score", 0):
                amounts.setdefault("score", []).append(option.score)
    for name, added in amounts.items():
        if name not in views.tests and name not in views.exact:
            continue
        numbers = [value for value in views.constants.get(name, ()) if is_number(value)]
        if name not in views.exact and min(added) >= 0 and numbers:
            views.ceilings[name] = max(numbers)
        views.exact.add(name)


def _set_of(variable: str) -> str:
    return variable.partition(":")[0]

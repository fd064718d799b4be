"""What types values have: of fields by what is saved in them, of expressions by their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from flows.checks.subject import Subject
from flows.expression_tree import Tree
from flows.filters import FILTERS
from flows.nodes.ask import Ask
from flows.nodes.marks import Add, Set
from flows.nodes.say import Say
from flows.texts import WrittenValue

Kind = str
"""text, number, boolean, moment, time, list, empty; an empty text where it is not known."""
KNOWN: dict[str, Kind] = {
    "name": "text", "first_name": "text", "last_name": "text", "username": "text",
    "channel": "text", "source": "text", "link": "text", "funnel": "text", "bot": "text",
    "manager": "text", "score": "number", "lead": "boolean", "tags": "list", "clicks": "list",
    "events": "list", "now": "moment", "today": "moment", "entered_at": "moment",
}  # fmt: skip
_DECLARED: dict[str, Kind] = {
    "text": "text", "phone": "text", "email": "text", "integer": "number", "number": "number",
    "boolean": "boolean", "datetime": "moment", "date": "moment", "time": "time", "list": "list",
}  # fmt: skip
_ANSWERED = {**_DECLARED, "file": "", "photo": ""}
_OF_FORM: dict[str, Kind] = {
    "list": "list", "arithmetic": "number", "neg": "number", "not": "boolean",
    "compare": "boolean",
}  # fmt: skip


def kinds_of(subject: Subject) -> dict[str, Kind]:
    """The kind of every name; a field that takes several, or is made by others, is not known."""
    found: dict[str, set[Kind]] = defaultdict(set)
    for name, value in written_values(subject):
        found[name].add(_of_value(value))
    for step in subject.steps(Ask):
        found[step.save].update(_of_question(step))
    for step in subject.steps(Add):
        for name in step.add:
            found[name].add("number")
    kinds = {name: kinds.pop() for name, kinds in found.items() if len(kinds) == 1}
    known = subject.program.funnel.fields
    kinds |= {name: _DECLARED.get(spec.type, "") for name, spec in known.items() if spec.type}
    foreign = _made_elsewhere(subject) - {name for name, spec in known.items() if spec.type}
    own = {name: kind for name, kind in kinds.items() if name not in foreign}
    return {**own, **KNOWN}


def _made_elsewhere(subject: Subject) -> set[str]:
    """Fields that steps fill from outside: their values are anything."""
    found: set[str] = set()
    entries = subject.program.funnel.entry
    for record in (*entries, *(s for s in subject.steps() if not isinstance(s, Ask))):
        saved = getattr(record, "save", None)
        found.update(saved if isinstance(saved, dict | set | tuple) else ())
        code = getattr(record, "code", None)
        found.update([code, f"{code}_until"] if isinstance(code, str) else ())
    return found


def filled_here(subject: Subject) -> set[str]:
    """The fields that the funnel itself fills; others may be known from before it."""
    found = {name for name, _ in written_values(subject)} | _made_elsewhere(subject)
    found |= {step.save for step in subject.steps(Ask)}
    return found.union(*(step.add for step in subject.steps(Add)))


def written_values(subject: Subject) -> Iterator[tuple[str, WrittenValue]]:
    """Every value that is put in a field beside answers."""
    for item in subject.program.funnel.entry:
        yield from (item.set or {}).items()
    for name, spec in subject.program.funnel.fields.items():
        if spec.value is not None:
            yield name, spec.value
    for step in subject.steps(Set):
        yield from step.set.items()
    for step in subject.steps(Say):
        for button in step.buttons:
            yield from (button.set or {}).items()


def _of_value(written: WrittenValue) -> Kind:
    return "text" if written.compiled.literal is not None or not written.compiled.single else ""


def _of_question(step: Ask) -> set[Kind]:
    found: set[Kind] = {"text"} if any(not option.url for option in step.options) else set()
    if getattr(step, "many", None):
        return {"list"}
    if step.answer is not None:
        kind = "" if step.answer.name in {"file", "photo"} else step.answer.value_type
        found.add(_ANSWERED.get(kind, ""))
    elif not step.options:
        found.add("text")
    return found


def values_of(subject: Subject, name: str) -> set[str] | None:
    """All that the field can hold, as text; None when anything can be typed or computed."""
    found: set[str] = set()
    if name in KNOWN or any(name in step.add for step in subject.steps(Add)):
        return None
    if name in _made_elsewhere(subject):
        return None
    for field, value in written_values(subject):
        if field == name:
            if value.compiled.literal is None:
                return None
            found.add(value.compiled.literal)
    for step in subject.steps(Ask):
        if step.save == name:
            offered = _offered(step)
            if offered is None:
                return None
            found |= offered
    return found or None


def _offered(step: Ask) -> set[str] | None:
    """The values of the question's options; None when something else can be answered."""
    if step.answer is not None or not step.options or getattr(step, "many", None):
        return None
    found: set[str] = set()
    for option in step.options:
        words = option.text.compiled.literal if option.value is None else str(option.value)
        if words is None:
            return None
        if not option.url:
            found.add(words)
    return found


def kind_of(tree: Tree, kinds: dict[str, Kind]) -> Kind:
    """The kind of an expression's value; an empty text when it cannot be told."""
    if tree.kind == "const":
        return of_constant(tree.value)
    if tree.kind == "name":
        return kinds.get(tree.value, "")
    if tree.kind == "filter":
        return _of_filter(tree, kinds)
    if tree.kind in {"and", "or", "choice"}:
        return _of_any(tree.parts[1:] if tree.kind == "choice" else tree.parts, kinds)
    return _OF_FORM.get(tree.kind, "")


def _of_any(parts: Iterable[Tree], kinds: dict[str, Kind]) -> Kind:
    """The kind of whichever part it turns out to be."""
    found = {kind_of(part, kinds) for part in parts} - {"empty"}
    return found.pop() if len(found) == 1 else ""


def _of_filter(tree: Tree, kinds: dict[str, Kind]) -> Kind:
    gives = FILTERS[tree.value].gives
    if tree.value == "default":
        return _of_any(tree.parts, kinds)
    return {"text": "text", "number": "number"}.get(gives, "")


def of_constant(value: Any) -> Kind:
    """The kind of a constant; of none and an empty text ``empty``."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, date | datetime):
        return "moment"
    return "time" if isinstance(value, time) else "text"

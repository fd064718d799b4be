"""Ways in: what fires each entry, and who may come by it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from flows.events import BotAllowed, Commented, Event, EventHappened, Opened, Typed
from flows.funnel import Entry
from flows.program import Program
from flows.proving.told import other_data
from flows.proving.views import Views
from flows.state import Person
from flows.worlds import sample_data

Door = tuple[Event, Any]
"""What happens, and how it is told."""
_NAMES = (("name", "first_name"), ("last_name",), ("username",))
"""Names of the language that look at a first name, a last name, a user name."""


def doors(program: Program, entry: Entry, views: Views) -> list[Door]:
    """Everything that fires the entry and is told apart; nothing of a trigger unknown here."""
    what = entry.matches[0] if entry.matches else ""
    found: dict[str, list[Door]] = {
        "start": _opened(["", *_strange(program, views)]),
        "link": _opened(_codes(entry, views)),
        "words": [(Typed(what), f"«{what}»")],
        "command": [(Typed(f"/{what}"), f"/{what}")],
        "comment": [_comment("+" if what == "*" else what)],
        "event": [*_happened(program, entry, views)],
        "subscribed": [(BotAllowed(), {"ru": "разрешает писать", "en": "allows messages"})],
        "any": [(Typed("Привет"), {"ru": "любое сообщение", "en": "any message"})],
    }
    return found.get(entry.trigger, [])


def _happened(program: Program, entry: Entry, views: Views) -> Iterator[Door]:
    """The event with all that is saved of it, with values that conditions look at, and bare."""
    saved, whole = entry.save or {}, sample_data(program, entry)
    for name in entry.event:
        told = {"ru": f"событие {name}", "en": f"the event {name}"}
        yield EventHappened(name, whole), told
        if saved:
            yield EventHappened(name), told
        for data, field, shown in other_data(program, views, saved, whole):
            words = {language: f"{text} ({field} = {shown})" for language, text in told.items()}
            yield EventHappened(name, data), words


def other_events(program: Program, views: Views) -> Iterator[Door]:
    """Events that conditions look at, and nobody enters by."""
    entered = {name for entry in program.funnel.entry for name in entry.event}
    for variable in views.tests:
        kind, _, name = variable.partition(":")
        if kind == "events" and name and name not in entered:
            yield EventHappened(name), {"ru": f"событие {name}", "en": f"the event {name}"}


def _opened(codes: list[str]) -> list[Door]:
    return [(Opened(code), f"/start {code}".strip()) for code in codes]


def _comment(text: str) -> Door:
    told = {"ru": f"комментарий «{text}»", "en": f"the comment “{text}”"}
    return Commented(text, reachable=True), told


def _codes(entry: Entry, views: Views) -> list[str]:
    """The codes of a link that conditions tell apart, and one more where it ends with a star."""
    found = [pattern.replace("*", "1") for pattern in entry.matches]
    if not views.known("link"):
        return found[:1]
    looked = [code for code in _constants(views) if _fits(entry, code)]
    return [*dict.fromkeys([*found, *looked])]


def _strange(program: Program, views: Views) -> list[str]:
    """Codes that conditions name and no link of the funnel has: they enter as the start does."""
    links = [entry for entry in program.funnel.entry if entry.trigger == "link"]
    return [code for code in _constants(views) if not any(_fits(each, code) for each in links)]


def _constants(views: Views) -> list[str]:
    return [code for code in views.constants.get("link", ()) if isinstance(code, str) and code]


def _fits(entry: Entry, code: str) -> bool:
    return any(
        code.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == code
        for pattern in entry.matches
    )


def people(views: Views) -> Iterator[Person]:
    """Those who may come: with and without the names that conditions look at."""
    first, last, user = (_values(views, names) for names in _NAMES)
    for mix in product(first, last, user):
        yield Person(*mix)


def _values(views: Views, names: tuple[str, ...]) -> list[str]:
    if not any(views.known(name) for name in names):
        return [""]
    told = [value for name in names for value in views.constants.get(name, ())]
    return [*dict.fromkeys(["", "Анна", *(value for value in told if isinstance(value, str))])]

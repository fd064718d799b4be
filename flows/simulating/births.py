"""How a simulated person comes in: by a link, a word, the start button, an event."""

from __future__ import annotations

from flows import events
from flows.events import Event
from flows.funnel import Entry
from flows.program import Program
from flows.simulating.happenings import happened

START = "start"
SUBSCRIBED = "subscribed"


def arrival(program: Program, by: str) -> Event | None:
    """The event by which somebody comes: a link's code, a word, ``/command``; None: there is none.

    An empty ``by`` is the funnel's own first way in.
    """
    if not by:
        return arrival(program, ways_in(program)[0])
    for entry in program.funnel.entry:
        if entry.trigger == "link" and any(_fits(pattern, by) for pattern in entry.matches):
            return events.Opened(by)
    if by == START:
        return events.Opened()
    for entry in program.funnel.entry:
        if entry.trigger in {"words", "command", "comment"}:
            texts = _texts(entry)
            if by in texts or f"/{by}" in texts:
                return _event(entry, by)
    return _from_outside(program, by)


def _from_outside(program: Program, by: str) -> Event | None:
    entries = program.funnel.entry
    if any(by in entry.event for entry in entries):
        return happened(program, by)
    triggers = {entry.trigger for entry in entries}
    if by == SUBSCRIBED and SUBSCRIBED in triggers:
        return events.BotAllowed()
    return events.Typed(by) if "any" in triggers else None


def ways_in(program: Program) -> list[str]:
    """What may stand for ``by``: start, links, words, commands, subscribing, events."""
    entries = program.funnel.entry
    links = [
        _code(pattern) for item in entries if item.trigger == "link" for pattern in item.matches
    ]
    start = [START for item in entries if item.trigger in {"start", "any"}]
    spoken = [
        text
        for item in entries
        if item.trigger in {"words", "command", "comment"}
        for text in _texts(item)
    ]
    told = [name for item in entries for name in item.event]
    allowed = [SUBSCRIBED for item in entries if item.trigger == SUBSCRIBED]
    return list(dict.fromkeys([*start, *links, *spoken, *allowed, *told])) or [START]


def _texts(entry: Entry) -> list[str]:
    if entry.trigger == "command":
        return [f"/{name}" for name in entry.matches]
    return ["хочу" if text == "*" else text for text in entry.matches]


def _event(entry: Entry, by: str) -> Event:
    if entry.trigger == "comment":
        return events.Commented(by, reachable=True)
    if entry.trigger == "command":
        return events.Typed(by if by.startswith("/") else f"/{by}")
    return events.Typed(by)


def _code(pattern: str) -> str:
    return pattern.replace("*", "1")


def _fits(pattern: str, code: str) -> bool:
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == code

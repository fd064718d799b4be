"""What each prospect must be told and when: the same answers given to the engine alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows import events
from flows.effects import CaptureLead
from flows.loading import Loaded, bundle_of
from flows.program import Bundle
from flows.rehearsal import EPOCH, Rehearsal
from tests.crash.people import Act, Person


@dataclass(frozen=True)
class Line:
    """One message as it must arrive; `kind` is the law's."""

    text: str
    labels: tuple[str, ...]
    at_us: int
    kind: str


@dataclass
class Reference:
    """The whole way of one prospect: messages in order, what they did, the lead."""

    lines: list[Line] = field(default_factory=list)
    acts: list[tuple[int, Act]] = field(default_factory=list)
    leads: list[CaptureLead] = field(default_factory=list)


def references(loaded: Loaded, people: Sequence[Person], start: datetime) -> dict[str, Reference]:
    """The way of every prospect, by their key."""
    assert loaded.project is not None
    bundles = {name: bundle_of(loaded, bot) for name, bot in loaded.project.bots.items()}
    return {one.key: _way(bundles[one.bot], one, start) for one in people}


def _way(bundle: Bundle, prospect: Person, start: datetime) -> Reference:
    stage = Rehearsal(bundle, microseconds(start), profile=prospect.profile)
    way = Reference()
    talker = prospect.talker()
    _play(stage, way, talker.begins())
    _answer(stage, way, talker.hears)
    while stage.fire_next():
        _answer(stage, way, talker.hears)
    way.leads = stage.leads
    return way


def _answer(stage: Rehearsal, way: Reference, hears: Callable[[str], list[Act]]) -> None:
    """Take down what was said, and let the prospect answer until nothing more is said."""
    while len(way.lines) < len(stage.messages):
        number, message, _ = stage.messages[len(way.lines)]
        labels = tuple(button.text for button in message.buttons)
        text = message.text.plain
        way.lines.append(Line(text, labels, stage.delivered[number], message.kind))
        _play(stage, way, hears(text))


def _play(stage: Rehearsal, way: Reference, acts: list[Act]) -> None:
    for act in acts:
        way.acts.append((stage.now_us, act))
        stage.hear(_event(stage, act))
        stage.run_until(stage.now_us)


def _event(stage: Rehearsal, act: Act) -> events.Event:
    if act.kind == "open":
        return events.Opened(act.value)
    if act.kind == "contact":
        return events.ContactShared(act.value, verified=True)
    if act.kind == "type":
        return events.Typed(act.value)
    found = stage.button(act.value)
    assert found is not None, f"no button {act.value}"
    number, button = found
    return events.Pressed(button.action, number, button.text)


def microseconds(moment: datetime) -> int:
    """Since 1970."""
    return round((moment - EPOCH).total_seconds() * 1_000_000)

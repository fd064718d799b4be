"""What the world outside may do next: answer a call, happen, let a manager speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows import effects, worlds
from flows.events import Event, ManagerReturned, ManagerTook, ManagerWrote, RequestAnswered, Typed
from flows.nodes.handover import Handover
from flows.nodes.team import Lead, Notify
from flows.program import Program
from flows.proving.states import Node
from flows.proving.told import other_data
from flows.proving.views import Views
from flows.state import Play

MANAGER = "Анна"
ANSWERED = frozenset({"http", "member", "do", "code", "slots", "book"})
"""Kinds of calls whose every outcome is known here; another one spoils the proof."""
_OUTCOMES: dict[tuple[str, str], dict[str, str]] = {
    ("member", "ok"): {"ru": "подписан", "en": "a member"},
    ("member", "no"): {"ru": "не подписан", "en": "no member"},
    ("slots", "ok"): {"ru": "есть свободное время", "en": "some times are free"},
    ("slots", "fail"): {"ru": "свободного времени нет", "en": "no time is free"},
    ("book", "ok"): {"ru": "время записано", "en": "the time is booked"},
    ("book", "taken"): {"ru": "это время только что заняли", "en": "the time is just taken"},
    ("code", "ok"): {"ru": "выдан код", "en": "a code is given"},
    ("code", "fail"): {"ru": "кодов больше нет", "en": "no codes are left"},
}
WORKED = {"ru": "ответ извне", "en": "an answer from outside"}
FAILED = {"ru": "извне не ответили", "en": "no answer from outside"}
TAKEN = {"ru": "менеджер взял разговор", "en": "a manager takes the conversation"}
WROTE = {"ru": "менеджер написал", "en": "a manager writes"}
RETURNED = {"ru": "менеджер вернул разговор", "en": "a manager gives it back"}
WRITES = {"ru": "человек пишет менеджеру", "en": "the person writes to the manager"}
HUMAN = {"ru": "«оператор»", "en": "“operator”"}
Happening = tuple[Event, Any]
"""What happens, and how it is told."""


def answers(program: Program, views: Views, node: Node) -> Iterator[Happening]:
    """Every way in which calls may end that somebody awaits."""
    run = node.run
    for request in awaited(node):
        assert run is not None
        for outcome, result in worlds.alternatives(request, node.now_us):
            told = _OUTCOMES.get((request.kind, outcome), WORKED if result["ok"] else FAILED)
            yield RequestAnswered(run.number, request.number, result), told
        for result, told in _other_answers(program, views, request):
            yield RequestAnswered(run.number, request.number, result), told


def awaited(node: Node) -> list[effects.Request]:
    """The calls that plays stand still for; those are left out whose answer is kept for later."""
    run, kept = node.run, node.conversation.person.handover
    deferred = {told.get("number") for told in kept.deferred} if kept is not None else set()
    found = [_awaited_by(node, play) for play in run.plays] if run else []
    return [each for each in found if each is not None and each.number not in deferred]


def _other_answers(
    program: Program, views: Views, request: effects.Request
) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    saved = _saved_of(program, request.place)
    for data, field, shown in other_data(program, views, saved, worlds.helpful(request)):
        told = {"ru": f"ответ извне: {field} = {shown}", "en": f"the answer: {field} = {shown}"}
        yield {"ok": True, "answer": data}, told


def _saved_of(program: Program, place: str) -> Mapping[str, str]:
    """The fields that a call fills from its answer, with their paths there."""
    address = program.places.get(place)
    step: Any = program.steps[address].step if address else None
    saved = getattr(getattr(step, "http", step), "save", None)
    return saved if isinstance(saved, dict) else {}


def _awaited_by(node: Node, play: Play) -> effects.Request | None:
    return node.requests.get(play.pause.request) if play.pause is not None else None


def unknown(node: Node) -> Iterator[str]:
    """What the person waits for, and nothing here can bring about, by name."""
    run, kept = node.run, node.conversation.person.handover
    for play in run.plays if run else ():
        pause = play.pause
        if pause is None:
            continue
        request = _awaited_by(node, play)
        if request is not None:
            if request.kind not in ANSWERED:
                yield request.kind
        elif not (kept is not None and kept.play == play.number) and not pause.timer:
            yield pause.place


def has_team(program: Program) -> bool:
    """Whether the funnel speaks to a team: somebody may then be asked for by a word."""
    return any(isinstance(laid.step, Lead | Notify | Handover) for laid in program.steps.values())


def managers(node: Node, views: Views) -> Iterator[Happening]:
    """While a team has the conversation: somebody takes it, writes, and gives it back."""
    kept = node.conversation.person.handover
    if kept is None:
        return
    yield Typed("Вы здесь?"), WRITES
    if not kept.manager:
        named = views.constants.get("manager", ())
        for name in dict.fromkeys((MANAGER, *(name for name in named if isinstance(name, str)))):
            if name:
                yield ManagerTook(name), TAKEN
    yield ManagerWrote(kept.manager or MANAGER, "Добрый день!"), WROTE
    yield ManagerReturned(kept.manager), RETURNED

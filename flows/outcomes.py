"""How a step may end that hangs on chance, time, people or the world outside, and how it did."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flows.answers.slot import Slot
from flows.nodes.ask import Ask
from flows.nodes.base import Move, Step
from flows.nodes.handover import Handover
from flows.nodes.member import Member
from flows.nodes.outside import OutsideStep
from flows.nodes.split import Split
from flows.nodes.wait import Wait

Words = tuple[str, str]
"""In Russian and in English."""
OK: tuple[str, Words] = ("ok", ("(ответ)", "(an answer)"))
FAILED: tuple[str, Words] = ("failed", ("(сбой)", "(a failure)"))


def of(step: Step) -> Iterator[tuple[str, Words]]:
    """Every outcome of the step with its words; none of a step that has but one."""
    match step:
        case Split():
            for variant in step.variants:
                words = f"split {step.split}: {variant}"
                yield variant, (words, words)
        case Wait():
            yield from _of_wait(step)
        case Handover():
            yield "below", ("(менеджер взял)", "(a manager took it)")
            yield "otherwise", ("(никто не взял)", "(nobody took it)")
        case Member():
            yield "then", ("(подписан)", "(a member)")
            yield "else", ("(не подписан)", "(no member)")
            yield FAILED
        case OutsideStep():
            yield OK
            yield FAILED
        case Ask(answer=Slot()):
            yield "none", ("(свободного времени нет)", "(no time is free)")
            yield "lost", ("(время только что заняли)", "(the time was just taken)")


def _of_wait(step: Wait) -> Iterator[tuple[str, Words]]:
    if step.until is None:
        yield "below", ("(время вышло)", "(the time ran out)")
        return
    yield "then", ("(дождались)", "(it came true)")
    yield "else", ("(время вышло)", "(the time ran out)")


def seen(step: Step, move: Move | None, notes: Collection[str], *, ok: bool = True) -> str:
    """Which of the outcomes it was; "" when none was yet.

    ``notes`` are the kinds of the step's notes, ``ok`` is what it was told of a success.
    """
    known = {outcome for outcome, _ in of(step)}
    if not known or move is None:
        return ""
    for note, outcome in (("call_failed", "failed"), ("no_slots", "none"), ("slot_lost", "lost")):
        if note in notes and outcome in known:
            return outcome
    if move.kind == "rest":
        return ""
    if isinstance(step, Handover):
        return "below" if ok else "otherwise"
    ended = move.target if move.kind == "into" else move.kind
    return ended if ended in known else "ok" if "ok" in known else ""

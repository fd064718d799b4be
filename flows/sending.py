"""Letters whose moment has come: sent, held, moved on or skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.asking import open_question
from flows.lettering import (
    advance_series,
    is_late,
    kind_of,
    moment_of,
    pass_on,
    place_of,
    plan,
    put,
    skip,
    stop,
    wake_at,
)
from flows.moving import Nowhere
from flows.playing import begin

if TYPE_CHECKING:
    from datetime import datetime

    from flows.events import LettersHeld, TimerFired
    from flows.funnel import Letter
    from flows.messages import MessageKind
    from flows.scene import Scene, Turn
    from flows.state import Person, SeriesRun

MAX_HOLD_US = 24 * 3_600 * 1_000_000
"""A letter waits for an open question at most a day."""
REMEMBERED_US = 3 * 24 * 3_600 * 1_000_000
"""How long a sent letter counts for the gap and the daily limits."""
PERHAPS_SENT = "perhaps sent before the database was restored"


def letter_fired(scene: Scene, event: TimerFired) -> None:
    """A letter's timer came due; a stale one changes nothing."""
    name = event.name.split(":")[1]
    run = scene.run.series.get(name)
    if run is None or run.timer != event.number:
        scene.note("stale", reason=event.name)
        return
    series = scene.program.funnel.series.get(name)
    letter = series.letter(run.letter) if series else None
    if series is None or letter is None:
        stop(scene, name, "the letter is gone")
    elif series.stop_when is not None and scene.holds(series.stop_when):
        stop(scene, name, "stop_when")
    elif _is_forgotten(event, run, letter):
        _pass_over(scene, name, run, letter)
    else:
        _send_or_not(scene, name, run, letter)


def _is_forgotten(event: TimerFired, run: SeriesRun, letter: Letter) -> bool:
    """Whether a life that the database forgot has perhaps sent it, and it must not come twice."""
    was_due = run.planned_us is not None and run.planned_us <= event.lost_until_us
    return was_due and (event.lost_letters or kind_of(letter) == "advertising")


def _pass_over(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> None:
    """The letter has perhaps been sent: the series goes on as if it had."""
    scene.note("skipped", place=f"{name}.{letter.id}", reason=PERHAPS_SENT)
    pass_on(run)
    advance_series(scene, name, run, letter)
    plan(scene, name)


def _send_or_not(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> None:
    why = _reason_to_skip(scene, run, letter)
    if why:
        _skip_on(scene, name, run, letter, why)
        return
    if _is_held(scene, name, run, letter):
        return
    due = moment_of(run.due_us or 0)
    place = place_of(scene, name, run, letter, due)
    if isinstance(place, Nowhere) or place.moment > scene.turn.now:
        _put_on(scene, name, run, letter, due)
        return
    _send(scene, name, run, letter)


def _skip_on(scene: Scene, name: str, run: SeriesRun, letter: Letter, why: str) -> None:
    if skip(scene, name, run, letter, why):
        plan(scene, name)


def _put_on(scene: Scene, name: str, run: SeriesRun, letter: Letter, moment: datetime) -> None:
    if not put(scene, name, run, letter, moment):
        plan(scene, name)


def _reason_to_skip(scene: Scene, run: SeriesRun, letter: Letter) -> str:
    if is_late(scene, run, letter):
        return "late"
    if letter.condition is not None and not scene.holds(letter.condition):
        return "if"
    if kind_of(letter) == "advertising" and not scene.may_advertise():
        return "no advertising consent"
    if _busy(letter) == "skip" and open_question(scene.turn) is not None:
        return "busy"
    return ""


def _busy(letter: Letter) -> str:
    return letter.busy or ("send" if kind_of(letter) == "service" else "hold")


def _is_held(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> bool:
    """Hold the letter while a question is open, at most a day from its moment."""
    if _busy(letter) != "hold" or open_question(scene.turn) is None:
        return False
    now_us = scene.turn.now_us
    run.held_us = run.held_us or now_us
    until_us = run.held_us + MAX_HOLD_US
    if now_us >= until_us:
        return False
    place = f"{name}.{letter.id}"
    scene.note("held", place=place, reason="a question is open", until_us=until_us)
    wake_at(scene, name, run, until_us, "busy")
    return True


def release(turn: Turn) -> None:
    """With no question open, letters that waited for one go by ``late`` and are placed again."""
    if open_question(turn) is not None:
        return
    for scene in turn.scenes():
        for name, run in list(scene.run.series.items()):
            letter = scene.program.funnel.series[name].letter(run.letter)
            if run.held_us is None or letter is None:
                continue
            run.held_us = None
            if is_late(scene, run, letter):
                _skip_on(scene, name, run, letter, "late")
            else:
                _put_on(scene, name, run, letter, moment_of(run.due_us or 0))


def count_sent(person: Person, now_us: int, kind: MessageKind) -> None:
    """Remember it for the gap and the daily limits; service letters count for neither."""
    if kind != "service":
        sent = [item for item in person.letters_sent if item[0] >= now_us - REMEMBERED_US]
        person.letters_sent = [*sent, [now_us, kind]]


def _send(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> None:
    kind, now_us = kind_of(letter), scene.turn.now_us
    pass_on(run)
    run.sent_us = now_us
    count_sent(scene.person, now_us, kind)
    place = f"{name}.{letter.id}"
    scene.note("sent", place=place)
    begin(scene, place, "letter")
    scene.play = None
    if scene.run.series.get(name) is run:
        advance_series(scene, name, run, letter)
        plan(scene, name)


def held_back(turn: Turn, event: LettersHeld) -> None:
    """A letter goes later than was decided: gap and limits count from when it really goes."""
    person, moved = turn.conversation.person, (event.decided_us, event.until_us)
    person.letters_sent = [[_moved(at, *moved), kind] for at, kind in person.letters_sent]
    for run in turn.live_runs():
        for series in run.series.values():
            series.sent_us = _moved(series.sent_us, *moved)


def _moved(at_us: int, decided_us: int, until_us: int) -> int:
    return until_us if decided_us <= at_us < until_us else at_us

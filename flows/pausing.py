"""Plays that stand still without a question: a ``wait`` for a time, a call outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows import effects
from flows.lettering import microseconds, moment_of
from flows.moving import released
from flows.nodes.base import REST, Move
from flows.playing import end, follow, go_on, leave
from flows.state import Pause, Play

if TYPE_CHECKING:
    from datetime import datetime

    from flows.events import RequestAnswered, TimerFired
    from flows.scene import Scene, Turn

LONG_US = 10 * 60 * 1_000_000
"""After a longer wait the play goes on by the clock and not by the person: quiet hours hold it."""


def wait_until(scene: Scene, moment: datetime, rule: str) -> Move:
    """Stand still on the stage's step until the moment."""
    assert scene.play is not None
    pause = stand_still(scene)
    _wake_at(scene, scene.play, pause, microseconds(moment), rule)
    return REST


def request(scene: Scene, kind: str, body: dict[str, Any]) -> Move:
    """Ask the world outside and stand still on the stage's step until it answers."""
    assert scene.play is not None
    pause = stand_still(scene)
    pause.request = scene.turn.number()
    scene.turn.do(effects.Request(scene.run.number, pause.request, kind, pause.place, body))
    return REST


def stand_still(scene: Scene) -> Pause:
    """The play on the stage stands still at its step."""
    play = scene.play
    assert play is not None
    turn = scene.turn
    play.pause = Pause(scene.place, turn.number(), turn.now_us, by_clock=turn.by_clock)
    return play.pause


def _wake_at(scene: Scene, play: Play, pause: Pause, due_us: int, rule: str) -> None:
    pause.until_us = due_us
    pause.timer = scene.turn.number()
    number, zone = scene.run.number, scene.zone.key
    name = f"wait:{play.number}"
    scene.turn.do(effects.SetTimer(number, name, pause.timer, due_us, rule=rule, zone=zone))


def wait_anew(scene: Scene, play: Play, pause: Pause) -> None:
    """Set the timer of a wait that came due while the person could not be written to."""
    if pause.timer == 0 and pause.until_us is not None:
        due_us = max(pause.until_us, scene.turn.now_us)
        _wake_at(scene, play, pause, due_us, "the person is back")


def wait_fired(scene: Scene, event: TimerFired) -> None:
    """A wait's timer came due; a stale one changes nothing."""
    number = int(event.name.split(":")[1])
    play = next((each for each in scene.run.plays if each.number == number), None)
    if play is None or play.pause is None or play.pause.timer != event.number:
        scene.note("stale", reason=event.name)
        return
    if _is_held(scene, play, play.pause):
        return
    play.pause.timer = 0
    if play.pause.answer is not None:
        _go_on_with(scene, play, play.pause.answer)
        return
    scene.turn.prompt = not play.pause.by_clock and _is_short(scene, play.pause)
    put_on_stage(scene, play)
    resume(scene, play, scene.laid.step.timed_out(scene) if scene.laid else Move("end"))


def _is_held(scene: Scene, play: Play, pause: Pause) -> bool:
    """Whether it must wait for the end of quiet hours; its timer is set to that."""
    now = scene.turn.now
    loud = now if _is_short(scene, pause) else released(now, scene.bundle.limits.quiet, scene.zone)
    if loud <= now:
        return False
    scene.note("held", place=pause.place, reason="quiet", until_us=microseconds(loud))
    _wake_at(scene, play, pause, microseconds(loud), "quiet")
    return True


def _is_short(scene: Scene, pause: Pause) -> bool:
    """Whether it goes on so soon that it still follows from what set it off."""
    return scene.turn.now_us - pause.base_us <= LONG_US


def answered(turn: Turn, event: RequestAnswered) -> None:
    """The world outside answered; an answer that nobody awaits changes nothing."""
    run = turn.run(event.run)
    scene = turn.scene(run) if run is not None and run.ended_us is None else None
    plays = scene.run.plays if scene else []
    waiting = (one for one in plays if one.pause and one.pause.request == event.number)
    play = next(waiting, None)
    if scene is None or play is None:
        turn.do(effects.Note("stale", event.run, reason="request"))
        return
    pause = play.pause
    assert pause is not None
    if pause.by_clock and _is_held(scene, play, pause):
        pause.request, pause.answer = 0, event.result
        return
    _go_on_with(scene, play, event.result)


def _go_on_with(scene: Scene, play: Play, result: dict[str, Any]) -> None:
    """Play on with the answer; what follows from it follows from what had asked."""
    put_on_stage(scene, play)
    assert scene.laid is not None
    scene.turn.clockwork = bool(play.pause and play.pause.by_clock)
    scene.note("answered_outside", reason="" if result.get("ok") else "failed")
    resume(scene, play, scene.laid.step.told(scene, result))


def put_on_stage(scene: Scene, play: Play) -> None:
    """The paused play and its step stand on the stage."""
    assert play.pause is not None
    scene.play = play
    address = scene.program.places.get(play.pause.place)
    scene.laid = scene.program.steps[address] if address else None


def resume(scene: Scene, play: Play, move: Move) -> None:
    """Leave the pause and go where the move leads."""
    if move.kind == "rest":
        return
    if move.kind == "end" or scene.laid is None:
        end(scene, play)
        return
    leave(scene, play)
    go_on(scene, play, follow(scene, play, move))


def settle_waits(turn: Turn) -> None:
    """After a turn: waits whose ``until`` came true go on; those on a field are planned anew."""
    for scene in turn.scenes():
        for play in list(scene.run.plays):
            if play.pause is not None and not play.pause.request:
                put_on_stage(scene, play)
                if scene.laid is not None:
                    _settle_wait(scene, play, play.pause)


def _settle_wait(scene: Scene, play: Play, pause: Pause) -> None:
    assert scene.laid is not None
    step = scene.laid.step
    move = step.came_true(scene)
    if move is not None:
        resume(scene, play, move)
    elif scene.turn.fields_changed:
        moment = step.wakes(scene, moment_of(pause.base_us))
        if moment is not None and microseconds(moment) != pause.until_us:
            _wake_at(scene, play, pause, max(microseconds(moment), scene.turn.now_us), "replanned")

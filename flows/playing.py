"""How a play goes: from step to step until somebody must wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import effects
from flows.nodes.base import Move
from flows.state import Origin, Play

if TYPE_CHECKING:
    from flows.scene import Scene

MAX_STEPS = 100
"""Steps in one turn without a rest; more is a loop that the checker should have found (R19)."""


def begin(scene: Scene, flow: str, origin: Origin, *, button: str = "") -> None:
    """Begin a play of a flow; one begun by the person drops the funnel's open plays."""
    if origin == "person":
        for open_play in list(scene.run.plays):
            end(scene, open_play)
    play = Play(scene.turn.number(), origin, flow, button=button)
    scene.run.plays.append(play)
    go_on(scene, play, scene.program.resolve(flow))


def go_on(scene: Scene, play: Play, address: str | None) -> None:
    """Play from the address until the play rests or ends."""
    scene.play = play
    for _ in range(MAX_STEPS):
        if address is None:
            if not play.calls:
                end(scene, play)
                return
            address = _return_address(scene, play)
            continue
        laid = scene.program.steps.get(address)
        if laid is None:
            scene.note("stopped", reason="the step is gone", place=address)
            break
        scene.laid = laid
        move = laid.step.enter(scene)
        if move.kind == "rest":
            return
        if move.kind == "end" or play not in scene.run.plays:
            break
        address = follow(scene, play, move)
    else:
        scene.note("stopped", reason="a loop without a wait")
    end(scene, play)


def follow(scene: Scene, play: Play, move: Move) -> str | None:
    """The address that a move leads to from the step on the stage."""
    assert scene.laid is not None
    if move.kind == "into":
        return scene.program.into(scene.laid, move.target)
    if move.kind == "go":
        play.calls.clear()
        return scene.program.resolve(move.target)
    if move.kind == "call":
        play.calls.append(scene.program.names[scene.laid.address])
        return scene.program.first(move.target)
    return scene.laid.below


def end(scene: Scene, play: Play) -> None:
    """End the play with all its calls."""
    leave(scene, play)
    last = scene.person.last
    if last is not None and (last.run, last.play) == (scene.run.number, play.number):
        last.trail = play.trail
    if play in scene.run.plays:
        scene.run.plays.remove(play)


def leave(scene: Scene, play: Play) -> None:
    """Leave the place where the play stands: its silence stops, queued reminders are taken back."""
    _resume(scene, play)
    rest = play.rest
    if rest is None:
        return
    quieten(scene, play)
    last = scene.person.last
    if last is not None and (last.run, last.visit) == (scene.run.number, rest.visit):
        last.chosen = rest.chosen
    if rest.reminders:
        scene.turn.do(
            effects.Withdraw(scene.run.number, place=rest.place, reason="the question is over")
        )
    play.rest = None


def _resume(scene: Scene, play: Play) -> None:
    """The play stands still no longer."""
    if play.pause is not None and play.pause.timer:
        scene.turn.do(effects.DropTimer(scene.run.number, f"wait:{play.number}"))
    play.pause = None


def quieten(scene: Scene, play: Play) -> None:
    """Stop the silence of the place where the play rests."""
    assert play.rest is not None
    if play.rest.timer:
        scene.turn.do(effects.DropTimer(scene.run.number, f"silence:{play.number}"))
        play.rest.timer = 0


def _return_address(scene: Scene, play: Play) -> str | None:
    place = play.calls.pop()
    address = scene.program.calls.get(place)
    return scene.program.steps[address].below if address else None

"""Presses: a button's frozen meaning, and which of them still count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows import booking, effects
from flows.answering import answer_key, marks_key, take
from flows.asking import open_question, show, show_again
from flows.choosing import edits_marks, marked_now, toggle, wrong_count
from flows.entering import newer_run, reopen
from flows.markup import RichText
from flows.nodes.ask import Ask
from flows.playing import begin
from flows.serving import PREVIEW, bot_phrase
from flows.state import LastQuestion, Play
from flows.trying import phrase_of
from flows.understanding import pressed_answer

if TYPE_CHECKING:
    from flows.events import Pressed
    from flows.scene import Scene, Turn


def pressed(turn: Turn, event: Pressed) -> None:
    """A button was pressed: it answers, starts a flow, marks the person, or is too old."""
    action = event.action
    if action is None:
        _too_old(turn)
    elif action["do"] == "go":
        _go(turn, action)
    elif action["do"] == "mark":
        _mark(turn, action)
    elif action["do"] == PREVIEW:
        turn.do(effects.Notice(phrase_of(turn, "inert")))
    else:
        _answer(turn, action)


def _answer(turn: Turn, action: dict[str, Any]) -> None:
    if action["do"] == "toggle":
        _toggle(turn, action)
        return
    key = _key(turn, action)
    if turn.conversation.person.pressed == key:
        turn.do(effects.Note("repeated", action["run"], action["place"]))
        return
    if action["do"] == "done" and _is_late_and_wrong(turn, action):
        return
    scene, play = _asked_by(turn, action)
    if scene is None or play is None:
        _too_old(turn)
        return
    scene.play = play
    taken = pressed_answer(scene, action)
    if taken is None:
        _refuse(scene, play, action)
        return
    take(scene, play, taken, action["place"])


def _toggle(turn: Turn, action: dict[str, Any]) -> None:
    """An option of a multiple choice: marked while the question is open."""
    found = open_question(turn)
    last = turn.conversation.person.last
    if found is not None:
        scene, play = found
        assert play.rest is not None
        step = scene.program.question(play.rest.place)
        is_open = (scene.run.number, play.rest.visit) == (action["run"], action["visit"])
        if is_open and isinstance(step, Ask) and action["option"] < len(step.options):
            toggle(scene, play, step, action["option"])
            return
    elif last is not None and (last.run, last.visit) == (action["run"], action["visit"]):
        # the question was left: «Готово» still answers it late, by what is marked then
        chosen = {*last.chosen} ^ {action["option"]}
        last.chosen = sorted(chosen)
        message: int = getattr(turn.event, "message", 0)
        if message:
            turn.do(effects.ShowMarks(message, tuple(last.chosen)))
        return
    _too_old(turn)


def _is_late_and_wrong(turn: Turn, action: dict[str, Any]) -> bool:
    """A late «Готово» with too few or too many marks: the person is told, nothing else changes."""
    last = turn.conversation.person.last
    run = turn.run(action["run"])
    scene = turn.scene(run) if run is not None and open_question(turn) is None else None
    if scene is None or last is None or last.place not in scene.program.places:
        return False
    step = scene.program.question(last.place)
    words = wrong_count(scene, step, last.chosen) if isinstance(step, Ask) else ""
    if words:
        turn.do(effects.Notice(words))
    return bool(words)


def _refuse(scene: Scene, play: Play, action: dict[str, Any]) -> None:
    """A press that is no answer: too few options are marked, or the words fit no more."""
    step = scene.program.question(action["place"])
    if not isinstance(step, Ask) or action["do"] != "done":
        _too_old(scene.turn)
        return
    words = wrong_count(scene, step, marked_now(scene.turn, play))
    if play.rest is not None and not edits_marks(scene, step):  # no pop-up is seen there
        show(scene, play, step, instead=RichText.of(words), restates=True)
    else:
        scene.turn.do(effects.Notice(words))


def _key(turn: Turn, action: dict[str, Any]) -> str:
    detail = str(action.get("option", action.get("text", "")))
    if action["do"] == "done":
        last = turn.conversation.person.last
        detail = marks_key(last.chosen) if last is not None else ""
    return answer_key(action["run"], action["visit"], action["do"], detail)


def _asked_by(turn: Turn, action: dict[str, Any]) -> tuple[Scene | None, Play | None]:
    """The run and the play that the button's question waits in: the open one, or the last one."""
    found = open_question(turn)
    if found is not None:
        scene, play = found
        assert play.rest is not None
        is_open = (scene.run.number, play.rest.visit) == (action["run"], action["visit"])
        return found if is_open else (None, None)
    last = turn.conversation.person.last
    if last is None or (last.run, last.visit) != (action["run"], action["visit"]):
        return None, None
    if action["do"] in {"back", *booking.ACTIONS}:
        return None, None
    return _asked_last(turn, last)


def _asked_last(turn: Turn, last: LastQuestion) -> tuple[Scene | None, Play | None]:
    """Nothing was asked since: the last question's button still answers it."""
    run = turn.run(last.run)
    if run is None or newer_run(turn, run) is not None:
        return None, None
    scene = reopen(turn, last.run)
    if scene is None or last.place not in scene.program.places:
        return None, None
    play = next((each for each in scene.run.plays if each.number == last.play), None)
    if play is None:
        flow = scene.program.steps[scene.program.places[last.place]].flow
        play = Play(last.play, last.origin, flow, trail=list(last.trail))
        scene.run.plays.append(play)
    play.calls = list(last.calls)
    return scene, play


def _go(turn: Turn, action: dict[str, Any]) -> None:
    button = str(action["number"])
    scene = reopen(turn, action["run"])
    if scene is None or action["flow"] not in scene.program.funnel.flows:
        _too_old(turn)
        return
    if any(play.button == button for play in scene.run.plays):
        scene.note("repeated", reason="the play it began is still going")
        return
    scene.note("passed", reason="go button", place=action["flow"])
    begin(scene, action["flow"], "person", button=button)


def _mark(turn: Turn, action: dict[str, Any]) -> None:
    run = turn.run(action["run"])
    run = (newer_run(turn, run) or run) if run is not None else None
    scene = turn.scene(run) if run is not None else None
    if scene is None:
        _too_old(turn)
        return
    scene.tag(action["tag"])
    scene.untag(action["untag"])
    for name, value in action["set"].items():
        scene.save(name, value)
    # Pressed twice, it marks the same; only its words are not said again.
    key = f"mark:{action['number']}"
    if action["reply"] and turn.conversation.person.pressed != key:
        scene.tell(RichText.from_json(action["reply"]))
    else:
        turn.do(effects.Notice(scene.phrase("marked")))
    turn.conversation.person.pressed = key


def _too_old(turn: Turn) -> None:
    """A short notice, and the open question again."""
    found = open_question(turn)
    turn.do(effects.Notice(bot_phrase(turn, "old_button")))
    turn.do(effects.Note("old_button"))
    if found is not None:
        show_again(*found)

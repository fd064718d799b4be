"""Presses: a button's frozen meaning, and which of them still count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows import effects
from flows.answering import Taken, take
from flows.asking import open_question, show_again
from flows.entering import reopen
from flows.markup import RichText
from flows.phrases import phrase
from flows.playing import begin
from flows.state import LastQuestion, Play

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
    else:
        _answer(turn, action)


def _answer(turn: Turn, action: dict[str, Any]) -> None:
    taken = Taken(action["do"], option=action.get("option", -1), value=action.get("text"))
    found = open_question(turn)
    if found is not None:
        scene, play = found
        assert play.rest is not None
        if scene.run.number == action["run"] and play.rest.visit == action["visit"]:
            take(scene, play, taken, action["place"])
            return
    last = turn.conversation.person.last
    if last is None or last.visit != action["visit"] or last.run != action["run"]:
        _too_old(turn)
    elif last.answer == taken.key:
        turn.do(effects.Note("repeated", action["run"], action["place"]))
    elif taken.what == "back" or found is not None:
        _too_old(turn)
    else:
        _answer_late(turn, last, taken)


def _answer_late(turn: Turn, last: LastQuestion, taken: Taken) -> None:
    """Nothing was asked since: the last question's button still answers it."""
    scene = reopen(turn, last.run)
    if scene is None or last.place not in scene.program.places:
        _too_old(turn)
        return
    play = next((each for each in scene.run.plays if each.number == last.play), None)
    if play is None:
        flow = scene.program.steps[scene.program.places[last.place]].flow
        play = Play(last.play, "person", flow, calls=list(last.calls))
        scene.run.plays.append(play)
    play.calls = list(last.calls)
    take(scene, play, taken, last.place)


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
    scene = turn.scene(run) if run is not None else None
    if scene is None:
        _too_old(turn)
        return
    scene.tag(action["tag"])
    scene.untag(action["untag"])
    for name, value in action["set"].items():
        scene.save(name, value)
    if action["reply"]:
        scene.tell(RichText.from_json(action["reply"]))
    else:
        turn.do(effects.Notice(scene.phrase("marked")))


def _too_old(turn: Turn) -> None:
    """A short notice, and the open question again."""
    found = open_question(turn)
    turn.do(effects.Notice(phrase("old_button", language_of(turn))))
    turn.do(effects.Note("old_button"))
    if found is not None:
        show_again(*found)


def language_of(turn: Turn) -> str:
    """The language of the bot's own words: of the newest run, else of its first funnel."""
    scenes: list[Scene] = turn.scenes()
    if scenes:
        return scenes[-1].language
    programs = list(turn.bundle.programs.values())
    return programs[0].funnel.language if programs else "ru"

"""A bad answer: what is said to it, and how often before the question is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows.answers import Bad
from flows.answers import hint as answer_hint
from flows.answers.file import File
from flows.answers.location import Location
from flows.answers.photo import Photo
from flows.asking import schedule_silence, show
from flows.choosing import marked_now, typed_options, wrong_count
from flows.events import words_of
from flows.markup import RichText
from flows.matching import same
from flows.nodes.ask import Ask
from flows.playing import go_on, leave, quieten

if TYPE_CHECKING:
    from flows.scene import Scene
    from flows.state import Play


def _many_hint(scene: Scene, step: Ask, text: str) -> str:
    labels = [scene.plain(option.text) for option in step.options]
    chosen = typed_options(text, labels)
    if chosen is None and scene.play is not None and same(scene.phrase("done"), text):
        chosen = marked_now(scene.turn, scene.play)
    return (chosen is not None and wrong_count(scene, step, chosen)) or scene.phrase(
        "choose_options"
    )


def misunderstood(scene: Scene, play: Play) -> None:
    """A bad answer: the hint with the question's buttons, or ``otherwise`` after too many."""
    assert play.rest is not None
    rest = play.rest
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[rest.place]]
    step = scene.laid.step
    rest.bad += 1
    rest.base_us = scene.turn.now_us
    scene.note("misunderstood")
    if isinstance(step, Ask) and step.attempts is not None and rest.bad >= step.attempts:
        leave(scene, play)
        go_on(scene, play, scene.program.into(scene.laid, "otherwise"))
        return
    quieten(scene, play)
    words, offers = _hint(scene, step)
    show(scene, play, scene.program.question(rest.place), instead=words, offers=offers)
    schedule_silence(scene, play)


def _hint(scene: Scene, step: Any) -> tuple[RichText, tuple[str, ...]]:
    """What to say to a bad answer, and the answers that may have been meant."""
    words, offers = _standard_hint(scene, step)
    if isinstance(step, Ask) and step.invalid is not None:
        return scene.render(step.invalid), offers
    return RichText.of(words), offers


def _standard_hint(scene: Scene, step: Any) -> tuple[str, tuple[str, ...]]:
    text = words_of(scene.turn.event)
    sought = step.answer if isinstance(step, Ask) else None
    if sought is not None and (text or isinstance(sought, File | Photo | Location)):
        bad = sought.read(text, scene.asked)
        if isinstance(bad, Bad):
            words = answer_hint(sought, bad, scene.language, scene.program.funnel.phrases)
            return words, bad.offers
    if isinstance(step, Ask) and step.many:
        return _many_hint(scene, step, text), ()
    if isinstance(step, Ask) and not step.options:
        return scene.phrase("text_expected"), ()
    return scene.phrase("choose_option"), ()

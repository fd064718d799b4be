"""What a message or a press means to a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows import albums, booking
from flows.answers import Asked, Bad, Text
from flows.answers.location import Location
from flows.answers.phone import Phone
from flows.answers.slot import Slot
from flows.choosing import marked_now, typed_options, wrong_count
from flows.events import ContactShared, Event, FileSent, LocationSent, words_of
from flows.matching import choose, same
from flows.nodes.ask import Ask

if TYPE_CHECKING:
    from flows.nodes.question import Question
    from flows.scene import Scene
    from flows.state import Play


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer understood: ``what`` it was (option, value, done, agree, refuse, skip, back).

    ``slot``, ``days`` and ``day`` are the choices of a question for a free time, in ``said``.

    ``said`` are the words of a value, as they were typed or stand on its button; ``chosen`` the
    options of a multiple choice that is done.
    """

    what: str
    option: int = -1
    value: Any = None
    verified: bool = False
    said: str = ""
    chosen: tuple[int, ...] = ()


def understood(scene: Scene, play: Play, event: Event) -> Taken | None:
    """What the message means to the open question; None when it does not fit it."""
    assert play.rest is not None
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[play.rest.place]]
    step = scene.program.question(play.rest.place)
    if isinstance(event, ContactShared):
        return _contact(step, event)
    sent = _sent(scene, step, event)
    text = words_of(event)
    if sent is not None or not text:
        return sent
    if isinstance(step, Ask) and isinstance(step.answer, Slot):
        chosen = booking.typed(scene, play, text)
        if chosen is not None:
            return chosen
    button = _button_named(scene, step, text)
    if button is not None or not isinstance(step, Ask):
        return button
    return _typed(scene, step, text)


def _sent(scene: Scene, step: Question, event: Event) -> Taken | None:
    """A file or a place, where the question asks for one."""
    if not isinstance(step, Ask):
        return None
    if isinstance(event, LocationSent) and isinstance(step.answer, Location):
        place = step.answer.shared(event.latitude, event.longitude, event.title)
        return Taken("value", value=place)
    files = albums.fitting(step, scene, event) if isinstance(event, FileSent) else []
    return Taken("value", value=files) if files else None


def _contact(step: Question, event: ContactShared) -> Taken | None:
    if isinstance(step, Ask) and isinstance(step.answer, Phone):
        value = step.answer.read(event.phone, Asked())
        if not isinstance(value, Bad):
            return Taken("value", value=value, verified=event.verified)
    return None


def _button_named(scene: Scene, step: Question, text: str) -> Taken | None:
    for button in step.buttons(scene):
        action = button.action
        if action and action["do"] not in _READ and same(button.text, text):
            return _closed(scene, step) if action["do"] == "done" else Taken(action["do"])
    return None


_READ = frozenset({"option", "toggle", "value"})
"""Buttons whose words are read as an answer rather than compared."""


def _closed(scene: Scene, step: Question) -> Taken | None:
    """«Готово»: what is marked is the answer, unless it is too little."""
    assert isinstance(step, Ask)
    assert scene.play is not None
    chosen = marked_now(scene.turn, scene.play)
    return None if wrong_count(scene, step, chosen) else Taken("done", chosen=tuple(chosen))


def _typed(scene: Scene, step: Ask, text: str) -> Taken | None:
    labels = [scene.plain(option.text) for option in step.options]
    if step.many:
        several = typed_options(text, labels)
        if several is None or wrong_count(scene, step, several):
            return None
        return Taken("done", chosen=tuple(several))
    chosen = choose(text, labels, numbers_allowed=step.answer is None) if labels else None
    if chosen is not None and not step.options[chosen].url:
        return Taken("option", option=chosen)
    if step.answer is None and not all(option.url for option in step.options):
        return None
    kind = step.answer or Text()
    value = kind.read(text, scene.asked)
    return None if isinstance(value, Bad) else Taken("value", value=value, said=text)


def pressed_answer(scene: Scene, action: dict[str, Any]) -> Taken | None:
    """What an answer button means; a ready value is read as if it had been typed."""
    if action["do"] == "done":
        return _closed(scene, scene.program.question(action["place"]))
    if action["do"] in booking.ACTIONS:
        return Taken(action["do"], said=action["text"])
    if action["do"] != "value":
        return Taken(action["do"], option=action.get("option", -1))
    step = scene.program.question(action["place"])
    assert isinstance(step, Ask)
    value = (step.answer or Text()).read(action["text"], scene.asked)
    if isinstance(value, Bad):
        return None
    return Taken("value", value=value, said=action["text"])

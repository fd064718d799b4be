"""Answers: what a typed text, a press or silence means to a question, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows import albums, effects
from flows.answers import Asked, Bad, Text
from flows.answers import hint as answer_hint
from flows.answers.city import City
from flows.answers.file import File
from flows.answers.location import Location
from flows.answers.phone import Phone
from flows.answers.photo import Photo
from flows.asking import schedule_silence, show
from flows.events import (
    ContactShared,
    Event,
    FileSent,
    LocationSent,
    Pressed,
    words_of,
)
from flows.markup import RichText
from flows.matching import choose, same
from flows.nodes.ask import Ask, Option
from flows.nodes.base import Move
from flows.nodes.consent import Consent
from flows.playing import follow, go_on, leave, quieten
from flows.sent import kept_files, names_of
from flows.state import Consent as Given

if TYPE_CHECKING:
    from flows.nodes.question import Question
    from flows.scene import Scene
    from flows.state import Play


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer understood: ``what`` it was (option, value, agree, refuse, skip, back).

    ``said`` are the words of a value, as they were typed or stand on its button.
    """

    what: str
    option: int = -1
    value: Any = None
    verified: bool = False
    said: str = ""


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
        if action and action["do"] not in {"option", "value"} and same(button.text, text):
            return Taken(action["do"])
    return None


def _typed(scene: Scene, step: Ask, text: str) -> Taken | None:
    labels = [scene.plain(option.text) for option in step.options]
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
    if action["do"] != "value":
        return Taken(action["do"], option=action.get("option", -1))
    step = scene.program.question(action["place"])
    assert isinstance(step, Ask)
    value = (step.answer or Text()).read(action["text"], scene.asked)
    if isinstance(value, Bad):
        return None
    return Taken("value", value=value, said=action["text"])


def take(scene: Scene, play: Play, taken: Taken, place: str) -> None:
    """The answer counts: it is written down and play goes on below, or where it leads."""
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[place]]
    step = scene.laid.step
    _show_choice(scene)
    _remember(scene, play, taken)
    message = play.rest.message if play.rest else 0
    leave(scene, play)
    if taken.what == "back":
        _go_back(scene, play)
        return
    scene.note("answered", option=_option_name(taken), data=_personal(taken, scene.language))
    if isinstance(step, Consent):
        _decide(scene, play, step, taken, message)
    else:
        assert isinstance(step, Ask)
        _write_down(scene, step, taken, place)
        if isinstance(scene.turn.event, FileSent):
            albums.answers(scene, place)
        _go_from(scene, play, step, taken)


def _remember(scene: Scene, play: Play, taken: Taken) -> None:
    last = scene.person.last
    visit = play.rest.visit if play.rest else last.visit if last else 0
    event = scene.turn.event
    detail = str(taken.option) if taken.what == "option" else ""
    if taken.what == "value" and isinstance(event, Pressed) and event.action:
        detail = event.action["text"]
    scene.person.pressed = answer_key(scene.run.number, visit, taken.what, detail)


def answer_key(run: int, visit: int, what: str, detail: str) -> str:
    """What makes two answers the same: typed or pressed, to one visit of a question."""
    return f"{run}:{visit}:{what}:{detail}"


def _option_name(taken: Taken) -> str:
    return f"option{taken.option}" if taken.what == "option" else taken.what


def _personal(taken: Taken, language: str) -> dict[str, Any]:
    """What the journal keeps sealed of a free answer."""
    if taken.what != "value":
        return {}
    files = kept_files(taken.value)
    return {"value": names_of(files, language) if files else str(taken.value)}


def _show_choice(scene: Scene) -> None:
    event = scene.turn.event
    if isinstance(event, Pressed) and event.message:
        scene.turn.do(effects.ShowChoice(event.message, event.text))


def _decide(scene: Scene, play: Play, step: Consent, taken: Taken, message: int) -> None:
    assert scene.laid is not None
    document = scene.bundle.documents[step.consent]
    action: Any = "given" if taken.what == "agree" else "refused"
    event = scene.turn.event
    if isinstance(event, Pressed) and event.message:
        message = event.message
    scene.person.consents[step.consent] = Given(action, document.version, scene.turn.now_us)
    scene.turn.do(
        effects.RecordConsent(
            scene.run.number,
            step.consent,
            document.version,
            document.sha256,
            action,
            scene.place,
            message,
        )
    )
    block = "refused" if action == "refused" else ""
    go_on(scene, play, scene.program.into(scene.laid, block) if block else scene.laid.below)


def _write_down(scene: Scene, step: Ask, taken: Taken, place: str) -> None:
    scene.forget_answer(place)
    option = step.options[taken.option] if taken.what == "option" else None
    if isinstance(step.answer, City):
        _learn_zone(scene, step.answer, option, taken)
    if step.save:
        scene.save(step.save, _value(scene, step, option, taken))
    if isinstance(step.answer, Phone) and taken.what == "value":
        scene.person.phone = str(taken.value)
        contact = effects.SaveContact("phone", str(taken.value), verified=taken.verified)
        scene.turn.do(contact)
    if option is not None:
        fresh = [tag for tag in option.tag if tag not in scene.person.tags]
        scene.tag(option.tag)
        scene.run.score += option.score
        scene.run.answers[place] = {"tags": fresh, "score": option.score}


def _learn_zone(scene: Scene, city: City, option: Option | None, taken: Taken) -> None:
    """The city tells the person's time zone: letters by the person's clock are planned again."""
    words = [taken.said]
    if option is not None:
        words = [scene.plain(option.text), option.value or ""]
    zone = next(filter(None, map(city.zone, words)), "")
    if zone:
        scene.note("zone_known", option=zone)
        scene.turn.fields_changed |= zone != scene.person.zone
        scene.person.zone, scene.person.zone_source = zone, "answer"


def _value(scene: Scene, step: Ask, option: Option | None, taken: Taken) -> Any:
    if taken.what == "skip":
        return None
    if option is None:
        return taken.value
    words = option.value if option.value is not None else scene.plain(option.text)
    if step.answer is None or not words:
        return words
    value = step.answer.read(words, scene.asked)  # «Завтра» beside `answer: date` is a day
    return words if isinstance(value, Bad) else value


def _go_from(scene: Scene, play: Play, step: Ask, taken: Taken) -> None:
    assert scene.laid is not None
    if taken.what != "option":
        go_on(scene, play, scene.laid.below)
        return
    option = step.options[taken.option]
    target = Move("go", option.go) if option.go else Move("into", f"option{taken.option}")
    go_on(scene, play, follow(scene, play, target))


def _go_back(scene: Scene, play: Play) -> None:
    """To the previous question of the play: score, tags and fields as they were there."""
    play.trail.pop()
    before = play.trail.pop()
    run = scene.run
    run.score = before.score
    run.answers = before.answers
    scene.person.tags = list(before.tags)
    for name in [*run.fields]:
        if run.fields[name] != before.fields.get(name):
            scene.save(name, before.fields.get(name))
    play.calls = list(before.calls)
    scene.note("back", place=before.place)
    go_on(scene, play, scene.program.places.get(before.place))


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
    if isinstance(step, Ask) and not step.options:
        return scene.phrase("text_expected"), ()
    return scene.phrase("choose_option"), ()

"""Answers that count: what is written down of them, and where play goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flows import albums, booking, effects
from flows.answers import Bad
from flows.answers.city import City
from flows.answers.phone import Phone
from flows.events import FileSent, Pressed
from flows.nodes.ask import Ask, Option
from flows.nodes.base import Move, Step
from flows.nodes.consent import Consent
from flows.playing import follow, go_on, leave
from flows.sent import kept_files, names_of
from flows.state import Consent as Given

if TYPE_CHECKING:
    from flows.scene import Scene
    from flows.state import Play
    from flows.understanding import Taken


def take(scene: Scene, play: Play, taken: Taken, place: str) -> None:
    """The answer counts: it is written down and play goes on below, or where it leads."""
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[place]]
    step = scene.laid.step
    if taken.what in booking.ACTIONS:
        _show_choice(scene, step, taken)
        booking.choose(scene, play, taken)
        return
    if taken.what == "done" and play.rest is not None:
        play.rest.chosen = list(taken.chosen)
    _show_choice(scene, step, taken)
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
    if taken.what == "done":
        detail = marks_key(taken.chosen)
    if taken.what == "value" and isinstance(event, Pressed) and event.action:
        detail = event.action["text"]
    scene.person.pressed = answer_key(scene.run.number, visit, taken.what, detail)


def answer_key(run: int, visit: int, what: str, detail: str) -> str:
    """What makes two answers the same: typed or pressed, to one visit of a question."""
    return f"{run}:{visit}:{what}:{detail}"


def marks_key(chosen: Iterable[int]) -> str:
    """What tells one multiple choice from another."""
    return ",".join(map(str, chosen))


def _option_name(taken: Taken) -> str:
    return f"option{taken.option}" if taken.what == "option" else taken.what


def _personal(taken: Taken, language: str) -> dict[str, Any]:
    """What the journal keeps sealed of an answer: the value, or the options that were chosen."""
    if taken.what == "done":
        return {"chosen": list(taken.chosen)}
    if taken.what != "value":
        return {}
    files = kept_files(taken.value)
    return {"value": names_of(files, language) if files else str(taken.value)}


def _show_choice(scene: Scene, step: Step, taken: Taken) -> None:
    event = scene.turn.event
    if isinstance(event, Pressed) and event.message:
        words = event.text
        if isinstance(step, Ask) and taken.what == "done":
            chosen = (scene.plain(step.options[index].text) for index in taken.chosen)
            words = ", ".join(chosen) or words
        scene.turn.do(effects.ShowChoice(event.message, words))


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
    given = [step.options[index] for index in taken.chosen] if option is None else [option]
    if isinstance(step.answer, City):
        _learn_zone(scene, step.answer, option, taken)
    if step.save:
        scene.save(step.save, _value(scene, step, option, taken))
    if isinstance(step.answer, Phone) and taken.what == "value":
        scene.person.phone = str(taken.value)
        contact = effects.SaveContact("phone", str(taken.value), verified=taken.verified)
        scene.turn.do(contact)
    if given:
        tags = list(dict.fromkeys(tag for each in given for tag in each.tag))
        score = sum(each.score for each in given)
        fresh = [tag for tag in tags if tag not in scene.person.tags]
        scene.tag(tags)
        scene.run.score += score
        scene.run.answers[place] = {"tags": fresh, "score": score}


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
    if taken.what == "done":
        several = (step.options[index] for index in taken.chosen)
        return [each.value or scene.plain(each.text) for each in several] or None
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

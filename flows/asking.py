"""Questions: how they are asked, parked, asked again, reminded of and left by silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import effects
from flows.moving import released
from flows.nodes.ask import Ask
from flows.nodes.question import Question
from flows.playing import go_on, leave, quieten
from flows.state import LastQuestion, Play, Rest, Step

if TYPE_CHECKING:
    from datetime import datetime

    from flows.events import TimerFired
    from flows.nodes.silence import Reminder
    from flows.scene import Scene, Turn

MAX_TRAIL = 50
SECOND_US = 1_000_000


def open_question(turn: Turn) -> tuple[Scene, Play] | None:
    """The one question that is open in the chat, with a scene of its run."""
    for scene in turn.scenes():
        for play in scene.run.plays:
            if play.rest is not None and not play.rest.parked:
                return scene, play
    return None


def ask(scene: Scene, step: Question) -> None:
    """Ask the question on the stage; a question that was open below is parked."""
    assert scene.play is not None
    play = scene.play
    _park_others(scene.turn, play)
    play.asked = True
    place = scene.place
    play.rest = Rest(place, scene.turn.number(), 0, scene.turn.now_us)
    if isinstance(step, Ask):
        _remember_for_back(scene, play, place)
    show(scene, play, step)
    scene.person.last = LastQuestion(
        scene.run.number, play.number, place, play.rest.visit, play.origin, list(play.calls)
    )
    schedule_silence(scene, play)


def show(scene: Scene, play: Play, step: Question, *, before: str = "") -> None:
    """Say the question with its buttons; ``before`` says something else in its place."""
    from flows.markup import RichText

    assert play.rest is not None
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[play.rest.place]]
    media, kind, columns = step.shown()
    text = RichText.of(before) if before else step.words(scene)
    play.rest.message = scene.tell(
        text,
        step.buttons(scene),
        kind=kind,
        media=() if before else media,
        columns=columns,
        visit=play.rest.visit,
    )


def show_again(scene: Scene, play: Play) -> None:
    """Show the open question once more; its buttons mean the same, old and new."""
    assert play.rest is not None
    show(scene, play, scene.program.question(play.rest.place))


def _park_others(turn: Turn, newer: Play) -> None:
    for scene in turn.scenes():
        for play in scene.run.plays:
            if play is not newer and play.rest is not None and not play.rest.parked:
                quieten(scene, play)
                play.rest.parked = True
                scene.note("parked", place=play.rest.place, reason="a newer question was asked")


def unpark(turn: Turn) -> None:
    """With no question open, ask the newest parked one anew: its silence starts afresh."""
    if open_question(turn) is not None:
        return
    parked = [
        (play.rest.visit, scene, play)
        for scene in turn.scenes()
        for play in scene.run.plays
        if play.rest is not None
    ]
    if not parked:
        return
    _, scene, play = max(parked, key=lambda item: item[0])
    assert play.rest is not None
    step = scene.program.question(play.rest.place)
    reminders = play.rest.reminders
    play.rest = Rest(play.rest.place, scene.turn.number(), 0, turn.now_us, reminders=reminders)
    show(scene, play, step)
    scene.person.last = LastQuestion(
        scene.run.number, play.number, play.rest.place, play.rest.visit, play.origin, play.calls[:]
    )
    schedule_silence(scene, play)


def _remember_for_back(scene: Scene, play: Play, place: str) -> None:
    run = scene.run
    answers = {name: dict(given) for name, given in run.answers.items()}
    snapshot = Step(
        place, list(play.calls), run.score, list(scene.person.tags), dict(run.fields), answers
    )
    play.trail = [*play.trail, snapshot][-MAX_TRAIL:]


def schedule_silence(scene: Scene, play: Play) -> None:
    """Set the timer of the next silence item, counted from the delivery or the last act."""
    assert play.rest is not None
    item = _next_item(scene, play)
    if item is None:
        play.rest.timer = 0
        return
    _set_timer(scene, play, play.rest.base_us + item.after, item)


def _set_timer(scene: Scene, play: Play, due_us: int, item: Reminder) -> None:
    assert play.rest is not None
    play.rest.timer = scene.turn.number()
    scene.turn.do(
        effects.SetTimer(
            scene.run.number,
            f"silence:{play.number}",
            play.rest.timer,
            due_us,
            rule=f"silence {item.after // SECOND_US}s",
            after=play.rest.message,
            zone=scene.zone.key,
        )
    )


def _next_item(scene: Scene, play: Play) -> Reminder | None:
    assert play.rest is not None
    items = scene.program.question(play.rest.place).silence or ()
    return items[play.rest.reminders] if play.rest.reminders < len(items) else None


def silence_fired(scene: Scene, event: TimerFired) -> None:
    """A silence timer came due: remind, or leave the question; a stale one changes nothing."""
    number = int(event.name.split(":")[1])
    play = next((each for each in scene.run.plays if each.number == number), None)
    if play is None or play.rest is None or play.rest.timer != event.number:
        scene.note("stale", reason=event.name)
        return
    item = _next_item(scene, play)
    if item is None:
        play.rest.timer = 0
        return
    due_us = _due(scene, play, item, event)
    if due_us > scene.turn.now_us:
        _set_timer(scene, play, due_us, item)
        return
    play.rest.timer = 0
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[play.rest.place]]
    if item.say is not None:
        _remind(scene, play, item)
    else:
        _leave_by_silence(scene, play)


def _due(scene: Scene, play: Play, item: Reminder, event: TimerFired) -> int:
    """When the item really falls: after delivery, the person's last act and quiet hours."""
    assert play.rest is not None
    now = scene.turn.now_us
    if event.waits_delivery and event.delivered_us is None:
        return now + max(item.after, SECOND_US)
    due_us = max(play.rest.base_us, event.delivered_us or 0) + item.after
    if due_us > now:
        return due_us
    loud: datetime = released(scene.turn.now, scene.bundle.limits.quiet, scene.zone)
    if loud > scene.turn.now:
        until = int(loud.timestamp() * 1_000_000)
        scene.note("held", reason="quiet", until_us=until)
        return until
    return now


def _remind(scene: Scene, play: Play, item: Reminder) -> None:
    assert play.rest is not None
    assert item.say is not None
    step = scene.program.question(play.rest.place)
    play.rest.reminders += 1
    scene.tell(scene.render(item.say), step.buttons(scene), visit=play.rest.visit)
    scene.note("reminded")
    schedule_silence(scene, play)


def _leave_by_silence(scene: Scene, play: Play) -> None:
    assert scene.laid is not None
    step = scene.laid.step
    scene.note("silent")
    if isinstance(step, Ask) and step.save:
        scene.save(step.save, None)
    leave(scene, play)
    go_on(scene, play, scene.program.into(scene.laid, "silence"))

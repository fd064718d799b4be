"""Questions: how they are asked, parked, asked again, reminded of and left by silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import effects
from flows.markup import RichText
from flows.messages import Button
from flows.moving import released
from flows.nodes.ask import Ask
from flows.nodes.base import BELOW, REST, Move
from flows.nodes.question import Question
from flows.playing import go_on, leave, quieten
from flows.state import LastQuestion, Play, Rest, Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flows.events import TimerFired
    from flows.messages import MessageKind
    from flows.nodes.silence import Reminder
    from flows.scene import Scene, Turn
    from flows.texts import WrittenText

MAX_TRAIL = 50
SECOND_US = 1_000_000


def open_question(turn: Turn) -> tuple[Scene, Play] | None:
    """The one question that is open in the chat, with a scene of its run."""
    for scene in turn.scenes():
        for play in scene.run.plays:
            if play.rest is not None and not play.rest.parked:
                return scene, play
    return None


def ask(scene: Scene, step: Question, *, offer: Sequence[int] = ()) -> Move:
    """Ask the question on the stage and rest there; one that was open below is parked.

    ``offer`` are the free times of a question for one.

    A question that is advertising and may not go is passed by.
    """
    assert scene.play is not None
    play = scene.play
    if isinstance(step, Ask) and scene.is_barred(kind_of(scene, step)):
        return BELOW
    _park_others(scene.turn, play)
    play.rest = Rest(scene.place, scene.turn.number(), 0, scene.turn.now_us, offer=list(offer))
    if isinstance(step, Ask) and scene.program.funnel.back:
        _remember_for_back(scene, play, play.rest.place)
    _put(scene, play, step)
    return REST


def _put(scene: Scene, play: Play, step: Question) -> None:
    """Show the question as the one asked last, and let its silence begin."""
    assert play.rest is not None
    play.asked = True
    show(scene, play, step)
    rest = play.rest
    scene.person.last = LastQuestion(
        scene.run.number, play.number, rest.place, rest.visit, play.origin, list(play.calls)
    )
    schedule_silence(scene, play)


def kind_of(scene: Scene, step: Question) -> MessageKind:
    """The kind of the question on the stage."""
    return step.shown()[1] or scene.default_kind


def show(
    scene: Scene,
    play: Play,
    step: Question,
    *,
    instead: RichText | None = None,
    offers: tuple[str, ...] = (),
    restates: bool = False,
) -> None:
    """Say the question with its buttons; ``instead`` are words to say in its place.

    ``offers`` are answers that may have been meant: they get buttons of their own. ``restates``
    tells that a channel which can change its messages would say nothing.
    """
    assert play.rest is not None
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[play.rest.place]]
    media, _, columns = step.shown()
    kind = kind_of(scene, step)
    text = instead or step.words(scene)
    if isinstance(step, Ask) and kind == "advertising":
        text = scene.with_advert_marks(text, step)
    offered = (Button(words, scene.answer_action("value", text=words)) for words in offers)
    play.rest.message = scene.tell(
        text,
        (*offered, *step.buttons(scene)),
        kind=kind,
        media=() if instead else (*step.pictures(scene.plain), *media),
        columns=columns,
        visit=play.rest.visit,
        restates=restates,
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
    """With no question open, ask the newest parked one again."""
    if open_question(turn) is not None:
        return
    parked = [
        (play.rest.visit, scene, play)
        for scene in turn.scenes()
        for play in scene.run.plays
        if play.rest is not None
    ]
    if parked:
        _, scene, play = max(parked, key=lambda item: item[0])
        bring_up(scene, play)


def bring_up(scene: Scene, play: Play) -> None:
    """Ask a parked question again: its silence starts afresh, its old buttons mean the same."""
    assert play.rest is not None
    _park_others(scene.turn, play)
    play.rest.parked = False
    play.rest.base_us = scene.turn.now_us
    _put(scene, play, scene.program.question(play.rest.place))


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
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[play.rest.place]]
    due_us = _due(scene, play, item, event)
    if due_us > scene.turn.now_us:
        _set_timer(scene, play, due_us, item)
        return
    play.rest.timer = 0
    if item.say is not None:
        _remind(scene, play, item, item.say)
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


def _remind(scene: Scene, play: Play, item: Reminder, words: WrittenText) -> None:
    rest = play.rest
    assert rest is not None
    step = scene.program.question(rest.place)
    rest.reminders += 1
    # Reminders held through the night or an outage keep their distance, and do not come at once.
    following = _next_item(scene, play)
    if following and rest.base_us + following.after <= scene.turn.now_us:
        rest.base_us = scene.turn.now_us - item.after
    schedule_silence(scene, play)
    kind = kind_of(scene, step) if isinstance(step, Ask) else scene.default_kind
    if scene.is_barred(kind):
        return
    text = scene.render(words)
    if isinstance(step, Ask) and kind == "advertising":
        text = scene.with_advert_marks(text, step)
    _, _, columns = step.shown()
    scene.tell(text, step.buttons(scene), kind=kind, columns=columns, visit=rest.visit)
    scene.note("reminded")


def _leave_by_silence(scene: Scene, play: Play) -> None:
    assert scene.laid is not None
    step = scene.laid.step
    scene.note("silent")
    assert play.rest is not None
    scene.forget_answer(play.rest.place)
    if isinstance(step, Ask) and step.save:
        scene.save(step.save, None)
    leave(scene, play)
    go_on(scene, play, scene.program.into(scene.laid, "silence"))

"""``advance``: what one event does to a conversation. Pure: no clock, no ids, no I/O."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flows import effects, events, handing, meaning
from flows.asking import silence_fired, unpark
from flows.broadcasts.sending import broadcast_came
from flows.copying import copy_of
from flows.effects import Effect
from flows.entering import end_the_finished
from flows.events import Event, Profile
from flows.happening import happened
from flows.lettering import replan, stop_where_due
from flows.pausing import answered, settle_waits, wait_fired
from flows.program import Bundle
from flows.scene import Turn
from flows.sending import held_back, letter_fired, release
from flows.state import Conversation

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NIGHT_US = 24 * 3_600 * 1_000_000


def advance(
    bundle: Bundle,
    conversation: Conversation,
    event: Event,
    now: datetime,
    profile: Profile | None = None,
) -> tuple[Conversation, list[Effect]]:
    """The conversation after ``event`` happened at ``now``, and what must be done about it.

    The conversation that is given stays as it was. ``profile`` is what the channel tells of the
    person beside the event.
    """
    after = copy_of(conversation)
    return after, take_turn(bundle, after, event, now, profile)


def take_turn(
    bundle: Bundle,
    conversation: Conversation,
    event: Event,
    now: datetime,
    profile: Profile | None = None,
) -> list[Effect]:
    """What :func:`advance` gives, the conversation changed in place: for those who own it."""
    turn = Turn(bundle, conversation, event, (now - EPOCH) // timedelta(microseconds=1))
    _forget_the_future(turn)
    if profile is not None:
        _learn(conversation, profile)
    _happen(turn, event)
    _settle(turn)
    if bundle.watch is not None:
        bundle.watch(turn)
    return turn.effects


def _happen(turn: Turn, event: Event) -> None:
    if isinstance(event, events.TimerFired):
        _fire(turn, event)
    elif isinstance(event, events.LettersHeld):
        held_back(turn, event)
    elif isinstance(event, events.BroadcastCame):
        broadcast_came(turn, event)
    elif handing.is_managers(event):
        handing.heard(turn, event)
    elif isinstance(event, events.RequestAnswered):
        if not handing.is_theirs(turn, event):
            answered(turn, event)
    elif isinstance(event, events.EventHappened | events.CodeRedeemed):
        if not handing.is_theirs(turn, event):
            happened(turn, event)
            stop_where_due(turn)
    else:
        meaning.hear(turn, event)
        stop_where_due(turn)


def _learn(conversation: Conversation, profile: Profile) -> None:
    person = conversation.person
    for name in ("first_name", "last_name", "username", "gender"):
        value = getattr(profile, name)
        if value:
            setattr(person, name, value)


def _forget_the_future(turn: Turn) -> None:
    """What was sent while the clock was ahead was sent now: it must not hold back letters for years."""
    person, now_us = turn.conversation.person, turn.now_us
    far_us = now_us + NIGHT_US  # letters that wait for the morning lie ahead too
    if any(at > far_us for at, _ in person.letters_sent):
        person.letters_sent = [[min(at, now_us), kind] for at, kind in person.letters_sent]
    for run in turn.live_runs():
        for series in run.series.values():
            series.sent_us = now_us if series.sent_us > far_us else series.sent_us
            series.held_us = None if series.held_us is None else min(series.held_us, now_us)


def _fire(turn: Turn, event: events.TimerFired) -> None:
    run = turn.run(event.run)
    scene = turn.scene(run) if run is not None and run.ended_us is None else None
    if event.name.startswith("handover:"):
        handing.fired(turn, event)
    elif scene is None:
        turn.do(effects.Note("stale", event.run, reason=event.name))
    elif turn.conversation.person.blocked or turn.conversation.person.handover:
        meaning.park_timer(scene, event)
    elif event.name.startswith("series:"):
        letter_fired(scene, event)
    elif event.name.startswith("wait:"):
        wait_fired(scene, event)
    else:
        silence_fired(scene, event)


def _settle(turn: Turn) -> None:
    """What follows from every turn: parked questions return, held letters go, runs end."""
    if turn.returned is not None:
        meaning.wake_up(turn)
        for event in handing.deferred(turn):
            _happen(turn, event)
    if turn.conversation.person.handover is not None:
        return
    settle_waits(turn)
    unpark(turn)
    if turn.fields_changed:
        replan(turn)
    release(turn)
    if turn.live_runs():
        turn.conversation.person.stopped = False
    end_the_finished(turn)

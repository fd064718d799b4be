"""What becomes of a broadcast for one person, decided at the moment when their turn comes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows import effects
from flows.asking import open_question
from flows.broadcasts.segment import matches
from flows.broadcasts.times import deadline
from flows.lettering import microseconds, moment_of, sending_limits
from flows.messages import Message
from flows.moving import Hours, Placed, placed
from flows.program import Laid
from flows.sending import count_sent
from flows.state import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.broadcasts.file import Broadcast
    from flows.events import BroadcastCame
    from flows.program import Program
    from flows.scene import Scene, Turn

LOOK_AGAIN_US = 3_600_000_000
"""How long someone who talks, with the bot or with a manager, is left alone."""


def broadcast_came(turn: Turn, event: BroadcastCame) -> None:
    """Send it, put it off, or skip it; the journal and the figures know why."""
    decided = _decided(turn, event)
    place = event.broadcast.place_name
    if decided.outcome == "queued":
        turn.do(effects.Note("sent", place=place))
    else:
        kind = "skipped" if decided.outcome == "skipped" else "held"
        until_us = decided.until_us or None
        turn.do(effects.Note(kind, place=place, reason=decided.reason, until_us=until_us))
    turn.do(decided)


def _decided(turn: Turn, event: BroadcastCame) -> effects.DecideBroadcast:
    broadcast = event.broadcast
    reason = _reason_to_skip(turn, event)
    if reason:
        return effects.DecideBroadcast("skipped", reason)
    scene = scene_of(turn, broadcast)
    if scene is None or not matches(broadcast.to, scene, turn):
        return effects.DecideBroadcast("skipped", "segment")
    last_us = microseconds(deadline(broadcast, moment_of(event.planned_us), _zone(turn)))
    if turn.now_us > last_us:
        return effects.DecideBroadcast("skipped", "late")
    reason, until_us = _reason_to_wait(turn, broadcast)
    if reason and (until_us is None or until_us > last_us):
        return effects.DecideBroadcast("skipped", reason)
    if reason:
        return effects.DecideBroadcast("later", reason, until_us or 0)
    _say(scene, broadcast)
    return effects.DecideBroadcast("queued")


def _reason_to_skip(turn: Turn, event: BroadcastCame) -> str:
    """Why this person does not get it at all; an empty text when they may."""
    person, broadcast = turn.conversation.person, event.broadcast
    given = person.consents.get("advertising")
    agreed = given is not None and given.action == "given"
    is_advert = broadcast.kind == "advertising"
    reasons = {
        "stopped": event.halted,
        "blocked": person.blocked,
        "unsubscribed": person.stopped,
        "channel": is_advert and turn.bundle.deny_advertising,
        "consent": is_advert and not agreed,
        "busy": broadcast.when_busy == "skip" and open_question(turn) is not None,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _reason_to_wait(turn: Turn, broadcast: Broadcast) -> tuple[str, int | None]:
    """Why it may not go now, and when it may (None: never)."""
    person, now_us = turn.conversation.person, turn.now_us
    if person.handover is not None:
        return "handover", now_us + LOOK_AGAIN_US
    found = open_question(turn) if broadcast.when_busy == "hold" else None
    if found is not None and found[1].rest is not None:
        free_us = found[1].rest.base_us + LOOK_AGAIN_US
        if free_us > now_us:
            return "busy", free_us
    limits = turn.bundle.limits
    zone = _zone(turn)
    place = placed(
        turn.now,
        kind=broadcast.kind,
        now=turn.now,
        hours=Hours(None, None, limits.quiet, zone, turn.bundle.calendar),
        gap=timedelta(microseconds=limits.gap),
        limits=sending_limits(limits),
        last_sent=[(moment_of(at), kind) for at, kind in person.letters_sent],
    )
    if isinstance(place, Placed) and place.moment <= turn.now:
        return "", None
    # what was over a limit waits for the morning as well: the limit is the reason
    reason = next((each for each in ("limit", "gap") if each in place.reasons), "quiet")
    return reason, microseconds(place.moment) if isinstance(place, Placed) else None


def _zone(turn: Turn) -> ZoneInfo:
    """The person's zone; the project's until it is known."""
    return ZoneInfo(turn.conversation.person.zone or turn.bundle.timezone)


def scene_of(turn: Turn, broadcast: Broadcast) -> Scene | None:
    """The run that texts and conditions look at: the last one of the funnel, else of any.

    None when the broadcast names a funnel that the person has never been in.
    """
    run = next(_runs(turn, broadcast.to.funnel), None)
    if run is not None:
        scene = turn.scene(run)
    elif broadcast.to.funnel:
        return None
    else:
        scene = _blank(turn)
    if scene is not None:
        place = broadcast.place_name
        scene.laid = Laid(broadcast, place, None, place)
    return scene


def _runs(turn: Turn, funnel: str) -> Iterator[Run]:
    """The person's runs, those that live first, then the newest."""
    found = [run for run in turn.conversation.runs if funnel in ("", run.funnel)]
    yield from sorted(found, key=lambda run: (run.ended_us is not None, -run.number))


def _blank(turn: Turn) -> Scene | None:
    """A scene of nobody's run: the words of the bot's first funnel, no fields."""
    from flows.scene import Scene

    program: Program | None = next(iter(turn.bundle.programs.values()), None)
    if program is None:
        return None
    return Scene(turn, Run(0, program.funnel.funnel, program.hash, turn.now_us), program)


def _say(scene: Scene, broadcast: Broadcast) -> None:
    turn = scene.turn
    rich = scene.render(broadcast.say)
    if broadcast.kind == "advertising":
        rich = scene.with_advert_marks(rich, broadcast)
    message = Message(
        rich,
        broadcast.frozen(scene),
        None,
        tuple(broadcast.media()),
        broadcast.kind,
        broadcast.typing,
    )
    number, place = turn.number(), broadcast.place_name
    turn.do(effects.Say(number, message, "broadcast", scene.run.number, place))
    count_sent(scene.person, turn.now_us, broadcast.kind)

"""Hand-overs: while a team has the conversation the bot is silent, and hears when it is back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flows import effects, events
from flows.asking import open_question
from flows.durations import written
from flows.lettering import microseconds, moment_of
from flows.markup import RichText
from flows.matching import ERASE, HUMAN, MY_DATA, service_word
from flows.moving import released
from flows.nodes.team import Lead, Notify
from flows.pausing import put_on_stage, resume
from flows.playing import quieten
from flows.sent import names_of
from flows.serving import bot_phrase, bot_says, served
from flows.state import Handover

if TYPE_CHECKING:
    from flows.events import Event, TimerFired
    from flows.nodes.base import Step
    from flows.scene import Scene, Turn

DAY_US = 24 * 3_600 * 1_000_000
MANAGERS = (events.ManagerTook, events.ManagerWrote, events.ManagerReturned)
RELAYED = (
    events.Typed,
    events.Pressed,
    events.Opened,
    events.ContactShared,
    events.FileSent,
    events.LocationSent,
    events.Unreadable,
)
UNHEARD = (events.Commented, events.BotAllowed, events.Joined)
"""What can only begin a run: while a team has the person none begins."""
DEFERRED = (events.RequestAnswered, events.EventHappened, events.CodeRedeemed)
"""What the bot hears when the conversation is its own again."""


def begin(turn: Turn, team: str, run: int, play: int = 0, quiet_us: int = DAY_US) -> None:
    """Give the conversation to the team; the open question waits to be asked anew."""
    found = open_question(turn)
    if found is not None and found[1].rest is not None:
        quieten(*found)
        found[1].rest.parked = True
    now = turn.now_us
    turn.conversation.person.handover = Handover(team, run, play, now, now, quiet_us)
    words = bot_phrase(turn, "waits_for_human")
    turn.do(effects.HandOver(run, team, turn.number(), words))
    turn.do(effects.Note("handed_over", run, option=team))
    _set_timer(turn, now + quiet_us)


def _set_timer(turn: Turn, due_us: int) -> None:
    kept = turn.conversation.person.handover
    scene = _scene(turn)
    if kept is None or scene is None:  # outside any run: looked at with the next message
        return
    kept.timer = turn.number()
    rule = f"handover {written(moment_of(kept.quiet_us) - moment_of(0))}"
    number, zone = scene.run.number, scene.zone.key
    timer = effects.SetTimer(number, "handover:0", kept.timer, due_us, rule=rule, zone=zone)
    turn.do(timer)


def _scene(turn: Turn) -> Scene | None:
    kept = turn.conversation.person.handover
    run = turn.run(kept.run) if kept is not None else None
    return turn.scene(run) if run is not None else None


def asked_for(turn: Turn, text: str) -> bool:
    """Whether the person asked for a human, and a team was there to be asked."""
    if service_word(text) != HUMAN:
        return False
    found = _team_of(turn)
    if found is None:
        return False
    team, run = found
    bot_says(turn, RichText.of(bot_phrase(turn, "operator")))
    begin(turn, team, run)
    turn.do(effects.Relay(team, text))
    return True


def _team_of(turn: Turn) -> tuple[str, int] | None:
    """The first team that the newest run's funnel speaks of, else any funnel of the bot."""
    runs = reversed(turn.conversation.runs)
    known = [(program, run.number) for run in runs if (program := _program(turn, run))]
    known += [(program, 0) for program in turn.bundle.programs.values()]
    for program, number in known:
        for laid in program.steps.values():
            team = _named(laid.step)
            if team:
                return team, number
    return None


def _named(step: Step) -> str:
    """The team that the step speaks to."""
    match step:
        case Lead():
            return step.team
        case Notify():
            return step.notify
    return str(getattr(step, "handover", ""))


def _program(turn: Turn, run: Any) -> Any:
    return turn.bundle.program(run.funnel, run.program)


def is_theirs(turn: Turn, event: Event) -> bool:
    """Whether the team has the conversation, so that the bot only passes the event on."""
    kept = turn.conversation.person.handover
    if kept is None:
        return False
    if isinstance(event, RELAYED) and turn.now_us >= kept.last_us + kept.quiet_us:
        give_back(turn, "silence")
        return False
    if isinstance(event, DEFERRED):
        kept.deferred.append({"event": type(event).__name__, **asdict(event)})
        return True
    if isinstance(event, UNHEARD):
        turn.do(effects.Note("ignored", reason="the conversation is handed over"))
        return True
    return isinstance(event, RELAYED) and not _is_the_bots(event) and _relay(turn, event)


def _is_the_bots(event: Event) -> bool:
    """«Стоп» and ``/privacy`` are the bot's all the same; so are the person's own data."""
    word = service_word(event.text) if isinstance(event, events.Typed) else None
    if word in {MY_DATA, ERASE}:
        return False
    return word not in {None, HUMAN}


def _relay(turn: Turn, event: Event) -> bool:
    kept = turn.conversation.person.handover
    assert kept is not None
    if isinstance(event, events.Typed) and served(turn, event.text):
        return True
    kept.last_us = turn.now_us
    turn.do(effects.Relay(kept.team, _told(event)))
    return True


def _told(event: Event) -> str:
    """What the person did, in words for the team."""
    match event:
        case events.Typed(text) | events.Pressed(text=text):
            told = text
        case events.Opened(code):
            told = f"/start {code}".strip()
        case events.ContactShared(phone):
            told = phone
        case events.FileSent():
            kept = [{"name": file.name, "kind": file.kind} for file in event.files]
            told = " ".join(filter(None, (f"[{names_of(kept, 'ru')}]", event.caption)))
        case events.LocationSent():
            told = f"{event.title} {event.latitude:.6f}, {event.longitude:.6f}".strip()
        case _:
            told = f"[{getattr(event, 'kind', '')}]"
    return told


def is_managers(event: Event) -> bool:
    """Whether a manager did it, and not the person."""
    return isinstance(event, MANAGERS)


def heard(turn: Turn, event: Event) -> None:
    """What a manager did."""
    match event:
        case events.ManagerTook():
            _took(turn, event.manager, event.run)
        case events.ManagerWrote():
            _wrote(turn, event)
        case events.ManagerReturned():
            give_back(turn, "returned")


def _took(turn: Turn, manager: str, run_number: int) -> None:
    kept = turn.conversation.person.handover
    if not run_number and kept is not None:
        kept.manager, kept.last_us = manager, turn.now_us
        turn.do(effects.Note("taken", kept.run, option=manager))
    run = turn.run(run_number or (kept.run if kept else 0))
    if run is not None:
        run.manager = manager


def _wrote(turn: Turn, event: events.ManagerWrote) -> None:
    kept = turn.conversation.person.handover
    if kept is not None and not kept.manager:
        _took(turn, event.manager, 0)
    if kept is not None:
        kept.last_us = turn.now_us
    turn.do(effects.Note("manager_wrote", kept.run if kept else 0, option=event.manager))
    bot_says(turn, RichText.of(event.text))


def fired(turn: Turn, event: TimerFired) -> None:
    """Nobody has written for long: the bot is back, when it may speak."""
    kept = turn.conversation.person.handover
    scene = _scene(turn)
    if kept is None or scene is None or kept.timer != event.number:
        turn.do(effects.Note("stale", event.run, reason=event.name))
        return
    if turn.conversation.person.blocked:
        kept.timer = 0
        turn.do(effects.Note("held", event.run, reason="the person blocked the bot"))
        return
    due_us = kept.last_us + kept.quiet_us
    loud_us = microseconds(released(turn.now, scene.bundle.limits.quiet, scene.zone))
    if max(due_us, loud_us) > turn.now_us:
        _set_timer(turn, max(due_us, loud_us))
        return
    give_back(turn, "silence")


def wake(turn: Turn) -> None:
    """The person can be written to again: set the timer that came due meanwhile."""
    kept = turn.conversation.person.handover
    if kept is not None and not kept.timer:
        _set_timer(turn, max(kept.last_us + kept.quiet_us, turn.now_us))


def give_back(turn: Turn, reason: str) -> None:
    """The conversation is the bot's again: the play goes on below the step that handed it over."""
    kept = turn.conversation.person.handover
    if kept is None:
        turn.do(effects.Note("stale", reason="not handed over"))
        return
    scene = _scene(turn)
    drop(turn, reason)
    turn.returned = list(kept.deferred)
    play = (
        next((one for one in scene.run.plays if one.number == kept.play), None) if scene else None
    )
    if scene is None or play is None or play.pause is None:
        return
    put_on_stage(scene, play)
    if scene.laid is not None:
        resume(scene, play, scene.laid.step.told(scene, {"ok": bool(kept.manager)}))


def drop(turn: Turn, reason: str = "стоп") -> None:
    """The conversation is nobody's but the bot's; nothing is played."""
    kept = turn.conversation.person.handover
    if kept is None:
        return
    if kept.timer:
        turn.do(effects.DropTimer(kept.run, "handover:0"))
    turn.conversation.person.handover = None
    turn.do(effects.TakeBack(kept.team, reason))
    turn.do(effects.Note("taken_back", kept.run, reason=reason, option=kept.manager))


def deferred(turn: Turn) -> list[Event]:
    """The events that waited for the bot's return, once."""
    waiting, turn.returned = turn.returned or [], None
    found = []
    for told in waiting:
        data = dict(told)
        found.append(getattr(events, data.pop("event"))(**data))
    return found

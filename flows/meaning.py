"""What a message means: the order of language.md §4, from «стоп» down to ``any``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import albums, effects, events, handing, pressing
from flows.answering import take
from flows.asking import open_question, schedule_silence
from flows.entering import enter, find, finish
from flows.events import Event, FileSent, Unreadable, words_of
from flows.lettering import plan
from flows.markup import RichText, Span
from flows.matching import command, urgent_word
from flows.misunderstanding import misunderstood
from flows.pausing import wait_anew
from flows.phrases import phrase
from flows.serving import bot_phrase, bot_says, served
from flows.trying import TRIED, tried
from flows.understanding import understood

if TYPE_CHECKING:
    from flows.events import Commented, TimerFired
    from flows.scene import Scene, Turn


SENT = (events.ContactShared, events.FileSent, events.LocationSent, events.Unreadable)
SPOKEN = (events.Typed, events.Pressed, events.Opened, *SENT, *TRIED)
"""What a person does in the chat itself: it shows that the bot may write, silence starts anew."""


def hear(turn: Turn, event: Event) -> None:
    """What the person did, and not the clock."""
    if isinstance(event, events.BotBlocked):
        turn.conversation.person.blocked = True
        turn.do(effects.CallOff("blocked"))
        turn.do(effects.Note("blocked"))
        return
    _revive(turn, event)
    if tried(turn, event):
        return
    if not handing.is_theirs(turn, event):
        _understand(turn, event)
    if isinstance(event, SPOKEN):
        _begin_silence_anew(turn)


def _revive(turn: Turn, event: Event) -> None:
    person = turn.conversation.person
    if person.blocked and _may_write_again(event):
        person.blocked = False
        turn.do(effects.Note("revived"))
        wake_up(turn)


def _understand(turn: Turn, event: Event) -> None:
    match event:
        case events.Pressed(action={"do": "open", "code": code}):
            opened(turn, code)
        case events.Pressed():
            pressing.pressed(turn, event)
        case events.Opened():
            opened(turn, event.code)
        case _ if isinstance(event, (events.Typed, *SENT)):
            heard(turn, event)
        case events.Commented():
            commented(turn, event)
        case events.Clicked():
            _clicked(turn, event)
        case events.BotAllowed() | events.Joined():
            _subscribed(turn)
        case _:
            pass


def _may_write_again(event: Event) -> bool:
    if isinstance(event, events.Commented | events.Joined):
        return event.reachable
    return isinstance(event, (*SPOKEN, events.BotAllowed))


def _begin_silence_anew(turn: Turn) -> None:
    """``after`` counts from the person's last message: the timer looks at this when it fires."""
    found = open_question(turn)
    if found is not None and found[1].rest is not None:
        found[1].rest.base_us = turn.now_us


def _clicked(turn: Turn, event: events.Clicked) -> None:
    run = turn.run(event.run)
    if run is not None and event.track not in run.clicks:
        run.clicks.append(event.track)
    turn.do(effects.Note("clicked", event.run, option=event.track))


def opened(turn: Turn, code: str) -> None:
    """The start button or a deep link; an unknown code enters as ``start``."""
    found = (find(turn, "link", code) if code else None) or find(turn, "start")
    if found is None:
        found = find(turn, "any")
    if found is None:
        turn.do(effects.Note("ignored", reason="no entry by start"))
        return
    enter(turn, *found, link=code)


def heard(turn: Turn, event: Event) -> None:
    """One incoming message, by the order of meaning; words under a file are words."""
    text = words_of(event)
    if text and (_service(turn, text) or _command(turn, text)):
        return
    if isinstance(event, FileSent) and albums.goes_on(turn, event):
        return
    found = open_question(turn)
    if found is not None and not isinstance(event, Unreadable):
        scene, play = found
        taken = understood(scene, play, event)
        if taken is not None:
            assert play.rest is not None
            take(scene, play, taken, play.rest.place)
            return
    if text and (served(turn, text) or handing.asked_for(turn, text)):
        return
    entry = find(turn, "words", text) if text else None
    if entry is not None:
        enter(turn, *entry)
    elif found is not None:
        misunderstood(*found)
    else:
        _anything(turn)


def _anything(turn: Turn) -> None:
    first = not turn.conversation.runs
    found = (find(turn, "start") if first else None) or find(turn, "any")
    if found is None:
        turn.do(effects.Note("ignored", reason="no entry fits"))
    else:
        enter(turn, *found)


def _command(turn: Turn, text: str) -> bool:
    found = command(text)
    if found is None:
        return False
    name, argument = found
    if name == "start":
        opened(turn, argument)
        return True
    entry = find(turn, "command", name)
    if entry is None:
        return False
    enter(turn, *entry)
    return True


def _service(turn: Turn, text: str) -> bool:
    word = urgent_word(text)
    if word == "stop":
        stop(turn)
    elif word == "privacy" and text.strip().startswith("/"):
        _privacy(turn)
    elif word == "human":
        return handing.asked_for(turn, text)
    else:
        return False
    return True


def stop(turn: Turn) -> None:
    """«стоп»: advertising is withdrawn, every play, series and reminder of the bot ends."""
    words = bot_phrase(turn, "stopped")
    handing.drop(turn)
    turn.returned = None  # what a hand-over kept for the bot's return begins nothing now
    for run in turn.conversation.runs:
        if run.ended_us is None:
            finish(turn, run, "стоп")
        else:  # its last letter may still be queued
            turn.do(effects.Withdraw(run.number, reason="стоп"))
    given = turn.conversation.person.consents.get("advertising")
    if given is not None and given.action == "given":
        given.action = "withdrawn"
        given.at_us = turn.now_us
        document = turn.bundle.documents.get("advertising")
        is_same = document is not None and document.version == given.version
        digest = document.sha256 if document and is_same else ""
        record = effects.RecordConsent(0, "advertising", given.version, digest, "withdrawn", "")
        turn.do(record)
    turn.conversation.person.last = None
    turn.conversation.person.pressed = ""
    turn.conversation.person.stopped = True
    turn.do(effects.CallOff("стоп"))
    turn.do(effects.Note("stopped"))
    bot_says(turn, RichText.of(words))


def _privacy(turn: Turn) -> None:
    document = turn.bundle.documents.get("privacy")
    if document is None or not document.url:
        bot_says(turn, RichText.of(bot_phrase(turn, "privacy_none")))
        return
    lead = bot_phrase(turn, "privacy", title="", url="").strip()
    bot_says(turn, RichText((Span(lead + " "), Span(document.title, url=document.url))))


def _subscribed(turn: Turn) -> None:
    """Messages were allowed or the community was joined: it can enter, and resumes nothing."""
    if isinstance(turn.event, events.Joined) and not turn.event.reachable:
        turn.do(effects.Note("ignored", reason="joined, but may not be written to"))
        return
    found = find(turn, "subscribed")
    if found is None or any(run.funnel == found[0].funnel.funnel for run in turn.live_runs()):
        return
    enter(turn, *found)


def commented(turn: Turn, event: Commented) -> None:
    """A comment under a post: it can only enter, in private where that is allowed."""
    found = find(turn, "comment", event.text)
    if found is None:
        turn.do(effects.Note("ignored", reason="no entry by comment"))
        return
    if event.reachable:
        enter(turn, *found)
        return
    program, _ = found
    codes = [code for item in program.funnel.entry for code in item.link if "*" not in code]
    funnel = program.funnel
    words = phrase("comment_reply", funnel.language, funnel.phrases, link="{link}")
    turn.do(effects.ReplyToComment(words, codes[0] if codes else ""))


def park_timer(scene: Scene, event: TimerFired) -> None:
    """The bot may not speak now: the timer waits until it may."""
    blocked = scene.person.blocked
    why = "the person blocked the bot" if blocked else "the conversation is handed over"
    scene.note("held", reason=why)
    kind, name = event.name.split(":")
    if kind == "series":
        run = scene.run.series.get(name)
        if run is not None and run.timer == event.number:
            run.timer = 0
        return
    for play in scene.run.plays:
        for stand in (play.rest, play.pause):
            if stand is not None and stand.timer == event.number:
                stand.timer = 0


def wake_up(turn: Turn) -> None:
    """The person is back: what came due meanwhile is planned again."""
    for scene in turn.scenes():
        for name, series in list(scene.run.series.items()):
            if series.timer == 0 and not series.parked:
                plan(scene, name)
        for play in scene.run.plays:
            if play.rest is not None and not play.rest.parked and play.rest.timer == 0:
                schedule_silence(scene, play)
            if play.pause is not None:
                wait_anew(scene, play, play.pause)
    handing.wake(turn)

"""Entries: which funnel a message begins or resumes, and what happens to those already inside."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flows import effects
from flows.asking import bring_up, show_again
from flows.filters import format_moment
from flows.funnel import Entry, Trigger
from flows.lettering import next_letter
from flows.markup import RichText
from flows.matching import contains_words
from flows.nodes.outside import fit_for, found_at
from flows.playing import begin, end
from flows.state import Origin, Run
from flows.values import is_empty

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a deep link may carry; of anything else only the start is kept."""

if TYPE_CHECKING:
    from flows.program import Program
    from flows.scene import Scene, Turn


def find(turn: Turn, trigger: Trigger, text: str = "") -> tuple[Program, Entry] | None:
    """The entry that fires: the first funnel of the bot that has one, its best match."""
    for program in turn.bundle.programs.values():
        best: tuple[int, Entry | None] = (0, None)
        for entry in program.funnel.entry:
            weight = _weight(entry, text) if entry.trigger == trigger else 0
            best = (weight, entry) if weight > best[0] else best
        if best[1] is not None:
            return program, best[1]
    return None


def _weight(entry: Entry, text: str) -> int:
    """How exactly the entry matches; 0 when it does not."""
    if entry.trigger in {"start", "subscribed", "any"}:
        return 1
    if entry.trigger == "link":
        return max(_link_weight(pattern, text) for pattern in entry.matches)
    if entry.trigger in {"command", "event"}:
        return int(text in entry.matches)
    if "*" in entry.matches:
        return 1
    return int(any(contains_words(text, phrase) for phrase in entry.matches))


def _link_weight(pattern: str, code: str) -> int:
    if pattern.endswith("*"):
        return len(pattern) if code.startswith(pattern[:-1]) else 0
    return 1_000 if pattern == code else 0


def enter(turn: Turn, program: Program, entry: Entry, link: str = "") -> None:
    """The person came in by the entry: a run begins, or the one that lives goes on."""
    run = live_run(turn, program.funnel.funnel)
    earlier = _earlier(turn, program.funnel.funnel)
    if run is None and earlier is not None and entry.once:
        _refuse(turn, earlier)
        return
    if run is not None and entry.restart:
        finish(turn, run, "restarted")
        run = None
    if run is None:
        _begin_run(turn, program, entry, link)
        return
    scene = turn.scene(run)
    if scene is None:
        return
    if entry.flow:
        begin(scene, entry.flow, "person")
    else:
        _resume(scene)


def enter_by_event(
    turn: Turn, program: Program, entry: Entry, event: str, data: dict[str, Any]
) -> None:
    """An event lets the person in, or plays on top of what they are doing; nobody is refused aloud."""
    run, earlier = (look(turn, program.funnel.funnel) for look in (live_run, _earlier))
    if run is None and earlier is not None and entry.once:
        turn.do(effects.Note("ignored", earlier.number, reason="was here before", option=event))
        return
    if run is not None and entry.restart:
        finish(turn, run, "restarted")
        run = None
    if run is None:
        _begin_run(turn, program, entry, "", lambda scene: _happen(scene, entry, event, data))
        return
    scene = turn.scene(run)
    if scene is not None:
        _save_from(scene, entry, data)
        if entry.flow:
            begin(scene, entry.flow, "event")


def _happen(scene: Scene, entry: Entry, event: str, data: dict[str, Any]) -> Origin:
    scene.run.events.append(event)
    _save_from(scene, entry, data)
    return "event"


def _save_from(scene: Scene, entry: Entry, data: dict[str, Any]) -> None:
    """What the event brought; a value that it lacks leaves the field as it was."""
    for field, path in (entry.save or {}).items():
        value = found_at(data, path)
        if is_empty(value):
            scene.note("event_lacks", reason=path, option=entry.matches[0])
        else:
            scene.save(field, fit_for(scene, field, value))


def _by_person(_scene: Scene) -> Origin:
    return "person"


def live_run(turn: Turn, funnel: str) -> Run | None:
    """The person's living run of the funnel."""
    return next((run for run in turn.live_runs() if run.funnel == funnel), None)


def _earlier(turn: Turn, funnel: str) -> Run | None:
    found = [run for run in turn.conversation.runs if run.funnel == funnel]
    return found[-1] if found else None


def _begin_run(
    turn: Turn,
    program: Program,
    entry: Entry,
    link: str,
    origin: Callable[[Scene], Origin] = _by_person,
) -> None:
    name = program.funnel.funnel
    earlier = _earlier(turn, name)
    link = link if CODE.fullmatch(link) else ""
    run = Run(turn.number(), name, program.hash, turn.now_us, link=link)
    run.fields = dict(earlier.fields if earlier else turn.conversation.person.known.get(name, {}))
    turn.conversation.runs.append(run)
    scene = turn.scene(run)
    assert scene is not None
    turn.do(effects.Note("entered", run.number, reason=entry.trigger, data={"link": link}))
    start_values(scene)
    for field, written in (entry.set or {}).items():
        scene.save(field, scene.value(written))
    scene.tag(entry.tag)
    begin(scene, entry.flow or "main", origin(scene))


def _refuse(turn: Turn, earlier: Run) -> None:
    scene = turn.scene(earlier)
    if scene is not None:
        scene.tell(RichText.of(scene.phrase("already_done")))


def start_values(scene: Scene) -> None:
    """Fill the fields that begin with a value."""
    for name, spec in scene.program.funnel.fields.items():
        if spec.value is not None and scene.run.fields.get(name) is None:
            scene.save(name, scene.value(spec.value))


def _resume(scene: Scene) -> None:
    """Show the funnel's question; with none open say so, with the next letter's time."""
    resting = [play for play in scene.run.plays if play.rest is not None]
    if resting:
        play = resting[-1]
        assert play.rest is not None
        (bring_up if play.rest.parked else show_again)(scene, play)
        return
    moment = next_letter(scene)
    if moment is None:
        scene.tell(RichText.of(scene.phrase("already")))
        return
    pattern = "d MMMM, HH:mm"
    words = format_moment(moment.astimezone(scene.zone), pattern, scene.language)
    scene.tell(RichText.of(scene.phrase("already_next", moment=words)))


def finish(turn: Turn, run: Run, reason: str) -> None:
    """End the run: its plays, series, timers and queued letters go."""
    scene = turn.scene(run)
    if scene is not None:
        for play in list(run.plays):
            end(scene, play)
        scene.stop_series("", reason)
    run.plays.clear()
    run.series.clear()
    run.ended_us = turn.now_us
    turn.do(effects.Withdraw(run.number, reason=reason))
    turn.do(effects.Note("ended", run.number, reason=reason))


def newer_run(turn: Turn, run: Run) -> Run | None:
    """The living run of the funnel that took the place of an ended one."""
    return live_run(turn, run.funnel) if run.ended_us is not None else None


def reopen(turn: Turn, number: int) -> Scene | None:
    """A scene of the run that a button belongs to; an ended one lives again, unless a newer does."""
    run = turn.run(number)
    if run is None:
        return None
    newer = newer_run(turn, run)
    if run.ended_us is not None and newer is None:
        run.ended_us = None
        # The fields are the person's: a later run of the funnel may have filled them.
        run.fields = dict((_earlier(turn, run.funnel) or run).fields)
        turn.do(effects.Note("reopened", run.number))
    return turn.scene(newer or run)


def end_the_finished(turn: Turn) -> None:
    """Runs with no play and no series are over."""
    for run in turn.live_runs():
        if not run.plays and not run.series:
            run.ended_us = turn.now_us
            turn.do(effects.Note("ended", run.number, reason="nothing is left"))

"""Entries: which funnel a message begins or resumes, and what happens to those already inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import effects
from flows.asking import open_question, show_again, unpark
from flows.filters import format_moment
from flows.funnel import Entry, Trigger
from flows.lettering import next_letter
from flows.markup import RichText
from flows.matching import contains_words
from flows.playing import begin, end
from flows.state import Run

if TYPE_CHECKING:
    from flows.program import Program
    from flows.scene import Scene, Turn


def find(turn: Turn, trigger: Trigger, text: str = "") -> tuple[Program, Entry] | None:
    """The entry that fires: the first funnel of the bot that has one, its best match."""
    best: tuple[int, Program, Entry] | None = None
    for program in turn.bundle.programs.values():
        for entry in program.funnel.entry:
            weight = _weight(entry, text) if entry.trigger == trigger else 0
            if weight > (best[0] if best else 0):
                best = (weight, program, entry)
    return (best[1], best[2]) if best else None


def _weight(entry: Entry, text: str) -> int:
    """How exactly the entry matches; 0 when it does not."""
    if entry.trigger in {"start", "any"}:
        return 1
    if entry.trigger == "link":
        return max(_link_weight(pattern, text) for pattern in entry.matches)
    if entry.trigger == "command":
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
    run = _live(turn, program.funnel.funnel)
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
        _resume(turn, scene)


def _live(turn: Turn, funnel: str) -> Run | None:
    return next((run for run in turn.live_runs() if run.funnel == funnel), None)


def _earlier(turn: Turn, funnel: str) -> Run | None:
    found = [run for run in turn.conversation.runs if run.funnel == funnel]
    return found[-1] if found else None


def _begin_run(turn: Turn, program: Program, entry: Entry, link: str) -> None:
    name = program.funnel.funnel
    earlier = _earlier(turn, name)
    run = Run(turn.number(), name, program.hash, turn.now_us, link=link)
    run.fields = dict(earlier.fields) if earlier else {}
    turn.conversation.runs.append(run)
    scene = turn.scene(run)
    assert scene is not None
    if earlier is not None and entry.once:
        turn.conversation.runs.remove(run)
        scene.tell(RichText.of(scene.phrase("already_done")))
        return
    turn.do(effects.Note("entered", run.number, reason=entry.trigger, data={"link": link}))
    _start_values(scene)
    for field, written in (entry.set or {}).items():
        scene.save(field, scene.value(written))
    scene.tag(entry.tag)
    begin(scene, entry.flow or "main", "person")


def _start_values(scene: Scene) -> None:
    for name, spec in scene.program.funnel.fields.items():
        if spec.value is not None and scene.run.fields.get(name) is None:
            scene.save(name, scene.value(spec.value))


def _resume(turn: Turn, scene: Scene) -> None:
    """Show the open question; with none open say so, with the next letter's time."""
    unpark(turn)
    found = open_question(turn)
    if found is not None:
        show_again(*found)
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


def reopen(turn: Turn, number: int) -> Scene | None:
    """A scene of the run that a button belongs to; an ended one lives again, unless a newer does."""
    run = turn.run(number)
    if run is None:
        return None
    if run.ended_us is not None:
        newer = _live(turn, run.funnel)
        if newer is None:
            run.ended_us = None
            turn.do(effects.Note("reopened", run.number))
        run = newer or run
    return turn.scene(run)


def end_the_finished(turn: Turn) -> None:
    """Runs with no play and no series are over."""
    for run in turn.live_runs():
        if not run.plays and not run.series:
            run.ended_us = turn.now_us
            turn.do(effects.Note("ended", run.number, reason="nothing is left"))

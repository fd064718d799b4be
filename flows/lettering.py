"""Series: how timed letters are planned, moved, held, skipped and sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows import effects
from flows.asking import open_question
from flows.late import verdict
from flows.moving import Hours, Nowhere, Placed, placed
from flows.playing import begin, end
from flows.state import SeriesRun
from flows.when import field_of, planned, written_when

if TYPE_CHECKING:
    from flows.events import TimerFired
    from flows.funnel import Letter, Series
    from flows.messages import MessageKind
    from flows.scene import Scene, Turn

MAX_HOLD_US = 24 * 3_600 * 1_000_000
"""A letter waits for an open question at most a day."""
REMEMBERED_US = 3 * 24 * 3_600 * 1_000_000
"""How long a sent letter counts for the gap and the daily limits."""


def start(scene: Scene, name: str) -> None:
    """Start the series; a running one is left alone, one that must stop does not start."""
    if name in scene.run.series:
        return
    series = scene.program.funnel.series[name]
    if series.stop_when is not None and scene.holds(series.stop_when):
        scene.note("skipped", place=name, reason="stop_when is true at the start")
        return
    if not series.letters:
        return
    if name in scene.run.done:
        scene.run.done.remove(name)
    now = scene.turn.now_us
    scene.run.series[name] = SeriesRun(series.letters[0].id, now, now)
    scene.note("started", place=name)
    plan(scene, name, at_entry=True)


def stop(scene: Scene, name: str, reason: str) -> None:
    """Stop the series: its timer, its queued letters and its open question go."""
    if scene.run.series.pop(name, None) is None:
        return
    scene.turn.do(effects.DropTimer(scene.run.number, f"series:{name}"))
    scene.turn.do(effects.Withdraw(scene.run.number, series=name, reason=reason))
    scene.note("series_stopped", place=name, reason=reason)
    for play in list(scene.run.plays):
        if play.origin == "letter" and play.flow.startswith(f"{name}.") and play is not scene.play:
            end(scene, play)


def plan(scene: Scene, name: str, *, at_entry: bool = False) -> None:
    """Plan the series' next letter; letters that are past by their `late` rule are skipped."""
    while (run := scene.run.series.get(name)) is not None:
        letter = scene.program.funnel.series[name].letter(run.letter)
        if letter is None:
            stop(scene, name, "the letter is gone")
            return
        moment = _planned(scene, name, run, letter)
        run.parked = moment is None
        if moment is None:
            _park(scene, name, run)
            return
        run.planned_us = _us(moment)
        rule = letter.late_rule
        if verdict(rule, due=moment, now=scene.turn.now, at_entry=at_entry) == "send":
            _set_timer(scene, name, run, letter, moment)
            return
        skip(scene, name, run, letter, "late")


def _park(scene: Scene, name: str, run: SeriesRun) -> None:
    run.planned_us = run.due_us = None
    run.timer = 0
    scene.turn.do(effects.DropTimer(scene.run.number, f"series:{name}"))
    scene.note("parked", place=f"{name}.{run.letter}", reason="its field is empty")


def _planned(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> datetime | None:
    field = field_of(letter.when)
    value = scene.context().get(field) if field else None
    return planned(
        letter.when,
        previous=_moment(run.previous_us),
        person_zone=_zone(scene, name),
        funnel_zone=scene.funnel_zone,
        calendar=scene.bundle.calendar,
        field_value=value if isinstance(value, datetime) else None,
    )


def _zone(scene: Scene, name: str) -> ZoneInfo:
    series: Series = scene.program.funnel.series[name]
    return scene.funnel_zone if series.zone == "funnel" else scene.zone


def _set_timer(
    scene: Scene, name: str, run: SeriesRun, letter: Letter, moment: datetime
) -> Placed | None:
    """Set the letter's timer where it falls; None (and the letter skipped) when it falls nowhere."""
    place = _placed(scene, name, run, letter, moment)
    if isinstance(place, Nowhere):
        skip(scene, name, run, letter, "nowhere: " + ", ".join(place.reasons))
        return None
    run.due_us = _us(place.moment)
    run.timer = scene.turn.number()
    address = f"{name}.{letter.id}"
    if place.reasons:
        scene.note("moved", place=address, reason=", ".join(place.reasons), until_us=run.due_us)
    scene.turn.do(
        effects.SetTimer(
            scene.run.number,
            f"series:{name}",
            run.timer,
            run.due_us,
            rule=written_when(letter.when),
            zone=_zone(scene, name).key,
        )
    )
    return place


def _placed(
    scene: Scene, name: str, run: SeriesRun, letter: Letter, moment: datetime
) -> Placed | Nowhere:
    limits = scene.bundle.limits
    hours = Hours(
        letter.days, letter.window, limits.quiet, _zone(scene, name), scene.bundle.calendar
    )
    return placed(
        moment,
        kind=kind_of(letter),
        now=scene.turn.now,
        hours=hours,
        after=_moment(run.sent_us) if run.sent_us else None,
        gap=timedelta(microseconds=limits.gap),
        limits=_limits(scene),
        last_sent=[(_moment(at), kind) for at, kind in scene.person.letters_sent],
    )


def _limits(scene: Scene) -> dict[str, int]:
    limits = scene.bundle.limits
    named = {
        "requested": limits.requested_per_day,
        "advertising": limits.advertising_per_day,
    }
    return {kind: limit for kind, limit in named.items() if limit is not None}


def kind_of(letter: Letter) -> MessageKind:
    """The letter's kind: what the clock sends is requested unless it says otherwise."""
    return letter.kind or "requested"


def letter_fired(scene: Scene, event: TimerFired) -> None:
    """A letter's timer came due: it is sent, held, moved on or skipped."""
    name = event.name.split(":")[1]
    run = scene.run.series.get(name)
    if run is None or run.timer != event.number:
        scene.note("stale", reason=event.name)
        return
    series = scene.program.funnel.series.get(name)
    letter = series.letter(run.letter) if series else None
    if series is None or letter is None:
        stop(scene, name, "the letter is gone")
    elif series.stop_when is not None and scene.holds(series.stop_when):
        stop(scene, name, "stop_when")
    else:
        _send_or_not(scene, name, run, letter)


def _send_or_not(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> None:
    why = _reason_to_skip(scene, run, letter)
    if why:
        skip(scene, name, run, letter, why)
        plan(scene, name)
        return
    if _is_held(scene, name, run, letter):
        return
    place = _placed(scene, name, run, letter, _moment(run.due_us or 0))
    if isinstance(place, Placed) and place.moment > scene.turn.now:
        _set_timer(scene, name, run, letter, _moment(run.due_us or 0))
        return
    _send(scene, name, run, letter)


def _reason_to_skip(scene: Scene, run: SeriesRun, letter: Letter) -> str:
    due = _moment(run.due_us or 0)
    if verdict(letter.late_rule, due=due, now=scene.turn.now, at_entry=False) == "skip":
        return "late"
    if letter.condition is not None and not scene.holds(letter.condition):
        return "if"
    if kind_of(letter) == "advertising" and not scene.may_advertise():
        return "no advertising consent"
    if _busy(letter) == "skip" and open_question(scene.turn) is not None:
        return "busy"
    return ""


def _busy(letter: Letter) -> str:
    return letter.busy or ("send" if kind_of(letter) == "service" else "hold")


def _is_held(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> bool:
    """Hold the letter while a question is open, at most a day from its moment."""
    if _busy(letter) != "hold" or open_question(scene.turn) is None:
        return False
    now = scene.turn.now_us
    if run.held_us is not None and now - run.held_us >= MAX_HOLD_US:
        return False
    run.held_us = run.held_us or now
    run.timer = scene.turn.number()
    until = run.held_us + MAX_HOLD_US
    scene.note("held", place=f"{name}.{letter.id}", reason="a question is open", until_us=until)
    timer = effects.SetTimer(scene.run.number, f"series:{name}", run.timer, until, rule="busy")
    scene.turn.do(timer)
    return True


def release(turn: Turn) -> None:
    """With no question open, letters that waited for one are placed again."""
    if open_question(turn) is not None:
        return
    for scene in turn.scenes():
        for name, run in list(scene.run.series.items()):
            letter = scene.program.funnel.series[name].letter(run.letter)
            if run.held_us is not None and letter is not None:
                run.held_us = None
                _set_timer(scene, name, run, letter, turn.now)


def _send(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> None:
    kind = kind_of(letter)
    _pass_on(run, scene.turn.now_us)
    if kind != "service":
        fresh = scene.turn.now_us - REMEMBERED_US
        sent = [item for item in scene.person.letters_sent if item[0] >= fresh]
        scene.person.letters_sent = [*sent, [scene.turn.now_us, kind]]
    scene.note("sent", place=f"{name}.{letter.id}")
    scene.letter_kind = kind
    begin(scene, f"{name}.{letter.id}", "letter")
    scene.letter_kind = None
    scene.play = None
    if scene.run.series.get(name) is run:
        _advance(scene, name, run, letter)
        plan(scene, name)


def _pass_on(run: SeriesRun, now_us: int) -> None:
    run.previous_us = run.planned_us if run.planned_us is not None else now_us
    run.sent_us = now_us
    run.timer = 0
    run.held_us = None


def skip(scene: Scene, name: str, run: SeriesRun, letter: Letter, why: str) -> None:
    """Skip the letter: it still counts as the previous one; ``otherwise`` plays instead."""
    scene.note("skipped", place=f"{name}.{letter.id}", reason=why)
    if run.planned_us is not None:
        run.previous_us = run.planned_us
    run.timer = 0
    run.held_us = None
    if letter.otherwise:
        flow = f"{name}.{letter.id}"
        scene.letter_kind = kind_of(letter)
        begin(scene, flow, "letter", first=f"{flow}.otherwise.0")
        scene.letter_kind = None
        scene.play = None
    if scene.run.series.get(name) is run:
        _advance(scene, name, run, letter)


def _advance(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> None:
    after = scene.program.funnel.series[name].after(letter.id)
    if after is not None:
        run.letter = after.id
        run.planned_us = run.due_us = None
        return
    del scene.run.series[name]
    scene.run.done.append(name)
    scene.turn.do(effects.DropTimer(scene.run.number, f"series:{name}"))
    scene.note("series_done", place=name)


def stop_where_due(turn: Turn) -> None:
    """After a turn of the person: series whose ``stop_when`` came true stop."""
    for scene in turn.scenes():
        for name in list(scene.run.series):
            condition = scene.program.funnel.series[name].stop_when
            if condition is not None and scene.holds(condition):
                stop(scene, name, "stop_when")


def replan(turn: Turn) -> None:
    """After fields or the zone changed: letters whose planned moment moved are planned again."""
    for scene in turn.scenes():
        for name, run in list(scene.run.series.items()):
            letter = scene.program.funnel.series[name].letter(run.letter)
            if letter is None or run.held_us is not None:
                continue
            moment = _planned(scene, name, run, letter)
            if (None if moment is None else _us(moment)) != run.planned_us:
                plan(scene, name)


def next_letter(scene: Scene) -> datetime | None:
    """When the run's next letter goes, or None."""
    dues = [run.due_us for run in scene.run.series.values() if run.due_us is not None]
    return _moment(min(dues)) if dues else None


def _us(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _moment(us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)

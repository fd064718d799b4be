"""Series: how timed letters are planned, moved, parked and stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows import effects
from flows.late import verdict
from flows.moving import Hours, Nowhere, Placed, placed, released
from flows.playing import begin, end
from flows.state import SeriesRun
from flows.when import field_of, planned, written_when

if TYPE_CHECKING:
    from flows.funnel import Letter, Series
    from flows.messages import MessageKind
    from flows.project import Limits
    from flows.scene import Scene, Turn


PUNCTUAL = timedelta(minutes=1)
"""Moments are told to the minute: a letter put within it was moved by rules, not by delays."""


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
        if play.stand is not None and _is_in(scene, play.stand.place, name):
            end(scene, play)


def _is_in(scene: Scene, place: str, series: str) -> bool:
    """Whether the question stands in a letter of the series, and not in a flow it led to."""
    address = scene.program.places.get(place)
    return address is not None and scene.program.steps[address].flow.startswith(f"{series}.")


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
        run.planned_us = microseconds(moment)
        # At entry the moment is past because the person came late, whatever the window says.
        run.due_us = run.planned_us if at_entry else _fallen_us(scene, name, letter, moment)
        if is_late(scene, run, letter, at_entry=at_entry):
            if not skip(scene, name, run, letter, "late"):
                return
        elif put(scene, name, run, letter, moment):
            return


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
        previous=moment_of(run.previous_us),
        person_zone=_zone(scene, name),
        funnel_zone=scene.funnel_zone,
        calendar=scene.bundle.calendar,
        field_value=value if isinstance(value, datetime) else None,
    )


def _zone(scene: Scene, name: str) -> ZoneInfo:
    series: Series = scene.program.funnel.series[name]
    return scene.funnel_zone if series.zone == "funnel" else scene.zone


def _hours(scene: Scene, name: str, letter: Letter) -> Hours:
    quiet = scene.bundle.limits.quiet
    zone, calendar = _zone(scene, name), scene.bundle.calendar
    return Hours(letter.days, letter.window, quiet, zone, calendar, scene.zone)


def _fallen_us(scene: Scene, name: str, letter: Letter, moment: datetime) -> int:
    """Where days, window and quiet hours alone put the letter: what came of them is not late."""
    fallen = placed(moment, kind=kind_of(letter), now=moment, hours=_hours(scene, name, letter))
    return microseconds(fallen.moment if isinstance(fallen, Placed) else moment)


def is_late(scene: Scene, run: SeriesRun, letter: Letter, *, at_entry: bool = False) -> bool:
    """Whether the letter's ``late`` rule forbids to send it now."""
    due = moment_of(max(run.due_us or 0, run.excused_us))
    rule = letter.late_rule
    return verdict(rule, due=due, now=scene.turn.seen, at_entry=at_entry) == "skip"


def put(scene: Scene, name: str, run: SeriesRun, letter: Letter, moment: datetime) -> bool:
    """Set the letter's timer where it falls; False when that is nowhere and it was skipped."""
    place = place_of(scene, name, run, letter, moment)
    if isinstance(place, Nowhere):
        return not skip(scene, name, run, letter, "nowhere: " + ", ".join(place.reasons))
    run.due_us = microseconds(place.moment)
    if place.moment > moment >= scene.turn.seen - PUNCTUAL:
        run.excused_us = run.due_us
    if place.reasons:
        reasons = ", ".join(place.reasons)
        scene.note("moved", place=f"{name}.{letter.id}", reason=reasons, until_us=run.due_us)
    wake_at(scene, name, run, run.due_us, written_when(letter.when))
    return True


def wake_at(scene: Scene, name: str, run: SeriesRun, due_us: int, rule: str) -> None:
    """Set the series' timer; ``rule`` says why."""
    run.timer = scene.turn.number()
    zone = _zone(scene, name).key
    number = scene.run.number
    timer = effects.SetTimer(number, f"series:{name}", run.timer, due_us, rule=rule, zone=zone)
    scene.turn.do(timer)


def place_of(
    scene: Scene, name: str, run: SeriesRun, letter: Letter, moment: datetime
) -> Placed | Nowhere:
    """Where a letter planned for the moment falls."""
    return placed(
        moment,
        kind=kind_of(letter),
        now=scene.turn.now,
        hours=_hours(scene, name, letter),
        after=moment_of(run.sent_us) if run.sent_us else None,
        gap=timedelta(microseconds=scene.bundle.limits.gap),
        limits=sending_limits(scene.bundle.limits),
        last_sent=[(moment_of(at), kind) for at, kind in scene.person.letters_sent],
    )


def sending_limits(limits: Limits) -> dict[str, int]:
    """How many letters a day a person may get, by kind; a kind left out has no limit."""
    named = {
        "requested": limits.requested_per_day,
        "advertising": limits.advertising_per_day,
    }
    return {kind: limit for kind, limit in named.items() if limit is not None}


def kind_of(letter: Letter) -> MessageKind:
    """The letter's kind: what the clock sends is requested unless it says otherwise."""
    return letter.kind or "requested"


def kind_by_clock(scene: Scene) -> MessageKind:
    """The kind of what the clock says: that of the letter whose play is on the stage."""
    name, _, rest = scene.play.flow.partition(".") if scene.play else ("", "", "")
    letter_id, _, otherwise = rest.partition(".")
    series = scene.program.funnel.series.get(name)
    letter = series.letter(letter_id) if series else None
    kind = kind_of(letter) if letter else "requested"
    # What plays instead of an advert is no advert, unless it says so.
    return "requested" if otherwise and kind == "advertising" else kind


def skip(scene: Scene, name: str, run: SeriesRun, letter: Letter, why: str) -> bool:
    """Skip the letter: it still counts as the previous one; ``otherwise`` plays instead.

    False when ``otherwise`` must wait for the end of quiet hours first.
    """
    place = f"{name}.{letter.id}"
    if letter.otherwise and (until_us := _loud_us(scene, letter)) > scene.turn.now_us:
        scene.note("held", place=place, reason="quiet", until_us=until_us)
        wake_at(scene, name, run, until_us, "quiet")
        return False
    scene.note("skipped", place=place, reason=why)
    pass_on(run)
    if letter.otherwise:
        begin(scene, f"{place}.otherwise", "letter")
        scene.play = None
    advance_series(scene, name, run, letter)
    return True


def _loud_us(scene: Scene, letter: Letter) -> int:
    """When what the clock sets off may speak: at once, or after quiet hours."""
    now = scene.turn.now
    if scene.turn.by_clock and kind_of(letter) != "service":
        now = released(now, scene.bundle.limits.quiet, scene.zone)
    return microseconds(now)


def pass_on(run: SeriesRun) -> None:
    """The letter is behind: the next one's ``+`` counts from its planned moment."""
    if run.planned_us is not None:
        run.previous_us = run.planned_us
    run.timer = 0
    run.held_us = None


def advance_series(scene: Scene, name: str, run: SeriesRun, letter: Letter) -> None:
    """On to the next letter; after the last one the series is done."""
    if scene.run.series.get(name) is not run:
        return  # the letter's own steps stopped it
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
        for name, series in scene.program.funnel.series.items():
            if series.stop_when is None or not scene.holds(series.stop_when):
                continue
            stop(scene, name, "stop_when")
            if name in scene.run.done:  # its last letter may still be queued
                scene.run.done.remove(name)
                number = scene.run.number
                scene.turn.do(effects.Withdraw(number, series=name, reason="stop_when"))


def replan(turn: Turn) -> None:
    """After fields or the zone changed: letters whose planned moment moved are planned again."""
    for scene in turn.scenes():
        for name, run in list(scene.run.series.items()):
            letter = scene.program.funnel.series[name].letter(run.letter)
            if letter is None:
                continue
            moment = _planned(scene, name, run, letter)
            if (None if moment is None else microseconds(moment)) != run.planned_us:
                run.held_us = None
                plan(scene, name)


def next_letter(scene: Scene) -> datetime | None:
    """When the run's next letter goes, or None."""
    dues = [run.due_us for run in scene.run.series.values() if run.due_us is not None]
    return moment_of(min(dues)) if dues else None


def microseconds(moment: datetime) -> int:
    """The moment as microseconds UTC."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def moment_of(us: int) -> datetime:
    """The moment that so many microseconds are."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)

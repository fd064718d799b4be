"""Questions for a free time: what is free is asked outside, and a chosen time is booked there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flows import effects, pausing
from flows.answers.answer import Bad
from flows.answers.date import Date
from flows.answers.datetime import DateTime
from flows.answers.slot import Slot
from flows.filters import format_moment
from flows.lettering import microseconds, moment_of
from flows.markup import RichText
from flows.matching import same
from flows.messages import Button
from flows.nodes.base import BELOW, REST, Move
from flows.slots import Agenda, days_of, free_times, neighbours, offer

if TYPE_CHECKING:
    from flows.nodes.ask import Ask
    from flows.scene import Scene
    from flows.state import Play, Rest
    from flows.understanding import Taken

ACTIONS = frozenset({"slot", "days", "day"})
"""Buttons of such a question: a time, «Другой день», one of the days."""
MOST_TIMES = 500
MOST_DAYS = 8
NEAR = "near:"
_TIME = {"ru": "EEE d MMMM, HH:mm", "en": "EEE d MMMM, HH:mm"}
_DAY = {"ru": "EEEE, d MMMM", "en": "EEEE, d MMMM"}


def look(scene: Scene, slot: Slot) -> Move:
    """Ask which of the team's times are free."""
    team = scene.bundle.teams.get(slot.team)
    if team is None:
        return told_free(scene, [])
    agenda = Agenda(team.hours, ZoneInfo(scene.bundle.timezone), scene.bundle.calendar)
    times = free_times(agenda, slot.wanted, (), scene.turn.now)[:MOST_TIMES]
    span_us = slot.wanted.length // timedelta(microseconds=1)
    body = {"team": slot.team, "length_us": span_us, "times": [microseconds(at) for at in times]}
    return pausing.request(scene, "slots", body)


def told(scene: Scene, step: Ask, result: dict[str, Any]) -> Move:
    """What is free, or how the booking ended."""
    assert scene.play is not None
    rest = scene.play.rest
    free = [int(us) for us in result.get("free", ())]
    scene.play.pause = None
    if rest is None:
        return told_free(scene, free)
    if result.get("booked"):
        _booked(scene, scene.play, int(result["at_us"]))
        return REST
    scene.note("slot_lost")
    _offer_others(scene, scene.play, step, free, int(result.get("at_us", 0)))
    return REST


def told_free(scene: Scene, free: list[int]) -> Move:
    """Ask with the times that are free; with none into ``otherwise``, else below."""
    from flows.asking import ask

    step: Any = scene.laid.step if scene.laid else None
    if free:
        return ask(scene, step, offer=free)
    scene.note("no_slots")
    if step.otherwise:
        return Move("into", "otherwise")
    scene.tell(RichText.of(scene.phrase("no_slots")))
    return BELOW


def _booked(scene: Scene, play: Play, at_us: int) -> None:
    from flows.answering import take
    from flows.understanding import Taken

    assert play.rest is not None
    take(scene, play, Taken("value", value=moment_of(at_us)), play.rest.place)


def _offer_others(scene: Scene, play: Play, step: Ask, free: list[int], lost_us: int) -> None:
    from flows.asking import schedule_silence, show

    assert play.rest is not None
    play.rest.offer = free or [us for us in play.rest.offer if us != lost_us]
    play.rest.view = f"{NEAR}{lost_us}"
    words = scene.phrase("slot_taken" if play.rest.offer else "no_slots")
    show(scene, play, step, instead=RichText.of(words))
    schedule_silence(scene, play)


def buttons(scene: Scene, rest: Rest) -> list[Button]:
    """The times or the days to choose from."""
    times = _living(scene, rest)
    if rest.view == "days":
        days = days_of(times, scene.zone)[:MOST_DAYS]
        return [_day_button(scene, day) for day in days]
    shown = _shown(scene, rest, times)
    found = [_time_button(scene, at) for at in shown]
    if len(times) > len(shown):
        found.append(Button(scene.phrase("another_day"), scene.answer_action("days", text="")))
    return found


def _living(scene: Scene, rest: Rest) -> list[datetime]:
    """What was free and has not passed since."""
    return [at for at in map(moment_of, rest.offer) if at > scene.turn.now]


def _shown(scene: Scene, rest: Rest, times: list[datetime]) -> list[datetime]:
    if rest.view.startswith(NEAR):
        return neighbours(times, moment_of(int(rest.view.removeprefix(NEAR))))
    return offer(times, scene.zone, date.fromisoformat(rest.view) if rest.view else None)


def _time_button(scene: Scene, at: datetime) -> Button:
    label = format_moment(at.astimezone(scene.zone), _TIME[scene.language], scene.language)
    us = microseconds(at)
    return Button(label, scene.answer_action("slot", us=us, text=str(us)))


def _day_button(scene: Scene, day: date) -> Button:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=scene.zone)
    label = format_moment(noon, _DAY[scene.language], scene.language)
    return Button(label, scene.answer_action("day", text=day.isoformat()))


def typed(scene: Scene, play: Play, text: str) -> Taken | None:
    """What typed words choose: a button's words, a free time, a day."""
    from flows.understanding import Taken

    assert play.rest is not None
    for button in buttons(scene, play.rest):
        if button.action and same(button.text, text):
            return Taken(button.action["do"], said=button.action["text"])
    times = _living(scene, play.rest)
    moment = DateTime().read(text, scene.asked)
    if not isinstance(moment, Bad) and moment in times:
        return Taken("slot", said=str(microseconds(moment)))
    day = Date().read(text, scene.asked)
    if not isinstance(day, Bad) and day in days_of(times, scene.zone):
        return Taken("day", said=day.isoformat())
    return None


def choose(scene: Scene, play: Play, taken: Taken) -> None:
    """A time is booked; «Другой день» and a day show what else there is."""
    from flows.asking import schedule_silence, show_again

    assert play.rest is not None
    step: Any = scene.program.question(play.rest.place)
    if taken.what == "slot":
        _book(scene, play, step, int(taken.said))
        return
    play.rest.view = taken.said if taken.what == "day" else "days"
    show_again(scene, play)
    schedule_silence(scene, play)


def _book(scene: Scene, play: Play, step: Ask, at_us: int) -> None:
    assert isinstance(step.answer, Slot)
    rest = play.rest
    assert rest is not None
    body = {
        "team": step.answer.team,
        "funnel": scene.run.funnel,
        "field": step.save or rest.place,
        "at_us": at_us,
        "length_us": step.answer.wanted.length // timedelta(microseconds=1),
        "times": rest.offer,
    }
    pausing.request(scene, "book", body)


def let_go(scene: Scene, field: str) -> None:
    """The time in the field is nobody's any more."""
    number = scene.turn.number()
    body = {"funnel": scene.run.funnel, "field": field}
    scene.turn.do(effects.Request(scene.run.number, number, "free", scene.place, body))

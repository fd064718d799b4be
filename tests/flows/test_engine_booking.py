"""Questions for a free time: six times, another day, taken at once, freed when it is let go."""

from __future__ import annotations

from flows import effects, events
from flows.hours import read_hours
from flows.problems import Mark
from flows.project import Notified, Team
from flows.worlds import World
from tests.flows.staging import stage, us

SALON = {
    "salon": Team(
        mark=Mark("voronka.yaml", 1, 1),
        hours=read_hours("mon-fri 10:00-19:00"),
        notify=Notified(),
    )
}
VISIT = """
fields: {visit: {type: datetime}}
entry: [start, {words: [отмена], flow: cancel}]
flows:
  main:
    - ask: Когда?
      save: visit
      answer: {type: slot, team: salon, length: 30m, notice: 3h, days: 7}
      otherwise: [Мест нет]
      silence: [{after: 1h, say: Ау}, {after: 1d, then: []}]
    - Ждём {{ visit | date("d MMMM") }} в {{ visit | time }}
    - {wait: visit -1h, id: soon}
    - Скоро
  cancel: [{set: {visit: }}, Отменили, end]
"""


class Busy(World):
    """A world where somebody else takes the first time just before."""

    def answer(self, request, now_us=0, before=0):
        if request.kind == "book" and request.body["at_us"] == us("2026-01-12 15:00"):
            free = [at for at in request.body["times"] if at != request.body["at_us"]]
            return {"ok": True, "booked": False, "at_us": request.body["at_us"], "free": free}
        return super().answer(request, now_us, before)


def salon(**more):
    return stage(VISIT, teams=SALON, **more)


def test_six_free_times_are_offered_after_the_notice():
    s = salon()
    assert s.opens() == ["Когда?"]
    assert s.buttons == [
        "пн 12 января, 15:00", "пн 12 января, 15:30", "пн 12 января, 16:00",
        "пн 12 января, 16:30", "пн 12 января, 17:00", "пн 12 января, 17:30", "Другой день",
    ]  # fmt: skip
    assert s.place == "main.visit"


def test_a_pressed_time_is_booked_and_saved_as_a_moment():
    s = salon()
    s.opens()
    assert s.presses("пн 12 января, 16:00") == ["Ждём 12 января в 16:00"]
    assert (
        s.run.fields["visit"] == "2026-01-12T13:00:00+00:00"
    )  # the stage reads it back from JSON
    assert s.waits("3h") == ["Скоро"]


def test_times_are_shown_on_the_persons_clock():
    s = salon(zone="Asia/Vladivostok")
    s.opens()
    assert s.buttons[0] == "пн 12 января, 22:00"


def test_another_day_shows_the_days_and_a_day_its_times():
    s = salon()
    s.opens()
    assert s.presses("Другой день") == ["Когда?"]
    assert s.buttons[:2] == ["понедельник, 12 января", "вторник, 13 января"]
    assert s.presses("вторник, 13 января") == ["Когда?"]
    assert s.buttons[0] == "вт 13 января, 10:00"
    assert s.buttons[-1] == "Другой день"
    assert s.presses("вт 13 января, 10:00") == ["Ждём 13 января в 10:00"]


def test_a_free_time_and_a_day_can_be_typed():
    s = salon()
    s.opens()
    assert s.types("завтра") == ["Когда?"]
    assert s.types("завтра в 10:30") == ["Ждём 13 января в 10:30"]


def test_a_time_that_is_not_free_gets_the_hint_and_the_times_again():
    s = salon()
    s.opens()
    (said,) = s.types("завтра в 3 ночи")
    assert said.startswith("Это время занято")
    assert s.buttons[0] == "пн 12 января, 15:00"


def test_the_loser_of_a_race_gets_the_nearest_times():
    s = salon()
    s.play.outside.world = Busy()
    s.opens()
    (said,) = s.presses("пн 12 января, 15:00")
    assert said.startswith("Это время только что заняли")
    assert s.buttons[0] == "пн 12 января, 15:30"
    assert s.place == "main.visit"
    assert s.presses("пн 12 января, 15:30") == ["Ждём 12 января в 15:30"]


def test_without_a_free_time_otherwise_plays():
    s = stage(VISIT, teams={})
    assert s.opens()[0] == "Мест нет"


def test_without_otherwise_the_person_is_told_and_the_field_stays_empty():
    s = stage(VISIT.replace("      otherwise: [Мест нет]\n", ""), teams={})
    assert s.opens()[0].startswith("Свободного времени пока нет")
    assert s.run.fields.get("visit") is None


def test_an_emptied_field_lets_the_time_go():
    s = salon()
    s.opens()
    s.presses("пн 12 января, 15:00")
    asked = []
    s.play.outside.world = Recording(asked)
    assert s.types("отмена") == ["Отменили"]
    assert [(one.kind, one.body) for one in asked] == [
        ("free", {"funnel": "demo", "field": "visit"})
    ]


class Recording(World):
    """A world that remembers what it was asked."""

    def __new__(cls, asked):
        del asked
        return super().__new__(cls)

    def __init__(self, asked):
        super().__init__()
        object.__setattr__(self, "asked", asked)

    def answer(self, request, now_us=0, before=0):
        self.asked.append(request)
        return super().answer(request, now_us, before)


def test_silence_leaves_a_question_for_a_time():
    s = salon()
    s.opens()
    assert s.waits("1h") == ["Ау"]
    assert "Другой день" in s.buttons
    assert s.waits("1d")[0].startswith("Ждём")
    assert s.run.fields["visit"] is None


def test_times_that_have_passed_are_not_offered_again():
    s = salon()
    s.opens()
    s.sleeps("4h")
    s.types("что?")
    assert s.buttons[0] == "пн 12 января, 16:30"


def test_a_time_pressed_late_is_too_old():
    s = salon()
    s.opens()
    old = s.button("пн 12 января, 15:00")
    s.presses("пн 12 января, 15:30")
    assert s.hears(old) == []
    assert s.notes("old_button") == [""]


def test_a_time_pressed_twice_is_booked_once():
    s = salon()
    s.opens()
    press = s.button("пн 12 января, 15:00")
    s.play._play(press)
    s.play._play(press)
    first, second = s.play.asked
    assert (first.kind, first.body) == (second.kind, second.body)
    for one in (first, second):
        s.play._play(
            events.RequestAnswered(
                one.run, one.number, {"ok": True, "booked": True, "at_us": one.body["at_us"]}
            )
        )
    assert [one.text for one in s.play.said].count("Ждём 12 января в 15:00") == 1
    assert isinstance(first, effects.Request)

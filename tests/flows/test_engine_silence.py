"""Silence: reminders, leaving a question, and what both count from."""

from __future__ import annotations

from dataclasses import replace

from flows import effects, events
from flows.engine import advance
from tests.flows.staging import limits, stage, us

ASKS = """
flows:
  main:
    - ask: Ну?
      save: one
      options: [А, Б]
      silence:
        - {after: 45m, say: Ау}
        - {after: 3h, say: Ау-ау}
        - {after: 1d, then: [Ушли]}
    - Ниже {{ one }}
"""


def test_reminders_count_from_the_question_and_repeat_its_buttons():
    s = stage(ASKS)
    s.opens()
    assert s.until("2026-01-12 15:00") == ["Ау", "Ау-ау"]
    assert s.times() == ["2026-01-12 12:45", "2026-01-12 15:00"]
    assert s.buttons == ["А", "Б"]


def test_the_last_item_leaves_the_question_with_an_empty_field_and_goes_below():
    s = stage(ASKS)
    s.opens()
    s.waits("23h")
    assert s.waits("2h") == ["Ушли", "Ниже "]
    assert s.run.fields == {"one": None}


def test_then_without_steps_just_goes_on_below():
    s = stage("flows: {main: [{ask: Ну?, save: one, silence: [{after: 1h, then: []}]}, Ниже]}")
    s.opens()
    assert s.waits("2h") == ["Ниже"]


def test_a_reminders_buttons_answer_the_question():
    s = stage(ASKS)
    s.opens()
    s.waits("1h")
    assert s.presses("Б") == ["Ниже Б"]
    assert s.waits("30d") == []


def test_silence_counts_from_the_delivery():
    s = stage(ASKS)
    s.opens()
    timer = next(iter(s.play.timers.values()))
    assert timer.after == s.play.messages[-1][0]
    s.play.delivered[timer.after] = us("2026-01-12 12:30")
    assert s.until("2026-01-12 13:14") == []
    assert s.until("2026-01-12 13:15") == ["Ау"]


def test_silence_waits_while_the_question_is_not_delivered():
    s = stage(ASKS)
    s.opens()
    timer = next(iter(s.play.timers.values()))
    del s.play.delivered[timer.after]
    assert s.waits("10h") == []
    s.play.delivered[timer.after] = s.play.now_us
    assert s.waits("45m") == ["Ау"]


def test_a_bad_answer_starts_silence_anew_and_reminders_are_not_repeated():
    s = stage(ASKS)
    s.opens()
    s.waits("1h")
    s.types("что?")
    assert s.until("2026-01-12 15:59") == []
    assert s.until("2026-01-12 16:00") == ["Ау-ау"]


def test_any_message_of_the_person_starts_silence_anew():
    s = stage(ASKS)
    s.opens()
    s.waits("30m")
    s.types("/privacy")
    assert s.waits("44m") == []
    assert s.waits("1m") == ["Ау"]


def test_a_click_is_no_message_and_leaves_silence_alone():
    s = stage(ASKS)
    s.opens()
    s.waits("30m")
    s.hears(events.Clicked("link", s.run.number))
    assert s.waits("15m") == ["Ау"]


def test_an_answer_drops_the_timer_and_takes_queued_reminders_back():
    s = stage(ASKS)
    s.opens()
    s.waits("1h")
    _, done = advance(s.play.bundle, s.play.conversation, s.button("А"), s.play.now)
    assert any(isinstance(effect, effects.DropTimer) for effect in done)
    assert any(isinstance(e, effects.Withdraw) and e.place == "main.one" for e in done)


def test_a_stale_timer_changes_nothing():
    s = stage(ASKS)
    s.opens()
    timer = next(iter(s.play.timers.values()))
    old = events.TimerFired(timer.run, timer.name, timer.number, timer.due_us)
    s.waits("1h")
    assert s.hears(old) == []
    assert s.hears(replace(old, number=999)) == []
    assert s.hears(replace(old, run=999)) == []
    assert len(s.notes("stale")) == 3


def test_a_reminder_waits_for_the_end_of_quiet_hours():
    s = stage(ASKS, at="2026-01-12 21:30", limits=limits("22:00-09:00"))
    s.opens()
    assert s.until("2026-01-13 09:00") == ["Ау"]
    assert s.times() == ["2026-01-13 09:00"]
    assert s.notes("held") == ["quiet"]


def test_reminders_that_the_night_held_keep_their_distance():
    s = stage(ASKS, at="2026-01-12 21:30", limits=limits("22:00-09:00"))
    s.opens()
    s.until("2026-01-13 09:00")
    assert s.until("2026-01-13 12:00") == ["Ау-ау"]
    assert s.times() == ["2026-01-13 11:15"]


def test_leaving_a_question_waits_whole_for_the_end_of_quiet_hours():
    s = stage(
        "flows: {main: [{ask: Ну?, id: q, silence: [{after: 1h, then: [{tag: ушёл}, Пока]}]}]}",
        at="2026-01-12 21:30",
        limits=limits("22:00-09:00"),
    )
    s.opens()
    assert s.until("2026-01-13 08:59") == []
    assert s.person.tags == []
    assert s.until("2026-01-13 09:00") == ["Пока"]


def test_quiet_hours_are_the_persons():
    s = stage(ASKS, at="2026-01-12 15:30", zone="Asia/Vladivostok", limits=limits("22:00-09:00"))
    s.opens()
    s.until("2026-01-13 09:00", "Asia/Vladivostok")
    assert s.times("Asia/Vladivostok") == ["2026-01-13 09:00"]


def test_silence_at_the_top_is_the_default_of_every_question_and_consent():
    s = stage("""
    silence: [{after: 1h, say: Ау}, {after: 2h, then: []}]
    flows:
      main:
        - consent: personal_data
        - {ask: Ну?, id: q}
        - {ask: Сам?, id: own, silence: [{after: 5h, say: Эй}]}
    """)
    s.opens()
    assert s.waits("90m") == ["Ау"]
    assert s.buttons == ["Согласен", "Нет"]
    assert s.waits("90m") == ["Ну?", "Ау"]
    assert s.waits("6h") == ["Сам?", "Эй"]


def test_a_consent_left_in_silence_goes_on_below_without_a_record():
    s = stage("""
    flows:
      main: [{consent: personal_data, refused: [Отказ], silence: [{after: 1h, then: [Молчим]}]}, Ниже]
    """)
    s.opens()
    assert s.waits("2h") == ["Молчим", "Ниже"]
    assert s.person.consents == {}


def test_a_parked_question_is_silent_and_begins_afresh_when_it_returns():
    other = """
    funnel: other
    entry: [{link: b}]
    flows: {main: [{ask: Вторая?, id: q, options: [Да]}]}
    """
    s = stage(ASKS, other)
    s.opens()
    s.waits("30m")
    s.opens("b")
    assert s.waits("10h") == []
    assert s.presses("Да") == ["Ну?"]
    assert s.waits("44m") == []
    assert s.waits("1m") == ["Ау"]

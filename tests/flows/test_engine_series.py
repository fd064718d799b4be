"""Series: starting, planning by every form of `when`, stopping, and whose turn it is."""

from __future__ import annotations

import pytest

from flows import effects, events
from flows.engine import advance
from tests.flows.staging import limits, local, stage


def series(letters: str, keys: str = "", main: str = "[start: news]", more: str = "") -> str:
    return f"""
{more}
flows: {{main: {main}}}
series:
  news:
    {keys}
    letters:
{letters}
"""


def letter(when: str, more: str = "", name: str = "one") -> str:
    return f"      - {{id: {name}, when: {when}, say: '{name}'{more and ', ' + more}}}\n"


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        ("now", "2026-01-12 12:00"),
        ("+2h", "2026-01-12 14:00"),
        ("+90m", "2026-01-12 13:30"),
        ("+1d 6h", "2026-01-13 18:00"),
        ("+1d 11:00", "2026-01-13 11:00"),
        ("+0d 18:00", "2026-01-12 18:00"),
        ("+5wd 11:00", "2026-01-19 11:00"),
        ("fri 18:30", "2026-01-16 18:30"),
        ("mon 12:00", "2026-01-19 12:00"),
        ("2026-01-20 19:00", "2026-01-20 19:00"),
        ("day_at -15m", "2026-01-15 18:45"),
        ("day_at +1d 12:00", "2026-01-16 12:00"),
        ("day_at -1d 12:00", "2026-01-14 12:00"),
    ],
)
def test_a_letter_comes_when_its_form_says(when: str, moment: str):
    fields = "fields: {day_at: {type: datetime, value: 2026-01-15 19:00}}"
    s = stage(series(letter(when), more=fields))
    s.play.hear(events.Opened())
    assert s.waits("30d") == ["one"]
    assert s.times() == [moment]


def test_wall_clock_letters_are_in_the_persons_zone():
    s = stage(series(letter("+1d 11:00")), zone="Asia/Vladivostok")
    s.opens()
    s.waits("3d")
    assert s.times("Asia/Vladivostok") == ["2026-01-13 11:00"]


def test_a_series_in_the_funnels_zone_ignores_the_persons():
    s = stage(series(letter("+1d 11:00"), "zone: funnel"), zone="Asia/Vladivostok")
    s.opens()
    s.waits("3d")
    assert s.times() == ["2026-01-13 11:00"]


def test_quiet_hours_are_the_persons_whatever_clock_the_series_has():
    s = stage(
        series(letter("+1d 18:00"), "zone: funnel"),
        zone="Asia/Vladivostok",
        limits=limits("22:00-09:00"),
    )
    s.opens()
    s.waits("3d")  # 18:00 in Moscow is one in the night there
    assert s.times("Asia/Vladivostok") == ["2026-01-14 09:00"]


def test_plus_counts_from_the_previous_letters_planned_moment_before_moving():
    letters = letter("+1d 21:00") + letter("+1d 12:00", name="two")
    s = stage(series(letters, "window: 10:00-20:00"))
    s.opens()
    assert s.waits("5d") == ["one", "two"]
    assert s.times() == ["2026-01-14 10:00", "2026-01-14 12:00"]


def test_a_letter_whose_if_is_false_is_skipped_and_counts_as_the_previous_one():
    letters = letter("+1h", "if: score > 5") + letter("+1h", name="two")
    s = stage(series(letters))
    s.opens()
    assert s.waits("5h") == ["two"]
    assert s.times() == ["2026-01-12 14:00"]
    assert s.notes("skipped") == ["if"]


def test_an_if_is_looked_at_when_the_letter_is_due():
    s = stage(
        series(
            letter("+1h", """if: '"да" in tags' """),
            main="[{start: news}, {ask: Ну?, id: q, options: [{text: А, tag: да}]}]",
        )
    )
    s.opens()
    s.presses("А")
    assert s.waits("2h") == ["one"]


def test_otherwise_plays_instead_of_a_skipped_letter():
    s = stage(series(letter("+1h", "if: score > 5, otherwise: [Вместо]")))
    s.opens()
    assert s.waits("2h") == ["Вместо"]


def test_otherwise_waits_for_the_end_of_quiet_hours():
    letters = letter("2026-01-12 20:00", "otherwise: [Вместо]") + letter("+1h", name="two")
    s = stage(series(letters), limits=limits("22:00-09:00"))
    s.opens()
    s.sleeps("12h")  # until midnight
    assert s.waits("1h") == []
    assert s.until("2026-01-13 09:00") == ["Вместо", "two"]


def test_start_of_a_running_series_changes_nothing():
    s = stage("entry: [start, {link: b, flow: main}]" + series(letter("+2h")))
    s.opens()
    s.waits("1h")
    s.opens("b")
    assert s.waits("1h") == ["one"]


def test_a_finished_series_can_be_started_again():
    s = stage("entry: [start, {link: b, flow: main}]" + series(letter("+2h")))
    s.opens()
    s.waits("3h")
    s.opens("b")
    assert s.waits("3h") == ["one"]


def test_a_series_does_not_start_when_stop_when_is_true():
    s = stage(
        series(letter("+2h"), "stop_when: score > 1", main="[{add: {score: 5}}, {start: news}]")
    )
    s.opens()
    assert s.notes("skipped") == ["stop_when is true at the start"]
    assert s.waits("1d") == []


def test_stop_when_is_looked_at_after_every_turn_of_the_person():
    main = "[{start: news}, {ask: Ну?, id: q, options: [{text: А, score: 5}]}]"
    s = stage(series(letter("+2h"), "stop_when: score > 1", main=main))
    s.opens()
    _, done = advance(s.play.bundle, s.play.conversation, s.button("А"), s.play.now)
    assert any(isinstance(e, effects.Withdraw) and e.series == "news" for e in done)
    s.presses("А")
    assert s.run.series == {}
    assert s.play.timers == {}


def test_stop_when_is_looked_at_before_sending():
    main = "[{start: news}, {ask: Ну?, id: q, silence: [{after: 1h, then: [{tag: хватит}]}]}]"
    s = stage(series(letter("+2h"), """stop_when: '"хватит" in tags'""", main=main))
    s.opens()
    assert s.waits("3h") == []
    assert s.notes("series_stopped") == ["stop_when"]


def test_stop_when_takes_back_the_last_letter_that_may_be_queued():
    main = "[{start: news}, {ask: Ну?, id: q, options: [{text: А, score: 5}]}]"
    s = stage(series(letter("+2h", "busy: send"), "stop_when: score > 1", main=main))
    s.opens()
    s.waits("3h")
    assert s.run.done == ["news"]
    _, done = advance(s.play.bundle, s.play.conversation, s.button("А"), s.play.now)
    assert effects.Withdraw(s.run.number, series="news", reason="stop_when") in done


ASKING = """
entry: [start, {link: stop, flow: halt}]
flows:
  main: [{start: news}]
  side: [{ask: В потоке?, id: q, options: [Да]}]
  halt: [{stop: news}]
series:
  news:
    stop_when: '"live" in clicks'
    letters:
      - {id: own, when: +1h, ask: Из письма?, options: [{text: Дальше, go: side}]}
      - {id: last, when: +9d, say: Последнее}
  other: {letters: [{id: last, when: +9d, say: Другое}]}
"""


def test_stopping_a_series_closes_its_open_question():
    s = stage(ASKING)
    s.opens()
    s.waits("2h")
    assert s.place == "news.own.own"
    s.hears(events.Clicked("live", s.run.number))
    assert s.seen.ended


def test_stopping_a_series_leaves_a_question_that_its_letter_led_to():
    s = stage(ASKING)
    s.opens()
    s.waits("2h")
    assert s.presses("Дальше") == ["В потоке?"]
    s.hears(events.Clicked("live", s.run.number))
    assert s.place == "side.q"


def test_stop_stops_one_series_or_all():
    for what, left in (("news", ["other"]), ("all", [])):
        both = ASKING.replace("main: [{start: news}]", "main: [{start: news}, {start: other}]")
        s = stage(both.replace("stop: news}]", f"stop: {what}}}]"))
        s.opens()
        s.opens("stop")
        assert list(s.run.series) == left


def test_a_field_letter_is_planned_again_when_its_field_changes():
    s = stage("""
    fields: {day: {type: datetime, value: 2026-01-15 19:00}}
    flows:
      main:
        - start: news
        - ask: Когда?
          id: q
          options:
            Раньше: [{set: {day: 2026-01-14 10:00}}]
            Никогда: [{set: {day: ''}}]
    series: {news: {busy: send, letters: [{id: one, when: day -1h, say: Скоро}]}}
    """)
    s.opens()
    s.presses("Раньше")
    assert [local(timer.due_us) for timer in s.play.timers.values()] == ["2026-01-14 09:00"]
    s.presses("Никогда")
    assert s.play.timers == {}
    assert s.notes("parked") == ["its field is empty"]
    s.presses("Раньше")
    assert s.until("2026-01-14 09:00") == ["Скоро"]


def test_a_held_field_letter_is_planned_again_too():
    s = stage("""
    fields: {day: {type: datetime, value: 2026-01-12 14:00}}
    flows:
      main:
        - {say: Кнопка, buttons: [{text: Позже, set: {day: 2026-01-20 14:00}}]}
        - start: news
        - {ask: Ну?, id: q, options: [А]}
    series: {news: {letters: [{id: one, when: day -1h, say: Скоро}]}}
    """)
    s.opens()
    s.waits("2h")
    assert s.notes("held") == ["a question is open"]
    s.presses("Позже")
    s.presses("А")
    s.waits("30d")
    assert s.times() == ["2026-01-20 13:00"]


def test_one_timer_wakes_a_series_and_an_old_one_is_stale():
    s = stage(series(letter("+1h") + letter("+1h", name="two")))
    s.opens()
    timer = next(iter(s.play.timers.values()))
    s.waits("1h")
    old = events.TimerFired(timer.run, timer.name, timer.number, timer.due_us)
    assert s.hears(old) == []
    assert s.notes("stale") == ["series:news"]


def test_what_falls_on_one_moment_goes_in_the_order_silence_then_letter():
    silence = "[{after: 1h, say: Ау}, {after: 2h, then: [Ушли]}]"
    main = f"[{{start: news}}, {{ask: Ну?, id: q, silence: {silence}}}]"
    s = stage(series(letter("+1h", "busy: send") + letter("+1h", name="two"), main=main))
    s.opens()
    assert s.waits("3h") == ["Ау", "one", "Ушли", "two"]
    assert s.times()[2:] == ["2026-01-12 14:00", "2026-01-12 14:00"]


def test_a_letter_may_stop_its_own_series_and_is_still_sent():
    letters = "      - {id: one, when: +1h, steps: [Последнее, {stop: news}]}\n" + letter(
        "+1h", name="two"
    )
    s = stage(series(letters))
    s.opens()
    assert s.waits("1d") == ["Последнее"]
    assert s.seen.ended


def test_a_letter_with_a_go_button_keeps_the_series_going():
    s = stage("""
    flows: {main: [start: news], side: [Сбоку]}
    series:
      news:
        letters:
          - {id: one, when: +1h, say: Письмо, buttons: [{text: Туда, go: side}]}
          - {id: two, when: +1h, say: Второе}
    """)
    s.opens()
    s.waits("1h")
    assert s.presses("Туда") == ["Сбоку"]
    assert s.waits("1h") == ["Второе"]

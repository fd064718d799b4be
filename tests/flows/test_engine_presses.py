"""Presses: which of them count, and what the others change: nothing."""

from __future__ import annotations

from flows import effects, events
from flows.engine import advance
from tests.flows.staging import stage

TWO = """
flows:
  main:
    - {ask: Первый?, save: one, options: [{text: А, score: 1, tag: а}, {text: Б, score: 5, tag: б}]}
    - {ask: Второй?, save: two, options: [В, Г]}
    - Конец
"""


def test_a_repeat_press_of_the_last_answer_is_ignored_though_the_next_question_is_open():
    s = stage(TWO)
    s.opens()
    press = s.button("А")
    s.hears(press)
    assert s.hears(press) == []
    assert s.notes("repeated") == [""]
    assert (s.run.score, s.place) == (1, "main.two")


def test_a_press_of_what_was_just_typed_is_ignored():
    s = stage(TWO)
    s.opens()
    s.types("а")
    assert s.presses("А") == []
    assert s.run.score == 1


def test_a_button_of_an_older_question_gives_a_notice_and_shows_the_open_one():
    s = stage(TWO)
    s.opens()
    old = s.button("Б")
    s.presses("А")
    _, done = advance(s.play.bundle, s.play.conversation, old, s.play.now)
    assert [e.text for e in done if isinstance(e, effects.Notice)] == ["Этот вопрос уже позади."]
    assert s.hears(old) == ["Второй?"]
    assert (s.run.fields["one"], s.run.score) == ("А", 1)


def test_a_button_that_is_not_ours_gives_a_notice():
    s = stage(TWO)
    s.opens()
    assert s.hears(events.Pressed(None)) == ["Первый?"]
    assert s.notes("old_button") == [""]


def test_the_last_question_can_be_answered_late_after_silence():
    s = stage("""
    flows:
      main:
        - {ask: Ну?, save: one, options: [А, Б], silence: [{after: 1h, then: [Ушли, end]}]}
        - Ниже
    """)
    s.opens()
    assert s.waits("2h") == ["Ушли"]
    assert s.seen.ended
    assert s.presses("Б") == ["Ниже"]
    assert s.run.fields == {"one": "Б"}
    assert len(s.runs) == 1


def test_the_last_question_comes_back_to_its_callers_when_answered_late():
    s = stage("""
    flows:
      main: [{call: side}, Вернулись]
      side: [{ask: Ну?, id: q, options: [А], silence: [{after: 1h, then: [end]}]}, Боковой]
    """)
    s.opens()
    s.waits("2h")
    assert s.presses("А") == ["Боковой", "Вернулись"]


def test_a_late_answer_of_a_run_that_was_begun_anew_changes_nothing():
    s = stage("""
    entry: [{link: a, restart: true}]
    flows:
      main:
        - {if: link == "a" and score == 0, then: [{ask: Ну?, id: q, options: [А, Б]}]}
        - start: news
    series: {news: {letters: [{id: n, when: +1d, say: Письмо}]}}
    """)
    s.opens("a")
    s.presses("А")
    press = s.button("Б")
    s.play.conversation.runs[0].ended_us = s.play.now_us
    s.runs[0].series.clear()
    s.opens("a")
    s.presses("А")
    assert s.hears(press) == []
    assert s.notes("old_button") == [""]


def test_the_last_question_is_never_answered_after_stop():
    s = stage(TWO)
    s.opens()
    s.types("стоп")
    assert s.presses("А") == []
    assert s.notes("old_button") == [""]
    assert s.run.fields == {}


def test_a_changed_answer_takes_its_tag_and_score_with_it():
    s = stage("""
    flows:
      main:
        - ask: Ну?
          save: one
          options: [{text: А, score: 1, tag: а}, {text: Б, score: 5, tag: б}]
    """)
    s.opens()
    s.presses("А")
    assert (s.run.score, s.person.tags) == (1, ["а"])
    s.presses("Б")
    assert (s.run.score, s.person.tags, s.run.fields) == (5, ["б"], {"one": "Б"})


def test_a_changed_answer_leaves_a_tag_that_was_there_before():
    s = stage("""
    flows:
      main: [{tag: а}, {ask: Ну?, id: q, options: [{text: А, tag: а}, Б]}]
    """)
    s.opens()
    s.presses("А")
    s.presses("Б")
    assert s.person.tags == ["а"]


def test_silence_takes_the_old_answers_tag_and_score_with_it():
    s = stage("""
    flows:
      main:
        - ask: Ну?
          save: one
          options: [{text: А, score: 1, tag: а}]
          silence: [{after: 1h, then: [end]}]
        - {go: main}
    """)
    s.opens()
    s.presses("А")
    s.waits("2h")
    assert (s.run.score, s.person.tags, s.run.fields) == (0, [], {"one": None})


GO = """
flows:
  main:
    - say: Кнопка
      buttons:
        - {text: Пуск, go: side}
        - {text: Нет, tag: отказ, reply: Ясно}
        - {text: Да, set: {a: "1"}}
  side: [{ask: Там?, id: there, options: [Ага]}, {lead: Заявка, team: sales}]
"""


def test_a_go_button_pressed_again_during_its_play_changes_nothing():
    s = stage(GO)
    s.opens()
    assert s.presses("Пуск") == ["Там?"]
    assert s.presses("Пуск") == []
    assert s.notes("repeated") == ["the play it began is still going"]


def test_a_go_button_reopens_an_ended_run_with_all_it_had():
    s = stage("entry: [{link: x, set: {source: Сайт, score: '4'}}]\n" + GO)
    s.opens("x")
    s.presses("Пуск")
    s.presses("Ага")
    entered = s.run.entered_us
    assert s.run.ended_us is not None
    s.waits("30d")
    assert s.presses("Пуск") == ["Там?"]
    assert len(s.runs) == 1
    run = s.run
    assert (run.source, run.score, run.lead, run.entered_us) == ("Сайт", 4, True, entered)


def test_a_go_button_of_an_ended_run_plays_in_the_newer_one():
    s = stage("entry: [start, {link: b, flow: side}]" + GO)
    s.opens()
    first = s.button("Пуск")
    s.opens("b")
    s.presses("Ага")
    s.opens("b")
    assert s.hears(first) == ["Там?"]
    assert [run.ended_us is None for run in s.runs] == [False, False, True]


def test_a_reopened_run_has_the_fields_that_a_later_run_filled():
    s = stage("entry: [start, {link: b, set: {a: поздний}}]" + GO)
    s.opens()
    first = s.button("Пуск")
    s.opens("b")
    s.hears(first)
    assert s.runs[0].ended_us is None
    assert s.runs[0].fields == {"a": "поздний"}


def test_say_buttons_never_age():
    s = stage(GO)
    s.opens()
    s.waits("300d")
    s.types("стоп")
    assert s.presses("Нет") == ["Ясно"]
    assert s.person.tags == ["отказ"]


def test_a_mark_button_pressed_twice_says_its_words_once():
    s = stage(GO)
    s.opens()
    assert s.presses("Нет") == ["Ясно"]
    assert s.presses("Нет") == []


def test_a_mark_button_without_reply_gives_a_notice():
    s = stage(GO)
    s.opens()
    _, done = advance(s.play.bundle, s.play.conversation, s.button("Да"), s.play.now)
    assert [e.text for e in done if isinstance(e, effects.Notice)] == ["Готово"]
    s.presses("Да")
    assert s.run.fields == {"a": "1"}


def test_a_mark_button_of_an_ended_run_marks_in_the_newer_one():
    s = stage("entry: [start, {link: b, flow: side}]" + GO)
    s.opens()
    s.opens("b")
    s.presses("Да")
    assert s.run.fields == {"a": "1"}


def test_an_answer_shows_the_choice_on_its_message():
    s = stage(TWO)
    s.opens()
    press = s.button("А")
    _, done = advance(s.play.bundle, s.play.conversation, press, s.play.now)
    assert effects.ShowChoice(press.message, "А") in done

"""Plays: steps from top to bottom, jumps, plays on top of plays, and what begins or drops them."""

from __future__ import annotations

from tests.flows.staging import stage

NESTED = """
flows:
  main:
    - ask: Куда?
      id: where
      options:
        Внутрь: [Внутри]
        Никуда:
        Вызов: [{call: side}, После вызова]
        Переход: [{go: side}, Никогда]
        Конец: [{call: over}, Никогда]
        К месту: [{go: side.there}]
    - Ниже
  side: [Сбоку, {ask: Там?, id: there, options: [Да]}, Конец бокового]
  over: [Уходим, end, Никогда]
"""


def asked() -> object:
    s = stage(NESTED)
    s.opens()
    return s


def test_after_nested_steps_play_goes_on_below():
    assert asked().presses("Внутрь") == ["Внутри", "Ниже"]


def test_an_empty_option_goes_on_below():
    assert asked().presses("Никуда") == ["Ниже"]


def test_call_comes_back():
    s = asked()
    assert s.presses("Вызов") == ["Сбоку", "Там?"]
    assert s.presses("Да") == ["Конец бокового", "После вызова", "Ниже"]


def test_go_forgets_its_callers():
    s = stage("""
    flows:
      main: [{call: first}, Никогда]
      first: [{go: second}]
      second: [Второй]
    """)
    assert s.opens() == ["Второй"]
    assert s.seen.ended


def test_go_does_not_come_back():
    s = asked()
    assert s.presses("Переход") == ["Сбоку", "Там?"]
    assert s.presses("Да") == ["Конец бокового"]


def test_go_to_a_place_begins_there():
    assert asked().presses("К месту") == ["Там?"]


def test_end_ends_the_play_with_its_calls():
    s = asked()
    assert s.presses("Конец") == ["Уходим"]
    assert s.seen.ended


def test_end_does_not_stop_a_series():
    s = stage("""
    flows: {main: [{start: news}, end]}
    series: {news: {letters: [{id: one, when: +1h, say: Письмо}]}}
    """)
    s.opens()
    assert s.waits("2h") == ["Письмо"]


def test_a_run_lives_while_a_series_does_and_ends_after_it():
    s = stage("""
    flows: {main: [{start: news}]}
    series: {news: {letters: [{id: one, when: +1h, say: Письмо}]}}
    """)
    s.opens()
    assert s.run.ended_us is None
    s.waits("2h")
    assert s.run.ended_us is not None


def test_a_loop_without_a_wait_is_stopped_after_a_hundred_steps():
    s = stage("flows: {main: [{set: {a: '1'}}, {go: main}]}")
    s.opens()
    assert "a loop without a wait" in s.notes("stopped")
    assert s.seen.ended


UNDER = """
flows:
  main: [{start: news}, {ask: Внизу?, id: low, options: [Да, Нет]}, Ниже]
series:
  news:
    busy: send
    letters:
      - {id: quiet, when: +1h, say: Просто письмо}
      - id: asking
        when: +1h
        steps:
          - {ask: Сверху?, id: top, options: [Ага]}
          - Сверху всё
"""


def test_a_letter_that_asks_nothing_leaves_the_question_below_alone():
    s = stage(UNDER)
    s.opens()
    assert s.waits("90m") == ["Просто письмо"]
    assert s.presses("Да") == ["Ниже"]


def test_a_letter_that_asks_lies_on_top_and_the_question_below_returns():
    s = stage(UNDER)
    s.opens()
    s.waits("90m")
    assert s.waits("1h") == ["Сверху?"]
    assert s.place == "news.asking.top"
    assert s.presses("Ага") == ["Сверху всё", "Внизу?"]
    assert s.place == "main.low"


def test_a_typed_answer_belongs_to_the_question_on_top():
    s = stage(UNDER)
    s.opens()
    s.waits("3h")
    assert s.types("ага") == ["Сверху всё", "Внизу?"]


def test_a_question_that_returned_takes_its_old_buttons():
    s = stage(UNDER)
    s.opens()
    s.waits("3h")
    s.presses("Ага")
    assert s.presses("Нет", newest=1) == ["Ниже"]


def test_a_play_begun_by_an_entry_drops_the_open_plays():
    s = stage(
        "entry: [start, {link: b, flow: side}]"
        + UNDER.replace("flows:", "flows:\n  side: [Сбоку]", 1)
    )
    s.opens()
    s.waits("3h")
    assert s.opens("b") == ["Сбоку"]
    assert s.run.plays == []


def test_a_play_begun_by_a_go_button_drops_the_open_plays():
    s = stage("""
    flows:
      main:
        - {say: Есть кнопка, buttons: [{text: Пуск, go: side}]}
        - {ask: Внизу?, id: low, options: [Да]}
      side: [Сбоку]
    """)
    s.opens()
    assert s.presses("Пуск") == ["Сбоку"]
    assert s.seen.ended


def test_if_and_match_choose_their_branches():
    s = stage("""
    fields: {age: {type: integer}}
    flows:
      main:
        - {ask: Возраст?, save: age, answer: integer}
        - {if: age >= 18, then: [Взрослый], else: [Ребёнок]}
        - {match: age, cases: {"0..17": [Школа], "18": [Ровно], "19..": [Больше]}, else: [Нет]}
    """)
    s.opens()
    assert s.types("18") == ["Взрослый", "Ровно"]


def test_match_of_an_empty_field_takes_else():
    s = stage("flows: {main: [{match: nobody, cases: {a: [А]}, else: [Иначе]}]}")
    assert s.opens() == ["Иначе"]

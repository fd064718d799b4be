"""The order of meaning of one message: every rung of the ladder over the next."""

from __future__ import annotations

from flows import events
from tests.flows.staging import stage

LADDER = """
entry:
  - start
  - {link: ads, flow: linked}
  - {command: price, flow: priced}
  - {words: [цена, "+"], flow: worded}
  - {any: true, flow: anything}
fields:
  colour: {label: Цвет}
flows:
  main:
    - ask: Какой цвет?
      save: colour
      options: [Красный, Синий, Какая цена]
  linked: [По ссылке]
  priced: [По команде]
  worded: [По слову]
  anything: [Что угодно]
  free:
    - {ask: Что угодно?, save: colour}
"""
FREE = """
entry: [start, {command: price, flow: priced}, {words: [цена], flow: worded}]
flows:
  main: [{ask: Ваш вопрос?, save: question}]
  priced: [По команде]
  worded: [По слову]
"""


def test_stop_beats_an_open_question_that_takes_any_text():
    s = stage(FREE)
    s.opens()
    assert s.types("СТОП!") == ["Хорошо, больше не пишем. Если передумаете — просто напишите нам."]
    assert s.run.fields == {}
    assert s.seen.ended


def test_stop_beats_an_option_of_the_same_text():
    s = stage(
        "flows: {main: [{ask: Что?, save: what, options: [Стоп, Дальше]}, Дальше так дальше]}"
    )
    s.opens()
    assert s.types("стоп")[0].startswith("Хорошо, больше не пишем")
    assert "what" not in s.run.fields


def test_stop_inside_a_longer_message_is_an_answer():
    s = stage(FREE)
    s.opens()
    s.types("Как мне отписаться потом?")
    assert s.run.fields == {"question": "Как мне отписаться потом?"}


def test_privacy_command_is_answered_and_the_question_stays_open():
    s = stage(FREE)
    s.opens()
    assert s.types("/privacy") == ["Как мы обращаемся с данными: Политика"]
    assert s.place == "main.question"


def test_privacy_without_a_document_says_so():
    s = stage(FREE, documents={})
    s.opens()
    assert s.types("/privacy") == [
        "Политика обработки данных пока не опубликована. Спросите нас прямо здесь."
    ]


def test_a_link_beats_an_open_question():
    s = stage(LADDER)
    s.opens()
    assert s.types("/start ads") == ["По ссылке"]


def test_a_command_beats_a_free_answer():
    s = stage(FREE)
    s.opens()
    assert s.types("/price") == ["По команде"]
    assert s.run.fields == {}


def test_a_command_nobody_knows_falls_through_to_the_question():
    s = stage(FREE)
    s.opens()
    s.types("/что")
    assert s.run.fields == {"question": "/что"}


def test_an_option_beats_entry_words():
    s = stage(LADDER)
    s.opens()
    s.types("какая цена")
    assert s.run.fields == {"colour": "Какая цена"}


def test_a_valid_free_answer_beats_entry_words():
    s = stage(FREE)
    s.opens()
    s.types("цена высока")
    assert s.run.fields == {"question": "цена высока"}


def test_entry_words_beat_a_bad_answer():
    s = stage(LADDER)
    s.opens()
    assert s.types("а цена?") == ["По слову"]


def test_a_word_of_signs_needs_a_token_of_its_own():
    s = stage(LADDER)
    s.opens()
    assert s.types("+ беру") == ["По слову"]
    s.opens("ads")
    assert s.types("1+1") == ["Что угодно"]


def test_a_bad_answer_beats_any():
    s = stage(LADDER)
    s.opens()
    assert s.types("зелёный") == ["Не понял ответ. Выберите, пожалуйста, один из вариантов."]
    assert s.buttons == ["Красный", "Синий", "Какая цена"]


def test_start_beats_any_for_the_very_first_message():
    s = stage(LADDER)
    assert s.types("привет") == ["Какой цвет?"]


def test_any_takes_what_nothing_else_fits():
    s = stage(LADDER)
    s.opens("ads")
    assert s.types("спасибо") == ["Что угодно"]


def test_without_any_a_message_outside_a_question_is_ignored():
    s = stage("flows: {main: [Привет]}")
    s.opens()
    assert s.types("спасибо") == []
    assert s.notes("ignored") == ["no entry fits"]


def test_a_sticker_is_a_bad_answer():
    s = stage(LADDER)
    s.opens()
    said = s.hears(events.Unreadable("sticker"))
    assert said == ["Не понял ответ. Выберите, пожалуйста, один из вариантов."]


def test_a_sticker_as_the_first_message_enters_by_start():
    assert stage(LADDER).hears(events.Unreadable("sticker")) == ["Какой цвет?"]


def test_links_beat_words_and_words_beat_start():
    s = stage("""
    entry: [start, {link: price, flow: linked}, {words: [price], flow: worded}]
    flows: {main: [Начало], linked: [По ссылке], worded: [По слову]}
    """)
    assert s.opens("price") == ["По ссылке"]
    s = stage(s.play.bundle.programs["demo"])
    assert s.types("price?") == ["По слову"]


def test_an_exact_link_beats_a_star_of_the_same_funnel():
    s = stage("""
    entry: [{link: vk_*, flow: any_post}, {link: vk_post, flow: this_post}]
    flows: {main: [Начало], any_post: [Любой], this_post: [Этот]}
    """)
    assert s.opens("vk_post") == ["Этот"]
    assert s.run.link == "vk_post"


def test_an_unknown_code_enters_as_start_and_is_kept():
    s = stage(LADDER)
    assert s.opens("nobody_knows") == ["Какой цвет?"]
    assert s.run.link == "nobody_knows"


def test_a_code_that_no_link_can_carry_is_not_kept():
    s = stage(LADDER)
    assert s.types("/start <b>1</b>") == ["Какой цвет?"]
    assert s.run.link == ""


def test_of_several_funnels_the_first_that_fits_begins():
    first = "funnel: first\nentry: [{link: a_*}]\nflows: {main: [Первая]}"
    second = "funnel: second\nentry: [start, {link: a_b}]\nflows: {main: [Вторая]}"
    assert stage(first, second).opens("a_b") == ["Первая"]
    assert stage(first, second).opens() == ["Вторая"]

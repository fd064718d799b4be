"""Answers: what a typed text means to a question, bad answers, skip and back."""

from __future__ import annotations

import pytest

from flows import effects, events
from flows.engine import advance
from tests.flows.staging import stage

SIZES = """
flows:
  main:
    - ask: Размер?
      save: size
      options:
        [Маленький, Средний, Очень большой, {text: Сайт, url: "https://a.ru"}, Другой]
"""


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("средний", "Средний"),
        (" СРЕДНИЙ!! ", "Средний"),
        ("2", "Средний"),
        ("5", "Другой"),
        ("большой", "Очень большой"),
    ],
)
def test_a_typed_answer_counts_when_it_names_one_option(typed: str, size: str):
    s = stage(SIZES)
    s.opens()
    s.types(typed)
    assert s.run.fields == {"size": size}


@pytest.mark.parametrize("typed", ["никакой", "6", "0", "сайт", "4", ""])
def test_a_typed_answer_that_names_no_option_is_bad(typed: str):
    s = stage(SIZES)
    s.opens()
    assert s.types(typed) == ["Не понял ответ. Выберите, пожалуйста, один из вариантов."]
    assert s.run.fields == {}


def test_a_number_beside_a_free_answer_is_a_value():
    s = stage("flows: {main: [{ask: Сколько?, save: n, options: ['10', '20'], answer: integer}]}")
    s.opens()
    s.types("2")
    assert s.run.fields == {"n": 2}


def test_an_options_value_is_saved_instead_of_its_text():
    s = stage("""
    fields: {n: {type: integer}}
    flows: {main: [{ask: Сколько?, save: n, options: [{text: Много, value: "10"}]}]}
    """)
    s.opens()
    s.presses("Много")
    assert s.run.fields == {"n": 10}


def test_yes_and_no_are_saved_as_booleans_typed_or_pressed():
    for act in ("types", "presses"):
        s = stage("""
        flows: {main: [{ask: Да?, save: ok, answer: yes_no}, {if: ok, then: [Ура], else: [Жаль]}]}
        """)
        s.opens()
        assert getattr(s, act)("Да") == ["Ура"]
        assert s.run.fields == {"ok": True}


def test_a_shared_contact_answers_a_phone_question_and_is_verified():
    s = stage("flows: {main: [{ask: Телефон?, save: phone, answer: phone}, Есть]}")
    s.opens()
    assert s.play.messages[-1][1].buttons[0].contact
    event = events.ContactShared("+7 916 123-45-67", verified=True)
    _, done = advance(s.play.bundle, s.play.conversation, event, s.play.now)
    assert effects.SaveContact("phone", "+79161234567", verified=True) in done
    assert s.hears(event) == ["Есть"]
    assert s.person.phone == "+79161234567"


def test_a_contact_is_a_bad_answer_to_another_question():
    s = stage(SIZES)
    s.opens()
    assert len(s.hears(events.ContactShared("+79161234567"))) == 1
    assert s.run.fields == {}


def test_a_bad_answer_gets_the_types_hint_with_the_buttons():
    s = stage("flows: {main: [{ask: Возраст?, save: age, answer: integer, skip: Не скажу}]}")
    s.opens()
    assert s.types("много") == ["Напишите одно число, например 3."]
    assert s.buttons == ["Не скажу"]


def test_invalid_replaces_the_hint():
    s = stage("flows: {main: [{ask: Возраст?, save: age, answer: integer, invalid: Ещё раз}]}")
    s.opens()
    assert s.types("много") == ["Ещё раз"]


ATTEMPTS = """
flows:
  main:
    - ask: Ну?
      save: one
      options: [А]
      attempts: 2
      otherwise: [Хватит, {notify: sales, say: Не понял}]
    - Ниже
"""


def test_too_many_bad_answers_leave_the_question_by_otherwise():
    s = stage(ATTEMPTS)
    s.opens()
    assert len(s.types("я")) == 1
    assert s.types("ты") == ["Хватит", "team: Не понял", "Ниже"]


def test_a_question_left_by_otherwise_is_still_answered_late():
    s = stage(ATTEMPTS)
    s.opens()
    s.types("я")
    s.types("ты")
    assert s.presses("А") == ["Ниже"]
    assert s.run.fields == {"one": "А"}


def test_skip_leaves_the_field_empty_pressed_or_typed():
    for act in ("types", "presses"):
        s = stage("flows: {main: [{ask: Имя?, save: who, skip: Пропустить}, 'Кто: {{ who }}.']}")
        s.opens()
        assert getattr(s, act)("Пропустить") == ["Кто: ."]
        assert s.run.fields == {"who": None}


BACK = """
back: Назад
fields: {note: {label: Заметка}}
flows:
  main:
    - {ask: Один?, save: one, options: [{text: А, score: 1, tag: а}, {text: Б, score: 5}]}
    - {set: {note: был}}
    - {add: {score: 10}}
    - {tag: метка}
    - consent: personal_data
    - {ask: Два?, save: two, options: [В]}
    - {ask: Три?, save: three, options: [Г]}
"""


def at_two() -> object:
    s = stage(BACK)
    s.opens()
    assert "Назад" not in s.buttons
    s.presses("А")
    s.presses("Согласен")
    return s


def test_back_is_the_last_button_of_every_question_after_the_first():
    s = at_two()
    assert s.buttons == ["В", "Назад"]
    s.presses("В")
    assert s.buttons == ["Г", "Назад"]


def test_back_returns_over_consents_and_puts_score_tags_and_fields_back():
    s = at_two()
    assert s.presses("Назад") == ["Один?"]
    assert (s.run.score, s.person.tags, s.run.answers) == (0, [], {})
    assert not any(s.run.fields.values())
    assert s.person.consents["personal_data"].action == "given"
    assert s.presses("Б") == ["Два?"]
    assert s.run.score == 15


def test_back_works_twice_and_when_typed():
    s = at_two()
    s.presses("В")
    assert s.types("назад") == ["Два?"]
    assert s.types("назад") == ["Один?"]


def test_a_second_press_of_back_changes_nothing():
    s = at_two()
    press = s.button("Назад")
    assert s.hears(press) == ["Один?"]
    assert s.hears(press) == []


def test_back_survives_a_late_answer():
    s = stage(BACK.replace("options: [В]", "options: [В], silence: [{after: 1h, then: [end]}]"))
    s.opens()
    s.presses("А")
    s.presses("Согласен")
    s.waits("2h")
    assert s.presses("В") == ["Три?"]
    assert s.presses("Назад") == ["Два?"]
    assert s.presses("Назад") == ["Один?"]


def test_without_back_no_button_and_nothing_is_kept_for_it():
    s = stage(BACK.replace("back: Назад", ""))
    s.opens()
    s.presses("А")
    s.presses("Согласен")
    assert s.buttons == ["В"]
    assert all(play.trail == [] for play in s.run.plays)


HOSTILE = "<b>**жир**</b> {{ 7*7 }} {% if 1 %} [a](https://b.ru) `x` _y_"


def test_what_a_person_typed_is_printed_literally_and_never_evaluated():
    s = stage("flows: {main: [{ask: Имя?, save: who}, 'Вы **{{ who }}**.']}")
    s.opens()
    assert s.types(HOSTILE) == [f"Вы {HOSTILE}."]
    spans = s.play.messages[-1][1].text.spans
    assert [(span.text, span.bold, span.url) for span in spans] == [
        ("Вы ", False, ""), (HOSTILE, True, ""), (".", False, ""),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["ООО Ромашка", "x_Killer_x", "12345", "<b>", "", "{{ 7 }}"])
def test_a_name_unfit_to_be_spoken_is_left_out(name: str):
    s = stage("flows: {main: ['Привет{{ name | prefix(\", \") }}!']}", name=name)
    assert s.opens() == ["Привет!"]


def test_a_name_fit_to_be_spoken_is_spoken():
    s = stage("flows: {main: ['Привет{{ name | prefix(\", \") }}!']}", name="✨МАРИЯ✨")
    assert s.opens() == ["Привет, Мария!"]

"""Multiple choice: marking, closing, typing several answers at once."""

from __future__ import annotations

import pytest

from flows import effects, events
from flows.engine import advance
from flows.messages import message_from_json, message_to_json
from tests.flows.staging import stage

TIMES = """
flows:
  main:
    - ask: Когда звонить?
      save: times
      many: true
      max: 2
      options:
        - {text: Утро, tag: рано, score: 1}
        - {text: День, value: day, score: 2}
        - {text: Вечер, tag: поздно, score: 4}
    - Спасибо! {{ times | join(" и ") }}
"""


HOW = "Отметьте варианты кнопками или напишите их номера через запятую, например 1, 3."


def marks(s, *labels):
    """Press the buttons; the marks that the last press draws come back."""
    done = []
    for label in labels:
        event = s.button(label)
        _, done = advance(s.play.bundle, s.play.conversation, event, s.play.now)
        s.hears(event)
    return [each for each in done if isinstance(each, effects.ShowMarks)]


def test_a_mark_is_shown_on_the_message_and_taken_away_by_a_second_press():
    s = stage(TIMES)
    s.opens()
    assert s.buttons == ["Утро", "День", "Вечер", "Готово"]
    (shown,) = marks(s, "Вечер", "Утро")
    assert shown.chosen == (0, 2)
    assert s.take() == []
    (shown,) = marks(s, "Вечер")
    assert shown.chosen == (0,)
    assert s.run.fields == {}


def test_done_saves_what_is_marked_in_the_order_of_the_options():
    s = stage(TIMES)
    s.opens()
    marks(s, "Вечер", "День")
    assert s.presses("Готово") == ["Спасибо! day и Вечер"]
    assert s.run.fields == {"times": ["day", "Вечер"]}
    assert s.run.score == 6
    assert s.play.conversation.person.tags == ["поздно"]


@pytest.mark.parametrize("typed", ["2, 3", "3 2", "вечер и день", "День; Вечер", "2\n3", "готово"])
def test_several_options_can_be_typed_at_once(typed: str):
    s = stage(TIMES)
    s.opens()
    if typed == "готово":
        marks(s, "День", "Вечер")
    s.types(typed)
    assert s.run.fields == {"times": ["day", "Вечер"]}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1, 2, 3", "Можно выбрать не больше 2."),
        ("готово", "Нужно выбрать не меньше 1."),
        ("4", HOW),
        ("утро, ночь", HOW),
    ],
)
def test_a_typed_choice_that_does_not_fit_gets_its_hint(typed: str, said: str):
    s = stage(TIMES)
    s.opens()
    assert s.types(typed) == [said]
    assert s.buttons == ["Утро", "День", "Вечер", "Готово"]


def test_too_few_and_too_many_marks_give_a_notice():
    s = stage(TIMES)
    s.opens()
    for label, words in (("Готово", "Нужно выбрать не меньше 1."), ("День", "не больше 2.")):
        if label == "День":
            marks(s, "Утро", "Вечер")
        event = s.button(label)
        _, done = advance(s.play.bundle, s.play.conversation, event, s.play.now)
        (notice,) = [each.text for each in done if isinstance(each, effects.Notice)]
        assert notice.endswith(words)
        assert s.hears(event) == []


def test_a_shown_choice_says_what_was_chosen():
    s = stage(TIMES)
    s.opens()
    marks(s, "Утро", "Вечер")
    event = s.button("Готово")
    _, done = advance(s.play.bundle, s.play.conversation, event, s.play.now)
    assert effects.ShowChoice(event.message, "Утро, Вечер") in done


def test_a_question_shown_again_keeps_its_marks():
    s = stage(TIMES)
    s.opens()
    marks(s, "День")
    s.types("не знаю")
    assert s.buttons == ["Утро", "✅ День", "Вечер", "Готово"]
    assert len(marks(s, "✅ День")) == 1
    s.types("не знаю")
    assert s.buttons == ["Утро", "День", "Вечер", "Готово"]


def test_done_pressed_again_is_ignored():
    s = stage(TIMES)
    s.opens()
    marks(s, "Утро")
    s.presses("Готово")
    assert s.presses("Готово") == []
    assert s.run.score == 1


def test_a_choice_can_be_changed_while_nothing_was_asked_since():
    s = stage(TIMES)
    s.opens()
    marks(s, "Утро")
    s.presses("Готово")
    assert [each.chosen for each in marks(s, "Вечер")] == [(0, 2)]
    s.presses("Готово")
    assert s.run.fields == {"times": ["Утро", "Вечер"]}
    assert s.run.score == 5


def test_a_choice_that_silence_left_is_closed_late():
    s = stage(TIMES.replace("max: 2", "max: 2\n      silence: [{after: 1h, then: [end]}]"))
    s.opens()
    marks(s, "Утро")
    s.waits("2h")
    assert s.run.fields == {"times": None}
    assert s.presses("Готово") == ["Спасибо! Утро"]


def test_a_late_choice_of_too_little_changes_nothing():
    s = stage(TIMES.replace("max: 2", "max: 2\n      silence: [{after: 1h, then: [end]}]"))
    s.opens()
    s.waits("2h")
    assert s.presses("Готово") == []
    assert s.run.ended_us is not None


def test_a_mark_of_an_older_choice_is_too_old():
    s = stage(TIMES + "    - ask: Имя?\n      save: who\n")
    s.opens()
    s.types("1")
    event = s.button("День")
    _, done = advance(s.play.bundle, s.play.conversation, event, s.play.now)
    assert effects.Note("old_button") in done
    assert not [each for each in done if isinstance(each, effects.ShowMarks)]


def test_none_can_be_chosen_when_min_is_nought():
    s = stage(TIMES.replace("max: 2", "min: 0"))
    s.opens()
    s.presses("Готово")
    assert s.run.fields == {"times": None}


def test_where_buttons_are_not_under_the_message_the_choice_is_said_again():
    many = ", ".join(f"Вариант {number}" for number in range(1, 11))
    s = stage(
        f"flows: {{main: [{{ask: Что?, save: what, many: true, options: [{many}]}}]}}",
        channel="vk",
    )
    s.opens()
    assert restated(s, "Вариант 3") == "Выбрано: Вариант 3."
    assert "✅ Вариант 3" in s.buttons
    assert restated(s, "✅ Вариант 3") == "Пока ничего не выбрано."
    assert restated(s, "Готово") == "Нужно выбрать не меньше 1."


def restated(s, label: str) -> str:
    """What the press says anew; to a test of the funnel it is no message, as on other channels."""
    before = len(s.play.messages)
    assert s.presses(label) == []
    (newest,) = s.play.messages[before:]
    assert message_from_json(message_to_json(newest[1])).restates
    return newest[1].text.plain


def test_marks_survive_being_stored():
    s = stage(TIMES)
    s.opens()
    marks(s, "День")
    rest = s.run.plays[0].rest
    assert rest is not None
    assert rest.chosen == [1]
    s.hears(events.Unreadable("sticker"))
    assert s.buttons[1] == "✅ День"

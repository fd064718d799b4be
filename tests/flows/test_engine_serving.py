"""Service words that wait for their turn, the bot's own phrases, and who allowed messages."""

from __future__ import annotations

from flows import effects, events
from tests.flows.staging import DOCUMENTS, stage

SCHOOL = """
language: ru
entry: [{link: ads, set: {source: Реклама}}, start]
fields: {level: {label: Уровень}}
flows:
  main:
    - {ask: Уровень?, save: level, options: [С нуля, Мои данные]}
    - consent: advertising
    - Готово
"""


def test_my_data_shows_all_that_is_stored():
    s = stage(SCHOOL, name="Мария")
    s.opens("ads")
    s.presses("С нуля")
    s.presses("Согласен")
    (said,) = s.types("Мои данные")
    for line in ("Имя: Мария", "Уровень: С нуля", "Откуда вы пришли: Реклама"):
        assert line in said.splitlines()
    assert "Согласие на рекламу: дано 12.01.2026, версия 1" in said


def test_of_a_stranger_nothing_is_kept():
    s = stage(SCHOOL.replace("start]", "{words: [урок]}]"))
    assert s.types("мои данные") == ["Мы ничего о вас не храним."]
    assert s.runs == []


def test_an_option_outranks_my_data():
    s = stage(SCHOOL)
    s.opens()
    s.types("мои данные")
    assert s.run.fields == {"level": "Мои данные"}


def test_my_data_leave_the_open_question_open():
    s = stage(SCHOOL.replace("Мои данные", "Другой"))
    s.opens()
    assert s.types("My data!") == ["Что мы храним о вас:"] or s.take() == []
    assert s.place == "main.level"


def test_a_wish_to_be_erased_is_journalled_and_told_to_a_team():
    s = stage(SCHOOL, teams={"sales": None})
    s.opens()
    s.presses("С нуля")
    said = s.types("удалите мои данные")
    assert said == ["team: Просит удалить свои данные.", s.done[-1].text]
    assert "десяти рабочих дней" in said[-1]
    assert s.notes("erasure_requested") == [""]


def test_a_funnel_says_phrases_in_its_own_words():
    s = stage(
        SCHOOL + 'phrases: {choose_option: "Кнопку, пожалуйста.", agree: Да!, old_button: Поздно}',
    )
    s.opens()
    assert s.types("не знаю") == ["Кнопку, пожалуйста."]
    s.presses("С нуля")
    assert s.buttons == ["Да!", "Нет"]
    s.hears(events.Pressed(None))
    assert s.play.notes[-1].kind == "old_button"


def test_a_hint_of_an_answer_can_be_reworded():
    s = stage(
        """
        phrases: {number_between: "От {min} до {max}!"}
        flows: {main: [{ask: Сколько?, id: n, answer: {type: number, min: 1, max: 5}}]}
        """
    )
    s.opens()
    assert s.types("9") == ["От 1 до 5!"]


SUBSCRIBED = "entry: [subscribed, start]\nflows: {main: [{ask: Ну?, id: n}]}"


def test_who_allows_messages_enters_by_subscribed():
    s = stage(SUBSCRIBED)
    assert s.hears(events.BotAllowed()) == ["Ну?"]


def test_who_joins_enters_only_when_they_may_be_written_to():
    s = stage(SUBSCRIBED)
    assert s.hears(events.Joined()) == []
    assert s.notes("ignored") == ["joined, but may not be written to"]
    assert s.hears(events.Joined(reachable=True)) == ["Ну?"]


def test_subscribed_leaves_a_living_run_alone():
    s = stage(SUBSCRIBED)
    s.opens()
    s.hears(events.BotBlocked())
    assert s.hears(events.BotAllowed()) == []
    assert s.place == "main.n"


def test_privacy_is_said_in_the_funnels_words():
    s = stage(SCHOOL + 'phrases: {privacy: "Читайте:"}', documents=DOCUMENTS)
    s.opens()
    assert s.types("/privacy") == ["Читайте: Политика"]
    assert any(isinstance(one, effects.Note) for one in s.play.notes)

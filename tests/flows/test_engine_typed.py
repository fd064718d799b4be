"""Typed answers that know the moment and the place: dates, times, cities, ratings."""

from __future__ import annotations

import pytest

from flows import effects, events
from flows.engine import advance
from tests.flows.staging import stage

CITY = """
flows:
  main:
    - ask: Ваш город?
      save: city
      options: [Москва, {text: Сибирь, value: Омск}]
      answer: city
    - start: letters
series:
  letters:
    letters:
      - {id: first, when: +1d 11:00, kind: service, say: "Письмо в {{ city }}"}
"""


def test_a_city_tells_the_time_zone():
    s = stage(CITY)
    s.opens()
    s.types("спб")
    person = s.play.conversation.person
    assert (person.zone, person.zone_source) == ("Europe/Moscow", "answer")
    s.opens()
    s.types("petropavlovsk-kamchatsky")
    assert s.run.fields == {"city": "Санкт-Петербург"}


@pytest.mark.parametrize(
    ("label", "city", "zone"),
    [("Москва", "Москва", "Europe/Moscow"), ("Сибирь", "Омск", "Asia/Omsk")],
)
def test_a_ready_city_tells_the_time_zone_too(label: str, city: str, zone: str):
    s = stage(CITY)
    s.opens()
    s.presses(label)
    assert s.run.fields == {"city": city}
    assert s.play.conversation.person.zone == zone


def test_letters_that_are_planned_follow_a_zone_that_becomes_known():
    s = stage("""
    flows:
      main:
        - start: letters
        - {ask: Ваш город?, save: city, answer: city}
    series:
      letters:
        letters:
          - {id: clock, when: +1d 11:00, kind: service, say: По часам}
          - {id: later, when: +26h, kind: service, say: Спустя сутки}
    """)
    s.opens()
    s.types("Владивосток")
    assert s.until("2026-01-14 12:00") == ["По часам", "Спустя сутки"]
    assert s.times("Asia/Vladivostok")[0] == "2026-01-13 11:00"
    assert any(note.kind == "zone_known" for note in s.play.notes)


def test_an_unknown_city_is_asked_again_with_those_that_may_be_meant():
    s = stage(CITY)
    s.opens()
    assert s.types("Новосибирк") == [
        "Не нашли такой город. Может быть, Новосибирск? Если нет, напишите ближайший крупный."
    ]
    assert s.buttons == ["Новосибирск", "Москва", "Сибирь"]
    s.presses("Новосибирск")
    assert s.run.fields == {"city": "Новосибирск"}
    assert s.play.conversation.person.zone == "Asia/Novosibirsk"


def test_a_city_with_namesakes_is_asked_for_its_region():
    s = stage(CITY)
    s.opens()
    (said,) = s.types("Мирный")
    assert said == (
        "Городов с таким названием несколько: Мирный (Якутия), Мирный (Архангельская область)."
        " Какой ваш?"
    )
    s.presses("Мирный (Якутия)")
    assert s.run.fields == {"city": "Мирный"}
    assert s.play.conversation.person.zone == "Asia/Yakutsk"


def test_words_of_ones_own_for_a_bad_city_keep_the_offers():
    s = stage("flows: {main: [{ask: Город?, save: c, answer: city, invalid: Какой?}]}")
    s.opens()
    assert s.types("Казани") == ["Какой?"]
    assert s.buttons == ["Казань"]


MOMENTS = """
flows:
  main:
    - {ask: День?, save: day, answer: date, options: [Завтра]}
    - {ask: Час?, save: hour, answer: time}
    - {ask: Когда?, save: visit, answer: datetime}
    - 'День {{ day }}, {{ day | date("d MMMM") }}; час {{ hour }}, {{ hour | time }}'
    - 'Визит {{ visit }}, {{ visit | date("d MMMM") }} в {{ visit | time }}'
    - if: day > today and visit > now
      then: [Впереди]
"""


def test_days_times_and_moments_print_and_compare():
    s = stage(MOMENTS, zone="Asia/Vladivostok", at="2026-01-12 18:00")  # 13 January there
    s.opens()
    s.types("завтра")
    s.types("в 7 вечера")
    assert s.types("послезавтра в 18:30") == [
        "День 14.01.2026, 14 января; час 19:00, 19:00",
        "Визит 15.01.2026 18:30, 15 января в 18:30",
        "Впереди",
    ]
    assert s.run.fields == {
        "day": "2026-01-14",
        "hour": "19:00",
        "visit": "2026-01-15T08:30:00+00:00",
    }


def test_a_ready_answer_is_read_as_a_typed_one():
    s = stage(MOMENTS)
    s.opens()
    s.presses("Завтра")
    assert s.run.fields == {"day": "2026-01-13"}


def test_a_letter_hangs_on_a_moment_that_was_answered():
    s = stage(
        """
        flows:
          main:
            - {ask: Когда?, save: visit_at, answer: datetime}
            - start: reminders
        series:
          reminders:
            kind: service
            letters:
              - {id: before, when: visit_at -1d 12:00, say: Завтра ждём}
              - {id: hour, when: visit_at -1h, say: Через час}
        """,
        zone="Asia/Yekaterinburg",
    )
    s.opens()
    s.types("20.01 в 15:00")
    assert s.until("2026-01-21 00:00") == ["Завтра ждём", "Через час"]
    assert s.times("Asia/Yekaterinburg") == ["2026-01-19 12:00", "2026-01-20 14:00"]


def test_a_rating_is_pressed_or_typed():
    s = stage("flows: {main: [{ask: Как вам?, save: mark, answer: rating}, 'Оценка {{ mark }}']}")
    s.opens()
    assert s.buttons == ["1", "2", "3", "4", "5"]
    assert s.presses("4") == ["Оценка 4"]
    s.opens()
    assert s.types("шесть") == ["Поставьте оценку от 1 до 5."]
    assert s.types("пять") == ["Оценка 5"]
    assert s.run.fields == {"mark": 5}


def test_a_day_out_of_bounds_is_a_bad_answer():
    s = stage(
        "flows: {main: [{ask: День?, save: day, answer: {type: date, min: today, max: +7d}}]}"
    )
    s.opens()
    assert s.types("вчера") == ["Нужна дата не раньше 12.01.2026."]
    assert s.types("25.12") == ["Нужна дата не позже 19.01.2026."]
    s.types("сегодня")
    assert s.run.fields == {"day": "2026-01-12"}


def test_what_is_saved_of_a_day_is_told_to_the_house_as_text():
    s = stage("flows: {main: [{ask: День?, save: day, answer: date}]}")
    s.opens()

    _, done = advance(s.play.bundle, s.play.conversation, events.Typed("13.01"), s.play.now)
    assert [each.value for each in done if isinstance(each, effects.Save)] == ["2026-01-13"]

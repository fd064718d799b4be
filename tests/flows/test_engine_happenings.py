"""Events from outside and promo codes: what they do to people inside and to those who are not."""

from __future__ import annotations

import pytest

from flows import events
from flows.worlds import World
from tests.flows.staging import stage

PAID = """
entry:
  - start
  - event: paid
    flow: thanks
    save: {sum: amount, card: source.card}
    set: {from_event: "да"}
    tag: клиент
fields: {sum: {type: number}, card: {type: text}}
flows:
  main:
    - ask: Оплатили?
      id: main
      options: [Да]
  thanks: ["Получили {{ sum }} с карты {{ card }}"]
"""


def paid(**data):
    return events.EventHappened("paid", data)


def test_an_event_plays_its_flow_on_top_of_the_question():
    s = stage(PAID)
    s.opens()
    assert s.hears(paid(amount=4500, source={"card": 1234})) == ["Получили 4500 с карты 1234"]
    assert s.place == "main.main"
    assert s.run.events == ["paid"]
    assert s.run.fields == {"sum": 4500, "card": "1234"}
    assert s.person.tags == []
    assert s.presses("Да") == []


def test_an_event_lets_in_whoever_is_not_inside():
    s = stage(PAID)
    assert s.hears(paid(amount=5, source={"card": "x"})) == ["Получили 5 с карты x"]
    assert s.run.fields["from_event"] == "да"
    assert s.person.tags == ["клиент"]
    assert s.seen.ended
    assert s.noted("entered").reason == "event"


def test_what_an_event_lacks_leaves_the_field_as_it_was():
    s = stage(PAID)
    s.hears(paid(amount=5, source={"card": "x"}))
    assert s.hears(paid(amount=7)) == ["Получили 7 с карты x"]
    assert s.notes("event_lacks") == ["source.card"]


ASKING = """
entry: [start, {event: paid, flow: rate}]
flows:
  main: [{ask: Как вас зовут?, save: who}]
  rate: [{ask: Оцените нас, save: mark}]
"""


def test_a_question_of_an_event_lies_on_top_and_the_one_below_returns():
    s = stage(ASKING)
    s.opens()
    assert s.hears(paid()) == ["Оцените нас"]
    assert s.types("5") == ["Как вас зовут?"]
    assert s.types("Аня") == []
    assert s.run.fields == {"mark": "5", "who": "Аня"}


WAITING = """
entry: [start, {event: paid}]
flows:
  main:
    - {wait: 3d, id: pay, until: '"paid" in events', then: [Спасибо], else: [Не дождались]}
"""


def test_an_event_makes_a_wait_come_true():
    s = stage(WAITING)
    s.opens()
    assert s.hears(paid()) == ["Спасибо"]


def test_an_event_without_a_flow_says_nothing_to_someone_inside():
    s = stage("entry: [start, {event: paid}]\nflows: {main: [{ask: Ну?, id: q}]}")
    s.opens()
    assert s.hears(paid()) == []
    assert s.run.events == ["paid"]


def test_an_event_twice_is_remembered_once_and_plays_twice():
    s = stage(PAID)
    s.opens()
    s.hears(paid(amount=1, source={"card": "x"}))
    assert len(s.hears(paid(amount=2, source={"card": "x"}))) == 1
    assert s.run.events == ["paid"]


def test_an_event_that_no_entry_names_is_remembered_by_living_runs():
    s = stage("flows: {main: [{ask: Ну?, id: q}]}")
    assert s.hears(paid()) == []
    assert s.notes("ignored") == ["no entry by event"]
    s.opens()
    assert s.hears(paid()) == []
    assert s.run.events == ["paid"]
    assert len(s.notes("ignored")) == 1


def test_an_event_stops_the_series_whose_condition_it_makes_true():
    s = stage(
        """
        flows: {main: [{start: news}]}
        series:
          news:
            stop_when: '"paid" in events'
            letters: [{id: one, when: +1d, say: Письмо}]
        """
    )
    s.opens()
    s.hears(paid())
    assert s.waits("9d") == []
    assert s.seen.ended


ONE = "funnel: one\nentry: [start, {event: paid, flow: go}]\nflows: {main: [Раз], go: [Первая]}"
OTHER = """
funnel: two
entry: [{words: [два]}, {event: paid, flow: go}]
flows: {main: [{ask: Два?, id: q}], go: [Вторая]}
"""
TWO = (ONE, OTHER)


def test_an_event_begins_a_run_in_the_first_funnel_only():
    assert stage(*TWO).hears(paid()) == ["Первая"]


def test_an_event_plays_where_the_person_is_inside():
    s = stage(*TWO)
    s.types("два")
    assert s.hears(paid()) == ["Вторая"]


def test_an_event_of_one_funnel_concerns_no_other():
    s = stage(*TWO)
    assert s.hears(events.EventHappened("paid", funnel="two")) == ["Вторая"]


def test_once_refuses_an_event_silently():
    s = stage("entry: [start, {event: paid, once: true}]\nflows: {main: [Раз]}")
    assert s.hears(paid()) == ["Раз"]
    assert s.hears(paid()) == []
    assert s.notes("ignored") == ["was here before"]


def test_restart_begins_anew_by_an_event():
    s = stage("entry: [start, {event: paid, restart: true}]\nflows: {main: [{ask: Ну?, id: q}]}")
    s.opens()
    assert s.hears(paid()) == ["Ну?"]
    assert len(s.runs) == 2
    assert s.run.events == ["paid"]


def test_what_an_event_sets_off_is_service_at_any_hour():
    s = stage(PAID, at="2026-01-12 23:30")
    s.opens()
    s.hears(paid(amount=1, source={"card": "x"}))
    assert s.play.messages[-1][1].kind == "service"


CODE = """
entry: [start, {words: [ещё], restart: true}, {event: promo_used, flow: thanks}]
flows:
  main:
    - code: promo
      pattern: EAT-##
      valid: 48h
      otherwise: [Кончились, end]
    - '{{ promo }} до {{ promo_until | date("d MMMM") }} {{ promo_until | time }}'
  thanks: [Погашен]
"""


def test_a_code_comes_with_the_moment_of_its_end():
    s = stage(CODE)
    assert s.opens() == ["EAT-01 до 14 января 12:00"]


def test_a_valid_code_stays_and_an_expired_one_is_replaced():
    s = stage(CODE)
    s.opens()
    s.waits("47h")
    assert s.types("ещё") == ["EAT-01 до 14 января 12:00"]
    s.waits("1h")
    assert s.types("ещё") == ["EAT-02 до 16 января 12:00"]


def test_where_no_codes_are_left_otherwise_plays():
    s = stage(CODE)
    s.play.outside.world = World(code=[])
    assert s.opens() == ["Кончились"]
    assert s.run.fields.get("promo") is None


def test_a_redeemed_code_is_an_event_of_its_field_and_funnel():
    s = stage(CODE, "funnel: other\nentry: [{event: promo_used}]\nflows: {main: [Чужая]}")
    s.opens()
    assert s.hears(events.CodeRedeemed("EAT-01")) == ["Погашен"]
    assert s.hears(events.CodeRedeemed("EAT-99")) == []


@pytest.mark.parametrize("source", ["pool: spring", 'pattern: "A-#"'])
def test_a_code_is_asked_of_its_pool_or_of_one_of_its_own(source):
    s = stage(f"flows: {{main: [{{code: promo, {source}, id: gift}}]}}")
    s.opens()
    assert list(s.play.outside.given) == ["spring" if "pool" in source else "demo.promo"]
    assert s.run.fields.keys() == {"promo"}

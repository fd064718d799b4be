"""Calls to the world outside, as the engine makes them: where the person stands, where they go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flows import effects, events
from flows.rehearsal import Rehearsal
from flows.worlds import HELPFUL, World
from tests.flows.staging import Stage, bundle_of, limits, stage, us

PRICE = """
entry: [start, {words: [выход], flow: away}]
fields: {total: {type: number}, note: {type: text}}
flows:
  main:
    - Считаем
    - http:
        post: https://api.example.ru/price
        headers: {Authorization: Bearer $KEY, X-Name: "{{ first_name }}"}
        body: {name: "{{ first_name }}", score: "{{ score }}", list: [a, "{{ total }}"]}
        save: {total: data.total, note: data.note}
      id: price
      otherwise: [Не вышло]
    - Итого {{ total }}, {{ note }}
  away: [Ушли]
"""


@dataclass(slots=True)
class Patient(Rehearsal):
    """A rehearsal in which the test itself answers."""

    open: list[effects.Request] = field(default_factory=list)

    def _do(self, effect: effects.Effect) -> None:
        if isinstance(effect, effects.Request):
            self.open.append(effect)
        else:
            Rehearsal._do(self, effect)


def patient(text: str, **more) -> Stage:
    return Stage(Patient(bundle_of(text, **more), us("2026-01-12 12:00")))


def answers(s: Stage, **result) -> list[str]:
    asked = s.play.open[-1]
    return s.hears(events.RequestAnswered(asked.run, asked.number, result))


def test_a_call_stands_still_until_its_answer_comes():
    s = patient(PRICE)
    s.play.profile = replace(s.play.profile, first_name="Аня")
    assert s.opens() == ["Считаем"]
    assert s.place == "main.price"
    assert not s.seen.ended
    assert s.waits("30d") == []
    assert answers(s, ok=True, answer={"data": {"total": 5, "note": 7}}) == ["Итого 5, 7"]
    assert s.run.fields == {"total": 5, "note": "7"}


def test_what_is_asked_names_secrets_and_never_holds_them():
    s = patient(PRICE)
    s.play.profile = replace(s.play.profile, first_name="Аня\nX-Evil: $TOKEN")
    s.opens()
    assert s.play.open[0].body == {
        "method": "post",
        "url": "https://api.example.ru/price",
        "headers": {"X-Name": "Аня X-Evil: $TOKEN"},
        "secrets": {"Authorization": "Bearer $KEY"},
        "body": {"name": "Аня\nX-Evil: $TOKEN", "score": 0, "list": ["a", None]},
        "wants": {"data.total": "number", "data.note": "text"},
    }


def test_a_call_that_failed_for_good_goes_by_otherwise():
    s = patient(PRICE)
    s.opens()
    assert answers(s, ok=False, error="the server answered 404") == ["Не вышло", "Итого , "]
    assert s.notes("call_failed") == ["the server answered 404"]


def test_an_answer_that_lacks_what_is_saved_fills_nothing():
    s = patient(PRICE)
    s.opens()
    assert answers(s, ok=True, answer={"data": {"total": 5}})[0] == "Не вышло"
    assert s.run.fields.get("total") is None
    assert s.notes("call_failed") == ["the answer has no data.note"]


def test_without_otherwise_a_failed_call_goes_on_below():
    s = patient("flows: {main: [{http: {get: https://a.example/}}, Дальше]}")
    s.opens()
    assert answers(s, ok=False) == ["Дальше"]


def test_who_left_meanwhile_does_not_hear_the_answer():
    s = patient(PRICE)
    s.opens()
    assert s.types("выход") == ["Ушли"]
    assert answers(s, ok=True, answer={"data": {"total": 5, "note": "x"}}) == []
    assert s.notes("stale") == ["request"]


def test_a_second_answer_changes_nothing():
    s = patient(PRICE)
    s.opens()
    answers(s, ok=True, answer={"data": {"total": 5, "note": "x"}})
    assert answers(s, ok=False) == []


def test_values_that_fit_no_field_are_taken_for_missing():
    for value in ({"a": 1}, [{"a": 1}], None, "", []):
        s = patient(PRICE)
        s.opens()
        told = answers(s, ok=True, answer={"data": {"total": 5, "note": value}})
        assert told[0] == "Не вышло", value


def test_a_long_text_is_cut_and_a_nul_goes():
    s = patient(PRICE)
    s.opens()
    answers(s, ok=True, answer={"data": {"total": 5, "note": "\0" + "а" * 100_000}})
    assert s.run.fields["note"] == "а" * 8_000


MEMBER = """
flows:
  main:
    - {member: "@school", then: [Подписан], else: [Не подписан], otherwise: [Не узнать]}
"""


def test_membership_chooses_its_block():
    for world, said in (
        (HELPFUL, "Подписан"),
        (World(member=False), "Не подписан"),
        (World(member="fail"), "Не узнать"),
        (World(member={"member_school": False}), "Не подписан"),
    ):
        s = stage(MEMBER)
        s.play.outside.world = world
        assert s.opens() == [said]


def test_where_no_messenger_can_tell_nobody_is_asked():
    s = stage(MEMBER, channel="web")
    assert s.opens() == ["Не узнать"]
    assert s.notes("call_failed") == ["web cannot tell"]


def test_a_call_has_a_place_of_its_own():
    s = patient(MEMBER)
    s.opens()
    assert s.place == "main.member_school"


NIGHT = """
flows: {main: [{start: news}]}
series:
  news:
    letters:
      - id: price
        when: +1h
        steps: [{http: {get: https://api.example.ru/price, save: {total: total}}}, "Цена {{ total }}"]
"""


def test_an_answer_by_night_to_what_the_clock_asked_waits_for_the_morning():
    s = patient(NIGHT, limits=limits("22:00-09:00"))
    s.opens()
    s.waits("8h")
    assert s.sleeps("4h") is None
    assert answers(s, ok=True, answer={"total": 5}) == []  # it is one in the morning
    assert answers(s, ok=True, answer={"total": 6}) == []
    assert s.notes("stale") == ["request"]
    assert s.until("2026-01-13 12:00") == ["Цена 5"]
    assert s.times() == ["2026-01-13 09:00"]

"""Waits, splits, goals and outside calls: plays that stand still without a question."""

from __future__ import annotations

from flows import effects, events
from tests.flows.staging import limits, stage

WAITS = """
flows:
  main:
    - say: Ждём
      buttons: [{text: Готово, tag: готов}, {text: Заново, go: main}]
    - {wait: 24h, id: pause, until: '"готов" in tags', then: [Успели], else: [Не успели]}
    - Дальше
"""
ELSEWHERE = "flows: {main: [{wait: %s, id: pause}, Дальше]}"


def test_a_wait_goes_on_by_itself_when_its_time_is_over():
    s = stage(WAITS)
    assert s.opens() == ["Ждём"]
    assert s.place == "main.pause"
    assert not s.seen.ended
    assert s.waits("23h") == []
    assert s.waits("1h") == ["Не успели", "Дальше"]
    assert s.seen.ended


def test_what_was_awaited_comes_true_and_the_wait_goes_on_at_once():
    s = stage(WAITS)
    s.opens()
    s.waits("1h")
    assert s.presses("Готово") == ["Успели", "Дальше"]
    assert s.waits("30d") == []
    assert s.notes("stale") == []


def test_what_is_true_already_is_not_awaited():
    s = stage(WAITS)
    s.opens()
    s.presses("Готово")
    assert s.opens() == ["Ждём", "Успели", "Дальше"]


def test_a_new_play_of_the_person_ends_the_wait():
    s = stage(WAITS)
    s.opens()
    assert s.presses("Заново") == ["Ждём"]
    assert len(s.play.timers) == 1
    assert s.waits("1d") == ["Не успели", "Дальше"]


def test_a_long_wait_goes_on_after_quiet_hours_and_a_short_one_at_once():
    s = stage(ELSEWHERE % "11m", at="2026-01-12 23:30", limits=limits("22:00-09:00"))
    s.opens()
    assert s.waits("1d") == ["Дальше"]
    assert s.times() == ["2026-01-13 09:00"]
    assert s.notes("held") == ["quiet"]
    s = stage(ELSEWHERE % "10m", at="2026-01-12 23:30", limits=limits("22:00-09:00"))
    s.opens()
    assert s.waits("10m") == ["Дальше"]
    assert s.play.messages[-1][1].kind == "service"


def test_what_comes_after_a_long_wait_is_requested():
    s = stage(ELSEWHERE % "11m")
    s.opens()
    s.waits("11m")
    assert s.play.messages[-1][1].kind == "requested"


def test_a_wait_takes_every_form_of_when():
    for when, moment in (
        ("now", "2026-01-12 12:00"),
        ("+1d 10:00", "2026-01-13 10:00"),
        ("fri 18:30", "2026-01-16 18:30"),
        ("2026-01-20 10:00", "2026-01-20 10:00"),
        ("+3wd 11:00", "2026-01-15 11:00"),
    ):
        s = stage(ELSEWHERE % when)
        first = s.opens()
        assert [*first, *s.waits("30d")] == ["Дальше"]
        assert (s.times() or ["2026-01-12 12:00"]) == [moment]


def test_a_wait_in_the_past_goes_on_at_once():
    s = stage(ELSEWHERE % "2026-01-11 10:00")
    assert s.opens() == ["Дальше"]


VISIT = """
fields: {at: {type: datetime}}
flows:
  main: [{wait: at -1h, id: soon}, Скоро]
  move: [{set: {at: 2026-01-12 18:00}}, Перенесли, end]
  empty: [Жду]
entry: [{link: later, set: {at: 2026-01-13 18:00}}, start]
"""


def test_a_wait_for_a_field_goes_before_its_moment():
    s = stage(VISIT)
    s.opens("later")
    assert s.waits("2d") == ["Скоро"]
    assert s.times() == ["2026-01-13 17:00"]


def test_a_wait_for_an_empty_field_is_passed():
    s = stage(VISIT)
    assert s.opens() == ["Скоро"]
    assert s.notes("passed") == ["its field is empty"]


def test_a_wait_for_a_field_is_planned_again_when_the_field_changes():
    s = stage(VISIT.replace("Перенесли, end]", "Перенесли]"))
    s.opens("later")
    scene_run = s.run
    s.play.conversation.person.tags.append("x")
    action = {"do": "mark", "run": scene_run.number, "number": 900, "tag": [], "untag": []}
    s.hears(events.Pressed({**action, "set": {"at": "2026-01-12 18:00"}, "reply": None}))
    assert s.waits("1d") == ["Скоро"]
    assert s.times() == ["2026-01-12 17:00"]


def test_a_blocked_person_waits_until_they_are_back():
    s = stage(WAITS)
    s.opens()
    s.hears(events.BotBlocked())
    assert s.waits("2d") == []
    assert s.hears(events.BotAllowed()) == ["Не успели", "Дальше"]


def test_stop_ends_a_wait():
    s = stage(WAITS)
    s.opens()
    assert len(s.types("стоп")) == 1
    assert s.waits("3d") == []
    assert s.seen.ended


SERIES = """
flows:
  main: [{start: news}]
series:
  news:
    stop_when: '"хватит" in tags'
    letters:
      - {id: one, when: now, steps: [Раз, {wait: 1d, id: pause}, Два]}
      - {id: two, when: +5d, say: Три}
"""


def test_stopping_a_series_ends_the_waits_of_its_letters():
    s = stage(SERIES)
    assert s.opens() == ["Раз"]
    s.person.tags.append("хватит")
    s.types("…")
    assert s.waits("9d") == []
    s = stage(SERIES)
    s.opens()
    assert s.waits("9d") == ["Два", "Три"]


def test_a_question_below_is_asked_again_while_the_play_above_waits():
    s = stage(
        """
        flows:
          main: [{start: news}, {ask: Ну?, id: main}]
        series:
          news:
            letters:
              - {id: one, when: +1h, busy: send, steps: [{ask: А?, id: a}, {wait: 1h, id: p}, Б]}
        """
    )
    assert s.opens() == ["Ну?"]
    assert s.waits("1h") == ["А?"]
    assert s.types("да") == ["Ну?"]
    assert s.waits("1h") == ["Б"]
    assert s.place == "main.main"


SPLIT = """
entry: [start, {words: [ещё], restart: true}]
flows:
  main:
    - {split: price, variants: {low: [А], high: {weight: 3, steps: [Б]}}}
"""


def test_chance_divides_people_as_the_weights_say():
    said = []
    for uid in range(400):
        s = stage(SPLIT)
        s.person.uid = str(uid)
        said += s.opens()
    assert 70 < said.count("А") < 130
    assert said.count("А") + said.count("Б") == 400


def test_a_variant_stays_the_persons_and_is_noted_once():
    s = stage(SPLIT)
    first = s.opens()
    assert s.types("ещё") == first
    assert len(s.notes("split")) == 1
    assert s.noted("split").option in {"low", "high"}


def test_a_variant_that_is_gone_falls_anew():
    s = stage(SPLIT)
    s.person.splits["demo.price"] = "gone"
    assert s.opens() in (["А"], ["Б"])
    assert s.person.splits["demo.price"] in {"low", "high"}


def test_a_goal_is_marked_once_in_a_run():
    s = stage("flows: {main: [{goal: bought}, {goal: bought}]}")
    s.opens()
    assert s.run.goals == ["bought"]
    assert [note.option for note in s.play.notes if note.kind == "goal"] == ["bought"]


def test_an_answer_that_nobody_awaits_changes_nothing():
    s = stage(WAITS)
    s.opens()
    assert s.hears(events.RequestAnswered(s.run.number, 77, {"ok": True})) == []
    assert s.notes("stale") == ["request"]
    assert s.place == "main.pause"


def test_waits_are_json():
    s = stage(WAITS)
    s.opens()  # the stage sends every state through JSON
    play = s.run.plays[-1]
    assert play.pause is not None
    timer = next(iter(s.play.timers.values()))
    assert isinstance(timer, effects.SetTimer)
    assert (timer.name, timer.number) == (f"wait:{play.number}", play.pause.timer)

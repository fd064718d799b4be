"""Simulated people book times, choose several, talk to managers; events come, variants compare."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from textwrap import indent
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows import effects, events
from flows.engine import EPOCH
from flows.intervals import lie_apart, wilson
from flows.simulating.births import arrival, ways_in
from flows.simulating.calendar import Diary
from flows.simulating.crowd import Plan, play_people
from flows.simulating.figures import Figures
from flows.simulating.habits import read_habits
from flows.simulating.happenings import events_of
from flows.simulating.life import Happened, Life
from flows.simulating.people import Habits, Place
from flows.simulating.script import Obedient, Script
from flows.simulating.stories import read_story
from flows.state import Conversation, Person
from tests.flows.staging import MOSCOW, NOON, bundle_of, program, us
from tests.flows.test_engine_booking import SALON
from tests.flows.test_simulating import dice_of

CALM: dict[str, float] = {"silence": 0, "bad": 0, "stop": 0, "block": 0}
PEOPLE = 200
PLAIN = Script()


def funnel(main: str, rest: str = "", entry: str = "[start]") -> str:
    return f"funnel: f\nentry: {entry}\nflows:\n  main:\n{indent(main, '    ')}\n{rest}"


def played(text: str, watch: Any = None, **habits: Any) -> Figures:
    bundle = bundle_of(text, teams=SALON)
    plan = Plan("f", us(NOON), 14, 0, habits=Habits(**{"chances": CALM, **habits}))
    return play_people(bundle, plan, range(PEOPLE), dice_of, watch)


def diary_of(text: str, script: Script = PLAIN) -> list[str]:
    diary = Diary("ru", ZoneInfo(MOSCOW))
    bundle = bundle_of(text, teams=SALON)
    until_us = us(NOON) + 14 * 24 * 3_600_000_000
    person = Conversation(Person(uid="one"))
    Life(bundle, Obedient(script), us(NOON), until_us, person, diary.see).live(events.Opened())
    return [f"{line.who}: {line.text}" for line in diary.lines]


SLOT = "- {ask: Когда?, save: visit, answer: {type: slot, team: salon, days: 14}}\n- Ждём\n"


def test_everybody_books_a_valid_time_and_only_one() -> None:
    booked: dict[str, list[int]] = {}

    def watch(life: Life, happened: Happened) -> None:
        for effect in happened.effects:
            if isinstance(effect, effects.Request) and effect.kind == "book":
                booked.setdefault(life.conversation.person.uid, []).append(effect.body["at_us"])
                assert effect.body["at_us"] > happened.at_us

    assert played(funnel(SLOT), watch).ends == Counter({"done": PEOPLE})
    assert len(booked) == PEOPLE
    for moments in booked.values():
        (moment,) = moments
        local = (EPOCH + timedelta(microseconds=moment)).astimezone(ZoneInfo(MOSCOW))
        assert local.weekday() < 5
        assert 10 <= local.hour < 19


def test_other_days_are_looked_at() -> None:
    pressed = Counter[str]()

    def watch(_: Life, happened: Happened) -> None:
        action = getattr(happened.event, "action", None) or {}
        pressed[action.get("do", "")] += 1

    played(funnel(SLOT), watch)
    assert pressed["days"] > 0
    assert pressed["day"] == pressed["days"]
    assert pressed["slot"] == PEOPLE


MANY = "- {ask: Что?, save: a, many: true, min: 2, max: 3, options: [А, Б, В, Г]}\n"


def chosen_by(**habits: Any) -> Counter[str]:
    found = Counter[str]()

    def watch(_: Life, happened: Happened) -> None:
        for effect in happened.effects:
            if isinstance(effect, effects.Save) and effect.field == "a":
                assert 2 <= len(effect.value) <= 3
                assert len({*effect.value}) == len(effect.value)
                found.update(effect.value)

    assert played(funnel(MANY), watch, **habits).ends["done"] == PEOPLE
    return found


def test_several_are_chosen_as_many_as_may_be() -> None:
    assert {*chosen_by()} == {"А", "Б", "В", "Г"}


def test_options_of_many_have_weights() -> None:
    found = chosen_by(places={"a": Place({}, {"А": 20, "Г": 0})})
    assert found["Г"] == 0
    assert found["А"] > found["Б"] + 20


def test_silence_is_drawn_once_for_a_question_and_not_for_each_mark() -> None:
    figures = played(funnel(MANY), chances={**CALM, "silence": 0.3})
    assert 0.2 * PEOPLE < figures.stopped["main.a"] < 0.4 * PEOPLE


HAND = "- {handover: sales, for: 1h, otherwise: [Никого]}\n- Снова бот\n"


@pytest.mark.parametrize(("take", "taken"), [(1.0, PEOPLE), (0.0, 0)])
def test_managers_take_conversations_as_often_as_habits_say(take: float, taken: int) -> None:
    figures = played(funnel(HAND), take=take, take_after_us=60_000_000)
    assert figures.handovers["taken"] == taken
    assert figures.handovers["missed"] == PEOPLE - taken
    assert figures.ends["done"] == PEOPLE


def test_a_manager_who_is_late_takes_nothing() -> None:
    figures = played(funnel(HAND), take=1.0, take_after_us=5 * 3_600_000_000)
    assert 0 < figures.handovers["taken"] < PEOPLE
    assert figures.handovers.total() == PEOPLE


WAIT = "- {wait: 1d, id: pay, until: '\"paid\" in events', then: [{goal: buy}], else: [Жаль]}\n"


def test_awaited_events_happen_while_they_are_awaited() -> None:
    figures = played(funnel(WAIT), events={"paid": 0.4})
    assert figures.goals["buy"] == figures.events["paid"]
    assert 0.3 * PEOPLE < figures.events["paid"] < 0.5 * PEOPLE
    assert played(funnel(WAIT)).events == Counter()


def test_events_that_nobody_awaits_happen_some_time() -> None:
    entry = "[start, {event: refund, flow: back}]"
    ask = "- {ask: Так?, id: q, options: [Да]}\n"
    text = funnel(ask, "  back: [{goal: returned}]\n", entry)
    figures = played(text, events={"refund": 1.0})
    assert figures.events["refund"] == figures.goals["returned"] == PEOPLE


SPLIT = (
    "- split: price\n  variants:\n    low: [{lead: Заявка, team: sales}, {goal: buy}]\n"
    "    high: [{ask: Дорого?, id: q, options: {Нет: [{lead: Заявка, team: sales}], Да: []}}]\n"
)


def test_leads_and_goals_are_counted_by_variant() -> None:
    figures = played(funnel(SPLIT))
    people, leads = figures.splits, figures.split_leads
    assert people.total() == PEOPLE
    assert leads["price|low"] == people["price|low"]
    assert 0 < leads["price|high"] < people["price|high"]
    assert figures.split_goals == Counter({"price|low|buy": people["price|low"]})
    low, high = (wilson(leads[key], people[key]) for key in ("price|low", "price|high"))
    assert lie_apart(low, high)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1)],
)
def test_the_interval_is_wilsons(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=1e-4)


ENTERED = "[{event: paid, save: {amount: sum}}, subscribed]"


def test_people_come_by_events_and_by_allowing_messages() -> None:
    made = program(funnel("- Привет\n", entry=ENTERED))
    assert ways_in(made) == ["subscribed", "paid"]
    assert arrival(made, "paid") == events.EventHappened("paid", {"sum": "sum"})
    assert arrival(made, "subscribed") == events.BotAllowed()
    assert played(funnel("- Привет\n", entry=ENTERED)).ends == Counter({"done": PEOPLE})


def test_habits_name_managers_and_events() -> None:
    made = program(funnel(WAIT))
    text = "managers: {take: 0.9, after: 20m}\nevents: {paid: 0.1}\n"
    habits, problems = read_habits(text, "h.yaml", made)
    assert not problems
    assert (habits.take, habits.take_after_us) == (0.9, 20 * 60_000_000)
    assert habits.events == {"paid": 0.1}
    assert events_of(made) == ["paid"]


@pytest.mark.parametrize(
    "text", ["events: {payd: 0.1}", "managers: {takes: 1}", "managers: {take: 2}", "managers: да"]
)
def test_mistakes_in_them_are_told(text: str) -> None:
    _, problems = read_habits(text, "h.yaml", program(funnel(WAIT)))
    assert len(problems) == 1


def test_a_script_names_events() -> None:
    made = program(funnel(WAIT))
    story, problems = read_story("events: [paid]\n", "s.yaml", made)
    assert not problems
    lines = diary_of(funnel(WAIT), story.script)
    assert "why: снаружи: paid" in lines
    assert "why: Условие ожидания main.pay выполнено" in lines
    assert read_story("events: [payd]\n", "s.yaml", made)[1]


def test_the_calendar_tells_of_a_hand_over() -> None:
    lines = diary_of(funnel(HAND))
    assert "why: Разговор передан команде sales" in lines
    assert "team: Анна берёт разговор" in lines
    assert "team: Анна возвращает разговор боту" in lines
    assert "why: Разговор снова у бота: вернул менеджер" in lines


def test_the_calendar_tells_of_a_booking_and_of_its_lack() -> None:
    assert "person: нажимает «пн 12 января, 15:00»" in diary_of(funnel(SLOT))
    none = SLOT.replace("salon", "nobody")
    assert "why: Свободного времени нет: main.visit" in diary_of(funnel(none))


def test_the_calendar_tells_which_variant_fell() -> None:
    assert any("Выпал вариант" in line for line in diary_of(funnel(SPLIT)))

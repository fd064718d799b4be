"""Simulated lives: sums agree, a seed is a seed, and their letters keep every rule."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import flows.nodes  # noqa: F401  # fills the registry of node types
from flows import effects, events
from flows.answers import TYPES
from flows.engine import EPOCH, advance
from flows.program import Bundle
from flows.simulating.calendar import Diary
from flows.simulating.crowd import DAY_US, Plan, play_people
from flows.simulating.figures import Figures, as_json
from flows.simulating.habits import read_habits
from flows.simulating.life import Happened, Life
from flows.simulating.naming import readable, rows
from flows.simulating.people import Habits, Place
from flows.simulating.script import Obedient, Script
from flows.simulating.stories import read_story
from flows.state import (
    Conversation,
    Person,
    conversation_from_json,
    conversation_to_json,
)
from tests.flows.births import NASTY
from tests.flows.staging import MOSCOW, NOON, bundle_of, program, us
from tests.flows.test_engine_lives import LIMITS, example_text

EAGER = Habits(
    chances={"silence": 0.1, "bad": 0.05, "stop": 0.01, "block": 0.01},
    presses={"default": 0.5},
    zones={"Asia/Vladivostok": 1, "Europe/Moscow": 2},
)
FUNNELS = {
    "english_school": lambda: example_text("english_school"),
    "gifts": lambda: example_text("gifts"),
    "nasty": lambda: NASTY[0],
}
WAITING = """
entry: [start]
flows:
  main:
    - split: way
      variants: {short: [{wait: 2h, id: pause}], long: [{wait: 3d, id: long_pause}]}
    - ask: Ну как?
      save: verdict
      options: [Да, Нет]
      silence: [{after: 1d, then: [end]}]
    - {lead: Заявка, team: sales}
"""


def dice_of(name: str) -> Any:
    return random.Random(name).random


def stage(text: str, **more: Any) -> tuple[Bundle, Plan]:
    made = program(text)
    bundle = bundle_of(made, limits=more.pop("limits", LIMITS))
    given = {"days": 14, "spread_us": 7 * DAY_US, "habits": EAGER, **more}
    return bundle, Plan(made.funnel.funnel, us(NOON), **given)


def played(text: str, people: int = 150, **more: Any) -> Figures:
    bundle, plan = stage(text, **more)
    return play_people(bundle, plan, range(people), dice_of)


@pytest.mark.parametrize("name", FUNNELS)
def test_sums_agree_with_one_another(name: str) -> None:
    figures = played(FUNNELS[name]())
    assert figures.people == figures.ends.total() == figures.busiest_day.total() == 150
    for counts in (figures.reached, figures.letters, figures.leads, figures.clicks):
        assert all(0 < count <= 150 for count in counts.values())
    for place, count in (figures.answered + figures.stopped).items():
        assert figures.reached[place] * 2 >= count, place
    assert all(figures.reached[place] >= count for place, count in figures.stopped.items())
    assert figures.minutes.total() == figures.kinds.total()
    assert figures.letters_on_day.total() >= figures.letters.total()
    assert figures.ends["absent"] == 0
    assert figures.ends["lead"] == figures.leads_on_day.total()


@pytest.mark.parametrize("name", FUNNELS)
def test_a_seed_gives_the_same_figures_however_people_are_dealt_out(name: str) -> None:
    bundle, plan = stage(FUNNELS[name]())
    whole = play_people(bundle, plan, range(60), dice_of)
    dealt = Figures()
    for part in (range(40, 60), range(40), range(0)):
        dealt.add(play_people(bundle, plan, part, dice_of))
    assert dealt == whole
    assert play_people(bundle, replace(plan, seed="2"), range(60), dice_of) != whole
    assert json.loads(json.dumps(as_json(whole))) == as_json(dealt)


class Post:
    """The letters of one life as the simulator sent them, held to every rule."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.sent: list[tuple[int, str]] = []
        self.all = 0

    def see(self, life: Life, happened: Happened) -> None:
        if isinstance(happened.event, events.Opened):
            self.sent = []
        for effect in happened.effects:
            if isinstance(effect, effects.Note) and effect.kind == "sent":
                self._letter(life, happened.at_us, effect)
            if isinstance(effect, effects.Say) and happened.by_clock:
                if effect.message.kind != "service":
                    minute = self._minute(life, happened.at_us)
                    assert not self.bundle.limits.quiet.includes(minute), "in quiet hours"
                assert not life.conversation.person.blocked, "to somebody who blocked the bot"

    def _letter(self, life: Life, at_us: int, note: effects.Note) -> None:
        run = next(each for each in life.conversation.runs if each.number == note.run)
        funnel = self.bundle.programs[run.funnel].funnel
        series, name = note.place.split(".")
        letter = funnel.series[series].letter(name)
        kind = letter.kind or "requested"
        self.all += 1
        if letter.window is not None:
            assert letter.window.includes(self._minute(life, at_us)), "out of its window"
        if kind == "service":
            return
        rules = self.bundle.limits
        assert not self.sent or at_us - self.sent[-1][0] >= rules.gap, "nearer than the gap"
        self.sent.append((at_us, kind))
        same = [us for us, sort in self.sent if sort == kind]
        today = self._local(life, at_us).date()
        most = {"requested": rules.requested_per_day, "advertising": rules.advertising_per_day}
        count = sum(self._local(life, us).date() == today for us in same)
        assert count <= most[kind], "over the day's limit"

    def _local(self, life: Life, at_us: int) -> Any:
        zone = ZoneInfo(life.conversation.person.zone or MOSCOW)
        return (EPOCH + timedelta(microseconds=at_us)).astimezone(zone)

    def _minute(self, life: Life, at_us: int) -> int:
        local = self._local(life, at_us)
        return local.hour * 60 + local.minute


@pytest.mark.parametrize("name", FUNNELS)
@pytest.mark.parametrize("seed", ["1", "seven"])
def test_letters_of_simulated_lives_keep_window_quiet_gap_and_limits(name: str, seed: str) -> None:
    bundle, plan = stage(FUNNELS[name](), seed=seed)
    post = Post(bundle)
    figures = play_people(bundle, plan, range(100), dice_of, post.see)
    assert post.all == figures.letters_on_day.total()


@pytest.mark.parametrize("name", FUNNELS)
def test_turns_taken_in_place_are_those_of_advance_with_everything_stored(name: str) -> None:
    bundle, plan = stage(FUNNELS[name]())
    happened: list[Happened] = []
    people: list[Person] = []

    def see(life: Life, turn: Happened) -> None:
        if not happened or isinstance(turn.event, events.Opened):
            people.append(
                Person(zone=life.conversation.person.zone, uid=life.conversation.person.uid)
            )
        happened.append(turn)

    play_people(bundle, plan, range(25), dice_of, see)
    lone = replace(bundle, programs={plan.funnel: bundle.programs[plan.funnel]})
    conversation = Conversation()
    born = iter(people)
    for turn in happened:
        if isinstance(turn.event, events.Opened):
            conversation = Conversation(next(born))
        stored = json.loads(json.dumps(conversation_to_json(conversation)))
        now = EPOCH + timedelta(microseconds=turn.at_us)
        conversation, done = advance(
            lone, conversation_from_json(stored), turn.event, now, events.Profile()
        )
        assert done == turn.effects


def test_waits_fire_and_variants_fall_to_people() -> None:
    figures = played(WAITING)
    assert figures.splits["way|short"] + figures.splits["way|long"] == 150
    assert figures.reached["main.pause"] == figures.splits["way|short"]
    assert figures.leads["Заявка"] == figures.ends["lead"] > 0


NO_SCRIPT = Script()
EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "nodes").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_node_type_is_played(path: Path) -> None:
    text = path.read_text("utf-8")
    figures = played(text, people=40)
    assert figures.people == figures.ends.total() == 40
    life, _ = obedient(text)
    assert life.conversation.runs or "start" not in text


def obedient(text: str, script: Script = NO_SCRIPT, days: int = 14) -> tuple[Life, Diary]:
    made = program(text)
    diary = Diary("ru", ZoneInfo(MOSCOW))
    born = us(NOON)
    until = born + days * DAY_US
    bundle = bundle_of(made, limits=LIMITS)
    life = Life(bundle, Obedient(script), born, until, Conversation(), diary.see)
    life.live(events.Opened())
    return life, diary


NEEDED = {"slot": None}


@pytest.mark.parametrize("kind", sorted(set(TYPES) - NEEDED.keys()))
def test_every_type_of_answer_has_a_sample_that_fits(kind: str) -> None:
    text = (
        f"flows:\n  main:\n    - {{ask: Ну?, save: it, answer: {kind}}}\n    - {{goal: passed}}\n"
    )
    life, diary = obedient(text)
    assert life.conversation.runs[0].goals == ["passed"], [line.text for line in diary.lines]
    assert not [line for line in diary.lines if "не подошёл" in line.text]


@pytest.mark.parametrize(
    "answer",
    [
        "{type: number, min: 11, max: 12}",
        "{type: integer, max: -3}",
        "{type: text, min: 40}",
        '{type: text, pattern: "[A-Z]{3}[0-9]{3}"}',
    ],
)
def test_samples_keep_the_bounds_of_an_answer(answer: str) -> None:
    text = f"flows:\n  main:\n    - {{ask: Ну?, save: it, answer: {answer}}}\n    - {{goal: passed}}\n"
    life, _ = obedient(text)
    assert life.conversation.runs[0].goals == ["passed"]


def test_a_question_that_takes_nothing_is_left_in_the_end() -> None:
    text = """
    flows:
      main:
        - {ask: Ну?, save: it, answer: {type: text, pattern: "[^ -~а-яё]{9}"}}
    """
    life, diary = obedient(text)
    assert life.conversation.runs[0].ended_us is None
    assert len(diary.lines) < 100


def test_a_script_is_followed_answer_by_answer() -> None:
    text = """
    flows:
      main:
        - {ask: Сколько?, save: n, answer: integer}
        - {ask: Цвет?, save: colour, options: [Красный, Синий]}
        - say: Вот.
          buttons: [{text: Ещё, go: more}, {text: Смотреть, url: "https://e.ru", track: film}]
      more:
        - {ask: Всё?, id: last, options: [Да, Нет], silence: [{after: 1h, then: [end]}]}
    """
    script = Script(
        answers={"n": ("много", "7"), "main.colour": ("синий",)},
        press=["Ещё"],
        click=["film"],
        silent=["last"],
    )
    life, diary = obedient(text, script)
    run = life.conversation.runs[0]
    assert run.fields == {"n": 7, "colour": "Синий"}
    assert run.clicks == ["film"]
    deeds = [line.text for line in diary.lines if line.who == "person"]
    assert deeds == [
        "приходит: «Начать»", "пишет: много", "пишет: 7", "нажимает «Синий»", "нажимает «Ещё»",
        "открывает ссылку film",
    ]  # fmt: skip
    assert "Человек молчит, вопрос more.last оставлен" in [line.text for line in diary.lines]


def test_a_calendar_has_days_and_counts_the_silence_between_them() -> None:
    _, diary = obedient(example_text("english_school"), Script(silent=["goal"]))
    days = list(diary.days())
    assert [day.number for day in days] == [1, 2, 4, 5, 6, 8]
    assert [day.idle for day in days] == [0, 0, 1, 0, 0, 1]
    letters = [line.letter for day in days for line in day.lines if line.letter]
    assert letters == [
        "letters.video_1", "letters.story", "letters.video_2", "letters.invitation",
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "end"), [("stop", "stopped"), ("block", "blocked")])
def test_a_script_can_leave_at_a_letter(key: str, end: str) -> None:
    script = Script(**{key: ["letters.video_1"]})
    life, diary = obedient(example_text("english_school"), script)
    assert [line.letter for line in diary.lines if line.letter] == ["letters.video_1"]
    assert life.conversation.person.blocked is (end == "blocked")


def test_habits_of_a_place_beat_the_rest() -> None:
    text = example_text("english_school")
    silent = Habits(chances={}, places={"hello": Place({"silence": 1})})
    assert played(text, habits=silent).stopped == Counter({"main.hello": 150})
    never = Habits(chances={}, places={"main.hello": Place({}, {"Присылайте": 0})})
    assert played(text, habits=never).reached.keys() == {"main.hello"}


def test_habits_are_read_with_all_their_keys() -> None:
    text = """
default: {answer: 0.7, stop: 0.01, block: 0.02, bad: 0.03}
answers:
  hello: {Присылайте: 3, Не сейчас: 1, silence: 0.2}
  main.personal_data: {Согласен: 9, Нет: 1}
  phone: {bad: 0.1}
clicks: {lesson_1: 0.4, default: 0.1}
presses: {Записаться: 0.2}
zones: {Asia/Vladivostok: 1, МСК: 3}
entries: {ads_may: 2, start: 1}
delay: 5m
outside: 0.9
"""
    habits, problems = read_habits(text, "h.yaml", program(example_text("english_school")))
    assert problems == []
    assert habits.chances["silence"] == pytest.approx(0.24)
    assert habits.places["hello"] == Place({"silence": 0.2}, {"Присылайте": 3, "Не сейчас": 1})
    assert habits.zones == {"Asia/Vladivostok": 1, "Europe/Moscow": 3}
    assert (habits.delay_us, habits.outside) == (300_000_000, 0.9)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("answrs: {}", "h.yaml:1:1 unknown-key answers"),
        ("answers: {helo: {silence: 1}}", "h.yaml:1:11 unknown-key hello"),
        ("answers: {hello: {Присылай: 1}}", "h.yaml:1:19 unknown-key Присылайте"),
        ("answers: {hello: {silence: 2}}", "h.yaml:1:28 wrong-type "),
        ("answers: {hello: {silence: 0.8, stop: 0.4}}", "h.yaml:1:18 wrong-type "),
        ("default: {sielnce: 0.1}", "h.yaml:1:11 unknown-key silence"),
        ("clicks: {leson_1: 0.1}", "h.yaml:1:10 unknown-key lesson_1"),
        ("zones: {Mars/Base: 1}", "h.yaml:1:9 unknown-zone "),
        ("entries: {ads_maj: 1}", "h.yaml:1:11 unknown-key ads_may"),
        ("delay: soon", "h.yaml:1:8 duration-form "),
        ("answers: [hello]", "h.yaml:1:10 wrong-type "),
    ],
)
def test_mistakes_in_habits_are_told_with_their_place(text: str, told: str) -> None:
    _, problems = read_habits(text, "h.yaml", program(example_text("english_school")))
    found = [f"{each.mark} {each.code} {dict(each.params).get('close', '')}" for each in problems]
    assert found == [told]


def test_a_script_is_read_with_all_its_keys() -> None:
    text = """
enter: пт 23:40
zone: Asia/Vladivostok
from: ads_may
days: 10
delay: 2m
person: {first_name: Анна}
answers: {hello: Присылайте, phone: [нет, +7 916 123-45-67]}
silent: [level]
press: [Записаться]
click: lesson_1
stop: letters.story
"""
    story, problems = read_story(text, "s.yaml", program(example_text("english_school")))
    assert problems == []
    assert story.script.answers["phone"] == ("нет", "+7 916 123-45-67")
    assert (story.enter, story.by, story.days) == ("пт 23:40", "ads_may", 10)
    assert story.script.stop == ("letters.story",)
    _, wrong = read_story("silent: [levle]", "s.yaml", program(example_text("english_school")))
    assert [f"{each.mark} {each.code}" for each in wrong] == ["s.yaml:1:10 unknown-key"]


def test_rows_name_every_place_and_letter_once() -> None:
    made = program(example_text("english_school"))
    found = [row.place for row in rows(made, {})]
    letters = {f"{name}.{letter.id}" for name, _, letter in made.letters()}
    assert sorted(found) == sorted({*made.places, *letters})
    assert found.index("letters.story") + 1 == found.index("letters.story.goal")


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("Здравствуйте{{ name | prefix(', ') }}! Это школа.", "Здравствуйте! Это школа."),
        ("{{ name }}, оставьте **телефон**", "…, оставьте телефон"),
        ("Завтра приём в {{ visit | time }}.", "Завтра приём в …"),
    ],
)
def test_a_places_words_stand_without_what_is_put_in(source: str, title: str) -> None:
    assert readable(source) == title

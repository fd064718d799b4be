"""The checker of conversations cannot be fooled: whatever differs from the lines fails."""

from __future__ import annotations

from textwrap import indent

import pytest

from flows.prompting import Failure
from flows.reading import Reading
from flows.rehearsal import rehearse
from flows.source import read_source
from flows.transcripts import Transcript, read_tests
from tests.flows.staging import bundle_of, program

FUNNEL = """
entry: [start, {words: [шум], flow: noise}]
fields: {age: {type: integer}, name: {label: Имя}}
flows:
  main:
    - Привет
    - {ask: Кто вы?, save: who, options: [Кот, Пёс]}
    - {add: {score: 2}}
    - {tag: [свой, новый]}
    - {set: {source: Сайт, age: "7"}}
    - {lead: Заявка, team: sales, priority: low, value: "100"}
    - Спасибо
    - {start: news}
  noise: [Раз, {notify: sales, say: Шумят}, Два, Три]
series:
  news:
    letters:
      - id: one
        when: +1d 11:00
        say: Письмо
        buttons: [{text: Сайт, url: "https://a.ru", track: site}]
"""
GOOD = """
- open: x
- bot: Привет
- bot: Кто вы?
  buttons: [Кот, Пёс]
- press: Кот
- team: Заявка
- bot: Спасибо
- bot: Письмо
  at: 2026-01-13 11:00
"""


def read(talk: str, keys: str = "") -> tuple[list[Transcript], list]:
    text = f"- test: Проверка\n{indent(keys, '  ')}\n  talk:\n{indent(talk.strip(), '    ')}\n"
    node, problems = read_source(text, "test.yaml")
    assert not problems
    reading = Reading("test.yaml")
    return read_tests(node, reading), reading.problems


def played(
    talk: str, keys: str = "", funnel: str = FUNNEL, channel: str = "web"
) -> Failure | None:
    (test,), problems = read(talk, keys)
    assert not problems
    return rehearse(bundle_of(program(funnel), channel=channel), test, "demo")


def test_the_right_conversation_passes():
    assert played(GOOD) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- bot: Привет\n", "", "wanted (the bot) “Кто вы?”, got (the bot) «Привет»"),
        ("- bot: Спасибо\n", "- bot: Спасибо\n- bot: Ещё\n", "wanted (the bot) “Ещё”"),
        ("- bot: Привет\n", "- bot: Пока\n", "wanted (the bot) “Пока”"),
        ("- bot: Спасибо\n", "", "wanted (the bot) “Письмо”, got (the bot) «Спасибо»"),
        ("- team: Заявка\n", "", "wanted (the bot) “Спасибо”, got (the team) «Заявка»"),
        ("- team: Заявка\n- bot: Спасибо", "- bot: Спасибо\n- team: Заявка", "got (the team)"),
        ("- team: Заявка", "- team: Жалоба", "wanted (the team) “Жалоба”"),
        ("- team: Заявка", "- bot: Заявка", "wanted (the bot) “Заявка”, got (the team)"),
        ("[Кот, Пёс]", "[Кот]", "buttons [Кот, Пёс], not [Кот]"),
        ("[Кот, Пёс]", "[Пёс, Кот]", "buttons [Кот, Пёс], not [Пёс, Кот]"),
        ("[Кот, Пёс]", "[]", "buttons [Кот, Пёс], not []"),
        ("- press: Кот", "- press: Слон", "there is no button “Слон”"),
        ("- press: Кот", "- press: Сайт", "there is no button “Сайт”"),
        ("11:00", "11:01", "at 2026-01-13 11:00, not 2026-01-13 11:01"),
        ("at: 2026-01-13 11:00", "at: 2026-01-14 11:00", "at 2026-01-13 11:00"),
        ("- press: Кот\n", "- click: site\n- press: Кот\n", "there is no link “site”"),
    ],
)
def test_a_wrong_conversation_fails(old: str, new: str, said: str):
    assert GOOD.count(old) >= 1
    failure = played(GOOD.replace(old, new))
    assert failure is not None
    assert said in failure.en


def test_an_extra_message_at_the_end_fails():
    failure = played(GOOD.replace("- bot: Спасибо\n", "")[: GOOD.index("- bot: Спасибо")])
    assert failure is not None
    assert "an extra message" in failure.en


def test_an_extra_message_before_the_next_press_fails():
    failure = played(GOOD.replace("- bot: Кто вы?\n  buttons: [Кот, Пёс]\n", ""))
    assert "an extra message (2026-01-12 12:00): «Кто вы?»" in failure.en


def test_a_letter_due_at_once_is_an_extra_message_too():
    funnel = FUNNEL.replace("+1d 11:00", "now")
    failure = played(GOOD[: GOOD.index("- bot: Письмо")], funnel=funnel)
    assert "an extra message" in failure.en


def test_a_missing_message_fails_and_names_the_line():
    failure = played(GOOD + "- bot: Никогда\n")
    assert failure.en == "no message “Никогда” came"
    assert failure.mark.line == 13


def test_a_message_while_silence_is_promised_fails():
    talk = GOOD[: GOOD.index("- bot: Письмо")]
    assert played(talk + "- silence: 22h\n") is None
    assert "an extra message" in played(talk + "- silence: 24h\n").en


def test_silence_moves_the_clock():
    talk = GOOD[: GOOD.index("- bot: Письмо")] + "- silence: 22h\n- bot: Письмо\n"
    assert played(talk) is None


def test_any_white_space_equals_one_space():
    funnel = FUNNEL.replace("- Привет", '- "Привет,\\u00a0\\n друг"')
    assert played(GOOD.replace("Привет", "Привет, друг"), funnel=funnel) is None


def test_three_dots_pass_over_any_number_of_messages():
    assert played("- open: x\n- bot: ...\n- press: Пёс\n- team: Заявка\n- bot: ...\n") is None
    assert played("- type: шум\n- bot: ...\n", funnel=FUNNEL.replace("шум", "гам")) is None


def test_three_dots_do_not_pass_over_a_notice_to_the_team():
    assert "an extra message" in played("- open: x\n- bot: ...\n- press: Кот\n- bot: ...\n").en
    talk = "- open: x\n- bot: ...\n- press: Кот\n- bot: ...\n- bot: Спасибо\n"
    assert "got (the team)" in played(talk).en


def test_three_dots_stop_at_the_wanted_message():
    talk = "- open: x\n- bot: ...\n- press: Кот\n- team: Заявка\n- bot: ...\n- bot: Спасибо\n"
    assert played(talk) is None
    again = "- open: x\n- bot: ...\n- bot: Привет\n- press: Кот\n"
    assert "an extra message" in played(again).en


def test_three_dots_never_move_the_clock():
    funnel = FUNNEL.replace("- Спасибо", "- Спасибо\n    - {start: more}")
    funnel += "  more: {letters: [{id: early, when: +1h, say: Раннее}]}\n"
    talk = GOOD.replace("- bot: Письмо", "- bot: ...\n- bot: Письмо")
    assert "wanted (the bot) “Письмо”, got (the bot) «Раннее»" in played(talk, funnel=funnel).en


EXPECT = """
  fields: {who: Кот, age: "7"}
  tags: [новый, свой]
  score: "2"
  source: Сайт
  lead: {title: Заявка, team: sales, priority: low, value: "100", who: Кот}
  no_lead: false
  ended: false
  place: ""
  consents: {}
  goals: []
"""


def expecting(expect: str) -> Failure | None:
    talk = GOOD[: GOOD.index("- bot: Письмо")]
    return played(talk + "- expect:" + indent(expect, "  ") + "\n")


def test_what_is_expected_and_true_passes():
    assert expecting(EXPECT) is None


@pytest.mark.parametrize(
    "wrong",
    [
        "fields: {who: Пёс}",
        "fields: {nobody: x}",
        'fields: {age: "8"}',
        "tags: [свой]",
        "tags: [свой, новый, чужой]",
        'score: "3"',
        "score: два",
        "source: Реклама",
        "lead: {title: Другая}",
        "lead: {team: heads}",
        'lead: {value: "99"}',
        "lead: {who: Пёс}",
        "no_lead: true",
        "ended: true",
        "place: main.who",
        "consents: {advertising: given}",
        "goals: [купил]",
    ],
)
def test_what_is_expected_and_false_fails(wrong: str):
    failure = expecting(f"\n  {wrong}")
    assert failure is not None
    assert failure.en.startswith(wrong.split(":", maxsplit=1)[0])


def test_an_unknown_key_of_expect_is_a_problem():
    _, problems = read("- expect: {feilds: {a: b}}")
    assert [(problem.code, dict(problem.params)["close"]) for problem in problems] == [
        ("unknown-key", "fields")
    ]


@pytest.mark.parametrize(
    "line",
    ["- say: Привет", "- {bot: А, when: +1d}", "- expect: [a]", "- expect: {tags: {a: b}}",
     "- {bot: А, at: 11:00}", "- silence: долго", "- block: maybe"],
)  # fmt: skip
def test_a_line_that_is_not_understood_is_a_problem(line: str):
    assert read(line)[1] != []


def test_a_test_begins_at_its_moment_in_the_persons_zone():
    keys = "at: 2026-03-05 23:40\nzone: Asia/Vladivostok"
    assert played(GOOD.replace("2026-01-13 11:00", "2026-03-06 11:00"), keys) is None


def test_fields_are_known_before_the_first_line():
    funnel = """
    entry: [start, {link: once, once: true}]
    fields: {age: {type: integer}, day: {type: datetime}}
    flows: {main: ["{{ age + 1 }} {{ day | time }}"]}
    """
    keys = 'fields: {age: "6", day: "2026-01-15 19:30"}'
    assert played("- open: once\n- bot: 7 19:30\n", keys, funnel) is None
    assert played("- type: привет\n- bot: 7 19:30\n", keys, funnel) is None


def test_channel_plays_the_test_there():
    funnel = 'flows: {main: ["{{ channel }}"]}'
    assert played("- open: x\n- bot: vk\n", "channel: vk", funnel) is None


def test_the_person_of_the_test_has_the_name_given():
    funnel = "flows: {main: ['Привет, {{ name }}.']}"
    assert played("- open: x\n- bot: Привет, Аня.\n", "person: {first_name: Аня}", funnel) is None
    assert played("- open: x\n- bot: Привет, .\n", "", funnel) is None


def test_the_funnel_is_played_alone():
    first = "funnel: first\nentry: [start]\nflows: {main: [Чужая]}"
    (test,), _ = read("- open: x\n- bot: Привет\n- bot: ...")
    assert rehearse(bundle_of(first, FUNNEL), test, "demo") is None


def test_a_contact_is_typed_where_a_channel_cannot_share_it():
    funnel = "flows: {main: [{ask: Телефон?, save: phone, answer: phone}, Есть]}"
    talk = "- open: x\n- bot: Телефон?\n  buttons: []\n- contact: 8 916 123-45-67\n- bot: Есть\n"
    for channel in ("telegram", "web"):
        assert played(talk, "", funnel, channel) is None


def test_blocking_silences_the_bot():
    talk = GOOD[: GOOD.index("- bot: Письмо")]
    talk += "- block: true\n- silence: 10d\n- block: false\n- bot: Письмо\n"
    assert played(talk) is None


def test_timers_that_set_one_another_at_one_moment_are_no_hang():
    funnel = """
    flows: {main: [start: a]}
    series:
      a: {kind: service, letters: [{id: x, when: now, steps: [start: b]}]}
      b: {kind: service, letters: [{id: x, when: now, steps: [start: a]}]}
    """
    for talk in ("- open: x\n", "- bot: Никогда\n- open: x\n", "- open: x\n- silence: 1d\n"):
        failure = played(talk, funnel=funnel)
        assert failure.en.startswith(("timers set one another", "no message"))

"""What tests went through is exactly what is told, and nothing that they only came near."""

from __future__ import annotations

import pytest

from flows.coverage import Footprints
from flows.rehearsal import rehearse
from tests.flows.staging import bundle_of, program
from tests.flows.test_transcripts import read

FUNNEL = """
entry:
  - start
  - link: ads_*
  - link: promo
  - words: [шум]
    flow: noise
  - command: help
    flow: noise
fields: {age: {type: integer}}
flows:
  main:
    - ask: Кто вы?
      save: who
      options:
        - Кот
        - {text: Пёс, go: noise}
        - {text: Сайт, url: "https://a.ru"}
      attempts: 2
      otherwise: [Ладно, end]
      skip: Потом
      silence:
        - {after: 1h, say: Ну?}
        - {after: 2h, say: Ау?}
        - {after: 3h, then: [Пока]}
    - if: who == "Кот"
      then: [Мяу]
      else: [Гав]
    - {ask: Сколько лет?, save: age, answer: integer, silence: [{after: 1h, then: [end]}]}
    - {match: age, cases: {"0..5": [Малыш], "6..": [Большой]}}
    - say: Выбирайте
      buttons:
        - {text: Шум, go: noise}
        - {text: Метка, tag: метка}
        - {text: Сайт, url: "https://a.ru", track: site}
    - start: news
  noise: [Шумим]
series:
  news:
    letters:
      - {id: one, when: +1d 11:00, if: 'who == "Кот"', say: Письмо, otherwise: [Не письмо]}
      - {id: two, when: +1d 11:00, say: Второе}
"""
EVERYTHING = {
    *("entry «start»", "entry «link: ads_*»", "entry «link: promo»", "entry «words: шум»"),
    *("entry «command: help»", "main.who (место)", "main.who «Кот»", "main.who «Пёс»"),
    *("main.who «Потом»", "main.who (молчание 1h)", "main.who (молчание 2h)"),
    *("main.who (молчание 3h)", "main.who ask → otherwise", "main if → then", "main if → else"),
    *("main.age (место)", "main.age (ответ словами)", "main.age (молчание 1h)"),
    *("main match → 0..5", "main match → 6..", "main «Шум»", "main «Метка»", "main «Сайт»"),
    *("news.one (письмо)", "news.one → otherwise", "news.two (письмо)"),
}


def gone_through(*talks: str) -> set[str]:
    made = program(FUNNEL)
    footprints = Footprints(made)
    for talk in talks:
        (test,), problems = read(talk)
        assert not problems
        bundle = footprints.watched(bundle_of(made, channel="web"))
        failure = rehearse(bundle, test, "demo")
        assert failure is None, failure
    return {item.name("ru") for item, seen in footprints.items() if seen}


def test_everything_that_can_be_tested_is_listed():
    names = [item.name("ru") for item, _ in Footprints(program(FUNNEL)).items()]
    assert len(names) == len(set(names))
    assert set(names) == EVERYTHING


def test_nothing_is_tested_by_nobody():
    assert gone_through() == set()


ASKED = {"entry «start»", "main.who (место)"}


@pytest.mark.parametrize(
    ("talk", "gone"),
    [
        ('- open: ""\n- bot: ...', ASKED),
        ("- open: ads_may\n- bot: ...", {"entry «link: ads_*»", "main.who (место)"}),
        ("- open: promo\n- bot: ...", {"entry «link: promo»", "main.who (место)"}),
        ("- type: /start promo\n- bot: ...", {"entry «link: promo»", "main.who (место)"}),
        ("- type: ШУМ\n- bot: ...", {"entry «words: шум»"}),
        ("- type: /help\n- bot: ...", {"entry «command: help»"}),
        ('- open: ""\n- bot: ...\n- type: шум\n- bot: Шумим', {*ASKED, "entry «words: шум»"}),
        ('- open: ""\n- bot: ...\n- open: promo\n- bot: ...', {*ASKED, "entry «link: promo»"}),
        ('- open: ""\n- bot: ...\n- type: что-то\n- bot: ...', ASKED),
        (
            '- open: ""\n- bot: ...\n- type: а\n- bot: ...\n- type: б\n- bot: Ладно',
            {*ASKED, "main.who ask → otherwise"},
        ),
        ('- open: ""\n- bot: ...\n- press: Пёс\n- bot: Шумим', {*ASKED, "main.who «Пёс»"}),
        ('- open: ""\n- bot: ...\n- bot: Ну?', {*ASKED, "main.who (молчание 1h)"}),
        (
            '- open: ""\n- bot: ...\n- bot: Ну?\n- bot: Ау?\n- bot: Пока\n- bot: Гав\n- bot: ...',
            {
                *(*ASKED, "main.who (молчание 1h)", "main.who (молчание 2h)"),
                *("main.who (молчание 3h)", "main if → else", "main.age (место)"),
            },
        ),
    ],
)
def test_only_what_was_gone_through_counts(talk, gone):
    assert gone_through(talk) == gone


TO_BUTTONS = """
- open: ""
- bot: ...
- press: Кот
- bot: ...
- type: "4"
- bot: ...
"""
BY_BUTTONS = {
    *(*ASKED, "main.who «Кот»", "main if → then", "main.age (место)", "main.age (ответ словами)"),
    "main match → 0..5",
}


@pytest.mark.parametrize(
    ("more", "gone"),
    [
        ("", set()),
        ("- press: Шум\n- bot: ...", {"main «Шум»"}),
        ("- press: Метка", {"main «Метка»"}),
        ("- click: site", {"main «Сайт»"}),
        ("- bot: Письмо", {"news.one (письмо)"}),
    ],
)
def test_buttons_and_letters_count_when_they_are_used(more, gone):
    assert gone_through(f"{TO_BUTTONS}{more}") == BY_BUTTONS | gone


def test_a_skipped_letter_is_not_sent():
    talk = TO_BUTTONS.replace("press: Кот", "press: Потом") + "- bot: Не письмо\n- bot: Второе\n"
    gone = gone_through(talk)
    assert {"news.one → otherwise", "news.two (письмо)", "main.who «Потом»"} <= gone
    assert "news.one (письмо)" not in gone


def test_buttons_of_one_play_are_not_those_of_another():
    """Numbers begin anew with every person: the first test's must not answer for the second's."""
    assert "main «Шум»" not in gone_through(TO_BUTTONS, f"{TO_BUTTONS}- press: Метка\n")


def test_watching_changes_nothing():
    made = program(FUNNEL)
    (test,), _ = read(f"{TO_BUTTONS}- bot: Не то\n")
    bare = rehearse(bundle_of(made), test, "demo")
    assert bare is not None
    assert rehearse(Footprints(made).watched(bundle_of(made)), test, "demo") == bare

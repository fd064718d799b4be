"""Entries: a run begins, is resumed, is begun anew or refused."""

from __future__ import annotations

import pytest

from flows import effects, events
from flows.engine import advance
from tests.flows.staging import stage

ASKS = """
entry:
  - start
  - {link: ads, set: {source: Реклама, level: "3"}, tag: гость}
  - {link: again, restart: true}
  - {link: once, once: true}
  - {link: side, flow: side}
  - {comment: [хочу]}
  - {comment: ["+"]}
fields: {level: {type: integer}, colour: {value: синий}}
flows:
  main: [{ask: Как дела?, id: mood, options: [Хорошо, Плохо]}, {add: {score: 2}}, Понятно]
  side: [{ask: Сбоку?, id: side, options: [Да]}]
"""


def test_an_entry_sets_fields_tags_and_source_when_a_run_begins():
    s = stage(ASKS)
    assert s.opens("ads") == ["Как дела?"]
    assert (s.run.source, s.run.link, s.person.tags) == ("Реклама", "ads", ["гость"])
    assert s.run.fields == {"colour": "синий", "level": 3}


def test_an_entry_of_someone_inside_sets_nothing():
    s = stage(ASKS)
    s.opens()
    s.opens("ads")
    assert (s.run.source, s.run.link, s.person.tags) == ("", "", [])
    assert len(s.runs) == 1


def test_an_entry_of_someone_inside_shows_the_open_question():
    s = stage(ASKS)
    s.opens()
    assert s.opens() == ["Как дела?"]
    assert s.presses("Хорошо", newest=1) == ["Понятно"]


def test_an_entry_with_a_flow_plays_it_in_the_same_run():
    s = stage(ASKS)
    s.opens()
    assert s.opens("side") == ["Сбоку?"]
    assert len(s.runs) == 1
    assert [play.flow for play in s.run.plays] == ["side"]


def test_with_no_question_open_the_bot_says_already_with_the_next_letter():
    s = stage("""
    flows: {main: [start: news]}
    series: {news: {letters: [{id: one, when: +1d 11:00, say: Новости}]}}
    """)
    s.opens()
    assert s.opens() == ["Вы уже с нами. Следующее письмо: 13 января, 11:00."]


def test_with_nothing_planned_the_bot_says_already():
    s = stage("""
    fields: {day: {type: datetime}}
    flows: {main: [start: news]}
    series: {news: {letters: [{id: one, when: day -1h, say: Новости}]}}
    """)
    s.opens()
    assert s.opens() == ["Вы уже с нами."]


def test_restart_ends_the_run_and_keeps_only_the_fields():
    s = stage(ASKS)
    s.opens("ads")
    s.presses("Хорошо")
    s.opens("again")
    s.opens("again")
    assert len(s.runs) == 3
    assert [run.ended_us is None for run in s.runs] == [False, False, True]
    assert (s.run.score, s.run.source, s.person.tags) == (0, "", ["гость"])
    assert s.run.fields["level"] == 3


def test_once_refuses_a_finished_person():
    s = stage(ASKS)
    s.opens()
    s.presses("Хорошо")
    assert s.opens("once") == ["Вы уже прошли этот путь до конца."]
    assert len(s.runs) == 1


def test_once_does_not_refuse_someone_still_inside():
    s = stage(ASKS.replace("once: true", "once: true, restart: true"))
    s.opens()
    assert s.opens("once") == ["Как дела?"]
    assert len(s.runs) == 2


def test_a_finished_person_begins_a_new_run_with_the_old_fields():
    s = stage(ASKS)
    s.opens("ads")
    s.presses("Плохо")
    assert s.run.ended_us is not None
    s.opens()
    assert s.run.fields["level"] == 3
    assert s.run.score == 0


def test_an_entry_of_another_funnel_parks_the_question_until_it_rests():
    other = """
    funnel: other
    entry: [{link: b}]
    flows: {main: [{ask: Вторая?, id: q, options: [Да]}, Всё]}
    """
    s = stage(ASKS, other)
    s.opens()
    assert s.opens("b") == ["Вторая?"]
    assert s.presses("Да") == ["Всё", "Как дела?"]
    assert s.presses("Хорошо", newest=1) == ["Понятно"]


def test_an_entry_of_a_funnel_whose_question_is_parked_brings_it_up():
    other = (
        "funnel: other\nentry: [{link: b}]\nflows: {main: [{ask: Вторая?, id: q, options: [Да]}]}"
    )
    s = stage(ASKS, other)
    s.opens("b")
    assert s.opens() == ["Как дела?"]
    assert s.opens("b") == ["Вторая?"]
    assert s.presses("Да") == ["Как дела?"]


def test_a_comment_of_someone_reachable_enters():
    s = stage(ASKS)
    assert s.hears(events.Commented("Хочу!", reachable=True)) == ["Как дела?"]


def test_a_comment_of_someone_unreachable_is_answered_with_the_link():
    s = stage(ASKS)
    _, done = advance(s.play.bundle, s.play.conversation, events.Commented("+"), s.play.now)
    replies = [effect for effect in done if isinstance(effect, effects.ReplyToComment)]
    assert [reply.code for reply in replies] == ["ads"]
    assert s.runs == []


@pytest.mark.parametrize(
    ("entry", "begins"), [("start", ["Привет"]), ("any", ["Привет"]), ("", [])]
)
def test_without_a_plain_link_the_answer_just_opens_the_bot(entry, begins):
    others = f", {entry}" if entry else ""
    s = stage(f'entry: [{{link: "ads*"}}, {{comment: [хочу]}}{others}]\nflows: {{main: [Привет]}}')
    _, done = advance(s.play.bundle, s.play.conversation, events.Commented("хочу"), s.play.now)
    (reply,) = [effect for effect in done if isinstance(effect, effects.ReplyToComment)]
    assert reply.code == ""
    assert s.opens(reply.code) == begins


def test_a_comment_without_the_word_is_ignored():
    s = stage(ASKS)
    assert s.hears(events.Commented("красиво", reachable=True)) == []
    assert s.notes("ignored") == ["no entry by comment"]


def test_an_entry_without_any_fit_is_ignored():
    s = stage("entry: [{link: only}]\nflows: {main: [Привет]}")
    assert s.opens() == []
    assert s.notes("ignored") == ["no entry by start"]

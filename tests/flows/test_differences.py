"""The diff of a failed turn shows everything that was awaited and everything that came."""

from __future__ import annotations

import pytest

from flows.differences import WIDTH, shortened
from flows.prompting import Failure
from tests.flows.test_transcripts import GOOD, played


def shown(failure: Failure | None) -> list[str]:
    assert failure is not None
    return [f"{each.sign}{each.line or ''}|{each.text}" for each in failure.diff]


def changed(failure: Failure | None) -> list[str]:
    assert failure is not None
    return [f"{each.sign} {each.text}" for each in failure.diff if each.sign != " "]


def test_the_whole_turn_is_shown_up_to_what_comes_later():
    wrong = GOOD.replace("bot: Спасибо", "bot: Пожалуйста").replace("press: Кот", "press: Пёс")
    assert shown(played(wrong)) == [
        " 8|press: Пёс",
        " 9|team: Заявка",
        "-10|bot: Пожалуйста",
        "+|bot: Спасибо",
        "+|  at: 2026-01-12 12:00",
        " 11|bot: Письмо",
        " |  at: 2026-01-13 11:00",
    ]


def test_a_missing_message_is_a_minus_and_an_extra_one_a_plus():
    assert changed(played(GOOD.replace("- bot: Спасибо\n", "- bot: Спасибо\n- bot: Ещё\n"))) == [
        "- bot: Ещё"
    ]
    extra = changed(played(GOOD.replace("- bot: Спасибо\n", "")))
    assert extra[0] == "+ bot: Спасибо"
    end = changed(played("- type: шум\n- bot: Раз\n- team: Шумят\n- bot: Два\n"))
    assert end == ["+ bot: Три", "+   at: 2026-01-12 12:00"]


def test_buttons_differ_one_by_one():
    wrong = GOOD.replace("[Кот, Пёс]", "[Кот, Слон, Пёс]")
    assert changed(played(wrong)) == ["-     - Слон"]


def test_times_are_the_persons_own():
    wrong = GOOD.replace("at: 2026-01-13 11:00", "at: 2026-01-13 10:00")
    assert changed(played(wrong, "zone: Asia/Vladivostok")) == [
        "-   at: 2026-01-13 10:00",
        "+   at: 2026-01-13 11:00",
    ]


def test_what_is_passed_over_is_not_shown_as_extra():
    wrong = "- type: шум\n- bot: ...\n- bot: Четыре\n"
    assert "  bot: ..." not in changed(played(wrong))
    passed = shown(played("- type: шум\n- bot: ...\n- team: Шумят\n- bot: Два\n- bot: Четыре\n"))
    assert " 5|bot: ..." in passed
    assert not [line for line in passed if "Раз" in line]


def test_a_message_in_silence_is_shown_under_the_silence():
    wrong = GOOD.split("- bot: Письмо")[0] + "- silence: 3d\n"
    lines = shown(played(wrong))
    assert lines[0].endswith("|silence: 3d")
    assert lines[1:] == ["+|bot: Письмо", "+|  buttons: [Сайт]", "+|  at: 2026-01-13 11:00"]


def test_every_key_that_is_not_as_expected_is_shown():
    talk = f"{GOOD}- expect: {{score: '3', tags: [свой, новый], fields: {{age: '8', who: Кот}}}}"
    lines = shown(played(talk))
    assert lines[1:] == [
        "-|  score: 3",
        "+|  score: 2",
        " |  tags: [свой, новый]",
        "-|  fields.age: 8",
        "+|  fields.age: 7",
        " |  fields.who: Кот",
    ]


def test_a_leads_fields_are_found_beside_its_title():
    talk = f"{GOOD}- expect: {{lead: {{title: Заявка, age: '8', fields: {{age: '7'}}}}}}"
    assert changed(played(talk)) == ["-   lead.age: 8", "+   lead.age: 7"]


def test_without_the_button_those_that_there_were_are_shown():
    assert changed(played(GOOD.replace("press: Кот", "press: Слон"))) == [
        "- press: Слон",
        "+ buttons: [Кот, Пёс]",
    ]


def test_the_diff_is_the_same_where_it_fails_first():
    assert played(GOOD) is None


@pytest.mark.parametrize("at", [0, 300, 900])
def test_long_texts_are_shown_around_the_difference(at):
    words = " ".join(f"слово{number}" for number in range(150))
    other = f"{words[:at]}ОШИБКА{words[at:]}"
    wanted, got = shortened(words, other)
    assert "ОШИБКА" in got
    assert max(len(wanted), len(got)) <= WIDTH + 2
    assert got.startswith("…") == (at > 100)
    assert wanted.endswith("…")


def test_a_part_of_a_long_text_is_shown_beside_its_place():
    text = " ".join(f"слово{number}" for number in range(150))
    wanted, got = shortened("слово100 слово101 слов", text.replace("слово101", "дело101"))
    assert wanted == "слово100 слово101 слов"
    assert "слово100 дело101" in got

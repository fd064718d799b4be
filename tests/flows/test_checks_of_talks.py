"""The checks know free times, hand-overs, waits, choices and splits."""

from __future__ import annotations

import pytest

from flows.loading import load
from tests.flows.examples import HOUSE, TODAY

TEAMS = "teams:\n  salon: {hours: mon-sun 10:00-20:00}\n  night: {notify: {telegram: -1001234567892}}\n"
LARGE = HOUSE.replace("teams:\n", TEAMS)
HIDDEN = {"waits-for-ever"}
SLOT = "{type: slot, team: %s, length: 1h}"


def told(main: str, rest: str = "") -> list[tuple[str, str]]:
    """Codes with the names that they tell, of a funnel of this flow and these other lines."""
    lines = "".join(f"    {line}\n" for line in main.strip("\n").split("\n"))
    text = f"funnel: example\nentry: [start]\nflows:\n  main:\n{lines}{rest}"
    files = {"voronka.yaml": LARGE.encode(), "funnels/example.yaml": text.encode()}
    found = load(files, {}, TODAY).problems
    names = [(item.code, dict(item.params)) for item in found if item.code not in HIDDEN]
    return [(code, str(params.get("close") or params.get("name", ""))) for code, params in names]


def slot(team: str = "salon", more: str = "") -> str:
    return f"- {{ask: Когда?, save: visit_at, answer: {SLOT % team}{more}}}\n"


def test_the_team_of_a_free_time_exists() -> None:
    assert told(slot("salonn")) == [("unknown-team", "salon")]
    assert told(slot()) == []


def test_the_team_of_a_hand_over_exists() -> None:
    assert told("- handover: sale\n") == [("unknown-team", "sales")]


def test_a_team_that_takes_conversations_has_a_chat() -> None:
    assert told("- handover: salon\n") == [("team-without-chat", "salon")]
    assert told("- handover: sales\n") == []


def test_a_team_whose_times_are_offered_has_hours() -> None:
    assert told(slot("night")) == [("slot-any-hour", "night")]


PRINTED = '- "Ждём вас {{ visit_at | time }}."\n'


def test_a_booked_time_may_be_empty_because_nothing_was_free() -> None:
    assert told(slot() + PRINTED) == [("field-may-be-empty", "visit_at")]


@pytest.mark.parametrize(
    "more",
    [
        ", skip: Позже, otherwise: [end]",
        ", otherwise: [end], silence: [{after: 1h, then: []}]",
        ", otherwise: [Увы]",
    ],
)
def test_a_booked_time_may_be_empty_by_skipping_silence_and_otherwise(more: str) -> None:
    assert told(slot(more=more) + PRINTED) == [("field-may-be-empty", "visit_at")]


def test_a_booked_time_is_filled_where_every_other_way_ends() -> None:
    assert told(slot(more=", otherwise: [end]") + PRINTED) == []


def test_what_stands_in_otherwise_of_a_hand_over_and_a_free_time_is_checked() -> None:
    wrong = "otherwise: [{go: nowhere}]"
    assert told(slot(more=f", {wrong}")) == [("unknown-flow", "nowhere")]
    assert told(f"- {{handover: sales, {wrong}}}\n") == [("unknown-flow", "nowhere")]
    phone = "otherwise: [{ask: Телефон?, save: phone, answer: phone}]"
    assert [code for code, _ in told(f"- {{handover: sales, {phone}}}\n")] == [
        "personal-without-consent"
    ]


def test_the_condition_of_a_wait_is_typed() -> None:
    wait = "- {wait: 1d, id: pay, until: %s}\n"
    assert [code for code, _ in told(wait % "score > 'семь'")] == ["type-mismatch"]
    assert [code for code, _ in told(wait % "1 == 1")] == ["condition-constant"]
    assert [code for code, _ in told(wait % "scor > 1")] == ["unknown-name"]
    assert told(wait % "score > 1") == []


def test_a_wait_hangs_on_a_moment() -> None:
    ask = "- {ask: Когда?, save: wish, answer: %s}\n"
    wait = "- {wait: wish -15m, id: before}\n"
    assert told(ask % "datetime" + wait) == []
    assert [code for code, _ in told(ask % "text" + wait)] == ["when-not-datetime"]
    assert told("- {wait: wissh -15m, id: before}\n" + ask % "datetime") == [
        ("unknown-field", "wish")
    ]


def test_a_wait_for_a_constant_of_the_fields_is_to_come() -> None:
    fields = "fields:\n  live: {type: datetime, value: 2026-03-10 19:00}\n"
    assert [code for code, _ in told("- {wait: live -1d 12:00, id: before}\n", fields)] == [
        "wait-is-past"
    ]


@pytest.mark.parametrize("most", ["min: 4", "min: 2, max: 1", "max: 9"])
def test_no_more_is_chosen_than_there_is(most: str) -> None:
    found = told(f"- {{ask: Что?, save: a, many: true, {most}, options: [А, Б, В]}}\n")
    assert [code for code, _ in found] == ["many-count"]


def test_one_split_may_stand_twice_with_the_same_variants() -> None:
    split = "- split: price\n  variants: {%s: [Раз], %s: [Два]}\n"
    assert told(split % ("a", "b") + split % ("b", "a")) == []
    assert [code for code, _ in told(split % ("a", "b") + split % ("a", "c"))] == ["split-differs"]

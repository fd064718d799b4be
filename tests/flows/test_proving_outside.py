"""The search plays what is not typed: free times, hand-overs, waits, events, chance, the outside."""

from __future__ import annotations

from dataclasses import replace
from textwrap import indent

import pytest

from flows import effects
from flows.loading import load
from flows.proving import Proof
from flows.proving.doors import doors
from flows.proving.loaded import proved
from flows.proving.outside import ANSWERED, unknown
from flows.proving.states import Node
from flows.proving.views import views_of
from flows.state import Conversation, Pause, Play, Run
from flows.values import Frame
from flows.worlds import HELPFUL
from tests.flows.examples import HOUSE, TODAY
from tests.flows.staging import MOSCOW, program

END = "silence: [{after: 1d, then: [end]}]"
TEAMS = "teams:\n  salon: {hours: mon-sun 10:00-20:00, notify: {telegram: -1001234567891}}\n"
LARGE = HOUSE.replace("teams:\n", TEAMS) + "http: {allow: [api.example.ru]}\n"
SLOT = "answer: {type: slot, team: salon, length: 1h, notice: 2h}"


def explored(main: str, rest: str = "", entry: str = "[start]") -> tuple[Proof, list[str]]:
    """How far the funnel was explored, and the codes of what was found."""
    text = f"funnel: example\nentry: {entry}\nflows:\n  main:\n{indent(main, '    ')}\n{rest}"
    files = {"voronka.yaml": LARGE.encode(), "funnels/example.yaml": text.encode()}
    loaded = load(files, {}, TODAY)
    assert loaded.errors == [], loaded.errors
    after, (proof,) = proved(loaded, TODAY)
    return proof, [item.code for item in after.problems]


def reached(main: str, rest: str = "", entry: str = "[start]") -> bool:
    """Whether the search came to every step, and proved it."""
    proof, found = explored(main, rest, entry)
    assert proof.extent == "whole", proof
    assert "stuck-state" not in found
    return "never-reached" not in found


def gated(condition: str) -> str:
    return f"- {{if: '{condition}', then: [Вот оно]}}\n"


@pytest.mark.parametrize("condition", ["visit_at", "not visit_at"])
def test_a_free_time_is_booked_and_there_is_none(condition: str) -> None:
    assert reached(f"- {{ask: Когда?, save: visit_at, {SLOT}, {END}}}\n" + gated(condition))


def test_without_free_times_the_play_goes_into_otherwise() -> None:
    ask = f"- {{ask: Когда?, save: at, {SLOT}, otherwise: [{{tag: нет}}], {END}}}\n"
    assert reached(ask + gated('"нет" in tags'))


def test_a_question_for_a_time_without_silence_has_a_way_on() -> None:
    _, found = explored(f"- {{ask: Когда?, save: visit_at, {SLOT}}}\n- Записали.\n")
    assert not {"stuck-state", "never-ends", "never-reached"} & {*found}


def test_letters_that_hang_on_a_booked_time_are_sent() -> None:
    series = (
        "series:\n  before:\n    letters:\n"
        "      - {id: day, when: visit_at -1d 12:00, say: Завтра ждём}\n"
        "      - {id: hour, when: visit_at -1h, say: Через час ждём}\n"
    )
    ask = f"- {{ask: Когда?, save: visit_at, {SLOT}, {END}}}\n"
    proof, found = explored(f"{ask}- start: before\n", series)
    assert proof.extent == "whole"
    assert "letter-never-sent" not in found


def test_a_conversation_is_taken_and_not_taken() -> None:
    hand = "- {handover: sales, otherwise: [{tag: никто}]}\n"
    assert reached(hand + gated('"никто" in tags') + gated("manager"))


def test_whoever_a_condition_names_takes_the_conversation() -> None:
    assert reached("- {handover: sales}\n" + gated('manager == "Пётр"'))


def test_asking_for_a_human_ends_nowhere_for_good() -> None:
    lead = "- {lead: Заявка, team: sales}\n"
    few, _ = explored(f"- {{ask: Так?, id: a, options: [Да], {END}}}\n")
    more, found = explored(f"- {{ask: Так?, id: a, options: [Да], {END}}}\n" + lead)
    assert more.extent == "whole"
    assert found == []
    assert more.turns > few.turns


def test_every_variant_of_every_split_is_played_however_many_there_are() -> None:
    splits = "".join(
        f"- split: s{n}\n  variants: {{a: [], b: [{{tag: t{n}}}], c: []}}\n" for n in range(5)
    )
    assert reached(splits + "".join(gated(f'"t{n}" in tags') for n in range(5)))


def test_splits_in_too_many_mixes_are_told_not_to_be_proved() -> None:
    splits = "".join(f"- split: s{n}\n  variants: {{a: [], b: [], c: []}}\n" for n in range(12))
    proof, _ = explored(splits)
    assert proof.extent == "part"
    assert proof.left > 0


def test_a_split_that_nobody_comes_to_again_makes_no_states() -> None:
    split = "- split: price\n  variants: {a: [Раз], b: [Два], c: [Три]}\n"
    ask = f"- {{ask: Так?, id: a, options: [Да], {END}}}\n"
    plain, _ = explored(ask, entry="[{start: true, once: true}]")
    divided, _ = explored(split + ask, entry="[{start: true, once: true}]")
    assert divided.states == plain.states


def test_the_variant_is_told_in_the_path() -> None:
    main = (
        "- split: price\n  variants:\n    low: []\n    high:\n"
        "      - {ask: Куда?, id: trap, options: [{text: Сюда, go: main.trap}]}\n"
    )
    text = f"funnel: example\nentry: [start]\nflows:\n  main:\n{indent(main, '    ')}"
    files = {"voronka.yaml": LARGE.encode(), "funnels/example.yaml": text.encode()}
    after, _ = proved(load(files, {}, TODAY), TODAY)
    (found,) = [item for item in after.problems if item.code == "stuck-state"]
    assert found.way("ru") == ("/start (price: high)",)


def test_a_wait_that_hangs_on_a_field_is_waited_for() -> None:
    ask = f"- {{ask: Когда?, save: at, answer: datetime, {END}}}\n"
    wait = "- {wait: at -15m, id: before, until: '\"x\" in events', then: [{tag: пришло}]}\n"
    assert reached(ask + wait + gated('"пришло" in tags'))


@pytest.mark.parametrize("block", ["then", "else"])
def test_a_wait_for_an_event_comes_true_and_does_not(block: str) -> None:
    wait = f"- {{wait: 1d, id: pay, until: '\"paid\" in events', {block}: [{{tag: тут}}]}}\n"
    assert reached(wait + gated('"тут" in tags'))


def test_an_event_lets_in_and_brings_what_conditions_look_at() -> None:
    entry = "[start, {event: paid, flow: thanks, save: {amount: sum}}]"
    rest = "  thanks:\n    - {if: amount > 5000, then: [Ого], else: [Спасибо]}\n"
    rest += "fields:\n  amount: {type: number}\n"
    assert reached(f"- {{ask: Так?, id: a, options: [Да], {END}}}\n", rest, entry)


def test_an_answer_of_a_server_is_tried_with_what_conditions_look_at() -> None:
    http = '- {http: {get: "https://api.example.ru/p", save: {price: data.price}}}\n'
    fields = "fields:\n  price: {type: number}\n"
    assert reached(http + gated("price > 1000") + gated("price < 1000"), fields)


def test_somebody_with_a_name_and_somebody_without_come() -> None:
    assert reached(gated("name") + gated("not name") + gated('first_name == "Пётр"'))


def test_a_code_that_a_condition_names_comes_by_the_link() -> None:
    assert reached(gated('link == "gift_2"'), entry='[start, {link: "gift_*"}]')


def test_messages_are_allowed() -> None:
    proof, _ = explored("- Привет\n", entry="[subscribed]")
    assert (proof.states, proof.unknown) == (1, ())


def test_a_trigger_that_the_search_does_not_know_fires_by_nothing() -> None:
    made = program("funnel: f\nentry: [start]\nflows:\n  main: [Да]\n")
    views = views_of(made, Frame("ru", MOSCOW))
    (entry,) = made.funnel.entry
    assert doors(made, entry, views)
    assert not doors(made, replace(entry, trigger="telepathy"), views)  # type: ignore[arg-type]


def test_a_call_that_the_search_cannot_answer_is_told_by_name() -> None:
    run = Run(1, "f", "h", 0, plays=[Play(2, "person", "main", pause=Pause("main.x", 3, 0))])
    node = Node(0, Conversation(runs=[run]), 0)
    assert [*unknown(node)] == ["main.x"]
    assert run.plays[0].pause
    run.plays[0].pause.request = 4
    node.requests[4] = effects.Request(1, 4, "telepathy", "main.x", {})
    assert [*unknown(node)] == ["telepathy"]


def test_the_kinds_that_are_told_to_be_known_are_answered() -> None:
    body = {"times": [1], "at_us": 1, "pattern": "A-#"}
    for kind in ANSWERED:
        assert HELPFUL.answer(effects.Request(1, 2, kind, "main.x", body))["ok"], kind


def test_calls_that_nobody_answers_do_not_pile_up() -> None:
    main = (
        "- {ask: Так?, id: q, options: [Да, Нет], silence: [{after: 1h, then: []}]}\n- start: s\n"
    )
    letters = (
        "      - {id: l, when: +1d 11:00, steps: [{code: promo, pattern: 'A-##'}, Держите]}\n"
    )
    rest = f"series:\n  s:\n    letters:\n{letters}"
    proof, found = explored(main, rest, entry="[{start: true, restart: true}]")
    assert proof.extent == "whole"
    assert "letter-never-sent" not in found


def test_an_answer_that_waits_for_the_end_of_a_hand_over_comes_once() -> None:
    main = "- {handover: sales, for: 1h}\n- {ask: Так?, id: q, options: [Да], " + END + "}\n"
    letters = "      - {id: l, when: +10m, steps: [{code: promo, pattern: 'A-##'}, Держите]}\n"
    rest = f"series:\n  s:\n    letters:\n{letters}"
    proof, _ = explored("- start: s\n- {wait: 5m, id: w}\n" + main, rest)
    assert proof.extent == "whole"

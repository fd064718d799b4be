"""Coverage knows several choices, free times, hand-overs, splits, waits, calls outside and events."""

from __future__ import annotations

from textwrap import indent

import pytest

from flows.coverage import Footprints
from flows.rehearsal import rehearse
from tests.flows.staging import bundle_of, program
from tests.flows.test_engine_booking import SALON
from tests.flows.test_transcripts import read

BOT = "- bot: ...\n"


def untested(main: str, *talks: str, rest: str = "", entry: str = "[start]") -> list[str]:
    """What is left untested of a funnel of that flow by tests of these lines and keys."""
    text = f"funnel: f\nentry: {entry}\nflows:\n  main:\n{indent(main, '    ')}\n{rest}"
    made = program(text)
    footprints = Footprints(made)
    for number, talk in enumerate(talks):
        keys, _, lines = talk.rpartition("\n---\n")
        (test,), problems = read(lines, f"seed: {number}\n{keys}".strip())
        assert not problems
        bundle = footprints.watched(bundle_of(made, teams=SALON))
        failure = rehearse(bundle, test, "f")
        assert failure is None, failure
    return [item.name("ru") for item, seen in footprints.items() if not seen]


OPEN = '- open: ""\n'


def test_options_of_many_are_counted_one_by_one() -> None:
    ask = "- {ask: Что?, save: a, many: true, options: [А, Б, В]}\n"
    pressed = (
        OPEN + "- bot: Что\n- press: А\n- press: В\n- press: Готово\n- expect: {ended: true}\n"
    )
    assert untested(ask, pressed) == ["main.a «Б»"]
    typed = OPEN + "- bot: Что\n- type: 1, 2\n- expect: {ended: true}\n"
    assert untested(ask, pressed, typed) == []


def test_every_variant_of_a_split_is_counted_the_empty_one_too() -> None:
    split = "- split: price\n  variants: {low: [Раз], high: []}\n"
    talks = [OPEN + BOT for _ in range(8)]
    assert untested(split, talks[0])[0] in {"main split price: low", "main split price: high"}
    assert untested(split, *talks) == []


def test_a_wait_is_counted_by_what_ended_it() -> None:
    wait = "- {wait: 1d, id: pay, until: '\"paid\" in events', then: [Ура], else: [Увы]}\n"
    came = OPEN + "- event: paid\n- bot: Ура\n"
    out = OPEN + "- bot: Увы\n"
    assert untested(wait, came) == ["main.pay (время вышло)"]
    assert untested(wait, out) == ["main.pay (дождались)"]
    assert untested(wait, came, out) == []


def test_a_hand_over_is_counted_by_who_took_it() -> None:
    hand = "- {handover: sales, for: 1h}\n- Снова бот\n"
    taken = (
        OPEN + "- team: ...\n- manager: {take: true}\n- manager: {return: true}\n- bot: Снова\n"
    )
    taken = taken.replace("team: ...", "team: Клиент")
    nobody = OPEN + "- team: Клиент\n- bot: Снова\n"
    assert untested(hand, taken) == ["main.handover_sales (никто не взял)"]
    assert untested(hand, nobody) == ["main.handover_sales (менеджер взял)"]
    assert untested(hand, taken, nobody) == []


CALLS = {
    "- {member: '@my', then: [Раз], else: [Два]}\n": {
        "main.member_my (подписан)": "member: true",
        "main.member_my (не подписан)": "member: false",
        "main.member_my (сбой)": "member: fail",
    },
    '- {http: {get: "https://api.example.ru/p", save: {a: b}}}\n': {
        "main.http (ответ)": "http: {b: 1}",
        "main.http (сбой)": "http: {c: 1}",
    },
    "- {code: promo, pattern: 'A-#', otherwise: [Увы]}\n": {
        "main.code_promo (ответ)": "code: [A-1]",
        "main.code_promo (сбой)": "code: fail",
    },
    "- {do: sum, save: total}\n": {
        "main.do_sum (ответ)": "do: {sum: 7}",
        "main.do_sum (сбой)": "do: {sum: fail}",
    },
}


@pytest.mark.parametrize("step", CALLS)
def test_a_call_outside_is_counted_by_how_it_ended(step: str) -> None:
    outcomes = CALLS[step]
    talks = {name: f"world: {{{world}}}\n---\n{OPEN}{BOT}" for name, world in outcomes.items()}
    for name, talk in talks.items():
        assert untested(step, talk) == [other for other in outcomes if other != name]
    assert untested(step, *talks.values()) == []


SLOT = "- {ask: Когда?, save: at, answer: {type: slot, team: salon}, otherwise: [Увы]}\n"


def test_a_free_time_is_counted_by_how_it_was_booked() -> None:
    booked = OPEN + "- bot: Когда\n- press: пн 12 января, 15:00\n- expect: {ended: true}\n"
    none = f"world: {{slots: none}}\n---\n{OPEN}- bot: Увы\n"
    lost = (
        f"world: {{slots: taken}}\n---\n{OPEN}- bot: Когда\n- press: пн 12 января, 15:00\n"
        "- bot: только что заняли\n- press: пн 12 января, 15:30\n- expect: {ended: true}\n"
    )
    assert untested(SLOT, booked) == [
        "main.at (свободного времени нет)",
        "main.at (время только что заняли)",
        "main.at ask → otherwise",
    ]
    assert untested(SLOT, booked, none, lost) == []


def test_an_event_that_somebody_inside_hears_counts_as_its_entry() -> None:
    entry = "[start, {event: paid, flow: thanks}, {event: refused, flow: thanks}]"
    ask = "- {ask: Так?, id: a, options: [Да]}\n"
    talk = (
        OPEN + "- bot: Так\n- event: paid\n- bot: Спасибо\n- press: Да\n- expect: {ended: true}\n"
    )
    rest = "  thanks: [Спасибо]\n"
    assert untested(ask, talk, rest=rest, entry=entry) == ["entry «event: refused»"]

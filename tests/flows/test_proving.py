"""The search over the engine: what makes a state, what ends it, and that its words are true."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from flows.loading import Loaded, load
from flows.proving import Proof
from flows.proving.loaded import proved
from flows.proving.search import MOST_STATES, MOST_TURNS
from tests.flows.examples import HOUSE, TODAY

END = "silence: [{after: 1d, then: [end]}]"


def explored(main: str, rest: str = "", *, most: int = MOST_STATES) -> tuple[Proof, Loaded]:
    """How far a funnel of that flow and those other lines was explored, and what was found."""
    text = f"funnel: example\nentry: [start]\nflows:\n  main:\n{indent(main, '    ')}\n{rest}"
    files = {"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": text.encode()}
    loaded = load(files, {}, TODAY)
    assert loaded.errors == [], loaded.errors
    after, proofs = proved(loaded, TODAY, most=most)
    return proofs[0], after


def ask(name: str, options: str = "[Да, Нет]") -> str:
    return f"- {{ask: Так?, save: {name}, options: {options}, {END}}}\n"


def codes(loaded: Loaded) -> list[str]:
    return [item.code for item in loaded.problems]


def test_a_field_that_no_condition_reads_makes_no_states() -> None:
    few, _ = explored(ask("a", "[Да, Нет]") + ask("b"))
    many, _ = explored(ask("a", "[Раз, Два, Три, Четыре, Пять, Шесть]") + ask("b"))
    assert few.states == many.states
    assert few.turns < many.turns


def test_a_field_makes_states_until_its_last_condition() -> None:
    condition = '- {if: a == "Да", then: [Хорошо], else: [Ладно]}\n'
    none, _ = explored(ask("a") + ask("b") + ask("c"))
    soon, _ = explored(ask("a") + condition + ask("b") + ask("c"))
    late, _ = explored(ask("a") + ask("b") + ask("c") + condition)
    assert none.states == soon.states < late.states


def test_values_that_no_condition_tells_apart_are_one() -> None:
    condition = '- {if: a == "Да", then: [Хорошо], else: [Ладно]}\n'
    two, _ = explored(ask("a", "[Да, Нет]") + ask("b") + condition)
    five, _ = explored(ask("a", "[Да, Нет, Может, Вдруг, Авось]") + ask("b") + condition)
    assert two.states == five.states


def test_a_score_counts_up_to_what_it_is_compared_with() -> None:
    loop = (
        "- ask: Ещё?\n  id: more\n  options:\n"
        "    Да: [{add: {score: 1}}, {go: main.more}]\n    Хватит:\n  %s\n"
    )
    condition = "- {if: score > 3, then: [Много], else: [Мало]}\n"
    proof, loaded = explored(loop % END + condition)
    assert proof.extent == "whole"
    assert "never-reached" not in codes(loaded)


@pytest.mark.parametrize(("most", "reached"), [(2, True), (5, False)])
def test_numbers_beside_a_condition_are_typed(most: int, reached: bool) -> None:
    answer = f"- {{ask: Сколько?, save: n, answer: {{type: integer, min: 1, max: 4}}, {END}}}\n"
    _, loaded = explored(answer + f"- {{if: n > {most}, then: [Много], else: [Мало]}}\n")
    assert ("never-reached" not in codes(loaded)) is reached


def test_what_is_reckoned_from_a_free_answer_may_be_anything() -> None:
    steps = """
    - ask: Сколько метров?
      save: length
      answer: {type: number, min: 1, max: 12}
    - set: {total: "{{ length * 50000 }}"}
    - set: {twice: "{{ total * 2 }}"}
    - if: twice >= 1000000
      then: [Дорого]
"""
    _, loaded = explored(steps)
    assert "never-reached" not in codes(loaded)


def test_every_variant_of_a_split_is_played() -> None:
    split = "- split: price\n  variants:\n    a: [{tag: дорого}]\n    b: [{tag: дёшево}]\n"
    condition = "- {if: '\"%s\" in tags', then: [Ура]}\n"
    _, loaded = explored(split + condition % "дорого" + condition % "дёшево")
    assert "never-reached" not in codes(loaded)


def test_a_wait_ends_and_comes_true() -> None:
    main = (
        "- say: Держите\n"
        "  buttons: [{text: Оплатил, tag: оплата}]\n"
        "- wait: 2h\n  id: pay\n  until: '\"оплата\" in tags'\n"
        "  then: [Спасибо]\n  else: [{tag: молчит}]\n"
    )
    proof, loaded = explored(main)
    assert proof.extent == "whole"
    assert codes(loaded) == []


def test_a_button_of_a_letter_is_pressed_on_a_way_on_which_it_was_sent() -> None:
    main = ask("a") + "- start: drip\n"
    rest = (
        "  trap:\n    - ask: Куда?\n      id: trap\n      options: [{text: Сюда, go: trap}]\n"
        "series:\n  drip:\n    letters:\n"
        "      - {id: one, when: +1d 11:00, say: Ау, buttons: [{text: Сюда, go: trap}]}\n"
    )
    _, loaded = explored(main, rest)
    (found,) = [item for item in loaded.problems if item.code == "stuck-state"]
    assert found.way("ru") == ("/start", "Да", "молчание", "«Сюда»")


def test_the_shortest_path_is_shown() -> None:
    main = (
        "- ask: Как?\n  id: how\n  options:\n    Долго:\n      - ask: Точно?\n        id: sure\n"
        f"        options: [Да]\n        {END}\n    Быстро:\n  {END}\n"
        "- ask: Что?\n  id: what\n  options: [{text: Ничего, go: main.what}]\n"
    )
    _, loaded = explored(main)
    (found,) = [item for item in loaded.problems if item.code == "stuck-state"]
    assert found.way("en") == ("/start", "Быстро")


def test_the_same_funnel_is_explored_the_same() -> None:
    main = ask("a") + '- {if: a == "Да", then: [Хорошо]}\n' + ask("b")
    assert explored(main) == explored(main)


def test_a_used_up_budget_is_no_proof_and_says_nothing_of_ends() -> None:
    main = "".join(ask(f"f{n}") for n in range(20))
    proof, loaded = explored(main, most=10)
    assert (proof.states, proof.extent) == (10, "part")
    assert proof.left > 0
    assert codes(loaded) == []


def test_what_lasts_in_too_many_mixes_is_proved_for_the_first_visit() -> None:
    tags = "".join(ask(f"f{n}", f"[Нет, {{text: Да, tag: t{n}}}]") for n in range(12))
    pairs = tags.split("- ")[1:]
    main = "".join(
        f"- {pair}" + f"- if: '\"t{n}\" in tags'\n  then: [Да]\n" for n, pair in enumerate(pairs)
    )
    proof, _ = explored(main)
    assert proof.extent == "first"


def test_a_pattern_that_nothing_fits_is_told_to_be_blind() -> None:
    answer = (
        f"- {{ask: Код?, save: code, answer: {{type: text, pattern: 'EAT-[0-9]{{4}}'}}, {END}}}\n"
    )
    proof, _ = explored(answer)
    assert (proof.extent, proof.blind) == ("part", ("main.code",))


def three_hundred() -> str:
    """Ten flows of thirty questions with options, scores, conditions and ways back."""
    lines = []
    for n in range(300):
        lines.append(
            ask(f"f{n}", f"[{{text: Да, score: {n % 4}}}, Нет, {{text: Так, tag: t{n}}}]")
        )
        if n % 6 == 3:
            lines.append(f"- {{if: 'f{n - 1} == \"Да\"', then: [Ура], else: [Ну]}}\n")
    return "".join(lines)


def test_three_hundred_places_are_proved_within_the_budget() -> None:
    rest = (
        f"  booking:\n    - {{ask: Имя?, save: who, {END}}}\n"
        f"    - {{ask: Когда?, save: hour, options: [Утро, Вечер], {END}}}\n"
        "    - {lead: Заявка, team: sales}\n"
        "series:\n  drip:\n    stop_when: lead\n    letters:\n"
        + "".join(
            f"      - {{id: l{n}, when: +1d 11:00, say: Ау, buttons: [{{text: Сюда, go: booking}}]}}\n"
            for n in range(10)
        )
    )
    proof, loaded = explored(three_hundred() + "- start: drip\n", rest)
    assert proof.extent in {"whole", "first"}
    assert proof.states < MOST_STATES
    assert proof.turns < MOST_TURNS
    assert codes(loaded) == []


NODES = sorted((Path(__file__).parents[1] / "examples" / "nodes").glob("*.yaml"))


@pytest.mark.parametrize("path", NODES, ids=lambda path: path.stem)
def test_the_example_of_every_node_type_is_proved(path: Path) -> None:
    name = re.search(r"^funnel: (\w+)", path.read_text("utf-8"), re.MULTILINE)
    assert name is not None
    house = HOUSE.replace("[example]", f"[{name[1]}]") + "http: {allow: [api.example.ru]}\n"
    files = {"voronka.yaml": house.encode(), "funnels/example.yaml": path.read_bytes()}
    loaded = load(files, {"funnels/media/photo.jpg": 1}, TODAY)
    after, (proof,) = proved(loaded, TODAY)
    assert (proof.extent, proof.blind) == ("whole", ())
    ours = {"broken-on-path", "stuck-state", "never-reached", "letter-never-sent"}
    assert ours.isdisjoint(codes(after)), [item for item in after.problems if item.code in ours]

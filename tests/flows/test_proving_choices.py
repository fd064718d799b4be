"""The search looks at the mixes of a multiple choice only where the funnel tells them apart."""

from tests.flows.test_proving import END, codes, explored

DAYS = "[Пн, Вт, Ср, Чт, Пт, Сб, Вс, Утро, День, Вечер, Ночь]"


def many(options: str, more: str = "") -> str:
    return f"- {{ask: Когда?, save: days, many: true, {more} options: {options}, {END}}}\n"


def test_mixes_that_nobody_looks_at_are_not_all_tried() -> None:
    proof, loaded = explored(many(DAYS) + "- Спасибо\n")
    assert proof.extent == "whole"
    assert proof.states < 40
    assert codes(loaded) == []


def test_every_mix_is_tried_where_a_condition_looks() -> None:
    condition = "- {if: '\"Вт\" in days', then: [Во вторник], else: [Ладно]}\n"
    blind, _ = explored(many("[Пн, Вт, Ср, Чт]") + "- Спасибо\n")
    seeing, _ = explored(many("[Пн, Вт, Ср, Чт]") + condition)
    assert seeing.extent == "whole"
    assert seeing.states >= 2**4 > blind.states


def test_as_many_are_marked_as_must_be() -> None:
    proof, loaded = explored(many("[Пн, Вт, Ср]", "min: 3,") + "- Спасибо\n")
    assert proof.extent == "whole"
    assert codes(loaded) == []  # the step below is reached: three can be marked

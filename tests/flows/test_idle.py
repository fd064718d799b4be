"""What is written and would do nothing, or never be what it says, is told and not swallowed."""

import pytest

from flows.loading import load

HEAD = """\
funnel: f
language: ru
{head}
flows:
  main:
{main}
"""
ASK = "    - {ask: Что?, save: what, %ssilence: [{after: 1d, then: []}]}"
START = "entry: [start]"
FIELDS = (
    "fields: {n: {type: number}, i: {type: integer}, b: {type: boolean}, d: {type: date}, "
    "t: {type: time}, k: {type: datetime}, s: {}}\n"
)
HOUSE = (
    b"project: p\nbots: {site: {channel: web, funnels: [f]}}\n"
    b"teams: {sales: {notify: {telegram: -1}}}\n"
)


def codes(main: str, head: str = START) -> list[str]:
    text = HEAD.format(head=head, main=main)
    loaded = load({"voronka.yaml": HOUSE, "funnels/f.yaml": text.encode()}, {}, "2026-05-01")
    return [item.code for item in loaded.problems]


@pytest.mark.parametrize(
    ("main", "code"),
    [
        (ASK % "options: [], ", "list-empty"),
        (ASK % "answer: integer, otherwise: [Ладно.], ", "key-alone"),
        (ASK % "answer: integer, attempts: 0, otherwise: [Ладно.], ", "count-too-small"),
        (ASK % "options: [А, Б], columns: 0, ", "count-too-small"),
        (ASK % "options: [Дальше, Стоп], ", "word-taken"),
        ("    - {wait: 2h, id: w, then: [Раз.]}", "key-alone"),
        ("    - {wait: 2h, id: w, else: [Раз.]}", "key-alone"),
        ("    - if: lead", "missing-key"),
        ("    - {match: what, cases: {}}", "list-empty"),
        ("    - {consent: pd, agree: Да, refuse: да}", "duplicate-option"),
    ],
)
def test_a_step_that_would_do_nothing_is_told(main: str, code: str) -> None:
    assert code in codes(main)


@pytest.mark.parametrize(
    "main",
    [
        ASK % "options: [А, Б], columns: 2, ",
        ASK % "answer: integer, attempts: 3, otherwise: [Ладно.], ",
        ASK % "answer: integer, attempts: 3, ",
        ASK % "options: [Стоп-кран, Остановка], ",
        "    - {wait: 2h, id: w, until: lead, then: [Раз.], else: [Два.]}",
        "    - {if: lead, then: [Раз.]}",
        "    - {if: lead, else: [Раз.]}",
    ],
)
def test_a_step_that_does_something_is_not(main: str) -> None:
    found = {"list-empty", "key-alone", "count-too-small", "word-taken", "missing-key"}
    assert not found & set(codes(main))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("entry: []", "list-empty"),
        ("entry: [start, {words: []}]", "list-empty"),
        ("entry: [start, {words: [стоп]}]", "word-taken"),
        ("entry: [start, {command: stop}]", "word-taken"),
        ("entry: [start, {command: privacy}]", "word-taken"),
        ("entry: [start, {words: [мои данные]}]", "word-taken"),
    ],
)
def test_an_entry_that_nobody_can_take_is_told(entry: str, code: str) -> None:
    assert code in codes("    - Привет", entry)


@pytest.mark.parametrize(
    ("steps", "taken"), [("    - Привет", False), ("    - {notify: sales, say: Зовут}", True)]
)
def test_a_word_for_a_human_is_the_bots_only_where_there_is_a_team(
    steps: str, taken: bool
) -> None:
    assert ("word-taken" in codes(steps, "entry: [start, {words: [оператор]}]")) is taken


@pytest.mark.parametrize(
    ("label", "head"),
    [("Назад", f"{START}\nback: Назад"), ("готово", f"{START}\nphrases: {{done: Готово}}")],
)
def test_an_option_reads_otherwise_than_the_bots_own_buttons(label: str, head: str) -> None:
    many = "many: true, " if "done" in head else ""
    assert "duplicate-option" in codes(ASK % f"options: [А, {label}], {many}", head)
    assert "duplicate-option" not in codes(ASK % f"options: [А, Б], {many}", head)


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("n: привет", False),
        ("n: 1 500,5", True),
        ("i: 1.5", False),
        ("i: 15", True),
        ("b: да", False),
        ("b: true", True),
        ("d: 2026-13-01", False),
        ("d: 2026-12-01", True),
        ("t: 25:00", False),
        ("t: 18:30", True),
        ("k: завтра", False),
        ("k: 2026-12-10 19:00", True),
        ("score: много", False),
        ("s: что угодно", True),
        ("n: ", True),
        ("n: '{{ score + 1 }}'", True),
    ],
)
@pytest.mark.parametrize("place", ["step", "entry", "button"])
def test_a_constant_is_of_its_fields_type(place: str, value: str, fits: bool) -> None:
    head, main = f"{START}\n{FIELDS}", "    - Привет"
    if place == "step":
        main = f"    - set: {{{value}}}"
    elif place == "button":
        main = f"    - {{say: Вот, buttons: [{{text: Да, set: {{{value}}}}}]}}"
    else:
        head = f"entry: [{{link: a, set: {{{value}}}}}]\n{FIELDS}"
    assert ("value-type" not in codes(main, head)) is fits


def test_an_options_value_and_a_start_value_are_of_the_fields_type() -> None:
    ask = "    - {ask: Что?, save: n, options: [{text: А, value: %s}]}"
    assert "value-type" in codes(ask % "много", f"{START}\n{FIELDS}")
    assert "value-type" not in codes(ask % "5", f"{START}\n{FIELDS}")
    assert "value-type" in codes(
        "    - Привет", f"{START}\nfields: {{n: {{type: date, value: х}}}}"
    )

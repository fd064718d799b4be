"""Conditions: what is read, what is refused and where, and that nothing fails when evaluated."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.expression_messages import (
    MESSAGES,
    ExpressionProblem,
    ExpressionRefused,
    explain,
)
from flows.expression_names import filled_if
from flows.expressions import compile_condition

ATTACKS = json.loads(Path(__file__).with_name("template_attacks.json").read_text("utf-8"))["e"]


class Hostile:
    def __str__(self):
        raise AssertionError("nothing of a stranger's class is called")

    __repr__ = __eq__ = __hash__ = __bool__ = __len__ = __lt__ = __add__ = __radd__ = __str__


CONTEXT = {
    "name": "Анна",
    "city": "Москва",
    "score": 7,
    "tags": {"vip", "отказ"},
    "lead": False,
    "empty": "",
    "nothing": None,
    "zero": 0,
    "list": ["а", "б"],
    "now": datetime(2026, 12, 10, 16, 30, tzinfo=UTC),
    "evil": Hostile(),
    "bigint": 10**5000,
    "nested": [[["a"] * 10] * 1000] * 1000,
}


def value_of(source, **context):
    return compile_condition(source).evaluate({**CONTEXT, **context})


def problems_of(source):
    with pytest.raises(ExpressionRefused) as refused:
        compile_condition(source)
    return [(problem.code, problem.offset) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('score >= 7 and "vip" in tags and city == "Москва"', True),
        ('lead or "отказ" in tags', True),
        ('"новый" not in tags', True),
        ('"vip" not in nothing', True),
        ('"vip" in nothing', False),
        ("score + 1", 8),
        ("score - 10 * 2", -13),
        ("(score - 10) * 2", -6),
        ("score / 2", 3.5),
        ("-score", -7),
        ("score / zero", None),
        ("nothing + 1", None),
        ("name * 2", None),
        ("now - now", None),
        ("nothing == none", True),
        ('nothing == ""', True),
        ("empty == none", True),
        ("zero == none", False),
        ("nothing != 1", True),
        ("nothing < 1", False),
        ("nothing >= 0", False),
        ('score == "7"', False),
        ("score > name", False),
        ("1 < score <= 7", True),
        ("1 < score < 7", False),
        ("not nothing", True),
        ("not zero", False),
        ("not lead", True),
        ('nothing or "друг"', "друг"),
        ('zero or "друг"', 0),
        ('name and "есть"', "есть"),
        ('"да" if lead else "нет"', "нет"),
        ("score if name else none", 7),
        ('city in ["Москва", "Казань"]', True),
        ('"оск" in city', True),
        ('list == ["а", "б"]', True),
        ('name | upper == "АННА"', True),
        ("unknown", None),
        ("true", True),
        ("None", None),
        ("-2.5", -2.5),
        ('"а\\"б"', 'а"б'),
    ],
)
def test_values(source, expected):
    value = value_of(source)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("source", "truth"),
    [("zero", True), ("empty", False), ("lead", False), ("tags", True), ("score > 9", False)],
)
def test_a_field_alone_means_filled_and_a_boolean_its_value(source, truth):
    assert compile_condition(source).holds(CONTEXT) is truth


@pytest.mark.parametrize(
    ("source", "code", "at"),
    [
        ("name.upper", "dot-forbidden", "."),
        ("tags[0]", "subscript-forbidden", "tags"),
        ("1 + len(tags)", "call-forbidden", "len"),
        ("name | upper()()", "call-forbidden", "name"),
        ("2,5 > score", "comma-forbidden", ","),
        ("score > 2,5", "comma-forbidden", ","),
        ("(name,)", "comma-forbidden", ","),
        ("score ** 2", "operator-forbidden", "**"),
        ("score // 2", "operator-forbidden", "//"),
        ("score % 2", "operator-forbidden", "%"),
        ("name ~ city", "operator-forbidden", "~"),
        ("+score", "operator-forbidden", "+"),
        ("score = 7", "assignment", "= 7"),
        ("name is none", "test-forbidden", "is"),
        ("score and name is not defined", "test-forbidden", "is"),
        ("{1: 2}", "braces-inside", "{"),
        ("{{ score }} > 7", "condition-braces", "{{"),
        ("score > 7 }}", "condition-braces", "}}"),
        ("score && name", "foreign-operator", "&&"),
        ("score || name", "foreign-operator", "||"),
        ("!name", "foreign-operator", "!"),
        ("score ≥ 7", "foreign-operator", "≥"),
        ("score и name", "foreign-operator", "и"),
        ("Имя == 1", "name-form", "Имя"),
        ("Score > 7", "name-form", "Score"),
        ("_score > 7", "name-form", "_score"),
        ("city == «Москва»", "bad-character", "«"),
        ("city == 'Москва", "quote-unclosed", "'"),
        ('city == "a\\x00"', "text-escape", "\\x00"),
        ('"a" "b"', "texts-adjacent", '"b"'),
        ("score > 0x10", "number-form", "0x10"),
        ("score > 1_000", "number-form", "1_000"),
        ("score > 1e3", "number-form", "1e3"),
        ("score > 9999999999999999", "number-too-big", "9999"),
        ("score > 7)", "bracket-unexpected", ")"),
        ("(score > 7]", "bracket-unexpected", "]"),
        ("city in [name]", "list-items", "name"),
        ('"a" * 3', "text-arithmetic", '"a"'),
        ("[0] * 3", "text-arithmetic", "[0]"),
        ("score + true", "text-arithmetic", "true"),
        ("score + none", "text-arithmetic", "none"),
        ("score == 1 == 1", "chain-forbidden", "1 == 1"),
        ("score name", "expression-syntax", "name"),
        ("score > > 7", "expression-syntax", "> 7"),
        ("and", "expression-syntax", "and"),
        ("1 if score", "inline-if-without-else", "1"),
        ("name | length", "unknown-filter", "length"),
        ("name | round(score)", "filter-arguments", "round"),
        ("score\x00", "bad-character", "\x00"),
        ("score\r\n> 7", "bad-character", "\r"),
    ],
)
def test_refused_at_the_offending_token(source, code, at):
    assert problems_of(source) == [(code, source.index(at))]


@pytest.mark.parametrize("source", ["score >", "(score > 7", "not", "score + ", "name |", "[1, "])
def test_unfinished_at_the_end(source):
    assert problems_of(source) == [("expression-unfinished", len(source))]


@pytest.mark.parametrize("source", ["", "  ", "\n"])
def test_empty(source):
    assert problems_of(source) == [("condition-empty", 0)]


@pytest.mark.parametrize(
    "source",
    [
        "(" * 13 + "1" + ")" * 13,
        "not " * 70 + "score",
        "-" * 500 + "1",
        "+".join(["score"] * 70),
        " or ".join(["score"] * 150),
    ],
)
def test_too_deep(source):
    ((code, offset),) = problems_of(source)
    assert code == "too-deep"
    assert 0 <= offset < len(source)


def test_too_long():
    assert problems_of("score" + " " * 2000) == [("too-long", 2000)]


def test_a_caller_deep_in_the_stack_gets_a_problem_or_a_condition():
    def dive(depth):
        return dive(depth - 1) if depth else problems()

    def problems():
        try:
            compile_condition("(" * 12 + "not " * 40 + "score" + ")" * 12)
        except ExpressionRefused as refused:
            return [problem.code for problem in refused.problems]
        return []

    assert dive(10) == []
    assert dive(850) == ["too-deep"]


def test_several_mistakes_are_told_at_once():
    assert problems_of("name | foo and name | bar") == [
        ("unknown-filter", 7),
        ("unknown-filter", 22),
    ]


def test_names_in_order_with_offsets():
    condition = compile_condition('score >= 7 and "vip" in tags or city | default(name) == score')
    assert condition.names == (
        ("score", 0),
        ("tags", 24),
        ("city", 32),
        ("name", 47),
        ("score", 56),
    )


def test_the_tree_is_light():
    tree = compile_condition("score + 1 > 2").tree
    assert (tree.kind, tree.offset, tree.value) == ("compare", 0, ">")
    assert [part.kind for part in tree.parts] == ["arithmetic", "const"]
    assert isinstance(tree, tuple)


@pytest.mark.parametrize(
    ("source", "true", "false"),
    [
        ("a", {"a"}, set()),
        ("not a", set(), {"a"}),
        ("a and b", {"a", "b"}, set()),
        ("a or b", set(), set()),
        ("not (a or b)", set(), {"a"} & {"b"}),
        ("not a or not b", set(), {"a", "b"}),
        ("a == 1", {"a"}, set()),
        ('a == ""', set(), {"a"}),
        ("a != none", {"a"}, set()),
        ("a != 1", set(), {"a"}),
        ("a > 1", {"a"}, set()),
        ('a in ["x"]', {"a"}, set()),
        ('a not in ["x"]', set(), {"a"}),
        ("a == b", set(), set()),
    ],
)
def test_what_a_condition_proves_filled(source, true, false):
    tree = compile_condition(source).tree
    assert filled_if(tree, truth=True) == true
    assert filled_if(tree, truth=False) == false


@pytest.mark.parametrize("source", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_are_refused_or_harmless(source):
    try:
        condition = compile_condition(source)
    except ExpressionRefused as refused:
        check_problems(refused.problems, source)
        return
    value = condition.evaluate(CONTEXT)
    assert value is None or type(value) in (bool, int, float, str, tuple)
    condition.holds(CONTEXT)


def check_problems(problems: list[ExpressionProblem], source: str) -> None:
    assert problems
    for problem in problems:
        assert 0 <= problem.offset <= len(source)
        for language in ("ru", "en"):
            assert all(explain(problem, language))


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_can_be_said(code):
    fields = {"tag", "name", "length", "limit", "character", "found", "instead", "escape"}
    fields |= {"number", "bracket", "operator", "filter", "filters", "usage", "url"}
    for message in MESSAGES[code]:
        assert {f for _, f, _, _ in string.Formatter().parse(message) if f} <= fields
        assert message.format(**dict.fromkeys(fields, "x")).endswith((".", "?"))


WORDS = st.sampled_from(
    [
        "score",
        "name",
        "tags",
        "x",
        "1",
        "2.5",
        '"а"',
        "'",
        "true",
        "none",
        "and",
        "or",
        "not",
        "in",
        "if",
        "else",
        "is",
        "==",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "|",
        "upper",
        "round",
        "default",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "{{",
        "}}",
        "%}",
        "{#",
        "=",
        "~",
        "**",
        "\n",
        "\\",
        "ё",
        "\u2028",
    ]
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
@settings(max_examples=200)
def test_word_soup_is_read_or_refused(source):
    read_or_refuse(source)


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_garbage_is_read_or_refused(source):
    read_or_refuse(source)


operands = st.sampled_from(["score", "name", "tags", "nothing", "evil", "now", "1", '"а"', "lead"])
expressions = st.recursive(
    operands,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["==", "!=", "<", ">=", "in", "and", "or"]), inner),
        st.tuples(st.just("not"), inner),
        st.tuples(inner, st.just("if"), inner, st.just("else"), inner),
    ).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=12,
)


@given(expressions)
@settings(max_examples=200)
def test_grammatical_expressions_are_read_and_evaluated(source):
    if source.count("(") <= 12 and "1 in" not in source:
        read_or_refuse(source)


def read_or_refuse(source):
    try:
        condition = compile_condition(source)
    except ExpressionRefused as refused:
        check_problems(refused.problems, source)
        return
    condition.evaluate(CONTEXT)
    assert all(source.startswith(name, offset) for name, offset in condition.names)

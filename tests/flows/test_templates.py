"""Texts: substitutions, choices, positions, and that what a person typed is never evaluated."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.expression_messages import ExpressionRefused, explain
from flows.templates import compile_text
from flows.values import MAX_TEXT, Frame

ATTACKS = json.loads(Path(__file__).with_name("template_attacks.json").read_text("utf-8"))["t"]
TYPED = "{{ 7*7 }} {% if x %} **ж** <b>"


class Hostile:
    def __str__(self):
        raise AssertionError("nothing of a stranger's class is called")

    __repr__ = __eq__ = __hash__ = __bool__ = __len__ = __lt__ = __add__ = __radd__ = __str__


CONTEXT = {
    "name": TYPED,
    "score": 7,
    "tags": {"vip", "отказ"},
    "city": "Москва",
    "now": datetime(2026, 12, 10, 16, 30, tzinfo=UTC),
    "evil": Hostile(),
    "huge": "я" * 10**7,
    "bigint": 10**5000,
    "nan": float("nan"),
    "inf": float("inf"),
    "biglist": ["x" * 1000] * 10**4,
    "nested": [[["a"] * 10] * 1000] * 1000,
}


def words_of(source, **context):
    return compile_text(source).words(context)


def problems_of(source):
    with pytest.raises(ExpressionRefused) as refused:
        compile_text(source)
    return [(problem.code, problem.offset) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("source", "context", "expected"),
    [
        ('Здравствуйте{{ name | prefix(", ") }}!', {"name": "Анна"}, "Здравствуйте, Анна!"),
        ('Здравствуйте{{ name | prefix(", ") }}!', {}, "Здравствуйте!"),
        ("{{ score * 2.5 }}", {"score": 1}, "2,5"),
        ("{% if a %}А{% elif b %}Б{% else %}В{% endif %}", {"a": 1}, "А"),
        ("{% if a %}А{% elif b %}Б{% else %}В{% endif %}", {"b": 1}, "Б"),
        ("{% if a %}А{% elif b %}Б{% else %}В{% endif %}", {}, "В"),
        ("{% if a %}А{% endif %}", {}, ""),
        ("{% if a %}{% if b %}АБ{% endif %}{% endif %}", {"a": 1, "b": 1}, "АБ"),
        ("{% if (a if b else c) %}да{% endif %}", {"c": 1}, "да"),
        ("a\n\n {{ x }} \nb\n", {"x": "х"}, "a\n\n х \nb\n"),
        ("a  {{- x -}}  b", {"x": "х"}, "aхb"),
        ("{{ '{{ x }}' }}", {"x": 1}, "{{ x }}"),
        ("{{ x }}", {"x": "{{ y }}", "y": 1}, "{{ y }}"),
        ("{{ x }}", {"x": "\x00{{ x }}"}, "{{ x }}"),
        ("}} %} #} ${x} <% x %>", {}, "}} %} #} ${x} <% x %>"),
        ("", {}, ""),
    ],
)
def test_words(source, context, expected):
    assert words_of(source, **context) == expected


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("Привет, {{ name.first }}!", [("dot-forbidden", 15)]),
        ("{{ a.b }} и {{ c ~ d }}", [("dot-forbidden", 4), ("operator-forbidden", 17)]),
        ("{{ a | foo }} {{ a | date }}", [("unknown-filter", 7), ("filter-arguments", 21)]),
        ("{{ }}", [("substitution-empty", 0)]),
        ("Имя: {{ name", [("substitution-unclosed", 5)]),
        ("Имя: {{ name }", [("substitution-unclosed", 13)]),
        ("{{ (name }}", [("bracket-unexpected", 9)]),
        ("{{ {{ name }} }}", [("braces-inside", 3)]),
        ("{{ 'a }}", [("quote-unclosed", 3)]),
        ("{{ name + }}", [("expression-unfinished", 10)]),
        ("{{ 2,5 }}", [("comma-forbidden", 4)]),
        ("{{ x if y }}", [("inline-if-without-else", 3)]),
        ("{# нет #}", [("comment-forbidden", 0)]),
        ("{% raw %}{{ x }}{% endraw %}", [("tag-forbidden", 0)]),
        ("{% set x = 1 %}", [("tag-forbidden", 3)]),
        ("{% %}", [("tag-empty", 0)]),
        ("{% if x %}a", [("tag-unclosed", 3)]),
        ("{% if x %}{% if y %}a{% endif %}", [("tag-unclosed", 3)]),
        ("a{% endif %}", [("tag-unexpected", 4)]),
        ("{% if x %}{% else %}{% else %}{% endif %}", [("tag-unexpected", 23)]),
        ("{% if x %}a{% else if y %}b{% endif %}", [("foreign-operator", 14)]),
        ("{% if %}a{% endif %}", [("expression-unfinished", 6)]),
        ("{% if x %}a{% endif x %}", [("expression-syntax", 20)]),
        ("{% if a if b else c %}{% endif %}", [("inline-if-needs-brackets", 8)]),
        ("\n\n{{- a.b }}", [("dot-forbidden", 7)]),
        ("a\r\n{{ x }}", [("bad-character", 1)]),
        ("[сайт](example.ru)", [("link-without-scheme", 7)]),
        ("{{ a }} [сайт]({{ url }})", [("link-without-scheme", 18)]),
        ("{% if a %}[сайт](e.ru/x){% endif %}", [("link-without-scheme", 17)]),
        ("a" * 8001, [("too-long", 8000)]),
        ("{% if a %}" * 11 + "{% endif %}" * 11, [("too-deep", 103)]),
    ],
)
def test_refused_at_the_offending_token(source, problems):
    assert problems_of(source) == problems


def test_names_and_offsets_after_trimming_braces():
    text = compile_text("a \n {{- b -}} \n {% if c %}{{ d | default(e) }}{% endif %}")
    assert [(name, text.source[at]) for name, at in text.names] == [(n, n) for n in "bcde"]


def test_names_printed_bare():
    text = compile_text(
        "{{ a }} {{ b | upper }} {{ c | default('x') }} {{ d | prefix('x') }} {{ e + f }}"
        "{% if g %}{{ g }}{{ h }}{% elif i == none %}{% else %}{{ i }}{{ g }}{% endif %}"
        "{{ j if j else k }}{{ l or m }}{{ n > 1 }}{{ o | default(p) }}"
    )
    assert "".join(name for name, _ in text.printed) == "abefhgkmp"


def test_a_single_substitution_keeps_its_type():
    text = compile_text("{{ score + 1 }}")
    assert text.single
    assert text.value({"score": 1}) == 2
    assert text.value({}) is None
    assert compile_text("{{ tags }}").value({"tags": ["а"]}) == ["а"]


def test_any_other_text_is_text():
    text = compile_text("№{{ score }}")
    assert not text.single
    assert text.literal is None
    assert text.value({"score": 1}) == "№1"


def test_a_text_without_substitutions_is_literal():
    text = compile_text("Просто **текст**")
    assert text.literal == "Просто **текст**"
    assert text.value({}) == "Просто **текст**"
    assert text.render({}) is text.render({})
    assert compile_text("").literal == ""


def test_addresses():
    assert compile_text("https://e.ru/?n={{ n }}").url({"n": "Я & ты/"}) == (
        "https://e.ru/?n=%D0%AF%20%26%20%D1%82%D1%8B%2F"
    )
    assert (
        compile_text("{{ link }}").url({"link": "https://pay.ru/1?a=b"}) == "https://pay.ru/1?a=b"
    )
    assert compile_text("{{ link }}").url({"link": "javascript:alert(1)"}) == ""
    assert compile_text("{{ scheme }}://e.ru").url({"scheme": "https"}) == "https://e.ru"
    assert compile_text("https://{{ x }}").url({"x": "e.ru/@evil"}) == "https://e.ru%2F%40evil"


def test_the_frame_decides_how_values_look():
    text = compile_text('{{ now | date("d MMMM") }} {{ 2.5 }} {{ true }}')
    assert text.words(CONTEXT, Frame("en")) == "10 December 2.5 yes"
    assert text.words(CONTEXT, Frame("ru")) == "10 декабря 2,5 да"


def test_the_result_is_cut():
    source = "ы" * 100 + "{{ huge }}{{ huge }}"
    assert len(compile_text(source).words(CONTEXT)) == MAX_TEXT
    assert len(compile_text("{{ huge }}" * 500).render(CONTEXT).plain) == MAX_TEXT


@pytest.mark.parametrize("source", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_are_refused_or_harmless(source):
    try:
        text = compile_text(source)
    except ExpressionRefused as refused:
        check_problems(refused.problems, source)
        return
    rendered = text.render(CONTEXT)
    assert len(rendered.plain) <= MAX_TEXT
    assert "49" not in rendered.plain
    assert rendered.plain.encode("utf-8") or not rendered
    assert not any(span.bold or span.url for span in rendered.spans)
    text.value(CONTEXT)


def check_problems(problems, source):
    assert problems
    for problem in problems:
        assert 0 <= problem.offset <= len(source)
        for language in ("ru", "en"):
            assert all(explain(problem, language))


@pytest.mark.parametrize(
    "source",
    [
        "{{" * 4000,
        "{%if" + " " * 7996,
        "{% raw" + " " * 7990,
        "{#" * 4000,
        "{{ '" + "\\" * 7990,
        "[" * 8000,
        "[a](" * 2000,
        "[a](https://" + "(" * 7980,
        "**" * 4000,
        "_a " * 2600,
        "`a" * 4000,
        "https://" * 1000,
        "{% if a %}{% endif %}" * 380,
        "{{a}}" * 1600,
    ],
    ids=lambda source: source[:6],
)
def test_long_hostile_texts_are_read_without_a_hang(source):
    try:
        compile_text(source).render(CONTEXT)
    except ExpressionRefused as refused:
        check_problems(refused.problems, source)


PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "-",
        " ",
        "\n",
        "if",
        "elif",
        "else",
        "endif",
        "name",
        "x",
        "|",
        "upper",
        "default",
        "(",
        ")",
        "'",
        '"',
        ".",
        ",",
        "**",
        "_",
        "`",
        "[",
        "](https://e.ru/",
        "{{ name }}",
        "{% if score %}",
        "{% endif %}",
        "слово",
        "raw",
        "\\",
        "\ufeff",
        "\u2028",
        "😀",
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join))
@settings(max_examples=300)
def test_piece_soup_is_read_or_refused(source):
    read_or_refuse(source)


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_garbage_is_read_or_refused(source):
    read_or_refuse(source)


def read_or_refuse(source):
    try:
        text = compile_text(source)
    except ExpressionRefused as refused:
        check_problems(refused.problems, source)
        return
    assert "49" not in text.render(CONTEXT).plain or "49" in source
    assert all(source.startswith(name, offset) for name, offset in text.names)
    if text.literal is not None:
        assert text.words(CONTEXT) == text.literal

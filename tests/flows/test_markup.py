"""Formatting: the author's marks become styles, a person's never do."""

from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.formatting import HOLE, format_text
from flows.markup import RichText, Span, split, to_plain, to_telegram_html, utf16_length
from flows.templates import compile_text


def telegram(source, **context):
    return to_telegram_html(compile_text(source).render(context))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**жирный** и _курсив_", "<b>жирный</b> и <i>курсив</i>"),
        ("**a _b_ c**", "<b>a </b><b><i>b</i></b><b> c</b>"),
        ("_**оба**_", "<b><i>оба</i></b>"),
        ("`код **x** _y_`", "<code>код **x** _y_</code>"),
        ("**`код`**", "<code>код</code>"),
        ("[сайт](https://e.ru/a_b_c)", '<a href="https://e.ru/a_b_c">сайт</a>'),
        (
            "[**сайт** тут](https://e.ru)",
            '<a href="https://e.ru"><b>сайт</b></a><a href="https://e.ru"> тут</a>',
        ),
        ("**[сайт](https://e.ru)**", '<a href="https://e.ru"><b>сайт</b></a>'),
        ("[вики](https://e.ru/a_(b))", '<a href="https://e.ru/a_(b)">вики</a>'),
        ("[пишите](tg://resolve?domain=x)", '<a href="tg://resolve?domain=x">пишите</a>'),
        ('a < b & c > d "e"', 'a &lt; b &amp; c &gt; d "e"'),
        ('[a](https://e.ru/"x)', '<a href="https://e.ru/&quot;x">a</a>'),
        ("snake_case_name", "snake_case_name"),
        ("https://e.ru/_a_/b_c_", "https://e.ru/_a_/b_c_"),
        ("_https://e.ru/a_b_", "<i>https://e.ru/a_b</i>"),
        ("**https://e.ru**", "<b>https://e.ru</b>"),
        ("@my_bot_name", "@my_bot_name"),
        ("2 * 2 ** 3 ** 4", "2 * 2 ** 3 ** 4"),
        ("**не закрыто", "**не закрыто"),
        ("не открыто**", "не открыто**"),
        ("_не закрыто", "_не закрыто"),
        ("**a _b** c_", "<b>a _b</b> c_"),
        ("`не закрыт", "`не закрыт"),
        ("____", "____"),
        ("****", "****"),
        ("__init__", "__init__"),
        ("[не ссылка] (и это)", "[не ссылка] (и это)"),
        ("[1](см. ниже)", "[1](см. ниже)"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("**два\nряда**", "<b>два\nряда</b>"),
        ("«_слово_», (**слово**).", "«<i>слово</i>», (<b>слово</b>)."),
    ],
)
def test_marks(source, expected):
    assert telegram(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**{{ x }}**", "<b>_a_ **b** [c](https://d) &lt;i&gt; `e` {{7*7}}</b>"),
        ("_{{ x }}_", "<i>_a_ **b** [c](https://d) &lt;i&gt; `e` {{7*7}}</i>"),
        ("`{{ x }}`", "<code>_a_ **b** [c](https://d) &lt;i&gt; `e` {{7*7}}</code>"),
        ("{{ x }}", "_a_ **b** [c](https://d) &lt;i&gt; `e` {{7*7}}"),
        ("{{ y }}{{ y }}", "****"),
        ("{{ y }}жир{{ y }}", "**жир**"),
        ("**жир{{ y }}", "**жир**"),
        ("[{{ y }}](https://e.ru/{{ z }})", '<a href="https://e.ru/%29%20%22%3C%2F">**</a>'),
        ("{{ y }}_{{ y }}_{{ y }}", "**_**_**"),
        ("{% if y %}**{% endif %}a**", "<b>a</b>"),
        ("{{ '**a**' }}", "**a**"),
    ],
)
def test_a_value_is_literal_within_the_authors_style(source, expected):
    typed = {"x": "_a_ **b** [c](https://d) <i> `e` {{7*7}}", "y": "**", "z": ') "</'}
    assert telegram(source, **typed) == expected


AUTHOR = st.lists(
    st.sampled_from(
        [
            "**",
            "_",
            "`",
            "[",
            "](https://e.ru/",
            ")",
            "{{ x }}",
            "{{ y }}",
            " ",
            "слово",
            "\n",
            ".",
            "(",
            "https://e.ru/",
            "**{{ x }}**",
            "_{{ y }}_",
            "[{{ x }}](https://e.ru/?{{ y }})",
            "_a",
            "b_",
        ]
    ),
    max_size=14,
).map("".join)
TYPED = st.text(alphabet="*_`[]()<>&{}%\"'\\ab\n ", min_size=1, max_size=12) | st.sampled_from(
    [
        "**x**",
        "_a_",
        "[a](https://b)",
        "<b>",
        "{{7*7}}",
        "`",
        "](https://evil.ru)",
        "https://e.ru/_",
    ]
)


@given(AUTHOR, TYPED, TYPED)
@settings(max_examples=300)
def test_what_a_person_typed_never_changes_a_style(source, x, y):
    text = compile_text(source)
    tame = text.render({"x": "\ue000", "y": "\ue001"})
    hostile = text.render({"x": x, "y": y})

    def retyped(span: Span) -> tuple:
        return (span.text.replace("\ue000", x).replace("\ue001", y), *styles(span))

    def styles(span: Span) -> tuple:
        return (span.bold, span.italic, span.code, bool(span.url))

    assert [(s.text, *styles(s)) for s in hostile.spans] == [retyped(s) for s in tame.spans]
    assert hostile.plain == tame.plain.replace("\ue000", x).replace("\ue001", y)


@given(AUTHOR, TYPED)
@settings(max_examples=200)
def test_html_is_well_formed_and_says_the_same(source, x):
    rich = compile_text(source).render({"x": x, "y": x})
    code = to_telegram_html(rich)
    assert (
        html.unescape(re.sub(r'</?(?:b|i|code)>|<a href="[^"<>]*">|</a>', "", code)) == rich.plain
    )


@given(AUTHOR)
@settings(max_examples=200)
def test_json_round_trip(source):
    rich = compile_text(source).render({"x": "а", "y": "б"})
    assert RichText.from_json(json.loads(json.dumps(rich.to_json()))) == rich


def test_json_is_short():
    assert format_text("a **b**").to_json() == ["a ", {"text": "b", "bold": True}]


def test_rich_text_is_added_cut_and_empty():
    rich = RichText.of("a") + RichText.of("b")
    assert rich == RichText.of("ab")
    assert not RichText.of("")
    assert format_text("a**bc**d").cut(2, 4) == RichText((Span("c", bold=True), Span("d")))


def test_a_hole_without_a_value_is_nothing():
    assert format_text(f"a{HOLE}b").plain == "ab"


def test_plain_words_show_addresses():
    rich = format_text(
        "[**на** сайте](https://e.ru), [https://e.ru](https://e.ru) [e.ru](https://e.ru)"
    )
    assert to_plain(rich) == "на сайте (https://e.ru), https://e.ru e.ru"
    assert to_plain(rich, links=False) == "на сайте, https://e.ru e.ru"


def test_utf16_length():
    assert utf16_length("а😀б") == 4


def by_plain(rich):
    return len(rich.plain)


def parts(text, limit):
    return [part.plain for part in split(RichText.of(text), limit, by_plain)]


def test_split_between_paragraphs_then_sentences_then_words():
    assert parts("Первый абзац.\n\nВторой абзац. И ещё.", 30) == [
        "Первый абзац.",
        "Второй абзац. И ещё.",
    ]
    assert parts("Первое тут. Второе тут. Третье", 25) == ["Первое тут. Второе тут.", "Третье"]
    assert parts("одно два три четыре", 10) == ["одно два", "три четыре"]
    assert parts("ы" * 25, 10) == ["ы" * 10, "ы" * 10, "ы" * 5]
    assert parts("коротко ", 10) == ["коротко "]
    assert parts("", 10) == [""]
    assert parts(" " * 20, 10) == [""]


def test_split_keeps_links_code_and_emoji_whole():
    rich = format_text("слова [длинная ссылка](https://e.ru) и `код тут`")
    links = [part.spans for part in split(rich, 18, by_plain)]
    assert links[0] == (Span("слова"),)
    assert links[1][0] == Span("длинная ссылка", url="https://e.ru")
    assert links[2][-1] == Span("код тут", code=True)
    family = "👨\u200d👩\u200d👧"
    assert parts("ы" * 8 + family, 10) == ["ы" * 8, family]


def test_split_keeps_styles_on_both_sides():
    first, second = split(format_text("**жирные слова**"), 8, by_plain)
    assert first.spans == (Span("жирные", bold=True),)
    assert second.spans == (Span("слова", bold=True),)


@given(st.text(alphabet="аб .\n-😀\u200d", max_size=80), st.integers(1, 30))
@settings(max_examples=200)
def test_split_loses_nothing_but_white_space(text, limit):
    def measure(rich):
        return utf16_length(rich.plain)

    pieces = split(RichText.of(text), limit, measure)
    assert "".join("".join(part.plain for part in pieces).split()) == "".join(text.split())
    assert all(measure(part) <= max(limit, 2) for part in pieces)

"""Hostile files are told in sentences: no attack in any key gets further than the reading."""

from __future__ import annotations

import json
from string import Template

import pytest

from flows.answers import Asked, answer_of
from flows.loading import load
from flows.phrases import filled
from flows.problems import CATALOGUE
from tests.flows.examples import HOUSE, TODAY

ATTACKS = {
    "attribute": "{{ name.__class__.__mro__ }}",
    "subscript": "{{ name['__class__'] }}",
    "call": "{{ cycler.__init__() }}",
    "call of a name": "{{ lipsum() }}",
    "range": "{{ range(999999999) | join }}",
    "repeat": "{{ 'я' * 999999999 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "huge": "{{ 1" + "0" * 400 + " }}",
    "exponent": "{{ 1e999999999 }}",
    "loop": "{% for i in tags %}{{ i }}{% endfor %}",
    "import": "{% import 'os' as os %}",
    "include": "{% include '/etc/passwd' %}",
    "extends": "{% extends '/etc/passwd' %}",
    "macro": "{% macro m() %}{% endmacro %}",
    "set": "{% set x = 1 %}",
    "raw": "{% raw %}{{ 7*7 }}{% endraw %}",
    "filter": "{{ name | attr('__class__') }}",
    "format": "{{ '%s' | format(name) }}",
    "map": "{{ tags | map('upper') }}",
    "dictionary": "{{ {'a': 1} }}",
    "comment": "{# #}",
    "depth": "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
    "length": "{{ " + "score + " * 5_000 + "1 }}",
}
CONDITIONS = {
    name: attack.strip("{}% ")
    for name, attack in ATTACKS.items()
    if attack.startswith("{{") and name != "dictionary"
}
HEAD = "funnel: example\nentry: [start]\nfields: {x: {type: text}}\n"
LETTER = "{id: a, when: now, say: А}"
TEXT_PLACES = {
    "say": "flows: {main: [{say: $A}]}",
    "ask": "flows: {main: [{ask: $A, id: q, options: [Да]}]}",
    "option": "flows: {main: [{ask: Как?, id: q, options: [$A]}]}",
    "option of a mapping": "flows: {main: [{ask: Как?, id: q, options: {$A: [end]}}]}",
    "option with keys": "flows: {main: [{ask: Как?, id: q, options: [{text: $A}]}]}",
    "url of an option": "flows: {main: [{ask: К?, id: q, options: [Да, {text: Т, url: $A}]}]}",
    "invalid": "flows: {main: [{ask: Как?, id: q, options: [Да], invalid: $A}]}",
    "skip": "flows: {main: [{ask: Как?, id: q, options: [Да], skip: $A}]}",
    "silence": "flows: {main: [{ask: К?, id: q, options: [Да], silence: [{after: 1h, say: $A}]}]}",
    "consent": "flows: {main: [{consent: personal_data, say: $A}]}",
    "agree": "flows: {main: [{consent: personal_data, agree: $A}]}",
    "button": "flows: {main: [{say: Вот, buttons: [{text: $A, tag: x}]}]}",
    "url of a button": "flows: {main: [{say: Вот, buttons: [{text: Т, url: $A}]}]}",
    "reply": "flows: {main: [{say: Вот, buttons: [{text: Т, tag: x, reply: $A}]}]}",
    "set of a button": "flows: {main: [{say: Вот, buttons: [{text: Т, set: {x: $A}}]}]}",
    "set": "flows: {main: [{set: {x: $A}}]}",
    "lead": "flows: {main: [{lead: $A, team: sales}]}",
    "value of a lead": "flows: {main: [{lead: Заявка, team: sales, value: $A}]}",
    "notify": "flows: {main: [{notify: sales, say: $A}]}",
    "http": "flows: {main: [{http: {get: $A}}]}",
    "address of http": "flows: {main: [{http: {get: 'https://api.example.ru/$B'}}]}",
    "body of http": "flows: {main: [{http: {post: 'https://api.example.ru', body: {a: [$A]}}}]}",
    "header of http": "flows: {main: [{http: {get: 'https://api.example.ru', headers: {X-A: $A}}}]}",
    "do": "flows: {main: [{do: price, with: {level: $A}}]}",
    "code": "flows: {main: [{code: x, pattern: $A}]}",
    "letter": "flows: {main: [end]}\nseries: {s: {letters: [{id: a, when: now, say: $A}]}}",
    "start value": "flows: {main: [end]}\nfields: {x: {value: $A}}",
    "entry": "flows: {main: [end]}\nentry: [start, {link: a, set: {x: $A}}]",
}
KNOWN = {"unknown-action", "code-pattern"}
"""What is told of a place by itself: the example's project has no actions, a link is no code."""
CONDITION_PLACES = {
    "if": "flows: {main: [{if: $A, then: [end]}]}",
    "until": "flows: {main: [{wait: 1h, id: w, until: $A}]}",
    "stop_when": "flows: {main: []}\nseries: {s: {stop_when: $A, letters: [$L]}}",
    "letter's if": "flows: {main: [end]}\nseries: {s: {letters: [{id: a, when: now, if: $A, say: А}]}}",
}  # fmt: skip


def codes(text: str) -> set[str]:
    """The errors of the file; every one has a sentence in both languages."""
    house = f"{HOUSE}http: {{allow: [api.example.ru]}}\n".encode()
    found = load({"voronka.yaml": house, "funnels/example.yaml": text.encode()}, {}, TODAY).errors
    for each in found:
        assert each.code in CATALOGUE
        assert each.sentence("ru")
        assert len(each.sentence("en") + each.hint("en")) < 3_000
    return {each.code for each in found}


def written(place: str, attack: str) -> str:
    quoted = json.dumps(attack, ensure_ascii=False)
    bare = attack.replace("'", "''")
    head = HEAD
    for key in ("entry", "fields"):
        if f"\n{key}:" in place:
            head = "\n".join(line for line in head.split("\n") if not line.startswith(key))
    return head + Template(place).substitute(A=quoted, B=bare, L=LETTER) + "\n"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("place", TEXT_PLACES.values(), ids=TEXT_PLACES)
def test_no_attack_in_a_text_passes_the_reading(place: str):
    sound = codes(written(place, "https://api.example.ru/"))
    assert not sound - KNOWN
    for name, attack in ATTACKS.items():
        told = codes(written(place, attack))
        assert told - sound or "code-pattern" in told, name


@pytest.mark.timeout(120)
@pytest.mark.parametrize("place", CONDITION_PLACES.values(), ids=CONDITION_PLACES)
def test_no_attack_in_a_condition_passes_the_reading(place: str):
    assert not codes(written(place, "score > 1"))
    for name, attack in CONDITIONS.items():
        assert codes(written(place, attack)), name


@pytest.mark.parametrize(
    "words",
    [
        "{moment.__class__}", "{moment!r}", "{moment:>999999999}", "{0}", "{}", "{moment[0]}",
        "{{ 7*7 }}", "%s %(x)s",
    ],
)  # fmt: skip
def test_phrases_are_filled_by_name_and_by_nothing_else(words: str):
    """What is no parameter is refused, or stands in the phrase as it was written."""
    text = f"{HEAD}flows: {{main: [end]}}\nphrases: {{already_next: {json.dumps(words)}}}\n"
    told = codes(text)
    assert told <= {"phrase-param"}
    assert told or filled(words, {"moment": "завтра"}) == words


DEEP = "[" * 500 + "]" * 500
BOMB = "\n".join(
    ["  - &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"  - &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
)
BIG = "x" * 10_000_000
FILES = {
    "ten megabytes": (f"{HEAD}flows: {{main: [{BIG}]}}\n", "file-too-large"),
    "a comment of ten megabytes": (f"# {BIG}\n{HEAD}flows: {{main: [end]}}\n", "file-too-large"),
    "depth": (f"{HEAD}flows: {{main: {DEEP}}}\n", "file-too-deep"),
    "depth of mappings": ("{a: " * 500 + "1" + "}" * 500, "file-too-deep"),
    "depth by indents": ("".join(f"{' ' * n}a:\n" for n in range(200)), "file-too-deep"),
    "depth in a test's world": (
        f"{HEAD}flows: {{main: [end]}}\ntests: [{{test: А, world: {{http: {DEEP}}}, talk: []}}]\n",
        "file-too-deep",
    ),
    "aliases": (f"{HEAD}flows:\n  main: [end]\nx:\n{BOMB}\n", "too-many-nodes"),
    "an alias of itself": (f"{HEAD}flows: {{main: &a [end, *a]}}\n", "file-too-deep"),
    "an alias of nothing": (f"{HEAD}flows: {{main: [*nothing]}}\n", None),
    "a tag": (f"{HEAD}flows: {{main: [!!python/object/apply:os.system [ls]]}}\n", None),
    "a merge": (f"{HEAD}flows: {{main: [{{<<: {{say: А}}}}]}}\n", None),
    "two documents": (f"{HEAD}flows: {{main: [end]}}\n---\n{HEAD}", None),
    "a directive": (f"%YAML 9.9\n---\n{HEAD}flows: {{main: [end]}}\n", None),
    "nothing but brackets": ("[" * 100_000, None),
    "a list without end": (f"[{'a,' * 400_000}]", "too-many-nodes"),
    "a mapping without end": (f"{{{','.join(f'a{n}: b' for n in range(80_000))}}}", "too-many-nodes"),
    "nothing but marks": ("? " * 5_000, None),
    "a zero": (f"{HEAD}flows: {{main: ['a\0b']}}\n", None),
}  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("text", "code"), FILES.values(), ids=FILES)
def test_a_hostile_file_is_an_error_and_no_hang(text: str, code: str | None):
    told = codes(text)
    assert told
    assert code is None or code in told


@pytest.mark.timeout(120)
def test_a_project_file_is_held_to_the_same_limits():
    sound = f"{HEAD}flows: {{main: [end]}}\n".encode()
    for text, code in FILES.values():
        files = {"voronka.yaml": text.encode(), "funnels/example.yaml": sound}
        told = {each.code for each in load(files, {}, TODAY).errors}
        assert told
        assert code is None or code in told


NUMBERS = (
    "9" * 400,
    "1e999",
    "-1",
    "nan",
    "inf",
    "0x7f",
    "1_000",
    "٣",
    "²",
    "99999999999999999999",
)
NUMBER_PLACES = (
    "flows: {main: [{ask: Как?, id: q, options: [Да], columns: $A}]}",
    "flows: {main: [{ask: Как?, save: x, options: [{text: Да, score: $A}]}]}",
    "flows: {main: [{ask: Как?, save: x, answer: {type: number, max: $A}}]}",
    "flows: {main: [{ask: Как?, save: x, attempts: $A, options: [Да]}]}",
    "flows: {main: [{add: {score: $A}}]}",
    "flows: {main: [{split: s, variants: {a: {weight: $A}, b: []}}]}",
    "flows: {main: [{wait: ${A}d, id: w}]}",
    "flows: {main: [{wait: +${A}wd 10:00, id: w}]}",
    "flows: {main: [end]}\nseries: {s: {letters: [{id: a, when: +${A}d, say: А}]}}",
)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("place", NUMBER_PLACES)
@pytest.mark.parametrize("number", NUMBERS)
def test_any_number_is_read_or_refused(place: str, number: str):
    codes(written(place.replace("$A", "$B").replace("${A}", "${B}"), number))


PATTERNS = (
    r"(a+)+$",
    r"(a*)*b",
    r"(a|a)*b",
    r"(a|aa)+$",
    r"(.*)*x",
    r"([a-z]+)*[A-Z]",
    r"(\w+\s?)*!",
    r"(a?){200}a{200}",
    r"(?=a+)+b",
    r"(a)\1+",
    r"(((a+)+)+)+",
    r"a*a*a*a*a*a*a*b",
    r".*.*.*.*.*=.*",
    r"(x+x+)+y",
    r"(?R)",
    r"(a{0,200}){0,200}b",
    r"(?>a+)+b",
    r"(?P<n>a+)+(?P=n)",
    r"(?:a?){99}a{99}",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_refused_or_quick_on_what_suits_it_worst(pattern: str):
    made = answer_of("text", {"pattern": pattern})
    if hasattr(made, "code"):
        assert made.code.startswith("answer_pattern")
        return
    for typed in ("a" * 200, "a" * 199 + "!", "ab" * 100, "x" * 200, "a " * 99, "=" * 200):
        made.read(typed, Asked())

"""Whatever is in a file or comes in from outside, there is a sentence or a conversation, never a crash.

`VORONKA_SOAK=1` draws many more examples.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows import events
from flows.engine import EPOCH, advance
from flows.entering import CODE
from flows.loading import load
from flows.problems import CATALOGUE
from flows.proving.loaded import proved
from flows.state import Conversation
from tests.flows.examples import HOUSE, TODAY
from tests.flows.staging import NOON, bundle_of, us

ROOT = Path(__file__).parents[2]
SOAK = bool(os.environ.get("VORONKA_SOAK"))
SOURCES = [path.read_text("utf-8") for path in sorted((ROOT / "funnels").glob("*.yaml"))]
UNHURRIED = settings(
    max_examples=3_000 if SOAK else 60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

LABELS = st.sampled_from(["Да", "Нет", "Может", "{{ name }}", "**Ещё**", "1"])
CONDITIONS = st.sampled_from(
    ["score > 1", "a", 'a != ""', '"t" in tags', "lead", "not b", "score + 1 > n", "n >= 2"]
)
TARGETS = st.sampled_from(["main", "side", "side.q"])
SILENCES = st.sampled_from(["", ", silence: [{after: 1h, say: Ау}, {after: 1d, then: [end]}]"])


def asks(name: str) -> st.SearchStrategy[str]:
    options = st.lists(LABELS, min_size=1, max_size=3, unique=True).map(
        lambda labels: ", ".join(f"{{text: '{label}', tag: t, score: 1}}" for label in labels)
    )
    return st.builds(
        lambda given, silence: f"{{ask: Как?, save: {name}, options: [{given}]{silence}}}",
        options,
        SILENCES,
    )


STEPS = st.recursive(
    st.one_of(
        *(asks(name) for name in "ab"),
        st.builds(lambda s: f"{{ask: Сколько?, save: n, answer: integer{s}}}", SILENCES),
        st.builds(lambda target: f"{{go: {target}}}", TARGETS),
        st.builds(lambda target: f"{{call: {target.split('.')[0]}}}", TARGETS),
        st.builds(lambda t: f"{{say: Вот, buttons: [{{text: Сюда, go: {t.split('.')[0]}}}]}}", TARGETS),
        st.sampled_from(
            [
                "end", "Привет", "{tag: t}", "{untag: t}", "{add: {n: 1}}", "{start: drip}",
                "{stop: all}", "{lead: Заявка, team: sales}", "{set: {a: '{{ b }}'}}",
                "{consent: advertising}", "{consent: personal_data, refused: [end]}",
                "{say: Купите, kind: advertising}", "{wait: 1h}",
                "{say: Пометка, buttons: [{text: Отметить, tag: t}]}",
            ]
        ),
    ),
    lambda inner: st.builds(
        lambda condition, then, other: (
            f"{{if: '{condition}', then: [{', '.join(then)}], else: [{', '.join(other)}]}}"
        ),
        CONDITIONS,
        st.lists(inner, max_size=2),
        st.lists(inner, max_size=2),
    ),
    max_leaves=6,
)  # fmt: skip
LETTERS = st.builds(
    lambda when, kind, body: f"{{when: {when}, kind: {kind}, steps: [{', '.join(body)}]}}",
    st.sampled_from(["now", "+1d 11:00", "+2h", "fri 18:30"]),
    st.sampled_from(["service", "requested", "advertising"]),
    st.lists(STEPS, min_size=1, max_size=2),
)


def funnel(main: list[str], side: list[str], letters: list[str], stop: str) -> str:
    named = [letter.replace("{when", f"{{id: l{n}, when", 1) for n, letter in enumerate(letters)]
    text = "\n".join(
        [
            "funnel: example",
            "back: Назад",
            "entry: [start, {link: side, flow: side}, {words: [ещё], restart: true}, any]",
            "fields: {a: {}, b: {}, n: {type: integer}}",
            "flows:",
            f"  main: [{', '.join(main)}]",
            f"  side: [{{ask: Сбоку?, id: q, options: [Да]}}, {', '.join(side)}]",
            "series:",
            f"  drip: {{stop_when: '{stop}', letters: [{', '.join(named)}]}}",
        ]
    )
    numbers = count()
    asked = re.compile(r"(?<=save: )[abn]|(?<=consent: )\w+|(?<=wait: 1h)")
    return asked.sub(lambda found: f"{found[0]}, id: x{next(numbers)}", text)


FUNNELS = st.builds(
    funnel,
    st.lists(STEPS, min_size=1, max_size=6),
    st.lists(STEPS, max_size=3),
    st.lists(LETTERS, min_size=1, max_size=3),
    CONDITIONS,
)


@UNHURRIED
@given(FUNNELS)
def test_any_funnel_is_explored_or_its_problems_are_told(text: str) -> None:
    files = {"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": text.encode()}
    loaded = load(files, {}, TODAY)
    after, proofs = proved(loaded, TODAY, most=60)
    for found in after.problems:
        assert found.code in CATALOGUE
        assert found.sentence("ru")
        assert found.sentence("en")
        assert "сбой программы" not in found.sentence("ru"), (text, found.way("ru"))
        assert all(isinstance(label, str) for label in found.way("en"))
    assert proved(loaded, TODAY, most=60) == (after, proofs)


@UNHURRIED
@given(st.sampled_from(SOURCES), st.data())
def test_a_funnel_with_changed_words_is_explored_or_refused(source: str, data) -> None:
    words = re.findall(r"\w+", source)
    for _ in range(data.draw(st.integers(1, 3))):
        found = data.draw(st.sampled_from(list(re.finditer(r"\w+", source))))
        word = data.draw(st.sampled_from([*words, "end", "1", "0", "[]"]))
        source = source[: found.start()] + word + source[found.end() :]
    files = {"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": source.encode()}
    after, _ = proved(load(files, {}, TODAY), TODAY, most=40)
    told = [item.sentence("ru") for item in after.problems]
    assert not [words for words in told if "сбой программы" in words]


@cache
def shop():
    return bundle_of(*SOURCES)


@UNHURRIED
@given(st.text(max_size=80) | st.from_regex(CODE, fullmatch=True))
def test_any_deep_link_is_an_entry_and_only_a_fit_one_is_kept(code: str) -> None:
    now = EPOCH + timedelta(microseconds=us(NOON))
    for event in (events.Opened(code), events.Typed(f"/start {code}")):
        after, _ = advance(shop(), Conversation(), event, now)
        for run in after.runs:
            assert run.link == "" or CODE.fullmatch(run.link)


@UNHURRIED
@given(
    st.fixed_dictionaries(
        {
            "do": st.sampled_from(["option", "value", "agree", "skip", "back", "go", "mark"]),
            "run": st.integers(-5, 5),
            "place": st.text(max_size=9),
            "visit": st.integers(-5, 50),
            "option": st.integers(0, 3),
            "text": st.text(max_size=9),
            "flow": st.sampled_from(["main", "booking", "nowhere"]),
            "number": st.integers(0, 50),
            "tag": st.just([]),
            "untag": st.just([]),
            "set": st.just({}),
            "reply": st.none(),
        }
    )
)
def test_a_press_of_a_button_of_long_ago_breaks_nothing(action: dict) -> None:
    now = EPOCH + timedelta(microseconds=us(NOON))
    conversation, _ = advance(shop(), Conversation(), events.Opened(), now)
    place = conversation.runs[-1].plays[-1].rest.place
    stranger = {**action, "place": action["place"] or place}
    advance(shop(), conversation, events.Pressed(stranger, 1, "Да"), now)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.jpg",
        "media/../../etc/passwd",
        "media/..",
        "/etc/passwd",
        "media\\..\\x.jpg",
        "C:\\x.jpg",
        "media",
        "./media/x.jpg",
        "https://example.ru/x.jpg",
        "file:///etc/passwd",
        "~/x.jpg",
        "other/x.jpg",
    ],
)
def test_media_outside_their_folder_are_refused(path: str) -> None:
    text = f"funnel: example\nentry: [start]\nflows:\n  main: [{{say: Вот, photo: '{path}'}}]\n"
    files = {"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": text.encode()}
    sizes = {path: 1, f"funnels/{path}": 1}
    assert "media-outside" in {item.code for item in load(files, sizes, TODAY).problems}


@pytest.mark.parametrize(
    "written",
    [
        "{{ name.__class__ }}",
        "{{ name['x'] }}",
        "{{ range(9) }}",
        "{{ '' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 99999999999999999999999 }}",
        "{% for x in tags %}{% endfor %}",
        "{% import 'os' as os %}",
        "{% include 'x' %}",
        "{% macro x() %}{% endmacro %}",
        "{% set x = 1 %}",
        "{{ self }}{{ self._TemplateReference__context }}",
        "{% raw %}{{ 7*7 }}{% endraw %}",
        "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
        "{{ " + "not " * 500 + "lead }}",
    ],
)
def test_an_attack_in_a_text_is_an_error_of_the_file(written: str) -> None:
    quoted = written.replace("'", "''")
    text = f"funnel: example\nentry: [start]\nflows:\n  main: ['{quoted}']\n"
    files = {"voronka.yaml": HOUSE.encode(), "funnels/example.yaml": text.encode()}
    assert load(files, {}, TODAY).errors

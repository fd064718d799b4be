"""What changed between two versions of a funnel, as data and in a marketer's words."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from flows.changes import Change, compare_funnels, compare_projects
from flows.changes.sentences import SENTENCES
from flows.changes.wording import as_json, as_text, sentence, sign_of
from flows.changes.words import word_difference
from flows.loading import load
from flows.nodes import REGISTRY
from flows.telling.tongue import Tongue
from tests.flows.staging import program
from tests.flows.test_drawing import NODES

RU, EN = Tongue("ru"), Tongue("en")
ASK = "flows: {main: [{ask: Чай или кофе?, save: drink, options: [Чай, Кофе, Вода]}]}"
SERIES = (
    "flows: {main: [{start: s}]}\n"
    "series: {s: {letters: [{id: video, when: +1d 11:00, say: Видео}, "
    "{id: story, when: +1d 12:00, say: История ученика}, {id: call, when: +1d 10:00, say: Зовём}]}}"
)

EXAMPLES = YAML(typ="safe", pure=True).load(
    (Path(__file__).parents[1] / "examples" / "changes.yaml").read_text("utf-8")
)
CASES = [tuple(case.values()) for case in EXAMPLES]


def told(old: str, new: str) -> list[Change]:
    return [*compare_funnels(program(old), program(new))]


@pytest.mark.parametrize(("kind", "old", "new", "words"), CASES, ids=[each[0] for each in CASES])
def test_a_change_is_told_in_a_marketers_words(kind, old, new, words):
    changes = told(old, new)
    assert [sentence(change, RU, {}) for change in changes] == words
    assert kind in {change.kind for change in changes}
    assert all(sentence(change, EN, {}) for change in changes)


@pytest.mark.parametrize("text", [*NODES.values(), ASK, SERIES])
def test_nothing_is_told_of_what_stayed(text):
    assert told(text, text) == []
    spaced = text.replace("\nflows:", "\n# слова о воронке\n\nflows:")
    assert told(text, spaced) == []


@pytest.mark.parametrize("verb", REGISTRY.verbs)
def test_a_step_of_every_type_that_came_or_went_is_told(verb):
    full = program(NODES[verb])
    bare = program("flows: {main: []}")
    for pair, sign in (((bare, full), "+"), ((full, bare), "-")):
        changes = [c for c in compare_funnels(*pair) if c.what == verb and sign_of(c) == sign]
        in_other_flows = [
            c for c in compare_funnels(*pair) if c.kind.startswith(("flow", "series"))
        ]
        assert changes or in_other_flows
        assert all(sentence(change, RU, {}) and sentence(change, EN, {}) for change in changes)


def test_every_kind_of_change_has_its_example():
    project = {"document", "document-text", "project", "funnel-added", "funnel-removed"}
    assert {kind for kind, *_ in CASES} | project == set(SENTENCES)


def test_times_are_words_when_the_day_is_not_known():
    old = SERIES.replace("+1d 11:00", "+2h")
    (first, *_) = told(old, old.replace("+2h", "fri 18:30"))
    assert sentence(first, RU, {}) == (
        "письмо «video» перенесено: через 2 часа → в пятницу, ближайший раз в 18:30"
    )
    (change,) = told(old, old.replace("+1d 12:00", "+3d 10:00"))
    assert sentence(change, EN, {}) == (
        "letter “story” moved: the next day at 12:00 → 3 days later at 10:00"
    )


def test_fields_are_called_by_their_labels():
    old = 'flows: {main: [{if: city == "Москва", then: [Раз]}]}'
    (change,) = told(old, old.replace("Москва", "Казань"))
    assert sentence(change, RU, {"city": "Город"}) == (
        "main: условие: «Город» — «Москва» → «Город» — «Казань»"
    )


WORDS = [
    ("Какой у вас уровень?", "Какой у вас теперь уровень?", "Какой у вас [+теперь] уровень?"),
    ("Один два три", "Один три", "Один [−два] три"),
    ("а б в г д е ж з и к л м", "а б в г д е ж з и к л н", "… ж з и к л [м → н]"),
    ("а б в г д е ж з и к л м о п р", "я б в г д е ж з и к л м о п ю",
     "[а → я] б в г д е … к л м о п [р → ю]"),
    ("", "слово", "[+слово]"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "told"), WORDS)
def test_texts_are_compared_by_words(before, after, told):
    assert (
        word_difference(before, after) == told.replace("… з", "… ж з") if "ж з" in told else told
    )


PROJECT = """\
project: shop
bots:
  site: {channel: web, token: abc, funnels: [one]}
documents:
  pd: {title: Согласие, version: 1, file: funnels/documents/pd.md, url: "https://example.ru/pd"}
limits: {gap: 3h}
"""
FUNNEL = "funnel: {}\nentry: [start]\nflows: {{main: [Раз]}}\n"


def project(text: str, document: str, *names: str):
    files = {"voronka.yaml": text, "funnels/documents/pd.md": document}
    files |= {f"funnels/{name}.yaml": FUNNEL.format(name) for name in names}
    loaded = load({name: each.encode() for name, each in files.items()}, {}, "2026-01-12")
    return loaded.project, loaded.programs


def test_changes_of_a_project_are_told_and_secrets_are_not():
    edited = PROJECT.replace("gap: 3h", "gap: 5h").replace("token: abc", "token: xyz")
    edited = edited.replace("title: Согласие", "title: Согласие на всё")
    changes = compare_projects(
        project(PROJECT, "Раз", "one"), project(edited, "Два", "one", "two")
    )
    assert [sentence(change, RU, {}) for change in changes] == [
        "bots.site.token: «•••» → «•••»",
        "документ pd.title: «Согласие» → «Согласие на всё»",
        "limits.gap: «3h» → «5h»",
        "текст документа «pd» изменён, версия: «1» → «1»",
        "новая воронка",
    ]
    assert "xyz" not in as_json(changes)
    (gone,) = compare_projects(project(PROJECT, "Раз", "one"), project(PROJECT, "Раз"))
    assert sentence(gone, EN, {}) == "the funnel is gone"


def test_changes_are_json_with_words_in_both_languages():
    (change,) = json.loads(as_json(told(ASK, ASK.replace("Вода", "Сок"))))
    assert change == {
        "kind": "option-renamed",
        "place": "main.drink",
        "what": "Сок",
        "before": "Вода",
        "after": "Сок",
        "near": "",
        "funnel": "demo",
        "words": {
            "ru": "main.drink: вариант «Вода» теперь «Сок»",
            "en": "main.drink: the option “Вода” is now “Сок”",
        },
    }


def test_the_report_names_each_funnel_once():
    text = as_text(told(ASK, ASK.replace("Чай, Кофе, Вода", "Чай, Кофе, Сок, Морс")), RU)
    assert text.splitlines() == [
        "Воронка «demo»",
        "  - main.drink: убран вариант «Вода»",
        "  + main.drink: новый вариант «Сок»",
        "  + main.drink: новый вариант «Морс»",
    ]


def test_any_two_funnels_can_be_compared():
    programs = [program(text) for text in NODES.values()]
    for old in programs:
        for new in programs:
            changes = compare_funnels(old, new)
            assert bool(changes) == (old is not new)
            assert all(sentence(change, tongue, {}) for change in changes for tongue in (RU, EN))

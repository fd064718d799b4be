"""Twenty faults planted in the example funnels: each is found, with the shortest path to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from flows.loading import load
from flows.problems import Problem
from flows.proving.loaded import proved
from tests.flows.examples import TODAY

FUNNELS = Path(__file__).parents[2] / "funnels"
HOUSE = """\
project: planted
bots:
  site: {channel: web, funnels: [%s]}
documents:
  personal_data: {title: Согласие на обработку данных, url: "https://example.ru/pd"}
  advertising: {title: Согласие на рекламу, url: "https://example.ru/ads"}
teams:
  sales: {notify: {telegram: -1001234567890}}
"""
SCHOOL, GIFTS = "english_school", "gifts"
QUIET = frozenset({"waits-for-ever"})
"""What is said of the good funnels too: a consent that nobody answers may wait for ever."""


@cache
def problems_of(funnel: str, *changes: str) -> Sequence[Problem]:
    """What the check says of the funnel after texts of it were replaced: old, new, old, new."""
    text = (FUNNELS / f"{funnel}.yaml").read_text("utf-8")
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text, f"{old!r} is not in {funnel}"
        text = text.replace(old, new, 1)
    files = {
        "voronka.yaml": (HOUSE % funnel).encode(),
        f"funnels/{funnel}.yaml": text.encode(),
    }
    loaded = load(files, {}, TODAY)
    found, _ = proved(loaded, TODAY)
    return tuple(item for item in found.problems if item.code not in QUIET)


@pytest.mark.parametrize("funnel", [SCHOOL, GIFTS])
def test_of_the_good_funnels_nothing_is_said(funnel: str) -> None:
    assert problems_of(funnel) == ()


STEPS = "".join(f"    - {{add: {{score: {n}}}}}\n" for n in range(101))
NEWS = "".join(
    f"      - {{id: n{n}, when: +20m, kind: service, say: Новость}}\n" for n in range(12)
)
ARRIVED = "/start → Присылайте → Согласен → Согласен"
BUDGET = "/start → Украшения → Себе"

PLANTED: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "a refusal goes on to the phone": (
        SCHOOL,
        ("урок».\n        - end\n", "урок».\n"),
        "personal-without-consent",
        (
            "/start → Присылайте → Нет → Согласен → С нуля → молчание → молчание → Работа → молчание"
            " → молчание → «Записаться» → Нет → телефон"
        ),
    ),
    "nobody is asked for adverts": (
        SCHOOL,
        ("    - consent: advertising\n", ""),
        "advertising-without-consent",
        "",
    ),
    "a series stops before it starts": (
        SCHOOL,
        ('lead or "отказ" in tags', "not lead"),
        "letter-never-sent",
        "",
    ),
    "every answer asks again": (
        SCHOOL,
        (
            (
                "[С нуля, Читаю со словарём, Разговариваю]\n      silence:\n"
                "        - {after: 45m, say: Остался один вопрос — и первый урок ваш.}\n"
                "        - {after: 24h, then: [end]}\n"
            ),
            "[{text: С нуля, go: main.level}, {text: Читаю, go: main.level}]\n",
        ),
        "stuck-state",
        ARRIVED,
    ),
    "silence asks again for ever": (
        SCHOOL,
        (
            "[С нуля, Читаю со словарём, Разговариваю]\n",
            "[{text: С нуля, go: main.level}]\n",
            "- {after: 24h, then: [end]}",
            "- {after: 24h, then: [{go: main.level}]}",
        ),
        "never-ends",
        "/start → Присылайте",
    ),
    "a button leads nowhere": (SCHOOL, ("go: booking}", "go: boking}"), "unknown-flow", ""),
    "a choice that no button gives": (
        SCHOOL,
        ('goal == "Работа"', 'goal == "Карьера"'),
        "case-never",
        "",
    ),
    "a letter at night only": (
        SCHOOL,
        ("        days: workdays\n", "        window: 23:00-23:30\n"),
        "letter-never",
        "",
    ),
    "a field is printed empty": (
        SCHOOL,
        ("Письмо 4. {%", "Письмо 4. {{ goal }} {%"),
        "field-may-be-empty",
        "",
    ),
    "a number beside a word": (
        SCHOOL,
        ("stop_when: lead", "stop_when: lead > 3 or score >= level"),
        "type-mismatch",
        "",
    ),
    "a tag that nobody has": (
        GIFTS,
        ('"срочно" in tags', '"очень срочно" in tags'),
        "never-reached",
        "",
    ),
    "a flow that nothing leads to": (
        GIFTS,
        ("    - go: check\n", "    - end\n", "- go: main.product", "- end"),
        "unreachable-flow",
        "",
    ),
    "a circle without a question": (
        GIFTS,
        (
            "          - go: main.product\n",
            "          - go: again\n",
            "  check:\n",
            "  again: [{go: again}]\n  check:\n",
        ),
        "loop-without-wait",
        f"{BUDGET} → до 2 000 ₽ → Сегодня-завтра → Исправить",
    ),
    "more steps than one turn plays": (
        GIFTS,
        ("    - Спасибо! Менеджер скоро ответит.\n", STEPS),
        "broken-on-path",
        f"{BUDGET} → до 2 000 ₽ → Сегодня-завтра → Всё верно → Согласен → телефон",
    ),
    "twelve letters in a day": (
        GIFTS,
        ("      - id: reminder\n", f"{NEWS}      - id: reminder\n"),
        "too-many-a-day",
        "",
    ),
    "only links to answer": (
        GIFTS,
        (
            "options: [Себе, Жене или мужу, Ребёнку, Коллеге]\n      attempts: 2\n",
            'options: [{text: Прайс, url: "https://example.ru"}]\n',
            (
                "      otherwise:\n        - Передам вопрос человеку — он скоро ответит.\n"
                "        - notify: sales\n          say: Бот не понял ответ «для кого».\n"
                "        - go: budget\n      silence: *nudge\n"
            ),
            "",
        ),
        "no-way-out",
        "",
    ),
    "an option twice": (GIFTS, ("Себе, Жене или мужу", "Себе, Себе"), "duplicate-option", ""),
    "a team that is not there": (
        GIFTS,
        ("lead: Подарок, team: sales", "lead: Подарок, team: seles"),
        "unknown-team",
        "",
    ),
    "an id twice": (GIFTS, ("save: whom", "save: product"), "duplicate-place", ""),
    "a score that nobody reaches": (
        GIFTS,
        ("    - go: check\n", "    - if: score > 6\n      then: [Вы щедры!]\n    - go: check\n"),
        "never-reached",
        "",
    ),
}


def test_there_are_twenty_faults_and_many_codes() -> None:
    assert len(PLANTED) == 20
    assert len({code for _, _, code, _ in PLANTED.values()}) >= 16


@pytest.mark.parametrize("fault", sorted(PLANTED))
def test_a_planted_fault_is_found_with_its_path(fault: str) -> None:
    funnel, changes, code, path = PLANTED[fault]
    found = [item for item in problems_of(funnel, *changes) if item.code == code]
    assert found, [item.code for item in problems_of(funnel, *changes)]
    shown = " → ".join(found[0].way("ru"))
    assert shown == path or not path, shown

"""F4: the race against plain aiogram and plain vkbottle counts what it should; the soak runs it.

`benchmarks/kills.py` prints the published table.
"""

from __future__ import annotations

import pytest

from tests.crash.births import Nursery
from tests.crash.messengers import TG_TEAM, Delivered
from tests.experiments.figures import LONG, seeds, tell
from tests.experiments.mini import learners
from tests.experiments.racing import CONTESTANTS, Course, counted, race

WAY = ("Здравствуйте! Какой у вас уровень?", "Зачем вам язык? Напишите одним словом.")
REST = ("Спасибо! Три урока придут сами.", "Урок 1. А", "Урок 2. Б", "Урок 3. В")


def journal(*lines: tuple[int, str]) -> list[Delivered]:
    """Deliveries on Telegram."""
    return [Delivered("tg", chat, text, (), 0) for chat, text in lines]


def whole(account: int, name: str) -> list[tuple[int, str]]:
    """Everything that one person and the team should get."""
    card = (TG_TEAM, f"Новая заявка: {name}, Начинаю, работа")
    return [*((account, text) for text in WAY), card, *((account, text) for text in REST)]


@pytest.mark.parametrize(
    ("spoil", "counts"),
    [
        (lambda lines: lines, (0, 0, 0, 0, 0)),
        (lambda lines: lines[:1], (1, 0, 0, 0, 0)),
        (lambda lines: [*lines, lines[-1]], (0, 0, 0, 0, 1)),
        (lambda lines: lines[:-1], (0, 0, 0, 1, 0)),
        (lambda lines: [line for line in lines if line[0] != TG_TEAM], (0, 1, 0, 0, 0)),
        (lambda lines: [*lines, lines[2]], (0, 0, 1, 0, 0)),
    ],
)
def test_the_race_counts_what_was_lost_and_what_came_twice(spoil, counts):
    first, _, other, *_ = learners(4, 1)
    lines = [
        *whole(first.account, first.first_name),
        *spoil(whole(other.account, other.first_name)),
    ]
    found = counted("somebody", "tg", [first, other], journal(*lines))
    lost, leads = found.letters_lost, (found.leads_lost, found.leads_twice)
    assert (found.stuck, *leads, lost, found.repeats) == counts


@pytest.mark.skipif(not LONG, reason="minutes by the real clock: VORONKA_SOAK=1")
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", seeds(long=1))
@pytest.mark.parametrize("contestant", CONTESTANTS, ids=lambda one: one.name)
async def test_the_same_kills_on_everybody(contestant, seed, tmp_path):
    outcomes = await race(contestant, Course(seed=seed), tmp_path / "race", Nursery())
    for one in outcomes:
        lost = {"people stuck": one.stuck, "leads lost": one.leads_lost}
        lost |= {"leads twice": one.leads_twice, "letters lost": one.letters_lost}
        tell("F4", program=one.name, seed=seed, kills=one.kills, **lost, repeated=one.repeats)
        if contestant.name == "voronka":
            assert (one.stuck, one.leads_lost, one.letters_lost) == (0, 0, 0)

"""F1: `kill -9` at random moments while thousands of updates and due timers are worked off.

Everybody comes at once, then every letter falls due for everybody at once. A third of the kills
strikes while the program starts, migrates or recovers, the others at random places and random times
after them; every tenth message is answered late. Two emulators' journals and the database are held
against what the engine alone says (R1, R3, R25, R26, R36, R37, R43, R48). The short form plays 300
updates and 300 timers, `VORONKA_SOAK=1` ten thousand of each on both databases with 200 kills.
"""

from __future__ import annotations

import statistics
from dataclasses import replace

import pytest

from bots.sender import CONCURRENCY
from tests.crash.births import Nursery
from tests.crash.kills import scattered
from tests.crash.ledger import Evidence
from tests.crash.play import Play
from tests.crash.staging import Staging, judged
from tests.experiments.figures import LONG, seeds, tell
from tests.experiments.mini import ACTS, LETTERS, MINI

PEOPLE = 3_334 if LONG else 100
KILLS = 200 if LONG else 8
CASES = [("sqlite", seed) for seed in seeds()]
CASES += [("postgresql", seed) for seed in seeds()] if LONG else []
KINDS_OF_BREACH = ("lost", "order", "twice", "updates", "timers", "leads", "card lost")


def staged(seed: int) -> Staging:
    """The play of F1."""
    return Staging(
        PEOPLE, seed, KILLS, seconds=10_000, story=MINI, moments=scattered, dawdling=0.1
    )


@pytest.mark.timeout(10_800)
@pytest.mark.parametrize(("kind", "seed"), CASES)
async def test_kills_at_random_moments_lose_nothing(kind, seed, request, tmp_path):
    url = f"sqlite:///{tmp_path / 'voronka.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_server").new_database()
    async with Nursery() as nursery:
        evidence, play = await staged(seed).evidence(tmp_path, url, nursery)
    verdict = judged(evidence)
    doubted = in_hand(play, evidence)
    tell("F1", database=kind, seed=seed, **figures(evidence, play, doubted))
    assert verdict.problems == []
    assert play.executioner.left == 0
    assert verdict.figures["updates"] == PEOPLE * ACTS
    assert fired(evidence) == PEOPLE * LETTERS
    assert verdict.figures["tg duplicates"] <= doubted["telegram"]
    assert verdict.figures["vk duplicates"] == 0
    assert most_in_hand(play, evidence) <= CONCURRENCY


async def test_a_kill_that_repeats_a_letter_would_be_seen(tmp_path):
    """The same play with a message of the journal doubled, left out, or out of its turn."""
    async with Nursery() as nursery:
        staging = replace(staged(1), people=4, kills=0)
        evidence, _ = await staging.evidence(tmp_path, f"sqlite:///{tmp_path / 'v.db'}", nursery)
    assert judged(evidence).problems == []
    told = evidence.delivered
    letter = next(i for i, one in enumerate(told) if one.text.startswith("Урок 2"))
    key = told[letter].key
    before = next(i for i, one in enumerate(told) if one.key == key and "Урок 1" in one.text)
    swapped = list(told)
    swapped[letter], swapped[before] = told[before], told[letter]
    for rule, spoilt in (
        ("twice", [*told[: letter + 1], *told[letter:]]),
        ("order", swapped),
        ("lost", [one for one in told if one.key != key or "Урок 3" not in one.text]),
    ):
        assert rule in judged(replace(evidence, delivered=spoilt)).rules


def in_hand(play: Play, evidence: Evidence) -> dict[str, int]:
    """D: calls that the kills found between queue and messenger, by channel."""
    names = evidence.books.bots
    rows = [row for life in play.sending for row in life if row.op == "send"]
    return {
        kind: sum(names[row.bot_id] == bot for row in rows)
        for bot, kind in (("tg", "telegram"), ("vk", "vk"))
    }


def most_in_hand(play: Play, evidence: Evidence) -> int:
    """The largest D on Telegram, edits and answers to presses too: W bounds it (R36)."""
    names = evidence.books.bots
    return max(sum(names[row.bot_id] == "tg" for row in life) for life in play.sending)


def fired(evidence: Evidence) -> int:
    """Due timers that became letters and were played."""
    return evidence.books.kinds["timer"]


def figures(evidence: Evidence, play: Play, doubted: dict[str, int]) -> dict[str, float | str]:
    """A line of the table."""
    verdict = judged(evidence)
    broken = [problem.split(":", 1)[0] for problem in verdict.problems]
    first = play.executioner.first_sent
    return {
        "kills": sum(play.executioner.done.values()),
        "updates": verdict.figures["updates"],
        "timers": fired(evidence),
        "messages": verdict.figures["messages"],
        "lost": broken.count("lost") + broken.count("updates") + broken.count("timers"),
        "handled twice": broken.count("twice"),
        "out of order": broken.count("order"),
        "sum D on Telegram": doubted["telegram"],
        "largest D on Telegram": most_in_hand(play, evidence),
        "twice on Telegram": verdict.figures["tg duplicates"],
        "sum D on VK": doubted["vk"],
        "twice on VK": verdict.figures["vk duplicates"],
        "unsent but journalled": verdict.figures["unsent but journalled"],
        "first send after a start, median s": round(statistics.median(first), 2),
        "worst s": round(max(first), 2),
    }

"""The ledger sees every kind of broken promise: perfect evidence is spoiled in one place at a time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.crash.ledger import Evidence, judged
from tests.crash.perfect import perfect

TG, VK = "tg:1000", "vk:1001"
NIGHT_US = 4 * 3_600 * 1_000_000


def places(evidence: Evidence, key: str) -> list[int]:
    """Where the messages of a chat stand."""
    return [number for number, one in enumerate(evidence.delivered) if one.key == key]


def loses(key: str, which: int) -> Callable[[Evidence], None]:
    def spoil(evidence: Evidence) -> None:
        del evidence.delivered[places(evidence, key)[which]]

    return spoil


def repeats(key: str, which: int = 3) -> Callable[[Evidence], None]:
    def spoil(evidence: Evidence) -> None:
        place = places(evidence, key)[which]
        evidence.delivered.insert(place, evidence.delivered[place])

    return spoil


def changes(which: int, **fields) -> Callable[[Evidence], None]:
    def spoil(evidence: Evidence) -> None:
        place = places(evidence, TG)[which]
        evidence.delivered[place] = replace(evidence.delivered[place], **fields)

    return spoil


def swaps(evidence: Evidence) -> None:
    first, second = places(evidence, VK)[2:4]
    said = evidence.delivered
    said[first], said[second] = said[second], said[first]


def speaks_at_night(evidence: Evidence) -> None:
    place = places(evidence, TG)[-1]
    one = evidence.delivered[place]
    midday = one.at_us - one.at_us % (24 * 3_600 * 1_000_000)
    evidence.delivered[place] = replace(one, at_us=midday + 20 * 3_600 * 1_000_000)


def writes_to_a_stranger(evidence: Evidence) -> None:
    evidence.delivered.append(replace(evidence.delivered[0], chat=5))


SPOILED = {
    "a message lost at the end": (loses(VK, -1), "lost"),
    "a message lost on the way": (loses(TG, 4), "order"),
    "two messages in the wrong order": (swaps, "order"),
    "a message repeated on VK": (repeats(VK), "twice"),
    "a message repeated on Telegram, not journalled": (repeats(TG), "twice"),
    "a message with strange words": (changes(2, text="Здравствуйте"), "order"),
    "a message with other buttons": (changes(0, labels=("Да",)), "order"),
    "a message an hour late": (changes(5, at_us=NIGHT_US), "order"),
    "a message at night": (speaks_at_night, "quiet hours"),
    "a message to a stranger": (writes_to_a_stranger, "stranger"),
    "an update stored twice": (lambda e: e.books.updates.update([TG]), "updates"),
    "an update lost": (lambda e: e.books.updates.subtract([TG]), "updates"),
    "a dead event": (lambda e: e.books.events.update(["dead"]), "events"),
    "a call left in hand": (lambda e: e.books.calls.update(["send sending"]), "calls"),
    "a call that failed": (lambda e: e.books.calls.update(["send failed"]), "calls"),
    "a timer left": (lambda e: setattr(e.books, "timers", 1), "timers"),
    "a lead lost": (lambda e: e.books.leads.pop(), "leads"),
    "a lead twice": (lambda e: e.books.leads.append(e.books.leads[0]), "leads"),
    "a lead with another's answers": (
        lambda e: e.books.leads.append(replace(e.books.leads.pop(), answers=())),
        "answers",
    ),
    "a card lost": (loses("tg:-1001000000777", 0), "card lost"),
    "a card repeated on VK": (repeats("vk:2000000001"), "twice"),
    "a row missing in the sheet": (lambda e: e.sheet.pop(), "sheet"),
    "a row twice in the sheet": (lambda e: e.sheet.append(e.sheet[0]), "sheet"),
    "a changed cell in the sheet": (lambda e: e.sheet[0].update(Телефон="7912"), "sheet"),
}


def test_perfect_evidence_has_no_problems():
    assert judged(perfect()).problems == []


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_evidence_is_reported(name):
    evidence = perfect()
    spoil, rule = SPOILED[name]
    spoil(evidence)
    assert rule in judged(evidence).rules


def test_a_repeat_on_telegram_that_is_journalled_is_allowed():
    evidence = perfect()
    repeats(TG)(evidence)
    evidence.books.doubts[TG]["resend"] += 1
    verdict = judged(evidence)
    assert verdict.problems == []
    assert verdict.figures["tg duplicates"] == 1


def test_a_repeat_on_vk_is_never_allowed():
    evidence = perfect()
    repeats(VK)(evidence)
    evidence.books.doubts[VK]["resend"] += 1
    assert judged(evidence).rules == {"twice"}


def test_only_an_announcement_may_be_skipped_and_only_when_journalled():
    for journalled, rules in ((1, set()), (0, {"lost"})):
        evidence = perfect()
        lines = evidence.ways[TG].lines
        invitation = next(n for n, line in enumerate(lines) if line.kind == "advertising")
        for place in reversed(places(evidence, TG)[invitation:]):
            del evidence.delivered[place]
        name = evidence.people[0].first_name  # the cards of the lead that never came
        evidence.delivered = [one for one in evidence.delivered if name not in one.text]
        evidence.books.leads = [one for one in evidence.books.leads if one.key != TG]
        evidence.sheet = [row for row in evidence.sheet if row["№"] != "1"]
        evidence.books.doubts[TG] = Counter(skip=journalled)
        assert judged(evidence).rules == rules

"""F11: a messenger that delivers and then loses its answer: reset, silence, a gateway's 502 (R36–R38).

Each is a third of the share; a twentieth of all sends are lost so. VK may show nothing twice,
Telegram only what the rule lets be sent again; whatever is in doubt stands in the journal.
"""

from __future__ import annotations

from collections import Counter

import pytest

from bots import endings
from bots.outgoing import Outgoing
from storage.database import open_database
from storage.outbox import Lane
from tests.bots.messengers import MESSENGERS
from tests.bots.post import Post
from tests.experiments.figures import LONG, seeds, tell

pytestmark = pytest.mark.timeout(3600 if LONG else 120)

MESSAGES = 2_000 if LONG else 240
SHARE = 0.05
KINDS = ("cut_after", "page_after", "slow")
SILENCE = 0.3
METHODS = {"telegram": ("sendMessage",), "vk": ("messages.send", "execute")}


@pytest.fixture(params=sorted(MESSENGERS))
async def post(request, tmp_path, new_sqlite, monkeypatch):
    """A bot whose client waits for an answer no longer than a moment."""
    monkeypatch.setattr(f"bots.{request.param}.client.ANSWER_SECONDS", SILENCE)
    side = MESSENGERS[request.param](tmp_path)
    await side.start()
    database = await open_database(new_sqlite(), exclusive=True)
    post = await Post(database, side).open()
    yield post
    await post.close()
    await database.close()
    await side.stop()


def spoil(post: Post, seed: int, share: float) -> None:
    """Plan the faults; what never answers is let go when the client has long gone."""
    emulator = post.side.emulator
    emulator.faults.seed(seed)
    for number, kind in enumerate(KINDS):
        each = share / 3 / (1 - number * share / 3)
        # a request of VK may hold 25 letters: as many faults need a greater share of requests
        for method in METHODS[post.side.name]:
            chance = min(0.3, each * 12) if method == "execute" else each
            named = {"method": method, "times": None, "probability": chance, "delay": 2 * SILENCE}
            emulator.faults.add_json({"kind": kind, **named})


async def play(post: Post, seed: int, messages: int, share: float = SHARE) -> None:
    """A third are answers, a third letters, a third adverts that must not come twice."""
    people = range(10_000, 10_000 + messages)
    await post.know(*people)
    await post.passes(5)
    spoil(post, seed, share)
    for number, account in enumerate(people):
        lane = (Lane.REPLY, Lane.LETTER, Lane.BROADCAST)[number % 3]
        rule = "skip" if lane == Lane.BROADCAST else "resend"
        words = "Всем" if number % 2 else f"Вам, {account}"
        await post.queue(words, account, lane=lane, rule=rule)
    for _ in range(messages):
        await post.passes(2)
        if "queued" not in await post.states():
            return


async def counted(post: Post) -> dict[str, int]:
    """What became of the messages."""
    journal = post.side.emulator.journal
    vk = post.side.name == "vk"
    came = Counter(
        str(one.peer if vk else one.chat)
        for one in (journal.delivered() if vk else journal.messages())
    )
    rows = await post.rows()
    doubts = {note.person_id for note in await post.notes("doubtful")}
    twice = [row for row in rows if came[row.chat] > 1]
    missing = [row for row in rows if not came[row.chat]]
    return {
        "messages": len(rows),
        "in_doubt": len(doubts),
        "twice": len(twice),
        "twice_though_skip": sum(row.rule == "skip" for row in twice),
        "twice_not_journalled": sum(row.person_id not in doubts for row in twice),
        "lost": sum(row.state == "sent" or row.rule == "resend" for row in missing),
        "unsettled": sum(row.state not in ("sent", "doubtful") for row in rows),
        "left_in_doubt": sum(row.state == "doubtful" for row in rows),
    }


@pytest.mark.parametrize("seed", seeds())
async def test_lost_answers_cost_no_message_and_show_none_twice_against_its_rule(post, seed):
    await play(post, seed, MESSAGES)
    found = await counted(post)
    tell("F11", messenger=post.side.name, seed=seed, **found)
    assert found["in_doubt"] > MESSAGES * SHARE / 3
    assert (found["lost"], found["unsettled"], found["twice_not_journalled"]) == (0, 0, 0)
    assert found["twice_though_skip"] == 0
    if post.side.name == "vk":
        assert (found["twice"], found["left_in_doubt"]) == (0, 0)
    else:
        assert found["twice"] > 0
        assert found["left_in_doubt"] > 0


async def test_breaking_the_rules_would_be_noticed(post, monkeypatch):
    """The planted bugs: adverts go again on Telegram; repeats get other numbers on VK."""
    numbers = iter(range(1, 10**6))
    monkeypatch.setattr(endings, "_may_repeat", lambda *_: True)
    monkeypatch.setattr(Outgoing, "random_id", property(lambda _self: next(numbers)))
    await play(post, 1, 45, share=0.5)
    found = await counted(post)
    assert found["twice" if post.side.name == "vk" else "twice_though_skip"] > 0
